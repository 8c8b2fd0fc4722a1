/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two restores side by side, for people. */
#pragma once

#include <json-glib/json-glib.h>

/* The comparison of comparison.h as text, ending in a newline; cleaned and coloured like a
 * diagnosis. The caller's. */
char *rs_report_compare(JsonObject *comparison, gboolean colour);
