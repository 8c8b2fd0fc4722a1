/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds USB requests that lack their other half: a loss the kernel may not have counted. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct rs_pairs rs_pairs;

rs_pairs *rs_pairs_new(void);
void rs_pairs_free(rs_pairs *pairs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_pairs, rs_pairs_free)

/* One event of usbmon: the request's id and 'S', 'C' or 'E'. TRUE when one before it is missing.
 * Of an id that was never seen before nothing is known: its request may be older than we are. */
gboolean rs_pairs_see(rs_pairs *pairs, uint64_t id, uint8_t type);
