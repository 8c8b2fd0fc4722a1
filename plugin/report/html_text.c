/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Escaping for HTML. Facts: HTML Living Standard 13.2.3.5 (control and noncharacters are errors).
 */
#include "plugin/report/html_text.h"

#include "plugin/report/layout.h"

static gboolean
is_noncharacter(gunichar c)
{
    return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

void
rs_html_text(GString *out, const char *text)
{
    g_autofree char *clean = rs_layout_clean(text);

    for (char *p = clean; *p; p = g_utf8_next_char(p)) {
        const gunichar c = g_utf8_get_char(p);

        if (c == '&')
            g_string_append(out, "&amp;");
        else if (c == '<')
            g_string_append(out, "&lt;");
        else if (c == '>')
            g_string_append(out, "&gt;");
        else if (c == '"')
            g_string_append(out, "&quot;");
        else if (c == '\'')
            g_string_append(out, "&#39;");
        else if (is_noncharacter(c))
            g_string_append_printf(out, "\\u{%x}", c);
        else
            g_string_append_unichar(out, c);
    }
}

void
rs_html_textf(GString *out, const char *format, ...)
{
    va_list args;
    g_autofree char *text = NULL;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    rs_html_text(out, text);
}

void
rs_html_element(GString *out, const char *open, const char *text)
{
    const int name_length = (int)strcspn(open, " ");

    g_string_append_printf(out, "<%s>", open);
    rs_html_text(out, text);
    g_string_append_printf(out, "</%.*s>", name_length, open);
}
