/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What one event does to the attempt of its key. In this order: it breaks an absence, it is an
 * `until`, it is the next step, it is a start. */
#include "plugin/engine/engine_private.h"

#include <string.h>

static void
release_seen(void *seen)
{
    rs_seen_release(seen);
}

/* The event is one that the state's absences say does not come. */
static gboolean
breaks_absence(const struct rs_state *state, const struct rs_use *use, const struct rs_input *input)
{
    const struct rs_step *steps = state->run->body->steps;
    guint end = rs_state_next(state);

    if (state->at == RS_STEP_NONE || input->time_us < state->at_us)
        return FALSE;
    for (guint i = (guint)state->at + 1; i < end; i++) {
        if (!(use->absent & 1U << i))
            continue;
        if (!rs_step_is_timed(&steps[i]) ||
            (state->pending && input->time_us - state->at_us <= steps[i].within_us))
            return TRUE;
    }
    return FALSE;
}

/* `until` ends what waits, unless the deadline had passed by then. An absence without `within`
 * that held up to here has come true. */
static enum rs_fate
take_until(struct rs_state *state, const struct rs_input *input)
{
    const struct rs_rule_body *body = state->run->body;

    if (state->at != RS_STEP_NONE && input->time_us < state->at_us)
        return RS_UNTOUCHED;
    if (rs_state_settle(state, input) == RS_GONE)
        return RS_GONE;
    if (state->at != RS_STEP_NONE && !state->pending && rs_state_next(state) == body->n_steps)
        return rs_state_fire(state, input->time_us, input->frame);
    rs_state_drop(state);
    return RS_GONE;
}

static void
count_match(struct rs_match *match, struct rs_input *input)
{
    if (match->first == NULL)
        match->first = rs_input_keep(input);
    rs_seen_release(match->last);
    match->last = rs_input_keep(input);
    rs_count_add(&match->count, 1);
}

/* The event as the next positive step. */
static enum rs_fate
take_next(struct rs_state *state, const struct rs_use *use, struct rs_input *input)
{
    const struct rs_rule_body *body = state->run->body;
    guint next = rs_state_next(state);

    if (state->at == RS_STEP_NONE || next == body->n_steps || !(use->positive & 1U << next) ||
        input->time_us < state->at_us)
        return RS_UNTOUCHED;
    if (rs_state_settle(state, input) == RS_GONE)
        return RS_GONE;
    if (state->pending)
        return RS_UNTOUCHED;
    count_match(&state->matches[next], input);
    if (state->matches[next].count < body->steps[next].count)
        return RS_TAKEN;
    return rs_state_complete_step(state, next, input->time_us, input->frame);
}

/* Adds the event to a window in order of time, and lets go of what is too old for it. */
static void
slide_window(GPtrArray *window, const struct rs_step *step, struct rs_input *input)
{
    const struct rs_seen *newest;
    guint place = window->len;

    for (; place > 0; place--) {
        const struct rs_seen *seen = g_ptr_array_index(window, place - 1);
        if (seen->time_us <= input->time_us)
            break;
    }
    g_ptr_array_insert(window, (gint)place, rs_input_keep(input));
    newest = g_ptr_array_index(window, window->len - 1);
    while (rs_step_is_timed(step)) {
        const struct rs_seen *oldest = g_ptr_array_index(window, 0);

        if (newest->time_us - oldest->time_us <= step->within_us)
            break;
        g_ptr_array_remove_index(window, 0);
    }
}

/* A counted first step is complete when its window is full. */
static void
count_start(struct rs_state *state, struct rs_input *input)
{
    const struct rs_step *step = &state->run->body->steps[0];
    struct rs_match *match = &state->matches[0];

    slide_window(state->window, step, input);
    if (state->window->len < step->count) {
        rs_state_keep(state);
        return;
    }
    match->count = state->window->len;
    match->first = g_rc_box_acquire(g_ptr_array_index(state->window, 0));
    match->last = g_rc_box_acquire(g_ptr_array_index(state->window, match->count - 1));
    g_clear_pointer(&state->window, g_ptr_array_unref);
    rs_state_complete_step(state, 0, match->last->time_us, input->frame);
}

static gboolean
is_in(const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
passes(const struct rs_choice *choice, const char *value)
{
    const char *name = value != NULL ? value : "";

    if (choice->only == NULL)
        return TRUE;
    return (choice->only[0] == NULL || is_in(choice->only, name)) && !is_in(choice->except, name);
}

static gboolean
may_start(struct rs_run *run, const struct rs_input *input)
{
    const struct rs_event *event = rs_event_of(input->event);

    return passes(&run->body->phase, input->values[event->phase]) &&
           passes(&run->body->mode, input->values[event->mode]);
}

/* A start while an attempt waits belongs to it: the count goes up, the first stays the first. */
static void
repeat_start(struct rs_state *state, struct rs_input *input)
{
    struct rs_match *match = &state->matches[0];

    rs_count_add(&match->count, 1);
    rs_seen_release(match->last);
    match->last = rs_input_keep(input);
}

static void
begin(struct rs_run *run, const char *key, struct rs_input *input)
{
    struct rs_state *state;

    if (rs_clauses_forbid(run, input->event, input->values, input->time_us))
        return;
    state = rs_state_new(run, key);
    if (run->body->steps[0].count > 1) {
        state->window = g_ptr_array_new_with_free_func(release_seen);
        count_start(state, input);
    } else {
        count_match(&state->matches[0], input);
        rs_state_complete_step(state, 0, input->time_us, input->frame);
    }
}

static void
take_start(struct rs_run *run, const char *key, struct rs_state *state, struct rs_input *input)
{
    if (!may_start(run, input))
        return;
    if (state != NULL && rs_state_settle(state, input) == RS_GONE)
        state = NULL;
    if (state == NULL)
        begin(run, key, input);
    else if (state->at == RS_STEP_NONE)
        count_start(state, input);
    else
        repeat_start(state, input);
}

/* The rule's key of an event, in engine->key; FALSE when a field is absent. Frames that belong to
 * no restore.session share the empty one. */
static gboolean
read_key(const struct rs_use *use, const struct rs_input *input)
{
    GString *key = use->run->engine->key;

    g_string_truncate(key, 0);
    for (guint i = 0; i < use->n_key; i++) {
        const char *value = input->values[use->key[i]];

        if (value == NULL && use->key[i] == rs_event_of(input->event)->session)
            value = "";
        if (value == NULL)
            return FALSE;
        rs_key_append(key, value);
    }
    return TRUE;
}

void
rs_run_take(const struct rs_use *use, struct rs_input *input)
{
    struct rs_run *run = use->run;
    const char *key = run->engine->key->str;
    enum rs_fate outcome = RS_UNTOUCHED;
    struct rs_state *state;

    if (!read_key(use, input))
        return;
    key = run->engine->key->str;
    state = g_hash_table_lookup(run->states, key);
    if (state != NULL && breaks_absence(state, use, input)) {
        rs_state_drop(state);
        outcome = RS_GONE;
    }
    if (state != NULL && outcome == RS_UNTOUCHED && use->until)
        outcome = take_until(state, input);
    if (state != NULL && outcome == RS_UNTOUCHED)
        outcome = take_next(state, use, input);
    if (outcome != RS_TAKEN && (use->positive & 1U))
        take_start(run, key, outcome == RS_GONE ? NULL : state, input);
}
