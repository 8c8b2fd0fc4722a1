/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Root cause against consequences, on findings made by hand. */
#include "plugin/engine/verdict.h"

#include <string.h>

/* A finding in words: its rule, and what matters for its place. */
struct row {
    const char *id;
    const char *explains; /* separated by blanks */
    gint64 culprit, fired;
    enum rs_severity severity;
    enum rs_confidence confidence;
    gboolean recovered;
    const char *session;
};

static struct rs_finding *
make_finding(const struct row *row, guint frame)
{
    struct rs_finding *finding = g_new0(struct rs_finding, 1);
    struct rs_rule *rule = g_new0(struct rs_rule, 1);

    rule->id = row->id;
    rule->severity = row->severity;
    rule->confidence = row->confidence;
    rule->explains =
        (const char *const *)g_strsplit(row->explains != NULL ? row->explains : "", " ", -1);
    finding->rule = rule;
    finding->culprit_frame = frame;
    finding->culprit_time_us = row->culprit;
    finding->fired_time_us = row->fired;
    finding->confidence = row->confidence;
    finding->recovered = row->recovered;
    finding->session = g_strdup(row->session != NULL ? row->session : "");
    return finding;
}

static void
free_finding(void *data)
{
    struct rs_finding *finding = data;
    struct rs_rule *rule = (struct rs_rule *)(gsize)finding->rule;

    g_strfreev((char **)(gsize)rule->explains);
    g_free(rule);
    g_free(finding->session);
    g_free(finding);
}

/* "ROOT a; b<a warning; c error": in order, root marked, with its direct cause. */
static char *
rank(const struct row *rows, gsize n_rows, gboolean completed, gboolean backwards)
{
    static const char *const severities[] = { "note", "warning", "error" };
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(free_finding);
    g_autoptr(GPtrArray) ranked = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean has_root = FALSE;

    for (gsize i = 0; i < n_rows; i++) {
        gsize at = backwards ? n_rows - 1 - i : i;
        g_ptr_array_add(findings, make_finding(&rows[at], (guint)at + 1));
    }
    ranked = rs_verdict_rank(findings, completed, &has_root);
    g_assert_cmpuint(ranked->len, ==, n_rows);
    for (guint i = 0; i < ranked->len; i++) {
        const struct rs_ranked *r = g_ptr_array_index(ranked, i);

        g_string_append_printf(out, "%s%s%s", i > 0 ? "; " : "", i == 0 && has_root ? "ROOT " : "",
                               r->finding->rule->id);
        if (r->consequence_of != NULL)
            g_string_append_printf(out, "<%s", r->consequence_of->rule->id);
        g_string_append_printf(out, " %s", severities[r->severity]);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The order in which findings come does not matter. */
static void
assert_ranked(const struct row *rows, gsize n_rows, gboolean completed, const char *expected)
{
    g_autofree char *forwards = rank(rows, n_rows, completed, FALSE);
    g_autofree char *backwards = rank(rows, n_rows, completed, TRUE);

    g_assert_cmpstr(forwards, ==, expected);
    g_assert_cmpstr(backwards, ==, expected);
}

#define ASSERT_RANKED(rows, completed, expected)                                                   \
    assert_ranked(rows, G_N_ELEMENTS(rows), completed, expected)

static void
test_empty(void)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    gboolean has_root = TRUE;
    g_autoptr(GPtrArray) ranked = rs_verdict_rank(none, FALSE, &has_root);

    g_assert_cmpuint(ranked->len, ==, 0);
    g_assert_false(has_root);
}

/* The earliest unexplained error is the root; a later unexplained one stands on its own. */
static void
test_earliest(void)
{
    static const struct row rows[] = {
        { "early", NULL, 5, 6, RS_ERROR, RS_MEDIUM, FALSE, NULL },
        { "late", NULL, 7, 7, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "hint", NULL, 1, 1, RS_WARNING, RS_HIGH, FALSE, NULL },
        { "fact", NULL, 0, 0, RS_NOTE, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT early error; late error; hint warning; fact note");
}

/* A low confidence comes after any better one. */
static void
test_low_confidence_last(void)
{
    static const struct row rows[] = {
        { "guess", NULL, 1, 1, RS_ERROR, RS_LOW, FALSE, NULL },
        { "sure", NULL, 7, 7, RS_ERROR, RS_MEDIUM, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT sure error; guess error");
    ASSERT_RANKED(((struct row[]){ rows[0] }), FALSE, "ROOT guess error");
}

/* A chain: each points to its direct cause, all are warnings, in order of time. */
static void
test_chain(void)
{
    static const struct row rows[] = {
        { "usb-dropped", "mux-* gave-up", 10, 10, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "mux-silent", "gave-up", 11, 30, RS_ERROR, RS_MEDIUM, FALSE, NULL },
        { "gave-up", NULL, 40, 40, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "other", NULL, 12, 12, RS_ERROR, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE,
                  "ROOT usb-dropped error; mux-silent<usb-dropped warning; "
                  "gave-up<mux-silent warning; other error");
}

/* A cause may begin after its consequence began, but not after it fired. */
static void
test_cause_after_culprit(void)
{
    static const struct row rows[] = {
        { "unanswered", NULL, 10, 31, RS_ERROR, RS_MEDIUM, FALSE, NULL },
        { "left", "unanswered", 20, 20, RS_ERROR, RS_MEDIUM, FALSE, NULL },
    };
    static const struct row late[] = {
        { "unanswered", NULL, 10, 31, RS_ERROR, RS_MEDIUM, FALSE, NULL },
        { "left", "unanswered", 32, 32, RS_ERROR, RS_MEDIUM, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT left error; unanswered<left warning");
    ASSERT_RANKED(late, FALSE, "ROOT unanswered error; left error");
}

/* Nothing is explained across sessions; a finding without a session goes with any. */
/* What two attempts have in common is told by the one whose evidence holds the other's culprit. */
static void
test_covers(void)
{
    static const struct row rows[] = {
        { "together", "left", 10, 20, RS_ERROR, RS_MEDIUM, FALSE, "1" },
        { "left", NULL, 20, 20, RS_ERROR, RS_HIGH, FALSE, "2" },
        { "other", NULL, 20, 20, RS_ERROR, RS_HIGH, FALSE, "2" },
    };
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(free_finding);
    struct rs_evidence evidence = { 2, 20, NULL };
    struct rs_finding *together, *left, *other;

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rs_finding *finding = make_finding(&rows[i], i + 1);

        finding->evidence = g_ptr_array_new();
        g_ptr_array_add(findings, finding);
    }
    together = g_ptr_array_index(findings, 0);
    left = g_ptr_array_index(findings, 1);
    other = g_ptr_array_index(findings, 2);
    g_assert_false(rs_verdict_covers(together, left)); /* its frame is not in the evidence */
    g_ptr_array_add(together->evidence, &evidence);
    g_assert_true(rs_verdict_covers(together, left));
    g_assert_false(rs_verdict_covers(left, together));
    other->culprit_frame = 2;
    g_assert_false(rs_verdict_covers(together, other)); /* it explains no such rule */
    together->recovered = TRUE;
    g_assert_false(rs_verdict_covers(together, left));
    for (guint i = 0; i < findings->len; i++)
        g_ptr_array_unref(((struct rs_finding *)g_ptr_array_index(findings, i))->evidence);
}

static void
test_sessions(void)
{
    static const struct row rows[] = {
        { "a", "b c", 1, 1, RS_ERROR, RS_HIGH, FALSE, "1" },
        { "b", NULL, 2, 2, RS_ERROR, RS_HIGH, FALSE, "2" },
        { "c", NULL, 3, 3, RS_ERROR, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT a error; c<a warning; b error");
}

/* Rules that explain each other: the earliest culprit is the beginning. */
static void
test_circles(void)
{
    static const struct row two[] = {
        { "a", "b", 2, 9, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "b", "a", 1, 9, RS_ERROR, RS_HIGH, FALSE, NULL },
    };
    static const struct row three[] = {
        { "a", "b", 1, 9, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "b", "c", 2, 9, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "c", "a", 3, 9, RS_ERROR, RS_HIGH, FALSE, NULL },
    };
    static const struct row same_time[] = {
        { "x", "y", 1, 1, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "y", "x", 1, 1, RS_ERROR, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(two, FALSE, "ROOT b error; a<b warning");
    ASSERT_RANKED(three, FALSE, "ROOT a error; b<a warning; c<b warning");
    ASSERT_RANKED(same_time, FALSE, "ROOT x error; y<x warning");
}

/* What was recovered is a note, is never the root and explains no failure. */
static void
test_recovered(void)
{
    static const struct row rows[] = {
        { "retry", "fail", 1, 1, RS_ERROR, RS_HIGH, TRUE, NULL },
        { "fail", NULL, 2, 2, RS_ERROR, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT fail error; retry note");
    ASSERT_RANKED(((struct row[]){ rows[0] }), FALSE, "retry note");
}

/* A failure may leave traces that are recovered; they still name their cause. */
static void
test_recovered_consequence(void)
{
    static const struct row rows[] = {
        { "fail", "retry", 1, 1, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "retry", NULL, 2, 2, RS_ERROR, RS_HIGH, TRUE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT fail error; retry<fail note");
}

/* A restore that completed has no root, and its findings are notes. */
static void
test_completed(void)
{
    static const struct row rows[] = {
        { "a", "b", 1, 1, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "b", NULL, 2, 2, RS_WARNING, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(rows, TRUE, "a note; b<a note");
}

/* Warnings alone are no root; a warning does not take the blame from an error. */
static void
test_warnings(void)
{
    static const struct row rows[] = {
        { "warn", "fail", 1, 1, RS_WARNING, RS_HIGH, FALSE, NULL },
        { "fail", NULL, 2, 2, RS_ERROR, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT fail error; warn warning");
    ASSERT_RANKED(((struct row[]){ rows[0] }), FALSE, "warn warning");
}

/* The nearest of several causes is the direct one; ties go by frame and rule. */
static void
test_nearest(void)
{
    static const struct row rows[] = {
        { "a", "z", 1, 1, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "b", "z", 2, 2, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "z", NULL, 3, 9, RS_ERROR, RS_HIGH, FALSE, NULL },
        { "d", "z", 4, 4, RS_ERROR, RS_HIGH, FALSE, NULL },
    };

    ASSERT_RANKED(rows, FALSE, "ROOT a error; b error; d error; z<b warning");
}

/* Any number of findings is ranked; beyond the bound they stand alone. */
static void
test_many(void)
{
    enum { N = 3 * RS_MAX_RANKED };
    g_autofree struct row *rows = g_new0(struct row, N);
    g_autofree char *text = NULL;

    for (int i = 0; i < N; i++)
        rows[i] = (struct row){
            i % 2 == 0 ? "a" : "b", i % 2 == 0 ? "b" : "a", i, N, RS_ERROR, RS_HIGH, FALSE, NULL
        };
    text = rank(rows, N, FALSE, FALSE);
    g_assert_true(g_str_has_prefix(text, "ROOT a error; b<a warning; a<b warning; "));
    g_assert_true(g_str_has_suffix(text, "; b error"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/verdict/empty", test_empty);
    g_test_add_func("/engine/verdict/earliest", test_earliest);
    g_test_add_func("/engine/verdict/low-confidence-last", test_low_confidence_last);
    g_test_add_func("/engine/verdict/chain", test_chain);
    g_test_add_func("/engine/verdict/cause-after-culprit", test_cause_after_culprit);
    g_test_add_func("/engine/verdict/covers", test_covers);
    g_test_add_func("/engine/verdict/sessions", test_sessions);
    g_test_add_func("/engine/verdict/circles", test_circles);
    g_test_add_func("/engine/verdict/recovered", test_recovered);
    g_test_add_func("/engine/verdict/recovered-consequence", test_recovered_consequence);
    g_test_add_func("/engine/verdict/completed", test_completed);
    g_test_add_func("/engine/verdict/warnings", test_warnings);
    g_test_add_func("/engine/verdict/nearest", test_nearest);
    g_test_add_func("/engine/verdict/many", test_many);
    return g_test_run();
}
