/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A FIFO somebody else reads: what is recorded for Wireshark goes through one. */
#pragma once

#include <glib.h>

gboolean rs_fifo_is(const char *path);

/* Lets the reader of a FIFO know that nothing will come, where nobody has opened it for writing. It
 * may not have opened it itself yet: waits for that, two seconds at most. */
void rs_fifo_hang_up(const char *path);
