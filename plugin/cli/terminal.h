/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether to colour. */
#pragma once

#include <glib.h>

/* when: NULL or "auto", "always", "never"; FALSE for any other word. auto means: stdout is a
 * terminal, NO_COLOR is unset or empty, and TERM is not "dumb". */
/* How wide it is; 80 where nobody knows. */
int rs_terminal_columns(int fd);

/* Can a line on it be written over? */
gboolean rs_terminal_is_live(int fd);

gboolean rs_terminal_colour(const char *when, gboolean *ret_colour);
