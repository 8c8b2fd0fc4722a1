/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text in two columns, a label and wrapped text beside it, for reports on a terminal. */
#pragma once

#include <glib.h>

enum rs_ink { RS_PLAIN, RS_BOLD, RS_DIM, RS_RED, RS_GREEN, RS_YELLOW };

struct rs_layout {
    GString *out;
    gboolean colour;
    int label_columns; /* width of the label column, blanks included */
};

/* Makes text from elsewhere safe to print: control characters and bidirectional overrides become
 * \xNN or \u{N}, line breaks become blanks, bytes that are no UTF-8 are replaced. The caller's. */
char *rs_layout_clean(const char *text);

/* Appends text in an ink, without a line break; text is taken as it is. */
void rs_layout_ink(struct rs_layout *layout, enum rs_ink ink, const char *text);

/* A label and text beside it, cleaned and wrapped, ending in a newline. An empty label continues
 * the one above. Lines after the first are indented by hang more columns. */
void rs_layout_row(struct rs_layout *layout, const char *label, int hang, const char *text);
void rs_layout_rowf(struct rs_layout *layout, const char *label, int hang, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
