/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A row: bytes of one stream that follow each other without a gap, wherever in the file they lie.
 */
#pragma once

#include "plugin/redact/matcher.h"

struct rs_row {
    GArray *pieces; /* struct rs_piece */
    gsize length;
};

struct rs_row *rs_row_new(void);
void rs_row_free(gpointer row);

void rs_row_add(struct rs_row *row, const guint8 *was, guint8 *now, gsize length);

/* Adds what `from` holds from offset on. */
void rs_row_add_part(struct rs_row *row, const struct rs_row *from, gsize offset);

/* Copies up to length bytes from the start, as they were; returns how many. */
gsize rs_row_read(const struct rs_row *row, guint8 *ret_bytes, gsize length);

/* Writes bytes at an offset; what would go beyond the end is left out. */
void rs_row_write(const struct rs_row *row, gsize offset, const guint8 *bytes, gsize length);
