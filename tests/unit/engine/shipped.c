/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Random events for the shipped rules. A value is of the type that its field has in Wireshark:
 * the fields of a rule are told apart by their names. */
#include "tests/unit/engine/shipped.h"

#include <string.h>

#include "plugin/engine/engine_private.h"

const char *const shipped_kind_names[N_SHIPPED_KINDS] = { "mixed", "new-keys", "one-key" };

enum { TEXT_SIZE = 32 };

static const char *const phases[] = { "prepare",  "connect", "signing", "recovery", "boot",
                                      "firmware", "asr",     "verify",  "finish",   "reboot" };
static const char *const modes[] = { "normal", "recovery", "dfu", "restore" };
static const char *const addresses[] = { "17.1.2.3", "17.1.2.4", "10.0.0.1", "::1" };
static const char *const names[] = { "gs.apple.com", "gg.apple.com", "StatusMsg", "asr" };

#define PICK(random, table) (table)[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(table))]

/* What feeds one sequence. */
struct feeder {
    GRand *random;
    enum shipped_kind kind;
    guint32 frame;
};

static gboolean
ends_in(const char *field, const char *const *ends)
{
    for (; *ends != NULL; ends++)
        if (g_str_has_suffix(field, *ends))
            return TRUE;
    return FALSE;
}

/* A number of some stream, device or session. */
static guint
make_key(const struct feeder *feeder, guint n_usual)
{
    if (feeder->kind == SHIPPED_ONE_KEY)
        return 1;
    if (feeder->kind == SHIPPED_NEW_KEYS)
        return feeder->frame;
    return (guint)g_rand_int_range(feeder->random, 1, (gint32)n_usual + 1);
}

static const char *
make_value(const struct feeder *feeder, const char *field, char *text)
{
    static const char *const frames[] = { "_in", "_frame", NULL };
    static const char *const hosts[] = { "ip.src", "ip.dst", ".a", ".aaaa", NULL };
    static const char *const keys[] = { "stream", ".device", ".session", ".id", NULL };
    static const char *const words[] = { "name", "type", "status", "error", "role", NULL };
    GRand *random = feeder->random;

    if (feeder->kind == SHIPPED_MIXED && g_rand_int_range(random, 0, 16) == 0)
        return NULL;
    if (strcmp(field, RS_FIELD_PHASE) == 0)
        return PICK(random, phases);
    if (strcmp(field, RS_FIELD_MODE) == 0)
        return PICK(random, modes);
    if (ends_in(field, hosts))
        return PICK(random, addresses);
    if (ends_in(field, words))
        return PICK(random, names);
    if (ends_in(field, frames))
        g_snprintf(text, TEXT_SIZE, "%d", g_rand_int_range(random, 1, (gint32)feeder->frame + 1));
    else if (ends_in(field, keys))
        g_snprintf(text, TEXT_SIZE, "%u", make_key(feeder, 4));
    else
        g_snprintf(text, TEXT_SIZE, "%u", make_key(feeder, 64));
    return text;
}

static void
feed_one(struct feeder *feeder, rs_engine *engine, const struct rs_event_def *event, gint64 time_us)
{
    g_autofree char *texts = g_malloc((gsize)event->n_fields * TEXT_SIZE);
    g_autofree const char **values = g_new0(const char *, event->n_fields);

    for (guint i = 0; i < event->n_fields; i++)
        values[i] = make_value(feeder, event->fields[i], texts + (gsize)i * TEXT_SIZE);
    rs_engine_feed(engine, event, time_us, feeder->frame, values);
}

/* Mostly packets close together, at times a silence; and some that are late by a little. */
static gint64
make_pause(GRand *random)
{
    switch (g_rand_int_range(random, 0, 32)) {
    case 0:
        return g_rand_int_range(random, 0, 120) * G_USEC_PER_SEC;
    case 1:
        return -g_rand_int_range(random, 0, RS_REORDER_US);
    default:
        return g_rand_int_range(random, 0, 100000);
    }
}

void
shipped_feed(rs_engine *engine, const rs_ruleset *ruleset, struct shipped_events events)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(events.seed);
    struct feeder feeder = { .random = random, .kind = events.kind };
    guint n_names = rs_ruleset_n_events(ruleset);
    gint64 time_us = 0;

    if (events.n_names > 0)
        n_names = MIN(n_names, events.n_names);
    for (guint i = 0; i < events.n_events; i++) {
        guint name = (guint)g_rand_int_range(random, 0, (gint32)n_names);

        time_us += make_pause(random);
        feeder.frame++;
        if (g_rand_int_range(random, 0, 8) == 0)
            rs_engine_advance(engine, time_us, feeder.frame);
        else
            feed_one(&feeder, engine, rs_ruleset_event(ruleset, name), time_us);
    }
}

static guint
measure_run(const struct rs_run *run)
{
    guint n_states = g_hash_table_size(run->states);
    guint n_slots = g_hash_table_size(run->slots);
    guint all = n_states + n_slots + run->found->len;

    g_assert_cmpuint(n_states, <=, RS_MAX_KEYS);
    g_assert_cmpuint(run->found->len, <=, RS_MAX_FINDINGS);
    g_assert_cmpuint(n_slots, <=, run->found->len);
    for (guint i = 0; i < run->body->n_clauses; i++) {
        guint n_buckets = g_hash_table_size(run->clauses[i].buckets);
        guint n_sightings = g_hash_table_size(run->clauses[i].sightings);

        g_assert_cmpuint(n_buckets, <=, n_states + run->found->len);
        g_assert_cmpuint(n_sightings, <=, RS_MAX_KEYS);
        all += n_buckets + n_sightings;
    }
    return all;
}

struct shipped_load
shipped_measure(const rs_engine *engine)
{
    struct shipped_load load = { 0 };

    for (guint i = 0; i < engine->n_runs; i++) {
        guint held = measure_run(&engine->runs[i]);

        load.most_of_rule = MAX(load.most_of_rule, held);
        load.all += held;
    }
    g_assert_cmpuint(engine->timers.heap->len, <=, load.all + 1);
    g_assert_cmpuint(engine->fired->len, <=, engine->n_runs * RS_MAX_FINDINGS);
    return load;
}

rs_ruleset *
shipped_rules(const char *folder)
{
    rs_ruleset *ruleset = rs_ruleset_new();
    g_autoptr(GError) error = NULL;

    rs_ruleset_add_dir(ruleset, folder, &error);
    g_assert_no_error(error);
    rs_ruleset_link(ruleset, &error);
    g_assert_no_error(error);
    return ruleset;
}
