/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Random but well-typed events for the shipped rules, and what an engine holds after them. */
#pragma once

#include "plugin/engine/engine.h"

/* How the events look: by chance; such that keys never come again; or all of one key. */
enum shipped_kind { SHIPPED_MIXED, SHIPPED_NEW_KEYS, SHIPPED_ONE_KEY, N_SHIPPED_KINDS };
extern const char *const shipped_kind_names[N_SHIPPED_KINDS];

/* What an engine holds: the most of one rule, and of all. */
struct shipped_load {
    guint most_of_rule, all;
};

/* What is fed: the same seed gives the same events. Frames count from 1. */
struct shipped_events {
    enum shipped_kind kind;
    guint32 seed;
    guint n_events;
    guint n_names; /* only the first definitions of events; 0: all */
};
void shipped_feed(rs_engine *engine, const rs_ruleset *ruleset, struct shipped_events events);

/* Attempts, findings, what was seen before and what watches for an `unless`. Asserts that no rule
 * holds more than the bounds of engine.h allow. */
struct shipped_load shipped_measure(const rs_engine *engine);

/* The rules of that folder, linked; a failure is the test's. */
rs_ruleset *shipped_rules(const char *folder);
