/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a completed attempt to a finding: its frames, its evidence, its sentence. */
#include "plugin/engine/engine_private.h"

#include <string.h>

static void
free_evidence(void *data)
{
    struct rs_evidence *evidence = data;

    g_free(evidence->says);
    g_free(evidence);
}

GPtrArray *
rs_evidence_array_new(void)
{
    return g_ptr_array_new_with_free_func(free_evidence);
}

static void
clear_finding(struct rs_finding *finding)
{
    g_free(finding->session);
    g_free(finding->phase);
    g_free(finding->says);
    g_clear_pointer(&finding->evidence, g_ptr_array_unref);
}

void
rs_finding_free(void *data)
{
    struct rs_finding *finding = data;

    clear_finding(finding);
    g_free(finding);
}

const struct rs_seen *
rs_matches_culprit(const struct rs_rule_body *body, const struct rs_match *matches)
{
    const struct rs_match *match = &matches[body->culprit_step];

    return body->culprit_is_last ? match->last : match->first;
}

static const char *
seen_value(const struct rs_seen *seen, const char *name)
{
    int field = seen != NULL ? rs_event_find_field(seen->event, name) : -1;

    return field >= 0 ? seen->values[field] : NULL;
}

/* What a rule's sentence is filled in from. */
struct says_data {
    const struct rs_rule_body *body;
    const struct rs_match *matches;
};

/* The culprit's value, else that of the newest step that has one. */
static const char *
find_value(const void *data, const char *name)
{
    const struct says_data *from = data;
    const char *value = seen_value(rs_matches_culprit(from->body, from->matches), name);

    for (guint i = from->body->n_steps; value == NULL && i-- > 0;) {
        value = seen_value(from->matches[i].last, name);
        if (value == NULL)
            value = seen_value(from->matches[i].first, name);
    }
    return value;
}

static const char *
find_own_value(const void *data, const char *name)
{
    return seen_value(data, name);
}

static char *
say_seen(const struct rs_seen *seen)
{
    const struct rs_event *event = rs_event_of(seen->event);
    struct rs_says_source source = { .field = find_own_value, .data = seen };

    return event->says != NULL ? rs_says_render(event->says, &source) : g_strdup(event->def.name);
}

static void
add_evidence(GPtrArray *evidence, guint32 frame, gint64 time_us, char *says)
{
    struct rs_evidence *item = g_new0(struct rs_evidence, 1);

    item->frame = frame;
    item->time_us = time_us;
    item->says = says;
    g_ptr_array_add(evidence, item);
}

static void
add_seen(GPtrArray *evidence, const struct rs_seen *seen)
{
    add_evidence(evidence, seen->frame, seen->time_us, say_seen(seen));
}

/* "no a or b within 21.0 s" */
static char *
say_absence(const struct rs_step *step, const struct rs_firing *firing)
{
    g_autoptr(GString) says = g_string_new("no ");
    gint64 waited_us = firing->time_us - firing->since_us;
    gboolean has_passed = rs_step_is_timed(step) && waited_us >= step->within_us;
    g_autofree char *time = rs_says_time(has_passed ? step->within_us : waited_us);

    for (guint i = 0; i < step->n_events; i++)
        g_string_append_printf(says, "%s%s", i == 0 ? "" : " or ", step->events[i].name);
    g_string_append_printf(says, " %s %s", has_passed ? "within" : "for", time);
    if (firing->flushed && !has_passed)
        g_string_append(says, ", when the capture ended");
    return g_string_free(g_steal_pointer(&says), FALSE);
}

static int
compare_evidence(const void *a, const void *b)
{
    const struct rs_evidence *x = *(struct rs_evidence *const *)a;
    const struct rs_evidence *y = *(struct rs_evidence *const *)b;

    if (x->time_us != y->time_us)
        return x->time_us < y->time_us ? -1 : 1;
    return (x->frame > y->frame) - (x->frame < y->frame);
}

/* Each step's first and last event, and the absences the sequence ends in. */
static GPtrArray *
collect_evidence(const struct rs_rule_body *body, const struct rs_match *matches,
                 const struct rs_firing *firing)
{
    GPtrArray *evidence = rs_evidence_array_new();
    guint last = 0;

    for (guint i = 0; i < body->n_steps; i++) {
        const struct rs_match *match = &matches[i];

        if (body->steps[i].is_absence)
            continue;
        last = i;
        add_seen(evidence, match->first);
        if (match->last != match->first)
            add_seen(evidence, match->last);
    }
    for (guint i = last + 1; i < body->n_steps; i++)
        add_evidence(evidence, firing->frame, firing->time_us,
                     say_absence(&body->steps[i], firing));
    g_ptr_array_sort(evidence, compare_evidence);
    return evidence;
}

void
rs_count_add(guint *count, guint more)
{
    *count = more > G_MAXUINT - *count ? G_MAXUINT : *count + more;
}

guint
rs_matches_count(const struct rs_rule_body *body, const struct rs_match *matches)
{
    guint count = 0;

    for (guint i = 0; i < body->n_steps; i++)
        count = MAX(count, matches[i].count);
    return count;
}

static char *
copy_text(const char *value)
{
    return value != NULL ? g_utf8_make_valid(value, -1) : g_strdup("");
}

/* A wait the capture cut off says less; one that had hardly begun says little. */
static enum rs_confidence
confidence_of(const struct rs_rule *rule, const struct rs_firing *firing)
{
    gint64 within_us = rule->body->steps[rule->body->n_steps - 1].within_us;
    gint64 waited_us = firing->time_us - firing->since_us;

    if (!firing->flushed || rule->confidence == RS_LOW)
        return rule->confidence;
    if (within_us != RS_ANY_TIME && waited_us < within_us / 2)
        return RS_LOW;
    return rule->confidence - 1;
}

void
rs_finding_fill(struct rs_finding *finding, const struct rs_rule *rule,
                const struct rs_match *matches, const struct rs_firing *firing)
{
    const struct rs_seen *culprit = rs_matches_culprit(rule->body, matches);
    const struct rs_event *event = rs_event_of(culprit->event);

    finding->rule = rule;
    finding->culprit_frame = culprit->frame;
    finding->culprit_time_us = culprit->time_us;
    finding->fired_frame = firing->frame;
    /* A repetition may have come before, and happened after, what completed the rule. */
    finding->fired_time_us = MAX(firing->time_us, culprit->time_us);
    finding->flushed = firing->flushed;
    finding->confidence = confidence_of(rule, firing);
    finding->count = rs_matches_count(rule->body, matches);
    finding->session = copy_text(culprit->values[event->session]);
    finding->phase = copy_text(culprit->values[event->phase]);
    finding->evidence = collect_evidence(rule->body, matches, firing);
}

char *
rs_finding_say(const struct rs_finding *finding, const struct rs_match *matches)
{
    struct says_data data = { .body = finding->rule->body, .matches = matches };
    struct rs_says_source source = {
        .field = find_value,
        .data = &data,
        .elapsed_us = finding->fired_time_us - finding->culprit_time_us,
        .count = finding->count,
        .flushed = finding->flushed,
    };

    return data.body->says != NULL ? rs_says_render(data.body->says, &source)
                                   : g_strdup(finding->rule->id);
}

void
rs_slot_key(GString *out, const struct rs_seen *culprit, const char *key)
{
    const char *session = culprit->values[rs_event_of(culprit->event)->session];

    g_string_truncate(out, 0);
    g_string_append_printf(out, "%s\x1e%s", session != NULL ? session : "", key);
}

void
rs_slot_free(void *data)
{
    struct rs_slot *slot = data;

    g_free(slot->key);
    g_free(slot);
}

gboolean
rs_slot_is_full(const struct rs_slot *slot, const struct rs_state *state)
{
    return slot != NULL && slot->last != NULL &&
           (slot->n_live >= state->run->body->max || state->recovered);
}

static struct rs_slot *
take_slot(struct rs_run *run, const char *key)
{
    struct rs_slot *slot = g_hash_table_lookup(run->slots, key);

    if (slot == NULL) {
        slot = g_new0(struct rs_slot, 1);
        slot->key = g_strdup(key);
        g_hash_table_insert(run->slots, slot->key, slot);
    }
    return slot;
}

static void
leave_slot(struct rs_found *found)
{
    struct rs_slot *slot = found->slot;

    if (slot->last == found)
        slot->last = NULL;
    slot->n_live -= !found->finding.recovered;
    if (--slot->n_found == 0)
        g_hash_table_remove(found->run->slots, slot->key);
}

static void
clear_found(struct rs_found *found)
{
    const struct rs_rule_body *body = found->run->body;

    clear_finding(&found->finding);
    rs_watches_free(found->watches, body->n_clauses);
    rs_matches_clear(found->matches, body->n_steps);
    g_free(found->matches);
}

void
rs_found_free(void *data)
{
    clear_found(data);
    g_free(data);
}

void
rs_found_recover(struct rs_found *found)
{
    found->finding.recovered = TRUE;
    found->slot->n_live--;
    rs_watches_free(g_steal_pointer(&found->watches), found->run->body->n_clauses);
}

/* A place for one more finding: a new one, or that of the oldest that did no harm. */
static struct rs_found *
take_found(struct rs_run *run)
{
    if (run->found->len < RS_MAX_FINDINGS) {
        g_ptr_array_add(run->found, g_new0(struct rs_found, 1));
        return g_ptr_array_index(run->found, run->found->len - 1);
    }
    for (guint i = 0; i < run->found->len; i++) {
        struct rs_found *found = g_ptr_array_index(run->found, i);

        if (!found->finding.recovered)
            continue;
        leave_slot(found);
        clear_found(found);
        g_ptr_array_remove(run->engine->fired, &found->finding);
        g_ptr_array_steal_index(run->found, i);
        g_ptr_array_add(run->found, found);
        memset(found, 0, sizeof *found);
        return found;
    }
    return NULL;
}

static struct rs_match *
copy_matches(const struct rs_state *state)
{
    guint n = state->run->body->n_steps;
    struct rs_match *matches = g_new0(struct rs_match, n);

    for (guint i = 0; i < n; i++) {
        matches[i] = state->matches[i];
        if (matches[i].first != NULL)
            g_rc_box_acquire(matches[i].first);
        if (matches[i].last != NULL)
            g_rc_box_acquire(matches[i].last);
    }
    return matches;
}

void
rs_run_fire(struct rs_state *state, const struct rs_firing *firing)
{
    struct rs_run *run = state->run;
    const struct rs_seen *culprit = rs_matches_culprit(run->body, state->matches);
    g_autoptr(GString) key = g_string_new(NULL);
    struct rs_slot *slot;
    struct rs_found *found;

    rs_slot_key(key, culprit, state->key);
    slot = g_hash_table_lookup(run->slots, key->str);
    if (rs_slot_is_full(slot, state)) {
        rs_count_add(&slot->last->finding.count, rs_matches_count(run->body, state->matches));
        return;
    }
    found = take_found(run);
    if (found == NULL) {
        run->engine->n_dropped++;
        return;
    }
    found->run = run;
    found->matches = copy_matches(state);
    rs_finding_fill(&found->finding, run->rule, found->matches, firing);
    found->finding.says = rs_finding_say(&found->finding, found->matches);
    found->finding.recovered = state->recovered;
    found->slot = take_slot(run, key->str);
    found->slot->last = found;
    found->slot->n_found++;
    found->slot->n_live += !state->recovered;
    if (!state->recovered)
        rs_watches_move(state, found);
    g_ptr_array_add(run->engine->fired, &found->finding);
}
