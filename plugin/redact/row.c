/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rows of pieces. */
#include <string.h>

#include "plugin/redact/row.h"

struct rs_row *
rs_row_new(void)
{
    struct rs_row *row = g_new0(struct rs_row, 1);

    row->pieces = g_array_new(FALSE, FALSE, sizeof(struct rs_piece));
    return row;
}

void
rs_row_free(gpointer data)
{
    struct rs_row *row = data;

    if (!row)
        return;
    g_array_unref(row->pieces);
    g_free(row);
}

void
rs_row_add(struct rs_row *row, const guint8 *was, guint8 *now, gsize length)
{
    const struct rs_piece piece = { was, now, length };

    if (length == 0)
        return;
    g_array_append_val(row->pieces, piece);
    row->length += length;
}

void
rs_row_add_part(struct rs_row *row, const struct rs_row *from, gsize offset)
{
    for (guint i = 0; i < from->pieces->len; i++) {
        const struct rs_piece *piece = &g_array_index(from->pieces, struct rs_piece, i);
        const gsize skipped = MIN(offset, piece->length);

        rs_row_add(row, piece->was + skipped, piece->now + skipped, piece->length - skipped);
        offset -= skipped;
    }
}

gsize
rs_row_read(const struct rs_row *row, guint8 *ret_bytes, gsize length)
{
    gsize done = 0;

    for (guint i = 0; i < row->pieces->len && done < length; i++) {
        const struct rs_piece *piece = &g_array_index(row->pieces, struct rs_piece, i);
        const gsize n = MIN(piece->length, length - done);

        memcpy(ret_bytes + done, piece->was, n);
        done += n;
    }
    return done;
}

void
rs_row_write(const struct rs_row *row, gsize offset, const guint8 *bytes, gsize length)
{
    for (guint i = 0; i < row->pieces->len && length > 0; i++) {
        const struct rs_piece *piece = &g_array_index(row->pieces, struct rs_piece, i);
        const gsize skipped = MIN(offset, piece->length);
        const gsize n = MIN(piece->length - skipped, length);

        memcpy(piece->now + skipped, bytes, n);
        offset -= skipped;
        bytes += n;
        length -= n;
    }
}
