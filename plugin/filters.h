/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The events of the rules as compiled display filters: which of them does a packet match? */
#pragma once

#include "dissectors/compat.h"

#include "plugin/engine/engine.h"
#include "plugin/tracker/tracker.h"

typedef struct rs_filters rs_filters;

/* Compiles the filter of every event. One that this Wireshark cannot compile is left out; why is
 * appended to problems (GPtrArray of char *). */
rs_filters *rs_filters_new(const rs_ruleset *ruleset, GPtrArray *problems);
void rs_filters_free(rs_filters *filters);

/* What is known of a frame before it is dissected. */
enum rs_outlook {
    RS_ANY_FRAME,
    RS_ENDED_WELL, /* a transfer on a bus, or it has only begun */
    RS_MOVED_NONE, /* such a transfer, without content and none of control */
    RS_N_OUTLOOKS
};

/* Appends the numbers of the fields that the filters need of such a frame. */
void rs_filters_want(const rs_filters *filters, enum rs_outlook outlook, GArray *wanted);

/* Is there an event that a frame may match which has nothing of Apple's in it? */
gboolean rs_filters_is_open(const rs_filters *filters);

/* Looks at a packet's tree before the note's items are in it; note may be NULL. TRUE: these must be
 * there for the filters to be run. */
gboolean rs_filters_look(rs_filters *filters, proto_tree *tree, const struct rs_note *note);

/* Feeds the engine with the events the packet matches, after the look at it. */
void rs_filters_feed(rs_filters *filters, rs_engine *engine, packet_info *pinfo, proto_tree *tree,
                     gint64 time_us);
