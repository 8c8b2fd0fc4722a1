/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Linking: every event, field and rule that a rule names must exist, and the rule must be able to
 * fire. */
#include "plugin/engine/ruleset_parse.h"

#include <string.h>

static gboolean
resolve(const rs_ruleset *rs, struct rs_event_ref *ref, GError **error)
{
    const struct rs_event *event = g_hash_table_lookup(rs->event_by_name, ref->name);

    if (event == NULL)
        return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &ref->where, "unknown event '%s'",
                             ref->name);
    ref->event = &event->def;
    return TRUE;
}

static gboolean
resolve_all(const rs_ruleset *rs, struct rs_event_ref *refs, guint n_refs, GError **error)
{
    for (guint i = 0; i < n_refs; i++)
        if (!resolve(rs, &refs[i], error))
            return FALSE;
    return TRUE;
}

const char *const *
rs_rule_key_fields(const struct rs_rule_body *body, const struct rs_event_def *event)
{
    return body->by != NULL ? body->by : event->by;
}

static guint
count_names(const char *const *names)
{
    guint n = 0;

    while (names[n] != NULL)
        n++;
    return n;
}

/* The event must carry the rule's `by`, or key itself by as many fields as the first event. */
static gboolean
check_key(const struct rs_rule_body *body, const struct rs_event_ref *ref, GError **error)
{
    const struct rs_event_ref *first = &body->steps[0].events[0];

    if (body->by == NULL) {
        guint n = count_names(ref->event->by);
        guint n_first = count_names(first->event->by);

        if (n != n_first)
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &ref->where,
                                 "event '%s' is keyed by %u fields, '%s' by %u; give the rule a "
                                 "'by'",
                                 ref->name, n, first->name, n_first);
        return TRUE;
    }
    for (guint i = 0; body->by[i] != NULL; i++)
        if (rs_event_find_field(ref->event, body->by[i]) < 0)
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &body->by_where[i],
                                 "event '%s' does not carry '%s'", ref->name, body->by[i]);
    return TRUE;
}

static gboolean
check_keys(const struct rs_rule_body *body, const struct rs_event_ref *refs, guint n_refs,
           GError **error)
{
    for (guint i = 0; i < n_refs; i++)
        if (!check_key(body, &refs[i], error))
            return FALSE;
    return TRUE;
}

static gboolean
link_steps(const rs_ruleset *rs, struct rs_rule_body *body, GError **error)
{
    for (guint i = 0; i < body->n_steps; i++) {
        struct rs_step *step = &body->steps[i];

        if (!resolve_all(rs, step->events, step->n_events, error) ||
            !check_keys(body, step->events, step->n_events, error))
            return FALSE;
    }
    return resolve_all(rs, body->until, body->n_until, error) &&
           check_keys(body, body->until, body->n_until, error);
}

static gboolean
step_has(const struct rs_step *step, const char *name)
{
    for (guint i = 0; i < step->n_events; i++)
        if (strcmp(step->events[i].name, name) == 0)
            return TRUE;
    return FALSE;
}

/* The first positive step that has the event; without one named, the last positive step. */
static gboolean
link_culprit(struct rs_rule_body *body, GError **error)
{
    for (guint i = 0; i < body->n_steps; i++) {
        if (body->steps[i].is_absence)
            continue;
        if (body->culprit.name == NULL) {
            body->culprit_step = i;
        } else if (step_has(&body->steps[i], body->culprit.name)) {
            body->culprit_step = i;
            return TRUE;
        }
    }
    if (body->culprit.name == NULL)
        return TRUE;
    return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &body->culprit.where,
                         "the culprit '%s' is not an event that the sequence waits for",
                         body->culprit.name);
}

/* An absence without end is only ever reached by `until` or by the capture's end. */
static gboolean
check_can_fire(const struct rs_rule_body *body, GError **error)
{
    for (guint i = body->n_steps; i-- > 0 && body->steps[i].is_absence;)
        if (body->steps[i].within_us == RS_ANY_TIME && body->n_until == 0 && !body->flush)
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &body->steps[i].events[0].where,
                                 "'!%s' without 'within' never fires with 'flush = no' and no "
                                 "'until'",
                                 body->steps[i].events[0].name);
    return TRUE;
}

/* The clause's key must be known on both sides: at the start for `before`, else at the culprit. */
static gboolean
link_clause(const rs_ruleset *rs, const struct rs_rule_body *body, struct rs_clause *clause,
            GError **error)
{
    guint side = clause->when == RS_CLAUSE_BEFORE ? 0 : body->culprit_step;
    const struct rs_step *step = &body->steps[side];

    if (!resolve(rs, &clause->event, error))
        return FALSE;
    if (clause->by == NULL)
        return TRUE;
    for (guint i = 0; i <= step->n_events; i++) {
        const struct rs_event_def *event =
            i < step->n_events ? step->events[i].event : clause->event.event;

        if (rs_event_find_field(event, clause->by) < 0)
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &clause->by_where,
                                 "event '%s' does not carry '%s'", event->name, clause->by);
    }
    return TRUE;
}

static gboolean
sequence_carries(const struct rs_rule_body *body, const char *field)
{
    for (guint i = 0; i < body->n_steps; i++) {
        const struct rs_step *step = &body->steps[i];

        for (guint j = 0; !step->is_absence && j < step->n_events; j++)
            if (rs_event_find_field(step->events[j].event, field) >= 0)
                return TRUE;
    }
    return FALSE;
}

static gboolean
check_rule_says(const struct rs_rule_body *body, GError **error)
{
    for (guint i = 0; body->says != NULL && i < body->says->n_parts; i++) {
        const struct rs_says_part *part = &body->says->parts[i];

        if (part->kind == RS_SAYS_FIELD && !sequence_carries(body, part->text))
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &part->where,
                                 "no event of the sequence carries '%s'", part->text);
    }
    return TRUE;
}

/* id, or "prefix*" of some rule's. */
static gboolean
is_rule(const rs_ruleset *rs, const char *id)
{
    gsize length = strlen(id);

    if (id[length - 1] != '*')
        return g_hash_table_contains(rs->rule_by_id, id);
    for (guint i = 0; i < rs->rules->len; i++)
        if (strncmp(rs_ruleset_rule(rs, i)->id, id, length - 1) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
check_explains(const rs_ruleset *rs, const struct rs_rule *rule, GError **error)
{
    for (guint i = 0; rule->explains[i] != NULL; i++) {
        const struct rs_where *where = &rule->body->explains_where[i];

        if (strcmp(rule->explains[i], rule->id) == 0)
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, where,
                                 "a rule cannot explain itself");
        if (!is_rule(rs, rule->explains[i]))
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, where, "unknown rule '%s'",
                                 rule->explains[i]);
    }
    return TRUE;
}

static gboolean
link_rule(const rs_ruleset *rs, const struct rs_rule *rule, struct rs_rule_body *body,
          GError **error)
{
    if (!link_steps(rs, body, error) || !link_culprit(body, error))
        return FALSE;
    for (guint i = 0; i < body->n_clauses; i++)
        if (!link_clause(rs, body, &body->clauses[i], error))
            return FALSE;
    return check_can_fire(body, error) && check_rule_says(body, error) &&
           check_explains(rs, rule, error);
}

static gboolean
check_event_says(const struct rs_event *event, GError **error)
{
    for (guint i = 0; event->says != NULL && i < event->says->n_parts; i++) {
        const struct rs_says_part *part = &event->says->parts[i];

        if (part->kind == RS_SAYS_TEXT)
            continue;
        if (part->kind != RS_SAYS_FIELD || rs_event_find_field(&event->def, part->text) < 0)
            return rs_rules_fail(error, RS_RULES_ERROR_REFERENCE, &part->where,
                                 "event '%s' does not carry '%s'", event->def.name, part->text);
    }
    return TRUE;
}

gboolean
rs_ruleset_link(rs_ruleset *rs, GError **error)
{
    g_assert(!rs->linked);
    for (guint i = 0; i < rs->events->len; i++)
        if (!check_event_says(g_ptr_array_index(rs->events, i), error))
            return FALSE;
    for (guint i = 0; i < rs->rules->len; i++) {
        struct rs_rule_full *full = g_ptr_array_index(rs->rules, i);

        if (!link_rule(rs, &full->rule, &full->body, error))
            return FALSE;
    }
    rs->linked = TRUE;
    return TRUE;
}
