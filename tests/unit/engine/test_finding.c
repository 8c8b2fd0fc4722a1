/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a finding says, what it counts, and how many there may be. */
#include <string.h>

#include "plugin/engine/says.h"
#include "tests/unit/engine/fixture.h"

/* {field}: the culprit's value first, then that of the newest event that has one. */
static void
test_fields(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b, c\nculprit = a\n"
                                        "says = {v} {w} {restore.phase|no phase} {{x}}\n");

    feed(f, 0, "a", "w", "W", NULL);
    feed(f, 1, "b", "v", "from b", NULL);
    feed(f, 2, "c", "v", "from c", "restore.phase", "asr", NULL);
    assert_says(f, "from c W asr {x}");
}

static void
test_culprit_field_first(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b\nculprit = a\nsays = {v} {w}\n");

    feed(f, 0, "a", "v", "mine", NULL);
    feed(f, 1, "b", "v", "other", NULL);
    assert_says(f, "mine ?");
}

/* Without a sentence the rule's id stands for it. */
static void
test_no_says(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\n");

    feed(f, 0, "a", NULL);
    assert_says(f, "r");
}

/* {elapsed}: from the culprit to the deadline, not to the packet that showed it. */
static void
test_elapsed(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 21s\n"
                                        "says = {elapsed}, {count} attempts\n");

    feed(f, 0, "a", NULL);
    feed(f, 1000, "a", NULL);
    feed(f, 3000, "a", NULL);
    advance(f, 90000);
    assert_says(f, "21.0 s, 3 attempts");
}

static void
test_time_texts(void)
{
    static const struct {
        gint64 us;
        const char *text;
    } cases[] = {
        { -1, "0 ms" },           { 0, "0 ms" },        { 499, "0 ms" },
        { 500, "1 ms" },          { 350000, "350 ms" }, { 1000000, "1.0 s" },
        { 1049999, "1.0 s" },     { 1050000, "1.1 s" }, { 21000000, "21.0 s" },
        { 300000000, "300.0 s" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = rs_says_time(cases[i].us);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

/* {ended} says that the capture ended, and where the sentence says it, nothing is appended. */
static void
test_ended(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 9s\n"
                                        "says = waited: {ended|nothing came}\n");

    feed(f, 0, "a", NULL);
    assert_says(f, "waited: the capture ended while waiting");
    advance(f, 20000);
    assert_says(f, "waited: nothing came");
}

/* Values are made readable: one line, valid UTF-8, not longer than a sentence can bear. */
static void
test_hostile_values(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nsays = <{v}>\nmax = 9\n");
    g_autofree char *longer = g_strnfill(5000, 'x');
    g_autofree char *kept = g_strnfill(200, 'x');
    g_autofree char *expected = g_strconcat("<", kept, "\xe2\x80\xa6>", NULL);

    feed(f, 0, "a", "v", "a\nb\x1b[31m\xff\xe2\x80\xae", NULL);
    assert_says(f, "<a b [31m\xef\xbf\xbd >");
    g_clear_pointer(&f, fixture_free);
    f = fixture_rule("sequence = a\nsays = <{v}>\n");
    feed(f, 0, "a", "v", longer, NULL);
    assert_says(f, expected);
}

/* The evidence: every step's events in time order, then what did not come. */
static void
test_evidence(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a x2 within 1s, b, !c | d within 2s, !e\n"
                                        "until = ok\n");
    g_autofree char *text = NULL;

    feed(f, 0, "a", NULL);
    feed(f, 100, "a", NULL);
    feed(f, 200, "b", "v", "late", "restore.session", "7", "restore.phase", "asr", NULL);
    feed(f, 9000, "ok", NULL);
    text = describe_all(f->engine);
    g_assert_cmpstr(text, ==,
                    "r@3>4 x2 conf=1 t=200000..9000000 [7/asr] r\n"
                    "  1 a\n  2 a\n  3 b was late\n"
                    "  4 no c or d within 2.0 s\n  4 no e for 8.8 s\n");
}

static void
test_evidence_flushed(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 10s\n");
    g_autofree char *text = NULL;

    feed(f, 0, "a", NULL);
    advance(f, 3000);
    text = describe_all(f->engine);
    g_assert_cmpstr(text, ==,
                    "r@1>2 flushed conf=0 t=0..3000000 [/] r\n"
                    "  1 a\n  2 no b for 3.0 s, when the capture ended\n");
}

/* Once per key and session by default; further matches are counted, also in the sentence. */
static void
test_max(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nsays = {count}\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "a", NULL);
    feed(f, 2, "a", NULL);
    feed(f, 3, "a", "k", "2", NULL);
    feed(f, 4, "a", "restore.session", "1", NULL);
    assert_fired(f, "r@1>1 x3; r@4>4; r@5>5");
    assert_concluded(f, "r@1>1 x3; r@4>4; r@5>5");
    assert_says(f, "3");
}

static void
test_max_two(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nmax = 2\n");

    for (int i = 0; i < 5; i++)
        feed(f, i, "a", NULL);
    assert_concluded(f, "r@1>1; r@2>2 x4");
}

/* A finding that was recovered does not stand in the way of the one that was not. */
static void
test_max_after_recovery(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = ok later\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "ok", NULL);
    feed(f, 2, "a", NULL);
    feed(f, 3, "a", NULL);
    assert_concluded(f, "r@1>1 recovered; r@3>3 x2");
}

/* An attempt that waits at the end is counted where its key has been found already. */
static void
test_max_at_end(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\nsays = {count}\n");

    feed(f, 0, "a", NULL);
    advance(f, 2000);
    feed(f, 3000, "a", NULL);
    feed(f, 3001, "a", NULL);
    assert_concluded(f, "r@1>2 x3");
    assert_fired(f, "r@1>2");
}

/* No more findings than the bound; those not recovered stay, and what was given up is counted. */
static void
test_max_findings(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nsays = {k}\n");

    for (guint i = 0; i < RS_MAX_FINDINGS + 10; i++) {
        g_autofree char *key = g_strdup_printf("%u", i);
        feed(f, i, "a", "k", key, NULL);
    }
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *last = g_ptr_array_index(findings, findings->len - 1);
    g_assert_cmpuint(findings->len, ==, RS_MAX_FINDINGS);
    g_assert_cmpstr(last->says, ==, "255");
    g_assert_cmpuint(rs_engine_n_dropped(f->engine), ==, 10);
}

/* Recovered findings make room: the one that counts is found after any number of retries. */
static void
test_recovered_make_room(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = ok later\n");
    guint n = 3 * RS_MAX_FINDINGS;

    for (guint i = 0; i < n; i++) {
        feed(f, 2 * i, "a", NULL);
        feed(f, 2 * i + 1, "ok", NULL);
    }
    feed(f, 2 * n, "a", NULL);
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *last = g_ptr_array_index(findings, findings->len - 1);
    g_assert_cmpuint(findings->len, ==, RS_MAX_FINDINGS);
    g_assert_false(last->recovered);
    g_assert_cmpuint(last->culprit_frame, ==, 2 * n + 1);
    g_assert_cmpuint(rs_engine_n_dropped(f->engine), ==, 0);
    g_autoptr(GPtrArray) fired = rs_engine_take_fired(f->engine);
    g_assert_cmpuint(fired->len, ==, RS_MAX_FINDINGS);
}

/* The same with a key each: what was overwritten is forgotten, and its key can be found again. */
static void
test_recovered_keys_make_room(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = ok later by k\n");
    guint n = 2 * RS_MAX_FINDINGS;

    for (guint i = 0; i < n; i++) {
        g_autofree char *key = g_strdup_printf("%u", i);

        feed(f, 2 * i, "a", "k", key, NULL);
        feed(f, 2 * i + 1, "ok", "k", key, NULL);
    }
    feed(f, 2 * n, "a", "k", "0", NULL);
    feed(f, 2 * n + 1, "a", "k", "0", NULL);
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *last = g_ptr_array_index(findings, findings->len - 1);
    g_assert_cmpuint(findings->len, ==, RS_MAX_FINDINGS);
    g_assert_cmpuint(last->count, ==, 2);
    g_assert_false(last->recovered);
}

/* Attempts that wait at the end fill the findings up to the same bound. */
static void
test_max_findings_at_end(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b\n");

    for (guint i = 0; i < RS_MAX_FINDINGS + 10; i++) {
        g_autofree char *key = g_strdup_printf("%u", i);
        feed(f, i, "a", "k", key, NULL);
    }
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    g_assert_cmpuint(findings->len, ==, RS_MAX_FINDINGS);
    const struct rs_finding *last = g_ptr_array_index(findings, findings->len - 1);
    g_assert_cmpuint(last->culprit_frame, ==, RS_MAX_FINDINGS);
}

/* No more attempts waiting than the bound; the oldest is given up. */
static void
test_max_keys(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b\nunless = c before by v\n");

    for (guint i = 0; i < RS_MAX_KEYS + 5; i++) {
        g_autofree char *key = g_strdup_printf("%u", i);
        feed(f, i, "a", "k", key, NULL);
    }
    g_assert_cmpuint(rs_engine_n_dropped(f->engine), ==, 5);
    feed(f, 100000, "b", "k", "4", NULL);
    assert_fired(f, "");
    feed(f, 100000, "b", "k", "5", NULL);
    g_autoptr(GPtrArray) fired = rs_engine_take_fired(f->engine);
    g_assert_cmpuint(fired->len, ==, 1);
}

/* What `before` remembers is bounded too; what was seen again stays longest. */
static void
test_max_sightings(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = c before by v\nmax = 9\n");

    feed(f, 0, "c", "v", "first", NULL);
    feed(f, 0, "c", "v", "second", NULL);
    feed(f, 0, "c", "v", "first", NULL);
    for (guint i = 0; i < RS_MAX_KEYS - 1; i++) {
        g_autofree char *key = g_strdup_printf("%u", i);
        feed(f, i, "c", "v", key, NULL);
    }
    g_assert_cmpuint(rs_engine_n_dropped(f->engine), ==, 1);
    feed(f, 100000, "a", "v", "first", NULL);
    assert_fired(f, "");
    feed(f, 100001, "a", "v", "second", NULL);
    g_autoptr(GPtrArray) fired = rs_engine_take_fired(f->engine);
    g_assert_cmpuint(fired->len, ==, 1);
}

/* Findings are concluded in order of culprit time, frame and rule id. */
static void
test_order(void)
{
    g_autoptr(fixture) f = fixture_new("[rule z]\ncause = c\nsequence = a\n"
                                       "[rule y]\ncause = c\nsequence = a\n"
                                       "[rule x]\ncause = c\nsequence = b\n");

    feed(f, 50, "b", NULL);
    feed(f, 20, "a", NULL);
    assert_fired(f, "x@1>1; z@2>2; y@2>2");
    assert_concluded(f, "y@2>2; z@2>2; x@1>1");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/finding/fields", test_fields);
    g_test_add_func("/engine/finding/culprit-field-first", test_culprit_field_first);
    g_test_add_func("/engine/finding/no-says", test_no_says);
    g_test_add_func("/engine/finding/elapsed", test_elapsed);
    g_test_add_func("/engine/finding/time-texts", test_time_texts);
    g_test_add_func("/engine/finding/ended", test_ended);
    g_test_add_func("/engine/finding/hostile-values", test_hostile_values);
    g_test_add_func("/engine/finding/evidence", test_evidence);
    g_test_add_func("/engine/finding/evidence-flushed", test_evidence_flushed);
    g_test_add_func("/engine/finding/max", test_max);
    g_test_add_func("/engine/finding/max-two", test_max_two);
    g_test_add_func("/engine/finding/max-after-recovery", test_max_after_recovery);
    g_test_add_func("/engine/finding/max-at-end", test_max_at_end);
    g_test_add_func("/engine/finding/max-findings", test_max_findings);
    g_test_add_func("/engine/finding/recovered-make-room", test_recovered_make_room);
    g_test_add_func("/engine/finding/recovered-keys-make-room", test_recovered_keys_make_room);
    g_test_add_func("/engine/finding/max-findings-at-end", test_max_findings_at_end);
    g_test_add_func("/engine/finding/max-keys", test_max_keys);
    g_test_add_func("/engine/finding/max-sightings", test_max_sightings);
    g_test_add_func("/engine/finding/order", test_order);
    return g_test_run();
}
