/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The engine's inside: what waits, what was found, who looks at which event.
 *
 * An rs_run is one rule at work. It keeps at most one rs_state per key: an attempt that has begun
 * and waits for its next step. A state that completes becomes an rs_found. An rs_watch is a clause
 * of `unless` that can still undo a state or a found. */
#pragma once

#include "plugin/engine/engine.h"
#include "plugin/engine/rule_body.h"
#include "plugin/engine/timers.h"

/* One occurrence of an event, kept; shared by reference (g_rc_box). */
struct rs_seen {
    const struct rs_event_def *event;
    gint64 time_us;
    guint32 frame;
    const char *values[];
};

/* The event being fed; seen is made when somebody first wants to keep it. */
struct rs_input {
    const struct rs_event_def *event;
    gint64 time_us;
    guint32 frame;
    const char *const *values;
    struct rs_seen *seen;
};

/* What one positive step has matched. */
struct rs_match {
    struct rs_seen *first, *last;
    guint count;
};

struct rs_run;
struct rs_state;
struct rs_found;
struct rs_bucket;

struct rs_watch {
    struct rs_watch *next, *prev; /* in its bucket */
    struct rs_bucket *bucket;     /* NULL: watches nothing */
    gint64 time_us;               /* of the event that completed the culprit's step */
    guint32 frame;
    struct rs_state *state; /* what it can undo: either of the two */
    struct rs_found *found;
};

enum { RS_STEP_NONE = -1 };

struct rs_state {
    struct rs_run *run;
    struct rs_timer timer;
    GList link; /* in run->order when it is kept */
    char *key;
    int at;           /* the positive step matched last; RS_STEP_NONE while the first is counted */
    gint64 at_us;     /* when that was */
    gint64 base_us;   /* from when the next step's `within` counts */
    gboolean pending; /* the absences with a `within` have yet to pass */
    gboolean recovered; /* a `later` clause has been seen already */
    gint64 recovered_us;
    GPtrArray *window;         /* struct rs_seen *, of a counted first step, oldest first */
    struct rs_watch *watches;  /* one per clause, or NULL */
    struct rs_match matches[]; /* one per step */
};

/* The findings of one session and key: bounded by the rule's `max`. */
struct rs_slot {
    char *key;
    guint n_found;
    guint n_live; /* of them not recovered */
    struct rs_found *last;
};

struct rs_found {
    struct rs_finding finding;
    struct rs_slot *slot;
    struct rs_match *matches;
    struct rs_watch *watches;
    struct rs_run *run;
};

/* How a state came to its end. */
struct rs_firing {
    gint64 time_us;
    guint32 frame;
    gint64 since_us; /* when its last positive step was complete */
    gboolean flushed;
};

/* When an event of a `before` clause was seen. */
struct rs_sighting {
    char *key;
    GList link;
    gint64 first_us, last_us;
};

struct rs_clause_run {
    GHashTable *buckets;   /* `later`, `within`: key to struct rs_bucket */
    GHashTable *sightings; /* `before`: key to struct rs_sighting */
    GQueue order;          /* sightings, the one not seen for longest first */
};

struct rs_run {
    rs_engine *engine;
    const struct rs_rule *rule;
    const struct rs_rule_body *body;
    GHashTable *states; /* key to struct rs_state */
    GQueue order;       /* states, the one begun first first */
    GPtrArray *found;   /* struct rs_found *, in order of firing */
    GHashTable *slots;  /* session and key to struct rs_slot */
    struct rs_clause_run *clauses;
};

/* What an event is to a rule. Bit i of a mask stands for step or clause i. */
struct rs_use {
    struct rs_run *run;
    guint32 positive, absent, clauses;
    gboolean until;
    guint *key; /* indexes of the event's fields */
    guint n_key;
};

struct rs_engine {
    const rs_ruleset *ruleset;
    struct rs_run *runs;
    guint n_runs;
    GPtrArray *uses; /* per event: GArray of struct rs_use, in order of rules */
    struct rs_timers timers;
    gboolean has_time;
    gint64 newest_us;
    guint32 last_frame;
    GPtrArray *fired;
    GString *key, *clause_key; /* scratch */
    guint64 n_dropped;
};

/* engine.c */
struct rs_seen *rs_input_keep(struct rs_input *input);
void rs_seen_release(struct rs_seen *seen);

/* engine_state.c: what an attempt waits for, and what time does to it. */
enum rs_fate { RS_UNTOUCHED, RS_TAKEN, RS_GONE };
struct rs_state *rs_state_new(struct rs_run *run, const char *key);
void rs_state_drop(struct rs_state *state);
/* From now on the state is found by its key. */
void rs_state_keep(struct rs_state *state);
/* Step i is complete by an event of that time: wait for what follows, or fire. */
enum rs_fate rs_state_complete_step(struct rs_state *state, guint i, gint64 time_us, guint32 frame);
/* Fires and drops the state. */
enum rs_fate rs_state_fire(struct rs_state *state, gint64 time_us, guint32 frame);
/* The watermark has passed the state's deadline. */
void rs_state_pass_deadline(struct rs_state *state, guint32 frame);
/* An event of the rule and key that is later than a deadline settles it without waiting for the
 * watermark. */
enum rs_fate rs_state_settle(struct rs_state *state, const struct rs_input *input);
struct rs_state *rs_state_of_timer(struct rs_timer *timer);
/* The first positive step after the one matched last, or n_steps. */
guint rs_state_next(const struct rs_state *state);
/* TRUE when, with the timed absences passed, an absence without `within` still waits. */
gboolean rs_state_waits_for_ever(const struct rs_state *state);
void rs_matches_clear(struct rs_match *matches, guint n_matches);

/* engine_take.c: what an event does to the attempt of its key. */
void rs_run_take(const struct rs_use *use, struct rs_input *input);

/* engine_clause.c: `unless`. */
void rs_key_append(GString *key, const char *value);

void rs_clauses_init(struct rs_run *run);
void rs_clauses_clear(struct rs_run *run);
void rs_clauses_observe(const struct rs_use *use, const struct rs_input *input);
void rs_clauses_remember(const struct rs_use *use, const struct rs_input *input);
/* TRUE when a `before` clause forbids a start with these values. */
gboolean rs_clauses_forbid(struct rs_run *run, const struct rs_event_def *event,
                           const char *const *values, gint64 start_us);
void rs_clauses_watch(struct rs_state *state, guint32 frame);
/* The watches will undo `found` from now on. */
void rs_watches_move(struct rs_state *state, struct rs_found *found);
void rs_watches_free(struct rs_watch *watches, guint n_watches);

/* finding.c */
void rs_run_fire(struct rs_state *state, const struct rs_firing *firing);
void rs_found_recover(struct rs_found *found);
void rs_found_free(void *found);
void rs_slot_free(void *slot);
void rs_finding_free(void *finding);
GPtrArray *rs_evidence_array_new(void);
/* Fills in everything but `says`. */
void rs_finding_fill(struct rs_finding *finding, const struct rs_rule *rule,
                     const struct rs_match *matches, const struct rs_firing *firing);
char *rs_finding_say(const struct rs_finding *finding, const struct rs_match *matches);
const struct rs_seen *rs_matches_culprit(const struct rs_rule_body *body,
                                         const struct rs_match *matches);
/* The slot's key of a match, in the caller's string. */
void rs_slot_key(GString *out, const struct rs_seen *culprit, const char *key);
/* TRUE when a match in this slot is counted rather than found again. */
gboolean rs_slot_is_full(const struct rs_slot *slot, const struct rs_state *state);
guint rs_matches_count(const struct rs_rule_body *body, const struct rs_match *matches);
void rs_count_add(guint *count, guint more);
