/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes as they come into whole lines. A progress bar ends its lines with a carriage return. */
#pragma once

#include <glib.h>
#include <stddef.h>

enum { RS_LINE_MAX = 4096 }; /* longer ones come in pieces */

struct rs_lines {
    size_t length;
    char bytes[RS_LINE_MAX];
};

typedef void (*rs_lines_func)(void *data, const char *line, size_t length);

/* Calls func for each line that is whole now; empty ones are left out. */
void rs_lines_take(struct rs_lines *lines, const char *bytes, size_t length, rs_lines_func func,
                   void *data);

/* And for what is left. */
void rs_lines_end(struct rs_lines *lines, rs_lines_func func, void *data);
