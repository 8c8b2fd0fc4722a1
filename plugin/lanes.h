/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What only the timeline wants to know of a capture: the streams inside usbmux and the transfers
 * that failed. No verdict rests on it. */
#pragma once

#include "dissectors/compat.h"

#include "plugin/report/diagnosis.h"
#include "plugin/tracker/tracker.h"

/* Bounded: what goes beyond is counted, not kept. */
typedef struct rs_lanes rs_lanes;
rs_lanes *rs_lanes_new(void);
void rs_lanes_free(rs_lanes *lanes);

/* The fields it needs of a tree. */
void rs_lanes_wanted(GArray *wanted);

/* First visit of a frame; note is what the tracker says of it, or NULL. */
void rs_lanes_observe(rs_lanes *lanes, proto_tree *tree, const struct rs_observation *observation,
                      const struct rs_note *note);

void rs_lanes_report(const rs_lanes *lanes, gint64 first_time_us, rs_diagnosis *diagnosis);
