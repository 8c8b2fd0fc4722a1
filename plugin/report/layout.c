/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Label and wrapped text. Widths are counted in characters, which is right for what reports hold.
 */
#include "plugin/report/layout.h"

enum { LINE_COLUMNS = 96 };

static const char *const inks[] = {
    [RS_PLAIN] = "",         [RS_BOLD] = "\033[1m",   [RS_DIM] = "\033[2m",
    [RS_RED] = "\033[1;31m", [RS_GREEN] = "\033[32m", [RS_YELLOW] = "\033[33m",
};

/* Embeddings, overrides and isolates can make a terminal show text in another order. */
static gboolean
reorders(gunichar c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
           c == 0x200f;
}

char *
rs_layout_clean(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_sized_new(strlen(valid));

    for (char *p = valid; *p; p = g_utf8_next_char(p)) {
        const gunichar c = g_utf8_get_char(p);

        if (c == '\n' || c == '\r' || c == '\t')
            g_string_append_c(out, ' ');
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            g_string_append_printf(out, "\\x%02x", c);
        else if (reorders(c))
            g_string_append_printf(out, "\\u{%x}", c);
        else
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

void
rs_layout_ink(struct rs_layout *layout, enum rs_ink ink, const char *text)
{
    const gboolean painted = layout->colour && ink != RS_PLAIN && *text;

    g_string_append_printf(layout->out, "%s%s%s", painted ? inks[ink] : "", text,
                           painted ? "\033[0m" : "");
}

static void
indent(struct rs_layout *layout, int columns)
{
    g_string_append_printf(layout->out, "%*s", columns, "");
}

void
rs_layout_row(struct rs_layout *layout, const char *label, int hang, const char *text)
{
    g_autofree char *clean = rs_layout_clean(text);
    g_auto(GStrv) words = g_strsplit(clean, " ", -1);
    const int label_width = (int)g_utf8_strlen(label, -1);
    int column = MAX(layout->label_columns, label_width + 1);
    gboolean fresh = TRUE;

    rs_layout_ink(layout, RS_BOLD, label);
    indent(layout, column - label_width);
    for (char **word = words; *word; word++) {
        const int width = (int)g_utf8_strlen(*word, -1);

        if (!fresh && column + 1 + width > LINE_COLUMNS) {
            g_string_append_c(layout->out, '\n');
            column = layout->label_columns + hang;
            indent(layout, column);
            fresh = TRUE;
        }
        g_string_append_printf(layout->out, "%s%s", fresh ? "" : " ", *word);
        column += width + (fresh ? 0 : 1);
        fresh = FALSE;
    }
    g_string_append_c(layout->out, '\n');
}

void
rs_layout_rowf(struct rs_layout *layout, const char *label, int hang, const char *format, ...)
{
    va_list args;
    g_autofree char *text = NULL;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    rs_layout_row(layout, label, hang, text);
}
