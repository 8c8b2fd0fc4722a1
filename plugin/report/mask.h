/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hides what identifies one device or person, so that a report can be shown around. The same
 * identifier always turns into the same text, so that a reader can still follow it. */
#pragma once

#include <json-glib/json-glib.h>

/* "0x1A2B3C4D5E6F" -> "0x…5e6f": the last four digits stay, nothing else. Shorter ones vanish
 * whole. The caller's. */
char *rs_mask_id(const char *id);

/* Masks in running text: the ECID (or NULL) in hexadecimal and decimal, both as "0x…5e6f", UDIDs
 * and nonces (40 and more hexadecimal digits; 8 and 16 with a dash), and IMEIs (15 digits with a
 * valid check digit). The caller's. */
char *rs_mask_text(const char *text, const char *ecid);

/* Masks device.ecid and all sentences of a diagnosis object in place, but not its file name. */
void rs_mask_report(JsonObject *report);
