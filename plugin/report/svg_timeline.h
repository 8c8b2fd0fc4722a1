/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis drawn over time, as SVG inside of an HTML page whose style gives it its colours. */
#pragma once

#include <json-glib/json-glib.h>

/* Appends an <svg> element: device modes, phases, hosts, findings, transfer rates, each with its
 * time and frames as a tooltip. Its size is bounded whatever the report holds. */
void rs_svg_timeline(GString *out, JsonObject *report);
