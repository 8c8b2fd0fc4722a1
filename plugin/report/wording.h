/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the reports for people have in common, whatever they are written in. All texts may hold
 * bytes of the capture: whoever prints them escapes them. */
#pragma once

#include <json-glib/json-glib.h>

/* What a report that leaves the computer says about its making. */
struct rs_report_about {
    const char *file;     /* what to call the capture */
    const char *versions; /* of the programs that made the report, "a 1, b 2" */
};

/* "the restore failed"; borrowed. */
const char *rs_wording_outcome(JsonObject *report);

/* " in phase 'asr', 40.9 s into the capture", as far as known. The caller's. */
char *rs_wording_place(JsonObject *report);

/* "iTunes 9, 14; libusb -1": the domain only where it changes. The caller's. */
char *rs_wording_codes(JsonObject *finding);

/* "attempt 1 of 2: ...": how a try ended, where it is and what broke it; "" when there is only one.
 * The caller's. */
char *rs_wording_attempt(JsonObject *report, guint index);

/* "iPhone10,6, ECID 0x…, mode recovery -> dfu", "" when nothing is known. The caller's. */
char *rs_wording_device(JsonObject *report);

/* What the number that was shown fits, "" where a warning tells of it or none was given; borrowed.
 */
const char *rs_wording_number(JsonObject *report);

/* Which remedy (from 1) needs a backup before it, 0 for none, and how to say so. The caller's. */
guint rs_wording_erasing(JsonObject *finding);
char *rs_wording_backup(guint erasing);

/* A finding, and the frames of all that say the same. */
struct rs_wording_group {
    JsonObject *finding; /* borrowed */
    char *frames;        /* "153, 154 and 7 more" */
    guint n;
};

/* The findings besides the root: its consequences, or the others. At most max groups; *ret_left is
 * how many findings are in none. An array of struct rs_wording_group *, the caller's. */
GPtrArray *rs_wording_groups(JsonObject *report, gboolean consequences, guint max, guint *ret_left);
