/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property lists of the services. */
#include "samples/lab/vphone/services/data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "samples/lab/vphone/services/script.h"

bool
lab_data_number(const char *text, gint64 *value)
{
    const char *digits = *text == '-' ? text + 1 : text;
    char *end = NULL;

    if (!g_ascii_isdigit(*digits))
        return false;
    errno = 0;
    *value = g_str_has_prefix(digits, "0x") ? (gint64)strtoull(text, &end, 16)
                                            : (gint64)strtoll(text, &end, 10);
    return errno == 0 && *end == '\0';
}

plist_t
lab_data_int(gint64 value)
{
    return plist_new_uint((uint64_t)value);
}

static plist_t
bytes_of(const char *hex)
{
    size_t length = strlen(hex) / 2;
    g_autofree char *bytes = g_malloc0(length + 1);

    if (strlen(hex) % 2 != 0)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]);
        int low = g_ascii_xdigit_value(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return NULL;
        bytes[i] = (char)(high << 4 | low);
    }
    return plist_new_data(bytes, length);
}

static plist_t
list_of(const char *texts)
{
    g_auto(GStrv) all = g_strsplit(texts, ";", 0);
    plist_t array = plist_new_array();

    for (char **text = all; *text; text++)
        plist_array_append_item(array, plist_new_string(*text));
    return array;
}

static plist_t
value_of(const char *text)
{
    gint64 number;

    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return plist_new_bool(*text == 't');
    if (g_str_has_prefix(text, "hex:"))
        return bytes_of(text + strlen("hex:"));
    if (g_str_has_prefix(text, "str:"))
        return plist_new_string(text + strlen("str:"));
    if (g_str_has_prefix(text, "list:"))
        return list_of(text + strlen("list:"));
    if (lab_data_number(text, &number))
        return lab_data_int(number);
    return plist_new_string(text);
}

bool
lab_data_put(plist_t dict, const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    g_autofree char *path = NULL;
    g_auto(GStrv) keys = NULL;
    plist_t value;
    guint i = 0;

    path = equals ? g_strndup(word, (gsize)(equals - word)) : NULL;
    keys = g_strsplit(path ? path : "", "/", 0);
    if (g_strv_length(keys) == 0 || g_strv_contains((const char *const *)keys, "")) {
        g_set_error(error, LAB_SCRIPT_ERROR, 0, "KEY=VALUE expected in place of \"%s\"", word);
        return false;
    }
    value = value_of(equals + 1);
    if (!value) {
        g_set_error(error, LAB_SCRIPT_ERROR, 0, "no bytes in hexadecimal: \"%s\"", equals + 1);
        return false;
    }
    for (; keys[i + 1]; i++) {
        plist_t inner = plist_dict_get_item(dict, keys[i]);

        if (!inner || plist_get_node_type(inner) != PLIST_DICT) {
            inner = plist_new_dict();
            plist_dict_set_item(dict, keys[i], inner);
        }
        dict = inner;
    }
    plist_dict_set_item(dict, keys[i], value);
    return true;
}

char *
lab_data_text(plist_t dict, const char *key)
{
    plist_t node =
        dict && plist_get_node_type(dict) == PLIST_DICT ? plist_dict_get_item(dict, key) : NULL;
    char *raw = NULL;
    char *text;

    if (!node || plist_get_node_type(node) != PLIST_STRING)
        return NULL;
    plist_get_string_val(node, &raw);
    text = g_strdup(raw);
    free(raw);
    return text;
}

gint64
lab_data_get_int(plist_t dict, const char *key, gint64 fallback)
{
    plist_t node =
        dict && plist_get_node_type(dict) == PLIST_DICT ? plist_dict_get_item(dict, key) : NULL;
    uint64_t value = 0;

    if (!node || plist_get_node_type(node) != PLIST_UINT)
        return fallback;
    plist_get_uint_val(node, &value);
    return (gint64)value;
}
