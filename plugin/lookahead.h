/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which frames can matter: told by a short look at their bytes before they are dissected, so that a
 * frame of somebody else's costs no field in a tree. */
#pragma once

#include "dissectors/compat.h"

#include "plugin/tracker/tracker.h"

/* Stands before the dissectors of all link types. Call once, when these are there. */
void rs_lookahead_handoff(void);

/* A capture is opened. wanted: for each outlook (filters.h), the numbers of the fields that such
 * frames shall have if they can matter; from now on the module's. is_open: every frame can matter.
 */
void rs_lookahead_start(GArray *const *wanted, gboolean is_open);

/* Nobody wants to know: the protocol is switched off. */
void rs_lookahead_stop(void);

/* Those that must be wanted of every frame, before a link type is known. The caller gives them
 * away. */
GArray *rs_lookahead_wanted_always(void);

/* Before the tracker's items are added to a tree: makes sure of them there. */
void rs_lookahead_will_add(proto_tree *tree);

/* Somebody else stands in the table of link types now: nobody looked at this frame. TRUE once; then
 * *ret_wanted, which the caller gives away, must be wanted of every frame. */
gboolean rs_lookahead_is_bypassed(const packet_info *pinfo, GArray **ret_wanted);

/* After a frame's first dissection, called in order of frames. FALSE: it can say nothing to the
 * tracker or the rules. */
gboolean rs_lookahead_mattered(const packet_info *pinfo, const rs_tracker *tracker,
                               gboolean *ret_is_usb);

/* Is a word in it that makes the network matter? */
gboolean rs_lookahead_says_apple(const guint8 *bytes, gsize length);
