/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a JSON tree on one line. json-glib's own generator prints doubles with 17 digits; here a
 * number of seconds has at most six decimals, which is what packet times have. */
#include <math.h>

#include "plugin/report/report_json.h"

/* No report nests deeper; a tree that does is cut with null. */
enum { DEPTH_MAX = 16 };

static void write_node(GString *out, JsonNode *node, guint depth);

static void
write_string(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p; p++) {
        const guchar c = (guchar)*p;

        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void
write_double(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE + 320];

    if (!isfinite(value)) {
        g_string_append(out, "null");
        return;
    }
    g_ascii_formatd(text, sizeof text, "%.6f", value);
    for (gsize n = strlen(text); n > 0 && (text[n - 1] == '0' || text[n - 1] == '.'); n--) {
        const gboolean at_point = text[n - 1] == '.';

        text[n - 1] = '\0';
        if (at_point)
            break;
    }
    g_string_append(out, g_str_equal(text, "-0") ? "0" : text);
}

static void
write_value(GString *out, JsonNode *node)
{
    const GType type = json_node_get_value_type(node);

    if (type == G_TYPE_STRING)
        write_string(out, json_node_get_string(node));
    else if (type == G_TYPE_BOOLEAN)
        g_string_append(out, json_node_get_boolean(node) ? "true" : "false");
    else if (type == G_TYPE_DOUBLE)
        write_double(out, json_node_get_double(node));
    else
        g_string_append_printf(out, "%" G_GINT64_FORMAT, json_node_get_int(node));
}

static void
write_array(GString *out, JsonArray *array, guint depth)
{
    g_string_append_c(out, '[');
    for (guint i = 0; i < json_array_get_length(array); i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        write_node(out, json_array_get_element(array, i), depth + 1);
    }
    g_string_append_c(out, ']');
}

static void
write_object(GString *out, JsonObject *object, guint depth)
{
    JsonObjectIter iter;
    const char *name;
    JsonNode *node;
    gboolean first = TRUE;

    json_object_iter_init_ordered(&iter, object);
    g_string_append_c(out, '{');
    while (json_object_iter_next_ordered(&iter, &name, &node)) {
        if (!first)
            g_string_append_c(out, ',');
        first = FALSE;
        write_string(out, name);
        g_string_append_c(out, ':');
        write_node(out, node, depth + 1);
    }
    g_string_append_c(out, '}');
}

static void
write_node(GString *out, JsonNode *node, guint depth)
{
    if (depth > DEPTH_MAX || JSON_NODE_HOLDS_NULL(node))
        g_string_append(out, "null");
    else if (JSON_NODE_HOLDS_OBJECT(node))
        write_object(out, json_node_get_object(node), depth);
    else if (JSON_NODE_HOLDS_ARRAY(node))
        write_array(out, json_node_get_array(node), depth);
    else
        write_value(out, node);
}

char *
rs_json_line(JsonObject *object)
{
    GString *out = g_string_new(NULL);

    write_object(out, object, 0);
    return g_string_free(out, FALSE);
}
