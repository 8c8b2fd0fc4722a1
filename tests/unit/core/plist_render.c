/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See plist_render.h. */
#include "tests/unit/core/plist_render.h"

static void
render_content(GString *out, const struct rs_plist_parser *parser,
               const struct rs_plist_event *event)
{
    size_t length = rs_plist_decode(parser, event, NULL, 0);
    g_autofree guint8 *content = g_malloc(length + 1);

    g_assert_cmpuint(rs_plist_decode(parser, event, content, length), ==, length);
    if (event->type == RS_PLIST_DATA) {
        g_string_append_c(out, '<');
        for (size_t i = 0; i < length; i++)
            g_string_append_printf(out, "%02x", content[i]);
        g_string_append_c(out, '>');
    } else if (event->type == RS_PLIST_KEY) {
        g_string_append_printf(out, "%.*s=", (int)length, (const char *)content);
    } else {
        g_string_append_printf(out, "\"%.*s\"", (int)length, (const char *)content);
    }
}

static void
render_integer(GString *out, const struct rs_plist_event *event)
{
    if (event->is_negative)
        g_string_append_printf(out, "%" G_GINT64_FORMAT, (gint64)event->integer);
    else
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, (guint64)event->integer);
    if (event->is_cut)
        g_string_append(out, "(cut)");
}

static void
render_event(GString *out, const struct rs_plist_parser *parser, const struct rs_plist_event *event)
{
    switch (event->type) {
    case RS_PLIST_DICT_BEGIN:
    case RS_PLIST_ARRAY_BEGIN:
        g_string_append_c(out, event->type == RS_PLIST_DICT_BEGIN ? '{' : '[');
        break;
    case RS_PLIST_DICT_END:
    case RS_PLIST_ARRAY_END:
        if (out->len > 2 && out->str[out->len - 1] == ' ')
            g_string_truncate(out, out->len - 2);
        g_string_append_c(out, event->type == RS_PLIST_DICT_END ? '}' : ']');
        break;
    case RS_PLIST_KEY:
    case RS_PLIST_STRING:
    case RS_PLIST_DATA:
        render_content(out, parser, event);
        break;
    case RS_PLIST_INTEGER:
        render_integer(out, event);
        break;
    case RS_PLIST_REAL:
        g_string_append_printf(out, "%.17g", event->real);
        break;
    case RS_PLIST_DATE:
        g_string_append_printf(out, "@%.17g", event->real);
        break;
    case RS_PLIST_BOOLEAN:
        g_string_append(out, event->boolean ? "true" : "false");
        break;
    case RS_PLIST_UID:
        g_string_append_printf(out, "#%" G_GUINT64_FORMAT, (guint64)event->integer);
        break;
    case RS_PLIST_NULL:
        g_string_append(out, "null");
        break;
    }
}

static gboolean
is_complete_value(const struct rs_plist_event *event)
{
    return event->type != RS_PLIST_DICT_BEGIN && event->type != RS_PLIST_ARRAY_BEGIN &&
           event->type != RS_PLIST_KEY;
}

char *
plist_render(const void *bytes, size_t length, enum rs_plist_status *ret_status)
{
    /* Exactly as long as the list, so that a sanitizer sees a read beyond. */
    g_autofree guint8 *copy = g_memdup2(bytes, length);
    g_autoptr(GString) out = g_string_new(NULL);
    struct rs_plist_parser parser;
    struct rs_plist_event event;

    rs_plist_init(&parser, copy, length);
    while (rs_plist_next(&parser, &event) == RS_PLIST_OK) {
        g_assert_cmpuint(event.offset + event.length, <=, length);
        render_event(out, &parser, &event);
        if (event.depth > 0 && is_complete_value(&event))
            g_string_append(out, ", ");
    }
    *ret_status = parser.status;
    return g_strdup(out->str);
}
