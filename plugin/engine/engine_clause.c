/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `unless`: what was seen before a start forbids it; what is seen after the culprit undoes an
 * attempt that waits (`within`) or marks it as recovered (`later`, or once it has fired). */
#include "plugin/engine/engine_private.h"

#include <string.h>

struct rs_bucket {
    GHashTable *table;
    char *key;
    struct rs_watch *first;
};

enum { MAX_KEY_PART = 1024 };

void
rs_key_append(GString *key, const char *value)
{
    g_string_append_len(key, value, (gssize)strnlen(value, MAX_KEY_PART));
    g_string_append_c(key, '\x1f');
}

static void
free_bucket(void *data)
{
    struct rs_bucket *bucket = data;

    g_free(bucket->key);
    g_free(bucket);
}

static void
free_sighting(void *data)
{
    struct rs_sighting *sighting = data;

    g_free(sighting->key);
    g_free(sighting);
}

void
rs_clauses_init(struct rs_run *run)
{
    run->clauses = g_new0(struct rs_clause_run, run->body->n_clauses);
    for (guint i = 0; i < run->body->n_clauses; i++) {
        run->clauses[i].buckets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_bucket);
        run->clauses[i].sightings =
            g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_sighting);
        g_queue_init(&run->clauses[i].order);
    }
}

void
rs_clauses_clear(struct rs_run *run)
{
    for (guint i = 0; i < run->body->n_clauses; i++) {
        g_hash_table_unref(run->clauses[i].buckets);
        g_hash_table_unref(run->clauses[i].sightings);
    }
    g_clear_pointer(&run->clauses, g_free);
}

/* The clause's key of an event, in engine->clause_key; NULL when the field is absent. */
static const char *
clause_key(const struct rs_run *run, const struct rs_clause *clause,
           const struct rs_event_def *event, const char *const *values)
{
    GString *key = run->engine->clause_key;
    int field = clause->by != NULL ? rs_event_find_field(event, clause->by) : -1;
    const char *value = "";

    g_string_truncate(key, 0);
    if (field >= 0 && (values[field] != NULL || strcmp(clause->by, RS_FIELD_SESSION) != 0))
        value = values[field];
    if (value == NULL)
        return NULL;
    rs_key_append(key, value);
    return key->str;
}

/* `before`: what has been seen when an attempt starts. */

static gboolean
forbids(const struct rs_clause *clause, const struct rs_sighting *sighting, gint64 start_us)
{
    if (sighting == NULL || sighting->first_us > start_us)
        return FALSE;
    return clause->within_us == RS_ANY_TIME || start_us - sighting->last_us <= clause->within_us;
}

gboolean
rs_clauses_forbid(struct rs_run *run, const struct rs_event_def *event, const char *const *values,
                  gint64 start_us)
{
    for (guint i = 0; i < run->body->n_clauses; i++) {
        const struct rs_clause *clause = &run->body->clauses[i];
        const char *key;

        if (clause->when != RS_CLAUSE_BEFORE)
            continue;
        key = clause_key(run, clause, event, values);
        if (key != NULL &&
            forbids(clause, g_hash_table_lookup(run->clauses[i].sightings, key), start_us))
            return TRUE;
    }
    return FALSE;
}

static struct rs_sighting *
new_sighting(struct rs_run *run, struct rs_clause_run *clause, const char *key, gint64 time_us)
{
    struct rs_sighting *sighting;

    if (clause->order.length == RS_MAX_KEYS) {
        sighting = clause->order.head->data;
        g_queue_unlink(&clause->order, &sighting->link);
        g_hash_table_remove(clause->sightings, sighting->key);
        run->engine->n_dropped++;
    }
    sighting = g_new0(struct rs_sighting, 1);
    sighting->key = g_strdup(key);
    sighting->link.data = sighting;
    sighting->first_us = time_us;
    sighting->last_us = time_us;
    g_hash_table_insert(clause->sightings, sighting->key, sighting);
    g_queue_push_tail_link(&clause->order, &sighting->link);
    return sighting;
}

static void
remember(struct rs_run *run, guint i, const struct rs_input *input)
{
    struct rs_clause_run *clause = &run->clauses[i];
    const char *key = clause_key(run, &run->body->clauses[i], input->event, input->values);
    struct rs_sighting *sighting;

    if (key == NULL)
        return;
    sighting = g_hash_table_lookup(clause->sightings, key);
    if (sighting == NULL)
        sighting = new_sighting(run, clause, key, input->time_us);
    sighting->first_us = MIN(sighting->first_us, input->time_us);
    sighting->last_us = MAX(sighting->last_us, input->time_us);
    g_queue_unlink(&clause->order, &sighting->link);
    g_queue_push_tail_link(&clause->order, &sighting->link);
}

void
rs_clauses_remember(const struct rs_use *use, const struct rs_input *input)
{
    for (guint i = 0; i < use->run->body->n_clauses; i++)
        if ((use->clauses & 1U << i) && use->run->body->clauses[i].when == RS_CLAUSE_BEFORE)
            remember(use->run, i, input);
}

/* `later` and `within`: what can still be undone. */

static void
link_watch(GHashTable *buckets, const char *key, struct rs_watch *watch)
{
    struct rs_bucket *bucket = g_hash_table_lookup(buckets, key);

    if (bucket == NULL) {
        bucket = g_new0(struct rs_bucket, 1);
        bucket->table = buckets;
        bucket->key = g_strdup(key);
        g_hash_table_insert(buckets, bucket->key, bucket);
    }
    watch->bucket = bucket;
    watch->next = bucket->first;
    if (watch->next != NULL)
        watch->next->prev = watch;
    bucket->first = watch;
}

static void
unlink_watch(struct rs_watch *watch)
{
    struct rs_bucket *bucket = watch->bucket;

    if (bucket == NULL)
        return;
    if (watch->prev != NULL)
        watch->prev->next = watch->next;
    else
        bucket->first = watch->next;
    if (watch->next != NULL)
        watch->next->prev = watch->prev;
    watch->next = NULL;
    watch->prev = NULL;
    watch->bucket = NULL;
    if (bucket->first == NULL)
        g_hash_table_remove(bucket->table, bucket->key);
}

void
rs_clauses_watch(struct rs_state *state, guint32 frame)
{
    struct rs_run *run = state->run;
    const struct rs_seen *culprit = rs_matches_culprit(run->body, state->matches);

    if (run->body->n_clauses == 0)
        return;
    state->watches = g_new0(struct rs_watch, run->body->n_clauses);
    for (guint i = 0; i < run->body->n_clauses; i++) {
        const struct rs_clause *clause = &run->body->clauses[i];
        struct rs_watch *watch = &state->watches[i];
        const char *key;

        if (clause->when == RS_CLAUSE_BEFORE)
            continue;
        watch->state = state;
        watch->time_us = state->at_us;
        watch->frame = frame;
        key = clause_key(run, clause, culprit->event, culprit->values);
        if (key != NULL)
            link_watch(run->clauses[i].buckets, key, watch);
    }
}

void
rs_watches_move(struct rs_state *state, struct rs_found *found)
{
    found->watches = g_steal_pointer(&state->watches);
    for (guint i = 0; found->watches != NULL && i < state->run->body->n_clauses; i++) {
        found->watches[i].state = NULL;
        found->watches[i].found = found;
    }
}

void
rs_watches_free(struct rs_watch *watches, guint n_watches)
{
    for (guint i = 0; watches != NULL && i < n_watches; i++)
        unlink_watch(&watches[i]);
    g_free(watches);
}

static gboolean
is_after(const struct rs_input *input, const struct rs_watch *watch)
{
    return input->time_us > watch->time_us ||
           (input->time_us == watch->time_us && input->frame > watch->frame);
}

static void
recover_state(struct rs_state *state, const struct rs_input *input)
{
    state->recovered = TRUE;
    state->recovered_us = input->time_us;
}

/* The clause's event came: this one is undone, or it came too late for it. */
static void
undo(const struct rs_clause *clause, struct rs_watch *watch, const struct rs_input *input)
{
    gint64 after_us = input->time_us - watch->time_us;

    unlink_watch(watch);
    if (clause->when == RS_CLAUSE_WITHIN && after_us > clause->within_us)
        return;
    if (watch->found != NULL)
        rs_found_recover(watch->found);
    else if (clause->when == RS_CLAUSE_WITHIN)
        rs_state_drop(watch->state);
    else
        recover_state(watch->state, input);
}

static void
observe(struct rs_run *run, guint i, const struct rs_input *input)
{
    const struct rs_clause *clause = &run->body->clauses[i];
    const char *key = clause_key(run, clause, input->event, input->values);
    struct rs_bucket *bucket;
    struct rs_watch *next;

    if (key == NULL)
        return;
    bucket = g_hash_table_lookup(run->clauses[i].buckets, key);
    /* A bucket holds watches of one clause, so undoing one never unlinks the next; the last takes
     * the bucket with it. */
    for (struct rs_watch *watch = bucket != NULL ? bucket->first : NULL; watch != NULL;
         watch = next) {
        next = watch->next;
        if (is_after(input, watch))
            undo(clause, watch, input);
    }
}

void
rs_clauses_observe(const struct rs_use *use, const struct rs_input *input)
{
    for (guint i = 0; i < use->run->body->n_clauses; i++)
        if ((use->clauses & 1U << i) && use->run->body->clauses[i].when != RS_CLAUSE_BEFORE)
            observe(use->run, i, input);
}
