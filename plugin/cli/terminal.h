/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether to colour. */
#pragma once

#include <glib.h>

/* when: NULL or "auto", "always", "never"; FALSE for any other word. auto means: stdout is a
 * terminal, NO_COLOR is unset or empty, and TERM is not "dumb". */
gboolean rs_terminal_colour(const char *when, gboolean *ret_colour);
