/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The engine's clock and switchboard: moves packet time on, lets deadlines fire, and shows each
 * event to the rules that name it. */
#include "plugin/engine/engine.h"

#include <string.h>

#include "plugin/engine/engine_private.h"

enum { MAX_VALUE = 1024 }; /* bytes kept of a field's value */

/* Times beyond this are taken as this, so that sums cannot overflow. */
static const gint64 max_time_us = G_MAXINT64 / 4;

static struct rs_use *
use_of(rs_engine *engine, const struct rs_event_def *event, struct rs_run *run)
{
    GArray *uses = g_ptr_array_index(engine->uses, event->index);

    for (guint i = 0; i < uses->len; i++) {
        struct rs_use *use = &g_array_index(uses, struct rs_use, i);
        if (use->run == run)
            return use;
    }
    g_array_set_size(uses, uses->len + 1);
    struct rs_use *use = &g_array_index(uses, struct rs_use, uses->len - 1);
    use->run = run;
    return use;
}

/* The event takes part in the sequence: it needs the rule's key. */
static struct rs_use *
keyed_use_of(rs_engine *engine, const struct rs_event_def *event, struct rs_run *run)
{
    struct rs_use *use = use_of(engine, event, run);
    const char *const *fields = rs_rule_key_fields(run->body, event);
    guint n = 0;

    if (use->key != NULL)
        return use;
    while (fields[n] != NULL)
        n++;
    use->key = g_new0(guint, n + 1);
    use->n_key = n;
    for (guint i = 0; i < n; i++)
        use->key[i] = (guint)rs_event_find_field(event, fields[i]);
    return use;
}

static void
connect_run(rs_engine *engine, struct rs_run *run)
{
    const struct rs_rule_body *body = run->body;

    for (guint i = 0; i < body->n_steps; i++) {
        const struct rs_step *step = &body->steps[i];

        for (guint j = 0; j < step->n_events; j++) {
            struct rs_use *use = keyed_use_of(engine, step->events[j].event, run);
            if (step->is_absence)
                use->absent |= 1U << i;
            else
                use->positive |= 1U << i;
        }
    }
    for (guint i = 0; i < body->n_until; i++)
        keyed_use_of(engine, body->until[i].event, run)->until = TRUE;
    for (guint i = 0; i < body->n_clauses; i++)
        use_of(engine, body->clauses[i].event.event, run)->clauses |= 1U << i;
}

static void
init_run(rs_engine *engine, struct rs_run *run, const struct rs_rule *rule)
{
    run->engine = engine;
    run->rule = rule;
    run->body = rule->body;
    run->states = g_hash_table_new(g_str_hash, g_str_equal);
    run->found = g_ptr_array_new_with_free_func(rs_found_free);
    run->slots = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, rs_slot_free);
    g_queue_init(&run->order);
    rs_clauses_init(run);
    connect_run(engine, run);
}

static void
clear_uses(void *data)
{
    GArray *uses = data;

    for (guint i = 0; i < uses->len; i++)
        g_free(g_array_index(uses, struct rs_use, i).key);
    g_array_unref(uses);
}

rs_engine *
rs_engine_new(const rs_ruleset *ruleset)
{
    rs_engine *engine = g_new0(rs_engine, 1);

    engine->ruleset = ruleset;
    engine->n_runs = rs_ruleset_n_rules(ruleset);
    engine->runs = g_new0(struct rs_run, engine->n_runs);
    engine->uses = g_ptr_array_new_with_free_func(clear_uses);
    engine->fired = g_ptr_array_new();
    engine->key = g_string_new(NULL);
    engine->clause_key = g_string_new(NULL);
    rs_timers_init(&engine->timers);
    for (guint i = 0; i < rs_ruleset_n_events(ruleset); i++)
        g_ptr_array_add(engine->uses, g_array_new(FALSE, TRUE, sizeof(struct rs_use)));
    for (guint i = 0; i < engine->n_runs; i++)
        init_run(engine, &engine->runs[i], rs_ruleset_rule(ruleset, i));
    return engine;
}

static void
clear_run(struct rs_run *run)
{
    while (run->order.head != NULL)
        rs_state_drop(run->order.head->data);
    g_ptr_array_unref(run->found);
    rs_clauses_clear(run);
    g_hash_table_unref(run->states);
    g_hash_table_unref(run->slots);
}

void
rs_engine_free(rs_engine *engine)
{
    if (engine == NULL)
        return;
    for (guint i = 0; i < engine->n_runs; i++)
        clear_run(&engine->runs[i]);
    g_free(engine->runs);
    g_ptr_array_unref(engine->uses);
    g_ptr_array_unref(engine->fired);
    g_string_free(engine->key, TRUE);
    g_string_free(engine->clause_key, TRUE);
    rs_timers_clear(&engine->timers);
    g_free(engine);
}

/* Bytes to keep of a value, with its NUL. */
static gsize
kept_size(const char *value)
{
    return value == NULL ? 0 : strnlen(value, MAX_VALUE) + 1;
}

/* The frame an event stands for: its own, unless it carries another. */
static guint32
frame_of(const struct rs_input *input)
{
    const struct rs_event_def *event = input->event;
    int place = event->frame != NULL ? rs_event_find_field(event, event->frame) : -1;
    guint64 frame = 0;

    if (place >= 0 && input->values[place] != NULL)
        frame = g_ascii_strtoull(input->values[place], NULL, 10);
    return frame > 0 && frame <= input->frame ? (guint32)frame : input->frame;
}

struct rs_seen *
rs_input_keep(struct rs_input *input)
{
    guint n = input->event->n_fields;
    gsize head = sizeof(struct rs_seen) + n * sizeof(char *);
    gsize size = head;
    char *to;

    if (input->seen != NULL)
        return g_rc_box_acquire(input->seen);
    for (guint i = 0; i < n; i++)
        size += kept_size(input->values[i]);
    input->seen = g_rc_box_alloc0(size);
    input->seen->event = input->event;
    input->seen->time_us = input->time_us;
    input->seen->frame = frame_of(input);
    to = (char *)input->seen + head;
    for (guint i = 0; i < n; i++) {
        gsize kept = kept_size(input->values[i]);

        if (kept == 0)
            continue;
        memcpy(to, input->values[i], kept - 1);
        input->seen->values[i] = to;
        to += kept;
    }
    return g_rc_box_acquire(input->seen);
}

void
rs_seen_release(struct rs_seen *seen)
{
    if (seen != NULL)
        g_rc_box_release(seen);
}

/* Moves the clock; a deadline fires when the watermark has passed it. */
static void
move_clock(rs_engine *engine, gint64 time_us, guint32 frame)
{
    struct rs_timer *timer;

    engine->newest_us = engine->has_time ? MAX(engine->newest_us, time_us) : time_us;
    engine->has_time = TRUE;
    engine->last_frame = frame;
    while ((timer = rs_timers_take_due(&engine->timers, engine->newest_us - RS_REORDER_US)) != NULL)
        rs_state_pass_deadline(rs_state_of_timer(timer), frame);
}

void
rs_engine_advance(rs_engine *engine, gint64 time_us, guint32 frame)
{
    move_clock(engine, CLAMP(time_us, -max_time_us, max_time_us), frame);
}

void
rs_engine_feed(rs_engine *engine, const struct rs_event_def *event, gint64 time_us, guint32 frame,
               const char *const *values)
{
    const GArray *uses = g_ptr_array_index(engine->uses, event->index);
    struct rs_input input = { .event = event, .frame = frame, .values = values };

    rs_engine_advance(engine, time_us, frame);
    input.time_us = CLAMP(time_us, engine->newest_us - RS_REORDER_US, engine->newest_us);
    for (guint i = 0; i < uses->len; i++) {
        const struct rs_use *use = &g_array_index(uses, struct rs_use, i);

        rs_clauses_observe(use, &input);
        if (use->key != NULL)
            rs_run_take(use, &input);
        rs_clauses_remember(use, &input);
    }
    rs_seen_release(input.seen);
}

gboolean
rs_engine_has_fired(const rs_engine *engine)
{
    return engine->fired->len > 0;
}

GPtrArray *
rs_engine_take_fired(rs_engine *engine)
{
    GPtrArray *fired = engine->fired;

    engine->fired = g_ptr_array_new();
    return fired;
}

guint64
rs_engine_n_dropped(const rs_engine *engine)
{
    return engine->n_dropped;
}
