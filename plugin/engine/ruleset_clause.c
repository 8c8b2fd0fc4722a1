/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The values that speak of events over time: sequence, until, unless, culprit. Grammar and meaning
 * are in plugin/rules/README.md. */
#include "plugin/engine/ruleset_parse.h"

static gboolean
parse_event_ref(struct rs_scan *scan, struct rs_event_ref *ret_ref)
{
    struct rs_event_ref ref = { 0 };

    ref.name = rs_scan_name(scan, "an event", &ref.where);
    if (ref.name == NULL)
        return FALSE;
    *ret_ref = ref;
    return TRUE;
}

/* EVENT { SEPARATOR EVENT } */
static struct rs_event_ref *
parse_event_refs(struct rs_scan *scan, char separator, guint *ret_n)
{
    g_autoptr(GArray) refs = g_array_new(FALSE, TRUE, sizeof(struct rs_event_ref));

    do {
        struct rs_event_ref ref;

        if (refs->len == RS_MAX_REFS) {
            rs_scan_fail(scan, scan->at, "more than %d events", RS_MAX_REFS);
            return NULL;
        }
        if (!parse_event_ref(scan, &ref))
            return NULL;
        g_array_append_val(refs, ref);
    } while (rs_scan_char(scan, separator));
    *ret_n = refs->len;
    return rs_arena_take(scan->arena, g_steal_pointer(&refs));
}

/* [ "within" TIME ] */
static gboolean
parse_within(struct rs_scan *scan, gint64 *ret_us)
{
    *ret_us = RS_ANY_TIME;
    return !rs_scan_word(scan, "within") || rs_scan_time(scan, ret_us);
}

/* [ "x" NUMBER ] */
static gboolean
parse_count(struct rs_scan *scan, guint *ret_count)
{
    *ret_count = 1;
    if (rs_scan_at_end(scan) || scan->at[0] != 'x' || !g_ascii_isdigit(scan->at[1]))
        return TRUE;
    scan->at++;
    return rs_scan_number(scan, RS_MAX_COUNT, ret_count);
}

/* STEP = [ "!" ] EVENT { "|" EVENT } [ xN ] [ "within" TIME ] */
static gboolean
parse_step(struct rs_scan *scan, gboolean is_first, struct rs_step *ret_step)
{
    struct rs_step step = { .is_absence = rs_scan_char(scan, '!') };
    const char *count_at, *within_at;

    if (step.is_absence && is_first)
        return rs_scan_fail(scan, scan->at - 1, "a sequence cannot begin with an absence");
    step.events = parse_event_refs(scan, '|', &step.n_events);
    if (step.events == NULL)
        return FALSE;
    rs_scan_at_end(scan);
    count_at = scan->at;
    if (!parse_count(scan, &step.count))
        return FALSE;
    if (step.is_absence && scan->at != count_at)
        return rs_scan_fail(scan, count_at, "an absence cannot be counted");
    rs_scan_at_end(scan);
    within_at = scan->at;
    if (!parse_within(scan, &step.within_us))
        return FALSE;
    if (is_first && step.count == 1 && step.within_us != RS_ANY_TIME)
        return rs_scan_fail(scan, within_at, "the first step needs a count (xN) for its 'within'");
    *ret_step = step;
    return TRUE;
}

gboolean
rs_parse_sequence(struct rs_scan *scan, struct rs_rule_body *body)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, TRUE, sizeof(struct rs_step));

    do {
        struct rs_step step;

        if (steps->len == RS_MAX_STEPS)
            return rs_scan_fail(scan, scan->at, "more than %d steps", RS_MAX_STEPS);
        if (!parse_step(scan, steps->len == 0, &step))
            return FALSE;
        g_array_append_val(steps, step);
    } while (rs_scan_char(scan, ','));
    if (!rs_scan_end(scan))
        return FALSE;
    body->n_steps = steps->len;
    body->steps = rs_arena_take(scan->arena, g_steal_pointer(&steps));
    return TRUE;
}

gboolean
rs_parse_until(struct rs_scan *scan, struct rs_rule_body *body)
{
    body->until = parse_event_refs(scan, ',', &body->n_until);
    return body->until != NULL && rs_scan_end(scan);
}

/* "before" [ "within" TIME ] | "later" | "within" TIME */
static gboolean
parse_when(struct rs_scan *scan, struct rs_clause *clause)
{
    clause->within_us = RS_ANY_TIME;
    if (rs_scan_word(scan, "before")) {
        clause->when = RS_CLAUSE_BEFORE;
        return parse_within(scan, &clause->within_us);
    }
    if (rs_scan_word(scan, "later")) {
        clause->when = RS_CLAUSE_LATER;
        return TRUE;
    }
    if (rs_scan_word(scan, "within")) {
        clause->when = RS_CLAUSE_WITHIN;
        return rs_scan_time(scan, &clause->within_us);
    }
    return rs_scan_fail(scan, scan->at, "expected 'before', 'later' or 'within'");
}

/* EVENT WHEN [ "by" ( FIELD | "none" ) ] */
static gboolean
parse_clause(struct rs_scan *scan, struct rs_clause *ret_clause)
{
    struct rs_clause clause = { .by = RS_FIELD_SESSION };

    if (!parse_event_ref(scan, &clause.event) || !parse_when(scan, &clause))
        return FALSE;
    clause.by_where = clause.event.where;
    if (rs_scan_word(scan, "by")) {
        gboolean is_none = rs_scan_word(scan, "none");
        clause.by = is_none ? NULL : rs_scan_name(scan, "a field or 'none'", &clause.by_where);
        if (clause.by == NULL && !is_none)
            return FALSE;
    }
    *ret_clause = clause;
    return TRUE;
}

gboolean
rs_parse_unless(struct rs_scan *scan, struct rs_rule_body *body)
{
    g_autoptr(GArray) clauses = g_array_new(FALSE, TRUE, sizeof(struct rs_clause));

    do {
        struct rs_clause clause;

        if (clauses->len == RS_MAX_REFS)
            return rs_scan_fail(scan, scan->at, "more than %d clauses", RS_MAX_REFS);
        if (!parse_clause(scan, &clause))
            return FALSE;
        g_array_append_val(clauses, clause);
    } while (rs_scan_char(scan, ','));
    if (!rs_scan_end(scan))
        return FALSE;
    body->n_clauses = clauses->len;
    body->clauses = rs_arena_take(scan->arena, g_steal_pointer(&clauses));
    return TRUE;
}

/* EVENT [ "first" | "last" ] */
gboolean
rs_parse_culprit(struct rs_scan *scan, struct rs_rule_body *body)
{
    if (!parse_event_ref(scan, &body->culprit))
        return FALSE;
    body->culprit_is_last = rs_scan_word(scan, "last");
    if (!body->culprit_is_last)
        rs_scan_word(scan, "first");
    return rs_scan_end(scan);
}
