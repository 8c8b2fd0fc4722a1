/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis for people. It is made from the JSON object, so that what a person reads and what a
 * program reads can never differ. */
#pragma once

#include <json-glib/json-glib.h>

/* The whole report, ending in a newline. Control characters that came from the capture are shown
 * escaped, never sent to the terminal. colour: with terminal escapes of our own. The caller's. */
char *rs_report_text(JsonObject *report, gboolean colour);

/* Modes, phases and hosts with their times and frames, in the same manner. The caller's. */
char *rs_report_timeline(JsonObject *report, gboolean colour);
