/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a rule looks like inside: its steps, clauses and sentences. Private to plugin/engine; made
 * by ruleset_*.c, run by engine*.c. */
#pragma once

#include "plugin/engine/ruleset.h"
#include "plugin/engine/says.h"

enum {
    RS_MAX_STEPS = 16,
    RS_MAX_REFS = 16, /* alternatives of a step, events of `until`, clauses of `unless` */
    RS_MAX_LIST = 64, /* codes, rivals, explains, phases */
    RS_MAX_COUNT = 255,
    RS_ANY_TIME = -1, /* a step or clause without `within` */
};

/* An event as a rule names it; event is set by rs_ruleset_link(). */
struct rs_event_ref {
    const char *name;
    struct rs_where where;
    const struct rs_event_def *event;
};

/* One step of `sequence`: any of its events, count times, or none of them. */
struct rs_step {
    gboolean is_absence;
    guint count;
    gint64 within_us; /* or RS_ANY_TIME */
    struct rs_event_ref *events;
    guint n_events;
};

static inline gboolean
rs_step_is_timed(const struct rs_step *step)
{
    return step->within_us != RS_ANY_TIME;
}

enum rs_clause_when { RS_CLAUSE_BEFORE, RS_CLAUSE_LATER, RS_CLAUSE_WITHIN };

/* One clause of `unless`. */
struct rs_clause {
    struct rs_event_ref event;
    enum rs_clause_when when;
    gint64 within_us; /* or RS_ANY_TIME */
    const char *by;   /* the field both sides must share; NULL: none */
    struct rs_where by_where;
};

/* `phase` or `mode`: an empty `only` lets all pass that `except` does not name. */
struct rs_choice {
    const char *const *only;
    const char *const *except;
};

struct rs_rule_body {
    struct rs_step *steps;
    guint n_steps;
    const char *const *by; /* NULL: each event's own; empty: one key for all */
    const struct rs_where *by_where;
    struct rs_event_ref *until;
    guint n_until;
    struct rs_clause *clauses;
    guint n_clauses;
    struct rs_choice phase, mode;
    struct rs_event_ref culprit; /* name NULL: the last positive step */
    guint culprit_step;
    gboolean culprit_is_last; /* of its repetitions */
    gboolean flush;
    gint64 flush_after_us; /* only when the wait had lasted that long */
    guint max;
    const struct rs_says *says;
    const struct rs_where *explains_where;
    guint text; /* number of the text it came from */
};

struct rs_entry_part;

/* What the ruleset knows of an event beyond its definition. */
struct rs_event {
    struct rs_event_def def; /* first: the one is the other */
    const struct rs_says *says;
    guint session, phase, mode;               /* where the standard fields stand in def.fields */
    const struct rs_entry_part *filter_parts; /* where the pieces of the filter stood */
    guint n_filter_parts;
    const struct rs_where *field_where; /* of the fields that its stanza names */
    guint n_field_where;
    guint text, line; /* number of the text it came from, and the line */
};

static inline const struct rs_event *
rs_event_of(const struct rs_event_def *def)
{
    return (const struct rs_event *)def;
}

/* The place of a field in event->fields, or -1. */
int rs_event_find_field(const struct rs_event_def *event, const char *field);

/* The fields that key an event in a rule. */
const char *const *rs_rule_key_fields(const struct rs_rule_body *body,
                                      const struct rs_event_def *event);
