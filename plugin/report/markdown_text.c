/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Escaping for Markdown. Facts: CommonMark 0.31 (backslash escapes, code spans, list items), GFM
 * 0.29 (tables, autolinks). What GitHub makes of "@name", "#12" and "GH-12" it does to the finished
 * text, where no backslash helps: a zero width space parts them. */
#include "plugin/report/markdown_text.h"

#include "plugin/report/layout.h"

#define ZERO_WIDTH_SPACE "&#8203;"

static gboolean
is_special(char c)
{
    return strchr("\\`*_[]<>#|~&$", c) != NULL;
}

/* A link grows out of "://", "www." and "a@b". */
static gboolean
starts_link(const char *text, const char *p)
{
    return (*p == ':' && p[1] == '/') ||
           (*p == '.' && p - text >= 3 && g_ascii_strncasecmp(p - 3, "www", 3) == 0);
}

/* "#12", "GH-12", "@name". */
static gboolean
is_reference(const char *text, const char *p)
{
    const gboolean gh = *p == '-' && p - text >= 2 && g_ascii_strncasecmp(p - 2, "GH", 2) == 0;

    return (*p == '@' && g_ascii_isalnum(p[1])) || ((*p == '#' || gh) && g_ascii_isdigit(p[1]));
}

/* "- ", "+ ", "=", "1. " and "1) " mean something where a block starts. */
static const char *
append_start(GString *out, const char *text)
{
    const char *p = text;

    while (g_ascii_isdigit(*p))
        p++;
    g_string_append_len(out, text, p - text);
    if (p > text ? (*p == '.' || *p == ')') && (!p[1] || p[1] == ' ') : *p && strchr("-+=", *p)) {
        g_string_append_printf(out, "\\%c", *p);
        p++;
    }
    return p;
}

void
rs_markdown_text(GString *out, const char *text)
{
    g_autofree char *clean = rs_layout_clean(text);

    g_strstrip(clean);
    for (const char *p = append_start(out, clean); *p; p++) {
        if (is_special(*p) || starts_link(clean, p))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
        if (is_reference(clean, p))
            g_string_append(out, ZERO_WIDTH_SPACE);
    }
}

/* A span ends at as many backticks as it began with. */
static gsize
longest_run(const char *text)
{
    gsize longest = 0, run = 0;

    for (const char *p = text; *p; p++) {
        run = *p == '`' ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    return longest;
}

void
rs_markdown_code(GString *out, const char *text)
{
    g_autofree char *clean = rs_layout_clean(text);
    const gsize n = longest_run(clean) + 1;
    const char *pad = n > 1 ? " " : "";
    g_autofree char *fence = g_strnfill(n, '`');

    g_strstrip(clean);
    if (strchr(clean, '|'))
        rs_markdown_text(out, clean);
    else if (*clean)
        g_string_append_printf(out, "%s%s%s%s%s", fence, pad, clean, pad, fence);
}
