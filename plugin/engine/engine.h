/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rule engine: events in, findings out. It knows nothing of packets, epan or files; time is the
 * packets' own. The semantics (sequence, absence, count, until, unless) are those of
 * plugin/rules/README.md. */
#pragma once

#include "plugin/engine/ruleset.h"

/* One thing a rule found. Owned by the engine or the conclusion that returned it. */
struct rs_finding {
    const struct rs_rule *rule;
    guint32 culprit_frame; /* frame of the event that `culprit` names */
    gint64 culprit_time_us;
    guint32 fired_frame; /* frame whose event or time completed the rule; the last one at the end */
    gint64
        fired_time_us; /* of the completing event, or the deadline that passed before that frame */
    enum rs_confidence confidence; /* the rule's, one step lower when flushed */
    gboolean flushed;              /* the capture ended while the rule was still waiting */
    gboolean recovered;  /* an `unless ... later` event came: it did not stop the restore */
    guint count;         /* how often the most repeated event of the match was seen */
    char *session;       /* restore.session of the culprit event, or "" */
    char *phase;         /* restore.phase of the culprit event, or "" */
    char *says;          /* the sentence with its {fields} filled in; valid UTF-8, one line */
    GPtrArray *evidence; /* struct rs_evidence *, in time order */
};

struct rs_evidence {
    guint32 frame;
    gint64 time_us;
    char *says;
};

/* Not thread-safe. The ruleset must outlive the engine. */
typedef struct rs_engine rs_engine;
rs_engine *rs_engine_new(const rs_ruleset *ruleset);
void rs_engine_free(rs_engine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_engine, rs_engine_free)

/* Feeds one event. values[i] is the text of the event's fields[i] (ruleset.h), NULL when absent;
 * the strings are copied as needed. Frames may come up to RS_REORDER_US earlier than the newest
 * time; what comes earlier still counts as of then. */
#define RS_REORDER_US 100000
void rs_engine_feed(rs_engine *engine, const struct rs_event_def *event, gint64 time_us,
                    guint32 frame, const char *const *values);

/* Packet time goes on without an event: deadlines that passed fire. Call for every packet; cheap.
 */
void rs_engine_advance(rs_engine *engine, gint64 time_us, guint32 frame);

/* Findings fired since the last call, in order of firing; the array is the caller's, its findings
 * the engine's: they live as long as it does. A rule that has as many findings as it may have
 * (RS_MAX_FINDINGS) writes a new one over its oldest recovered one. */
GPtrArray *rs_engine_take_fired(rs_engine *engine);
gboolean rs_engine_has_fired(const rs_engine *engine); /* is there one to take? */

/* All findings as if the capture ended now: what has fired (with `recovered` and `count` up to
 * date) and, with flushed set, what is still waiting for an absence. Changes nothing in the engine,
 * so that it can be asked again. Free with g_ptr_array_unref(); the findings are copies. Order:
 * culprit time, frame, rule id. */
GPtrArray *rs_engine_conclude(const rs_engine *engine);

/* The same while the capture goes on: only what has fired. */
GPtrArray *rs_engine_conclude_so_far(const rs_engine *engine);

/* The bounds that keep an engine small whatever it is fed; per rule. */
enum {
    RS_MAX_KEYS = 4096,    /* attempts waiting at a time; the oldest is given up for a new one */
    RS_MAX_FINDINGS = 256, /* findings kept */
};

/* How many attempts and findings were given up because of these bounds. */
guint64 rs_engine_n_dropped(const rs_engine *engine);
