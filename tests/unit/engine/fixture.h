/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Short words for engine tests: rules from a text, events by name with `field`, `value` pairs, and
 * findings as one line of text. */
#pragma once

#include "plugin/engine/engine.h"

/* Events a b c d e ok fail, keyed by k, carrying v and w; `two` is keyed by k and v; `any` by
 * nothing. */
extern const char *const fixture_events;

typedef struct fixture fixture;
struct fixture {
    rs_ruleset *ruleset;
    rs_engine *engine;
    guint32 frame; /* of the event fed last; counts up by itself */
};

/* The events above and these rules; they must parse and link. */
struct fixture *fixture_new(const char *rules);
void fixture_free(struct fixture *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fixture, fixture_free)

/* One rule "r" with cause "c" and this body. */
struct fixture *fixture_rule(const char *body);

/* Feeds an event at a time in ms; pairs of field and value follow, then NULL. k is "1" unless
 * given. */
void feed(struct fixture *f, gint64 ms, const char *event, ...) G_GNUC_NULL_TERMINATED;
void advance(struct fixture *f, gint64 ms);

/* The findings fired since the last call, then all findings of a conclusion, as text:
 * "r@2>5" rule, culprit frame, fired frame; then " x3" for a count above 1, " recovered",
 * " flushed"; joined by "; ". */
void assert_fired(struct fixture *f, const char *expected);
void assert_concluded(struct fixture *f, const char *expected);

/* The sentence of the first concluded finding. */
void assert_says(struct fixture *f, const char *expected);

/* The whole of a conclusion as text, sentences and evidence included. */
char *describe_all(const rs_engine *engine);
