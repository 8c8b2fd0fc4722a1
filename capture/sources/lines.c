/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines out of a stream. */
#include "capture/sources/lines.h"

void
rs_lines_end(struct rs_lines *lines, rs_lines_func func, void *data)
{
    if (lines->length > 0)
        func(data, lines->bytes, lines->length);
    lines->length = 0;
}

void
rs_lines_take(struct rs_lines *lines, const char *bytes, size_t length, rs_lines_func func,
              void *data)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r' || lines->length == RS_LINE_MAX)
            rs_lines_end(lines, func, data);
        if (bytes[i] != '\n' && bytes[i] != '\r')
            lines->bytes[lines->length++] = bytes[i];
    }
}
