/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The keys of a rule: one function each (plugin/rules/README.md, "Rules"). */
#include "plugin/engine/ruleset_parse.h"

#include <string.h>

static gboolean
parse_by_table(struct rs_scan *scan, const char *const *words, guint n_words, int *ret_index)
{
    g_autoptr(GString) choice = g_string_new(NULL);

    for (guint i = 0; i < n_words; i++) {
        if (rs_scan_word(scan, words[i])) {
            *ret_index = (int)i;
            return rs_scan_end(scan);
        }
        g_string_append_printf(choice, "%s'%s'", i == 0 ? "" : " or ", words[i]);
    }
    return rs_scan_fail(scan, scan->at, "expected %s", choice->str);
}

static gboolean
parse_sequence(struct rs_scan *scan, struct rs_target *target)
{
    return rs_parse_sequence(scan, target->body);
}

static gboolean
parse_until(struct rs_scan *scan, struct rs_target *target)
{
    return rs_parse_until(scan, target->body);
}

static gboolean
parse_unless(struct rs_scan *scan, struct rs_target *target)
{
    return rs_parse_unless(scan, target->body);
}

static gboolean
parse_culprit(struct rs_scan *scan, struct rs_target *target)
{
    return rs_parse_culprit(scan, target->body);
}

static gboolean
parse_rule_by(struct rs_scan *scan, struct rs_target *target)
{
    target->body->by = rs_parse_fields(scan, &target->body->by_where);
    return target->body->by != NULL;
}

/* Splits "a, !b" into what is wanted and what is not. */
static gboolean
parse_choice(struct rs_scan *scan, struct rs_choice *ret_choice)
{
    const char *const *names = rs_scan_list(scan, "a name", RS_SCAN_BANG, NULL);
    GArray *lists[2];

    if (names == NULL)
        return FALSE;
    for (int i = 0; i < 2; i++)
        lists[i] = g_array_new(TRUE, TRUE, sizeof(char *));
    for (; *names != NULL; names++) {
        const char *name = **names == '!' ? *names + 1 : *names;
        g_array_append_val(lists[**names == '!'], name);
    }
    for (int i = 0; i < 2; i++)
        g_array_set_size(lists[i], lists[i]->len + 1);
    ret_choice->only = rs_arena_take(scan->arena, lists[0]);
    ret_choice->except = rs_arena_take(scan->arena, lists[1]);
    return TRUE;
}

static gboolean
parse_phase(struct rs_scan *scan, struct rs_target *target)
{
    return parse_choice(scan, &target->body->phase);
}

static gboolean
parse_mode(struct rs_scan *scan, struct rs_target *target)
{
    return parse_choice(scan, &target->body->mode);
}

static gboolean
parse_severity(struct rs_scan *scan, struct rs_target *target)
{
    static const char *const words[] = { "note", "warning", "error" };
    int severity;

    if (!parse_by_table(scan, words, G_N_ELEMENTS(words), &severity))
        return FALSE;
    target->rule->severity = (enum rs_severity)severity;
    return TRUE;
}

static gboolean
parse_confidence(struct rs_scan *scan, struct rs_target *target)
{
    static const char *const words[] = { "low", "medium", "high" };
    int confidence;

    if (!parse_by_table(scan, words, G_N_ELEMENTS(words), &confidence))
        return FALSE;
    target->rule->confidence = (enum rs_confidence)confidence;
    return TRUE;
}

static gboolean
parse_flush(struct rs_scan *scan, struct rs_target *target)
{
    static const char *const words[] = { "no", "yes" };

    if (rs_scan_word(scan, "after"))
        return rs_scan_time(scan, &target->body->flush_after_us) && rs_scan_end(scan);
    return parse_by_table(scan, words, G_N_ELEMENTS(words), &target->body->flush);
}

static gboolean
parse_max(struct rs_scan *scan, struct rs_target *target)
{
    return rs_scan_number(scan, RS_MAX_COUNT, &target->body->max) && rs_scan_end(scan);
}

static gboolean
parse_cause(struct rs_scan *scan, struct rs_target *target)
{
    target->rule->cause = rs_scan_name(scan, "a cause", NULL);
    return target->rule->cause != NULL && rs_scan_end(scan);
}

static gboolean
parse_explains(struct rs_scan *scan, struct rs_target *target)
{
    target->rule->explains =
        rs_scan_list(scan, "a rule", RS_SCAN_STAR, &target->body->explains_where);
    return target->rule->explains != NULL;
}

static gboolean
parse_rule_says(struct rs_scan *scan, struct rs_target *target)
{
    target->rule->says = g_string_chunk_insert(scan->arena->strings, scan->at);
    target->body->says = rs_parse_says(scan);
    return target->body->says != NULL;
}

/* DOMAIN ":" CODE; the domain may hold anything but ';', its last ':' separates. */
static gboolean
parse_code(struct rs_scan *scan, struct rs_code *ret_code)
{
    const char *start, *colon = NULL;
    char *after;

    rs_scan_at_end(scan);
    start = scan->at;
    scan->at += strcspn(scan->at, ";");
    for (const char *at = start; at < scan->at; at++)
        if (*at == ':')
            colon = at;
    if (colon == NULL || colon == start)
        return rs_scan_fail(scan, start, "expected 'domain:code'");
    if (!g_ascii_isdigit(colon[1]) && (colon[1] != '-' || !g_ascii_isdigit(colon[2])))
        return rs_scan_fail(scan, colon + 1, "expected a code after ':'");
    ret_code->code = g_ascii_strtoll(colon + 1, &after, 10);
    after += strspn(after, " \t");
    if (after != scan->at)
        return rs_scan_fail(scan, colon + 1, "expected a code after ':'");
    g_autofree char *domain = g_strchomp(g_strndup(start, (gsize)(colon - start)));
    ret_code->domain = g_string_chunk_insert(scan->arena->strings, domain);
    return TRUE;
}

static gboolean
parse_codes(struct rs_scan *scan, struct rs_target *target)
{
    g_autoptr(GArray) codes = g_array_new(FALSE, TRUE, sizeof(struct rs_code));

    do {
        struct rs_code code;

        if (codes->len == RS_MAX_LIST)
            return rs_scan_fail(scan, scan->at, "more than %d codes", RS_MAX_LIST);
        if (!parse_code(scan, &code))
            return FALSE;
        g_array_append_val(codes, code);
    } while (rs_scan_char(scan, ';'));
    target->rule->n_codes = codes->len;
    target->rule->codes = rs_arena_take(scan->arena, g_steal_pointer(&codes));
    return TRUE;
}

static gboolean
parse_rivals(struct rs_scan *scan, struct rs_target *target)
{
    g_autoptr(GArray) rivals = g_array_new(FALSE, TRUE, sizeof(struct rs_rival));

    do {
        struct rs_rival rival = { 0 };

        if (rivals->len == RS_MAX_LIST)
            return rs_scan_fail(scan, scan->at, "more than %d rivals", RS_MAX_LIST);
        rival.cause = rs_scan_name(scan, "a cause", NULL);
        if (rival.cause == NULL)
            return FALSE;
        rival.test = rs_scan_quoted(scan);
        if (rival.test == NULL)
            return FALSE;
        g_array_append_val(rivals, rival);
    } while (rs_scan_char(scan, ';'));
    if (!rs_scan_end(scan))
        return FALSE;
    target->rule->n_rivals = rivals->len;
    target->rule->rivals = rs_arena_take(scan->arena, g_steal_pointer(&rivals));
    return TRUE;
}

static const struct rs_key rule_keys[] = {
    { "sequence", parse_sequence, TRUE },      { "by", parse_rule_by, FALSE },
    { "until", parse_until, FALSE },           { "unless", parse_unless, FALSE },
    { "phase", parse_phase, FALSE },           { "mode", parse_mode, FALSE },
    { "culprit", parse_culprit, FALSE },       { "severity", parse_severity, FALSE },
    { "confidence", parse_confidence, FALSE }, { "cause", parse_cause, TRUE },
    { "codes", parse_codes, FALSE },           { "rivals", parse_rivals, FALSE },
    { "explains", parse_explains, FALSE },     { "says", parse_rule_says, FALSE },
    { "flush", parse_flush, FALSE },           { "max", parse_max, FALSE },
};

gboolean
rs_parse_rule(struct rs_arena *arena, const struct rs_stanza *stanza, struct rs_rule *rule,
              struct rs_rule_body *body, GError **error)
{
    static const char *const no_rules[] = { NULL };
    struct rs_target target = { .rule = rule, .body = body };

    rule->severity = RS_ERROR;
    rule->confidence = RS_MEDIUM;
    rule->explains = no_rules;
    body->flush = TRUE;
    body->max = 1;
    return rs_parse_entries(arena, stanza, rule_keys, G_N_ELEMENTS(rule_keys), &target, error);
}
