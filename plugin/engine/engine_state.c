/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One attempt of a rule, from its first event to its last: plugin/rules/README.md, "What a sequence
 * means". At any time a state has matched the positive step `at` and waits for the group that
 * follows: the absences up to the next positive step, all counted from `at`, then that step. */
#include "plugin/engine/engine_private.h"

#include <stddef.h>

struct rs_state *
rs_state_of_timer(struct rs_timer *timer)
{
    return (void *)((char *)timer - offsetof(struct rs_state, timer));
}

guint
rs_state_next(const struct rs_state *state)
{
    const struct rs_rule_body *body = state->run->body;
    guint i = (guint)(state->at + 1);

    while (i < body->n_steps && body->steps[i].is_absence)
        i++;
    return i;
}

gboolean
rs_state_waits_for_ever(const struct rs_state *state)
{
    const struct rs_rule_body *body = state->run->body;

    for (guint i = (guint)(state->at + 1); i < body->n_steps; i++)
        if (!rs_step_is_timed(&body->steps[i]))
            return TRUE;
    return FALSE;
}

/* The longest of the group's timed absences, or RS_ANY_TIME when there is none. */
static gint64
longest_absence(const struct rs_state *state)
{
    const struct rs_rule_body *body = state->run->body;
    gint64 longest = RS_ANY_TIME;

    for (guint i = (guint)(state->at + 1); i < rs_state_next(state); i++)
        longest = MAX(longest, body->steps[i].within_us);
    return longest;
}

void
rs_matches_clear(struct rs_match *matches, guint n_matches)
{
    for (guint i = 0; i < n_matches; i++) {
        rs_seen_release(matches[i].first);
        rs_seen_release(matches[i].last);
        matches[i] = (struct rs_match){ 0 };
    }
}

struct rs_state *
rs_state_new(struct rs_run *run, const char *key)
{
    guint n_steps = run->body->n_steps;
    struct rs_state *state = g_malloc0(sizeof(struct rs_state) + n_steps * sizeof(struct rs_match));

    state->run = run;
    state->key = g_strdup(key);
    state->at = RS_STEP_NONE;
    state->link.data = state;
    return state;
}

static gboolean
is_kept(const struct rs_state *state)
{
    return state->run->order.head == &state->link || state->link.prev != NULL;
}

void
rs_state_keep(struct rs_state *state)
{
    struct rs_run *run = state->run;

    if (is_kept(state))
        return;
    if (run->order.length == RS_MAX_KEYS) {
        rs_state_drop(run->order.head->data);
        run->engine->n_dropped++;
    }
    g_queue_push_tail_link(&run->order, &state->link);
    g_hash_table_insert(run->states, state->key, state);
}

void
rs_state_drop(struct rs_state *state)
{
    struct rs_run *run = state->run;

    rs_timers_disarm(&run->engine->timers, &state->timer);
    if (is_kept(state)) {
        g_queue_unlink(&run->order, &state->link);
        g_hash_table_remove(run->states, state->key);
    }
    rs_watches_free(state->watches, run->body->n_clauses);
    rs_matches_clear(state->matches, run->body->n_steps);
    g_clear_pointer(&state->window, g_ptr_array_unref);
    g_free(state->key);
    g_free(state);
}

enum rs_fate
rs_state_fire(struct rs_state *state, gint64 time_us, guint32 frame)
{
    rs_run_fire(
        state, &(struct rs_firing){ .time_us = time_us, .frame = frame, .since_us = state->at_us });
    rs_state_drop(state);
    return RS_GONE;
}

/* Waits for the next positive step, whose `within` counts from base_us. */
static void
await_next(struct rs_state *state)
{
    const struct rs_step *next = &state->run->body->steps[rs_state_next(state)];

    if (rs_step_is_timed(next))
        rs_timers_arm(&state->run->engine->timers, &state->timer, state->base_us + next->within_us);
    else
        rs_timers_disarm(&state->run->engine->timers, &state->timer);
}

enum rs_fate
rs_state_complete_step(struct rs_state *state, guint i, gint64 time_us, guint32 frame)
{
    const struct rs_rule_body *body = state->run->body;
    gint64 longest;

    state->at = (int)i;
    state->at_us = time_us;
    state->base_us = time_us;
    if (i == body->culprit_step)
        rs_clauses_watch(state, frame);
    if (i + 1 == body->n_steps)
        return rs_state_fire(state, time_us, frame);

    rs_state_keep(state);
    longest = longest_absence(state);
    state->pending = longest != RS_ANY_TIME;
    if (state->pending)
        rs_timers_arm(&state->run->engine->timers, &state->timer, time_us + longest);
    else if (rs_state_next(state) < body->n_steps)
        await_next(state);
    else
        rs_timers_disarm(&state->run->engine->timers, &state->timer);
    return RS_TAKEN;
}

/* The next step came too late for the first start, but perhaps not for its last repetition. */
static enum rs_fate
go_on_or_drop(struct rs_state *state, guint32 frame)
{
    struct rs_match *match = &state->matches[0];
    struct rs_seen *last = match->last;
    guint n_clauses = state->run->body->n_clauses;

    if (state->at != 0 || match->count < 2 || state->run->body->steps[0].count > 1 ||
        rs_clauses_forbid(state->run, last->event, last->values, last->time_us)) {
        rs_state_drop(state);
        return RS_GONE;
    }
    match->last = g_rc_box_acquire(last);
    rs_seen_release(match->first);
    match->first = last;
    match->count = 1;
    state->recovered = state->recovered && state->recovered_us > last->time_us;
    rs_watches_free(g_steal_pointer(&state->watches), n_clauses);
    return rs_state_complete_step(state, 0, last->time_us, frame);
}

/* The time the state waited for has passed: its absences hold, or its next step came too late. */
static enum rs_fate
pass_deadline(struct rs_state *state, guint32 frame)
{
    gint64 due_us = state->timer.due_us;

    if (!state->pending)
        return go_on_or_drop(state, frame);
    rs_timers_disarm(&state->run->engine->timers, &state->timer);
    state->pending = FALSE;
    state->base_us = due_us;
    if (rs_state_next(state) < state->run->body->n_steps)
        await_next(state);
    else if (!rs_state_waits_for_ever(state))
        return rs_state_fire(state, due_us, frame);
    return RS_TAKEN;
}

void
rs_state_pass_deadline(struct rs_state *state, guint32 frame)
{
    pass_deadline(state, frame);
}

enum rs_fate
rs_state_settle(struct rs_state *state, const struct rs_input *input)
{
    while (state->timer.place != 0 && input->time_us > state->timer.due_us)
        if (pass_deadline(state, input->frame) == RS_GONE)
            return RS_GONE;
    return RS_UNTOUCHED;
}
