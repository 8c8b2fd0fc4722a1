/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the plugin knows of the open capture. One at a time, as in epan: made when a file is opened.
 */
#pragma once

#include "dissectors/compat.h"

#include "plugin/engine/engine.h"
#include "plugin/journal.h"
#include "plugin/lanes.h"
#include "plugin/report/diagnosis.h"
#include "plugin/tracker/tracker.h"

struct rs_state {
    rs_tracker *tracker;
    rs_ruleset *ruleset; /* NULL when the rules could not be loaded */
    rs_engine *engine;
    gboolean is_open;          /* a rule may fire by frames that have nothing of Apple's */
    char *rules_error;         /* or NULL; "FILE:LINE:COLUMN: reason" */
    GPtrArray *rules_problems; /* char *, likewise: filters and fields this Wireshark refuses */
    guint32 frames;
    gint64 first_time_us, last_time_us;
    GArray *times_us;   /* gint64 of frame n at n - 1 */
    GByteArray *is_usb; /* 0 or 1, likewise */
    struct rs_rate rate;
    rs_lanes *lanes;
    rs_journal *journal; /* what was written between the packets */
    GHashTable
        *fired; /* frame -> GPtrArray of struct rs_finding * that it completed; the engine's */

    rs_diagnosis *diagnosis; /* of the first concluded_frames frames; NULL: not asked yet */
    guint32 concluded_frames;
    GHashTable *culprits; /* frame -> GPtrArray of struct rs_ranked *; the diagnosis's */
    guint64 usb_bytes, network_bytes; /* so far */
};

struct rs_state *rs_state(void); /* never NULL; empty between cleanup and init */

/* A capture is opened: loads the rules (shipped, the user's own, rules_dir unless empty) and
 * appends the fields they need to wanted, an array for each outlook (filters.h). A rule that cannot
 * be used is told in rules_error. */
void rs_state_init(const char *rules_dir, GArray *const *wanted);
void rs_state_cleanup(void);

/* First visit of a frame: counts it; shows its tree to the rules before the tracker's items are in
 * it, which they want when TRUE; and lets the rules judge it. */
void rs_state_frame_seen(guint32 frame, gint64 time_us, gboolean is_usb, guint32 length);
gboolean rs_state_look(proto_tree *tree, const struct rs_note *note);
void rs_state_feed(packet_info *pinfo, proto_tree *tree, gint64 time_us);

/* Instead of showing it: a frame that no event can match. */
void rs_state_advance(guint32 frame, gint64 time_us);

/* Until when was recorded, in microseconds since 1970: how long it was silent after the last frame.
 * 0: not known. For every capture from now on. */
void rs_state_recorded_until(gint64 until_us);

/* Packet time goes on without a packet: the recorder tells that it recorded until then. */
void rs_state_tick(gint64 time_us);

/* func is called for each finding when it fires; the finding is only valid within. For every
 * capture from now on. */
typedef void (*rs_fired_func)(const struct rs_finding *finding);
void rs_state_on_fired(rs_fired_func func);

/* The diagnosis of all frames seen so far; made when needed, valid until the next new frame. */
const struct rs_diagnosis *rs_state_conclude(void);
