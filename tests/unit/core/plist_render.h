/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A property list as one line of text, so that a test can compare whole lists. */
#pragma once

#include <glib.h>

#include "dissectors/core/plist.h"

/* "{Key=\"text\", N=5, A=[true, <00ff>, @1.5, #7, null]}"; what follows the last event is dropped.
 * Free with g_free(). */
char *plist_render(const void *bytes, size_t length, enum rs_plist_status *ret_status);
