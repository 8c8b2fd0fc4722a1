/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * "Did you mean": names close to one that does not exist. */
#pragma once

#include <glib.h>

/* At most RS_SUGGESTIONS names of the list (char *, borrowed) that contain the word or are a few
 * letters away from it, closest first, joined by ", "; NULL when none is close. The caller's. */
enum { RS_SUGGESTIONS = 5 };
char *rs_suggest(const char *word, const GPtrArray *names);
