/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a damaged end of a file does to a verdict. */
#pragma once

#include <json-glib/json-glib.h>

/* The file ends in the middle of a packet, so what a rule still waited for may stand in the missing
 * part: such findings become warnings, and one of them that was the root gives way to the next
 * error or to none. */
void rs_cut_short_doubt(JsonObject *report);
