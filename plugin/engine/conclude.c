/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The engine's answer as if the capture ended now. Works on copies only. */
#include "plugin/engine/engine_private.h"

#include <string.h>

/* A finding of the answer and what its sentence is made from. */
struct entry {
    struct rs_finding *finding;
    const struct rs_match *matches;
};

struct conclusion {
    GArray *entries;  /* struct entry */
    GHashTable *copy; /* struct rs_found to its copy, of the rule being concluded */
    GString *key;     /* scratch */
};

static struct rs_evidence *
copy_evidence(const struct rs_evidence *from)
{
    struct rs_evidence *to = g_new0(struct rs_evidence, 1);

    *to = *from;
    to->says = g_strdup(from->says);
    return to;
}

static struct rs_finding *
copy_finding(const struct rs_finding *from)
{
    struct rs_finding *to = g_new0(struct rs_finding, 1);

    *to = *from;
    to->session = g_strdup(from->session);
    to->phase = g_strdup(from->phase);
    to->says = NULL;
    to->evidence = rs_evidence_array_new();
    for (guint i = 0; i < from->evidence->len; i++)
        g_ptr_array_add(to->evidence, copy_evidence(g_ptr_array_index(from->evidence, i)));
    return to;
}

static void
add_entry(struct conclusion *c, struct rs_finding *finding, const struct rs_match *matches)
{
    struct entry entry = { finding, matches };

    g_array_append_val(c->entries, entry);
}

/* TRUE when the capture's end completes the attempt: only absences are left of it. A deadline that
 * the newest packet has reached has passed, as nothing can come late any more. */
static gboolean
is_completed_by_end(const struct rs_state *state, struct rs_firing *ret_firing)
{
    const struct rs_rule_body *body = state->run->body;
    const rs_engine *engine = state->run->engine;
    gint64 due_us = state->timer.due_us;

    if (state->at == RS_STEP_NONE || rs_state_next(state) < body->n_steps)
        return FALSE;
    if (state->pending && due_us <= engine->newest_us && !rs_state_waits_for_ever(state)) {
        *ret_firing = (struct rs_firing){ due_us, engine->last_frame, state->at_us, FALSE };
        return TRUE;
    }
    *ret_firing = (struct rs_firing){ engine->newest_us, engine->last_frame, state->at_us, TRUE };
    return body->flush && engine->newest_us - state->at_us >= body->flush_after_us;
}

/* The attempt as one more finding, or counted where the rule may not find again. */
static void
add_waiting(struct conclusion *c, const struct rs_state *state, guint *n_found)
{
    const struct rs_run *run = state->run;
    const struct rs_seen *culprit;
    const struct rs_slot *slot;
    struct rs_finding *finding;
    struct rs_firing firing;

    if (!is_completed_by_end(state, &firing))
        return;
    culprit = rs_matches_culprit(run->body, state->matches);
    rs_slot_key(c->key, culprit, state->key);
    slot = g_hash_table_lookup(run->slots, c->key->str);
    if (rs_slot_is_full(slot, state)) {
        finding = g_hash_table_lookup(c->copy, slot->last);
        rs_count_add(&finding->count, rs_matches_count(run->body, state->matches));
        return;
    }
    if (*n_found == RS_MAX_FINDINGS)
        return;
    ++*n_found;
    finding = g_new0(struct rs_finding, 1);
    rs_finding_fill(finding, run->rule, state->matches, &firing);
    finding->recovered = state->recovered;
    add_entry(c, finding, state->matches);
}

static void
conclude_run(struct conclusion *c, const struct rs_run *run, gboolean is_end)
{
    guint n_found = 0;

    g_hash_table_remove_all(c->copy);
    for (guint i = 0; i < run->found->len; i++) {
        struct rs_found *found = g_ptr_array_index(run->found, i);
        struct rs_finding *copy = copy_finding(&found->finding);

        g_hash_table_insert(c->copy, found, copy);
        add_entry(c, copy, found->matches);
        n_found += !copy->recovered;
    }
    for (const GList *link = is_end ? run->order.head : NULL; link != NULL; link = link->next)
        add_waiting(c, link->data, &n_found);
}

static int
compare_findings(const void *a, const void *b)
{
    const struct rs_finding *x = *(struct rs_finding *const *)a;
    const struct rs_finding *y = *(struct rs_finding *const *)b;

    if (x->culprit_time_us != y->culprit_time_us)
        return x->culprit_time_us < y->culprit_time_us ? -1 : 1;
    if (x->culprit_frame != y->culprit_frame)
        return x->culprit_frame < y->culprit_frame ? -1 : 1;
    return strcmp(x->rule->id, y->rule->id);
}

static GPtrArray *
conclude(const rs_engine *engine, gboolean is_end)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(rs_finding_free);
    struct conclusion c = {
        .entries = g_array_new(FALSE, FALSE, sizeof(struct entry)),
        .copy = g_hash_table_new(NULL, NULL),
        .key = g_string_new(NULL),
    };

    for (guint i = 0; i < engine->n_runs; i++)
        conclude_run(&c, &engine->runs[i], is_end);
    for (guint i = 0; i < c.entries->len; i++) {
        const struct entry *entry = &g_array_index(c.entries, struct entry, i);

        entry->finding->says = rs_finding_say(entry->finding, entry->matches);
        g_ptr_array_add(findings, entry->finding);
    }
    g_ptr_array_sort(findings, compare_findings);
    g_array_unref(c.entries);
    g_hash_table_unref(c.copy);
    g_string_free(c.key, TRUE);
    return findings;
}

GPtrArray *
rs_engine_conclude(const rs_engine *engine)
{
    return conclude(engine, TRUE);
}

GPtrArray *
rs_engine_conclude_so_far(const rs_engine *engine)
{
    return conclude(engine, FALSE);
}
