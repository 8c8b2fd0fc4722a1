/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a sequence means: each operator fires where it must and stays silent where it must. */
#include "tests/unit/engine/fixture.h"

/* A single event is found at once, at its own frame. */
static void
test_single(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\n");

    feed(f, 0, "b", NULL);
    assert_fired(f, "");
    feed(f, 10, "a", NULL);
    assert_fired(f, "r@2>2");
    assert_fired(f, "");
    assert_concluded(f, "r@2>2");
}

/* A then B: in this order, with the same key, however long it takes. */
static void
test_then(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b\n");

    feed(f, 0, "b", NULL);
    feed(f, 1, "a", NULL);
    feed(f, 2, "b", "k", "2", NULL);
    assert_fired(f, "");
    feed(f, 1000000, "b", NULL);
    assert_fired(f, "r@4>4");
}

/* A then B within T: the last microsecond counts, the next one does not. */
static void
test_then_within(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b within 500ms\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 500, "b", NULL);
    assert_fired(f, "r@2>2");
    feed(f, 1000, "a", NULL);
    feed(f, 1501, "b", NULL);
    assert_fired(f, "");
    feed(f, 2000, "b", NULL);
    assert_fired(f, "");
}

/* After an attempt ran out, the next start begins a new one. */
static void
test_expired_starts_anew(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b within 1s\nculprit = a\n");

    feed(f, 0, "a", NULL);
    feed(f, 1050, "a", NULL);
    feed(f, 1100, "b", NULL);
    assert_fired(f, "r@2>3");
}

/* When the next step comes too late for the first start, the last repetition may still be in time.
 */
static void
test_expired_goes_on(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b within 1s\nculprit = a\nmax = 9\n"
                                        "unless = ok later\n");

    feed(f, 0, "a", NULL);
    feed(f, 500, "a", NULL);
    feed(f, 900, "a", NULL);
    feed(f, 1500, "b", NULL);
    assert_fired(f, "r@3>4");
    feed(f, 5000, "a", NULL);
    feed(f, 5100, "a", NULL);
    feed(f, 6101, "b", NULL);
    assert_fired(f, "");
    feed(f, 8000, "a", NULL);
    feed(f, 8100, "ok", NULL);
    feed(f, 8500, "a", NULL);
    feed(f, 9500, "b", NULL);
    assert_fired(f, "r@10>11");
    feed(f, 20000, "a", "k", "2", NULL);
    feed(f, 20500, "a", "k", "2", NULL);
    feed(f, 20600, "ok", NULL);
    feed(f, 21400, "b", "k", "2", NULL);
    assert_concluded(f, "r@3>4 recovered; r@10>11 recovered; r@13>15 recovered");
}

/* ... but not where `before` forbids it by now. */
static void
test_expired_is_forbidden(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b within 1s\nunless = ok before\n");

    feed(f, 0, "a", NULL);
    feed(f, 100, "ok", NULL);
    feed(f, 500, "a", NULL);
    feed(f, 1400, "b", NULL);
    assert_fired(f, "");
}

/* An event may stand for an earlier frame than the one that told of it; never for a later one. */
static void
test_frame(void)
{
    g_autoptr(fixture) f = fixture_new("[event told]\nfilter = x\nby = k\nframe = in\n"
                                       "[rule r]\ncause = c\nsequence = told\nmax = 9\n");

    feed(f, 0, "any", NULL);
    feed(f, 1, "any", NULL);
    feed(f, 2, "told", "in", "1", NULL);
    feed(f, 3, "told", "in", "9", NULL);
    feed(f, 4, "told", "in", "no number", NULL);
    feed(f, 5, "told", NULL);
    assert_fired(f, "r@1>3; r@4>4; r@5>5; r@6>6");
}

/* Three steps need all three in order; a step does not match twice. */
static void
test_three_steps(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b within 1s, c within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "c", NULL);
    feed(f, 2, "b", NULL);
    feed(f, 3, "b", NULL);
    assert_fired(f, "");
    feed(f, 1002, "c", NULL);
    assert_fired(f, "r@5>5");
}

/* The same event in two steps: each of its occurrences is the second of a pair and begins one. */
static void
test_same_event_twice(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, a within 1s\nmax = 9\nculprit = a first\n");

    feed(f, 0, "a", NULL);
    feed(f, 10, "a", NULL);
    feed(f, 20, "a", NULL);
    assert_fired(f, "r@1>2; r@2>3");
}

/* Any of a step's alternatives is the step. */
static void
test_alternatives(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a | b, !c|d within 1s\nmax = 9\n");

    feed(f, 0, "b", NULL);
    advance(f, 1200);
    assert_fired(f, "r@1>2");
    feed(f, 2000, "a", NULL);
    feed(f, 2500, "d", NULL);
    feed(f, 3000, "b", NULL);
    feed(f, 3500, "c", NULL);
    advance(f, 9000);
    assert_fired(f, "");
}

/* A and no B within T fires when the watermark passes the deadline, with the first A as culprit. */
static void
test_absence(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 300, "a", NULL);
    advance(f, 1100);
    assert_fired(f, "");
    advance(f, 1101);
    assert_fired(f, "r@1>4 x2");
}

/* B within T, even at its very end, keeps the rule silent; B of another key does not. */
static void
test_absence_answered(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 0, "a", "k", "2", NULL);
    feed(f, 1000, "b", NULL);
    advance(f, 5000);
    assert_fired(f, "r@2>4");
}

/* A B before A does not answer A. */
static void
test_absence_answered_before(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\n");

    feed(f, 0, "b", NULL);
    feed(f, 50, "a", NULL);
    feed(f, 40, "b", NULL);
    advance(f, 5000);
    assert_fired(f, "r@2>4");
}

/* A and no other A within T: a later A answers, then starts anew. */
static void
test_absence_of_itself(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !a within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 900, "a", NULL);
    feed(f, 1800, "a", NULL);
    advance(f, 2000);
    assert_fired(f, "");
    advance(f, 3000);
    assert_fired(f, "r@3>5");
}

/* Absences next to each other count from the same event; all must hold. */
static void
test_two_absences(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s, !c within 2s\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 1500, "b", NULL); /* too late to matter */
    advance(f, 2101);
    assert_fired(f, "r@1>3");
    feed(f, 10000, "a", NULL);
    feed(f, 11500, "c", NULL);
    advance(f, 20000);
    assert_fired(f, "");
}

/* A step after a timed absence must come after its deadline. */
static void
test_absence_then_step(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s, c within 1s\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 500, "c", NULL);
    assert_fired(f, "");
    feed(f, 2000, "c", NULL); /* counted from the deadline */
    assert_fired(f, "r@3>3");
    feed(f, 10000, "a", NULL);
    feed(f, 11050, "c", NULL); /* later than the deadline, though the watermark is not */
    assert_fired(f, "r@5>5");
    feed(f, 20000, "a", "k", "2", NULL);
    feed(f, 22001, "c", NULL);
    assert_fired(f, "");
    assert_concluded(f, "r@3>3; r@5>5");
}

/* An absence without `within` in the middle holds until the next step comes. */
static void
test_absence_between(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b, c\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 100000, "c", NULL);
    assert_fired(f, "r@2>2");
    feed(f, 200000, "a", NULL);
    feed(f, 200001, "b", NULL);
    feed(f, 200002, "c", NULL);
    assert_fired(f, "");
}

/* An absence without `within` at the end comes true at `until`. */
static void
test_never_until(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b\nuntil = c\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 50000, "c", "k", "2", NULL);
    assert_fired(f, "");
    feed(f, 60000, "c", NULL);
    assert_fired(f, "r@1>3");
    feed(f, 70000, "a", NULL);
    feed(f, 70001, "b", NULL);
    feed(f, 70002, "c", NULL);
    assert_fired(f, "");
    assert_concluded(f, "r@1>3");
}

/* ... or at the capture's end, flushed; a timed absence beside it must have passed first. */
static void
test_never_at_end(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s, !c\nuntil = d\n");

    feed(f, 0, "a", NULL);
    feed(f, 500, "d", NULL); /* before the timed absence has passed: ends it */
    assert_concluded(f, "");
    feed(f, 1000, "a", NULL);
    advance(f, 9000);
    assert_fired(f, "");
    assert_concluded(f, "r@3>4 flushed");
    feed(f, 9500, "c", NULL);
    assert_concluded(f, "");
}

/* N times within T: a sliding window; the first of the window is the culprit. */
static void
test_count(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a x3 within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 900, "a", NULL);
    feed(f, 1100, "a", NULL);
    feed(f, 1100, "a", "k", "2", NULL);
    assert_fired(f, "");
    feed(f, 1900, "a", NULL);
    assert_fired(f, "r@2>5 x3");
}

/* `culprit = EVENT last` names the last of the repetitions; without `within`, any time will do. */
static void
test_count_first(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a x3 within 1s\nculprit = a first\n");

    for (int i = 0; i < 3; i++)
        feed(f, i * 100, "a", NULL);
    assert_fired(f, "r@1>3 x3");
}

static void
test_count_last(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a x2, !b within 1s\nculprit = a last\n");

    feed(f, 0, "a", NULL);
    feed(f, 500000, "a", NULL);
    advance(f, 502000);
    assert_fired(f, "r@2>3 x2");
}

/* A later step N times within T of the step before. */
static void
test_count_later_step(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b x2 within 1s\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 600, "b", NULL);
    feed(f, 1001, "b", NULL);
    assert_fired(f, "");
    feed(f, 2000, "a", NULL);
    feed(f, 2600, "b", NULL);
    feed(f, 3000, "b", NULL);
    assert_fired(f, "r@5>6 x2");
}

/* `until` of the same key ends what waits, whatever it waits for. */
static void
test_until(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\nuntil = c, d\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "a", "k", "2", NULL);
    feed(f, 2, "a", "k", "3", NULL);
    feed(f, 500, "c", NULL);
    feed(f, 500, "d", "k", "2", NULL);
    advance(f, 5000);
    assert_fired(f, "r@3>6");
}

/* `until` also ends a count that is not full yet. */
static void
test_until_resets_count(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a x2 within 10s\nuntil = c\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "c", NULL);
    feed(f, 2, "a", NULL);
    assert_fired(f, "");
}

/* An `until` after the deadline comes too late, even before the watermark has passed it. */
static void
test_until_too_late(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\nuntil = c\n");

    feed(f, 0, "a", NULL);
    feed(f, 1050, "c", NULL);
    assert_fired(f, "r@1>2");
}

/* `by` replaces the events' own keys; `none` makes one key of all. */
static void
test_by(void)
{
    g_autoptr(fixture) f = fixture_new("[rule v]\ncause = c\nsequence = a, b\nby = v\n"
                                       "[rule all]\ncause = c\nsequence = a, b\nby = none\n"
                                       "[rule pair]\ncause = c\nsequence = a, b\nby = k, v\n"
                                       "[rule own]\ncause = c\nsequence = a, b\n");

    feed(f, 0, "a", "k", "1", "v", "x", NULL);
    feed(f, 1, "b", "k", "2", "v", "x", NULL);
    assert_fired(f, "v@2>2; all@2>2");
    feed(f, 2, "b", "k", "1", "v", "x", NULL);
    assert_fired(f, "pair@3>3; own@3>3");
}

/* An event without its key takes no part; frames without a session share one. */
static void
test_absent_key(void)
{
    g_autoptr(fixture) f = fixture_new("[rule v]\ncause = c\nsequence = a, b\nby = v\n"
                                       "[rule s]\ncause = c\nsequence = a, b\n"
                                       "by = restore.session\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "b", NULL);
    assert_fired(f, "s@2>2");
}

/* `phase` and `mode` look at the first step's event only. */
static void
test_phase_and_mode(void)
{
    g_autoptr(fixture) f =
        fixture_new("[rule asr]\ncause = c\nsequence = a, b\nphase = asr, verify\n"
                    "[rule not-asr]\ncause = c\nsequence = a, b\nphase = !asr\n"
                    "[rule restore]\ncause = c\nsequence = a, b\nmode = restore\n");

    feed(f, 0, "a", "restore.phase", "asr", NULL);
    feed(f, 1, "b", "restore.phase", "fdr", NULL);
    assert_fired(f, "asr@2>2");
    feed(f, 2, "a", "restore.device.mode", "restore", NULL);
    feed(f, 3, "b", NULL);
    assert_fired(f, "not-asr@4>4; restore@4>4");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/sequence/single", test_single);
    g_test_add_func("/engine/sequence/then", test_then);
    g_test_add_func("/engine/sequence/then-within", test_then_within);
    g_test_add_func("/engine/sequence/expired-starts-anew", test_expired_starts_anew);
    g_test_add_func("/engine/sequence/expired-goes-on", test_expired_goes_on);
    g_test_add_func("/engine/sequence/expired-is-forbidden", test_expired_is_forbidden);
    g_test_add_func("/engine/sequence/frame", test_frame);
    g_test_add_func("/engine/sequence/three-steps", test_three_steps);
    g_test_add_func("/engine/sequence/same-event-twice", test_same_event_twice);
    g_test_add_func("/engine/sequence/alternatives", test_alternatives);
    g_test_add_func("/engine/sequence/absence", test_absence);
    g_test_add_func("/engine/sequence/absence-answered", test_absence_answered);
    g_test_add_func("/engine/sequence/absence-answered-before", test_absence_answered_before);
    g_test_add_func("/engine/sequence/absence-of-itself", test_absence_of_itself);
    g_test_add_func("/engine/sequence/two-absences", test_two_absences);
    g_test_add_func("/engine/sequence/absence-then-step", test_absence_then_step);
    g_test_add_func("/engine/sequence/absence-between", test_absence_between);
    g_test_add_func("/engine/sequence/never-until", test_never_until);
    g_test_add_func("/engine/sequence/never-at-end", test_never_at_end);
    g_test_add_func("/engine/sequence/count", test_count);
    g_test_add_func("/engine/sequence/count-first", test_count_first);
    g_test_add_func("/engine/sequence/count-last", test_count_last);
    g_test_add_func("/engine/sequence/count-later-step", test_count_later_step);
    g_test_add_func("/engine/sequence/until", test_until);
    g_test_add_func("/engine/sequence/until-resets-count", test_until_resets_count);
    g_test_add_func("/engine/sequence/until-too-late", test_until_too_late);
    g_test_add_func("/engine/sequence/by", test_by);
    g_test_add_func("/engine/sequence/absent-key", test_absent_key);
    g_test_add_func("/engine/sequence/phase-and-mode", test_phase_and_mode);
    return g_test_run();
}
