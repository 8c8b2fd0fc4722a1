/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The notation, and XML. For binary see value_binary.c. */
#include "tests/lib/makecap/value.h"

#include <string.h>

#include "tests/lib/makecap/bytes.h"

struct reader {
    const char *p;
    GError **error;
};

static struct value *
fail(struct reader *r, const char *what)
{
    if (r->error && !*r->error)
        g_set_error(r->error, g_quark_from_static_string("value"), 0, "%s at '%.20s'", what, r->p);
    return NULL;
}

static void
skip_blanks(struct reader *r)
{
    r->p += strspn(r->p, " \t\n");
}

static gboolean
take(struct reader *r, char c)
{
    skip_blanks(r);
    if (*r->p != c)
        return FALSE;
    r->p++;
    return TRUE;
}

static struct value *
value_new(enum value_kind kind)
{
    struct value *value = g_new0(struct value, 1);

    value->kind = kind;
    if (kind == VALUE_LIST || kind == VALUE_DICT)
        value->members = g_ptr_array_new_with_free_func((GDestroyNotify)value_free);
    if (kind == VALUE_DATA)
        value->data = g_byte_array_new();
    return value;
}

void
value_free(struct value *value)
{
    if (!value)
        return;
    g_free(value->text);
    g_clear_pointer(&value->data, g_byte_array_unref);
    g_clear_pointer(&value->members, g_ptr_array_unref);
    g_free(value);
}

static struct value *parse(struct reader *r);

static struct value *
parse_data(struct reader *r)
{
    g_autoptr(plist) value = value_new(VALUE_DATA);

    while (g_ascii_isxdigit(r->p[0]) && g_ascii_isxdigit(r->p[1])) {
        put_8(value->data,
              (guint)(g_ascii_xdigit_value(r->p[0]) << 4 | g_ascii_xdigit_value(r->p[1])));
        r->p += 2;
    }
    return take(r, '>') ? g_steal_pointer(&value) : fail(r, "no '>'");
}

static struct value *
parse_members(struct reader *r, enum value_kind kind, char end)
{
    g_autoptr(plist) value = value_new(kind);

    if (take(r, end))
        return g_steal_pointer(&value);
    do {
        struct value *member = parse(r);

        if (!member)
            return NULL;
        g_ptr_array_add(value->members, member);
        if (kind == VALUE_LIST)
            continue;
        if (!take(r, ':'))
            return fail(r, "no ':'");
        member = parse(r);
        if (!member)
            return NULL;
        g_ptr_array_add(value->members, member);
    } while (take(r, ','));
    return take(r, end) ? g_steal_pointer(&value) : fail(r, "no end");
}

static struct value *
parse_quoted(struct reader *r)
{
    const char *end = strchr(r->p, '"');
    g_autofree char *quoted = NULL;
    struct value *value;

    if (!end)
        return fail(r, "no closing quote");
    quoted = g_strndup(r->p, (gsize)(end - r->p));
    value = value_new(VALUE_TEXT);
    value->text = g_strcompress(quoted); /* escapes as in C */
    r->p = end + 1;
    return value;
}

/* A word is a number or a boolean when it looks like one. */
static struct value *
parse_word(struct reader *r)
{
    gsize length = strcspn(r->p, ",:{}[]<>\"");
    g_autofree char *word = g_strstrip(g_strndup(r->p, length));
    char *end = NULL;
    gint64 number = g_ascii_strtoll(word, &end, 10);
    struct value *value;

    if (*word == '\0')
        return fail(r, "no value");
    r->p += length;
    if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        value = value_new(VALUE_BOOLEAN);
        value->number = strcmp(word, "true") == 0;
    } else if (*end == '\0') {
        value = value_new(VALUE_NUMBER);
        value->number = number;
    } else {
        value = value_new(VALUE_TEXT);
        value->text = g_steal_pointer(&word);
    }
    return value;
}

static struct value *
parse(struct reader *r)
{
    if (take(r, '{'))
        return parse_members(r, VALUE_DICT, '}');
    if (take(r, '['))
        return parse_members(r, VALUE_LIST, ']');
    if (take(r, '<'))
        return parse_data(r);
    if (take(r, '"'))
        return parse_quoted(r);
    return parse_word(r);
}

struct value *
value_parse(const char *text, GError **error)
{
    struct reader r = { text, error };
    g_autoptr(plist) value = parse(&r);

    skip_blanks(&r);
    if (value && *r.p != '\0')
        return fail(&r, "something left");
    return g_steal_pointer(&value);
}

static void
write_element(GString *out, const char *name, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append_printf(out, "<%s>%s</%s>\n", name, escaped, name);
}

static void
write_xml(const struct value *value, GString *out)
{
    g_autofree char *text = NULL;

    switch (value->kind) {
    case VALUE_TEXT:
        write_element(out, "string", value->text);
        break;
    case VALUE_NUMBER:
        text = g_strdup_printf("%" G_GINT64_FORMAT, value->number);
        write_element(out, "integer", text);
        break;
    case VALUE_BOOLEAN:
        g_string_append(out, value->number ? "<true/>\n" : "<false/>\n");
        break;
    case VALUE_DATA:
        text = g_base64_encode(value->data->data, value->data->len);
        write_element(out, "data", text);
        break;
    case VALUE_LIST:
    case VALUE_DICT:
        g_string_append(out, value->kind == VALUE_DICT ? "<dict>\n" : "<array>\n");
        for (guint i = 0; i < value->members->len; i++) {
            const struct value *member = g_ptr_array_index(value->members, i);

            if (value->kind == VALUE_DICT && i % 2 == 0)
                write_element(out, "key", member->text);
            else
                write_xml(member, out);
        }
        g_string_append(out, value->kind == VALUE_DICT ? "</dict>\n" : "</array>\n");
        break;
    }
}

void
value_write_xml(const struct value *value, GByteArray *out)
{
    g_autoptr(GString) text = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                           "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                                           "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                                           "<plist version=\"1.0\">\n");

    write_xml(value, text);
    g_string_append(text, "</plist>\n");
    put_bytes(out, text->str, text->len);
}
