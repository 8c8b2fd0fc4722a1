/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The events of the rules as compiled display filters: which of them does a packet match? */
#pragma once

#include "dissectors/compat.h"

#include "plugin/engine/engine.h"

typedef struct rs_filters rs_filters;

/* Compiles the filter of every event and appends the fields they need to wanted. A filter this
 * Wireshark cannot compile is left out; why is appended to problems (GPtrArray of char *). */
rs_filters *rs_filters_new(const rs_ruleset *ruleset, GArray *wanted, GPtrArray *problems);
void rs_filters_free(rs_filters *filters);

/* Is there an event that a frame may match which has nothing of Apple's in it? */
gboolean rs_filters_is_open(const rs_filters *filters);

/* Feeds the engine with the events the packet matches. */
void rs_filters_feed(rs_filters *filters, rs_engine *engine, packet_info *pinfo, proto_tree *tree,
                     gint64 time_us);
