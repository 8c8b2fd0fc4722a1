/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Packet time: frames out of order, deadlines in order, and what the capture's end does. */
#include "plugin/engine/timers.h"
#include "tests/unit/engine/fixture.h"

/* An answer that arrives late but happened in time counts until the watermark has passed. */
static void
test_late_answer(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 1100, "c", NULL);
    feed(f, 1000, "b", NULL);
    advance(f, 9000);
    assert_fired(f, "");
}

/* An answer that happened after the deadline does not, whatever the watermark says. */
static void
test_answer_too_late(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 1001, "b", NULL);
    assert_fired(f, "");
    advance(f, 1102);
    assert_fired(f, "r@1>3");
}

/* What comes earlier than the allowance counts as of the watermark. */
static void
test_clamped(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\n");

    advance(f, 10000);
    feed(f, 1, "a", NULL);
    advance(f, 11000);
    assert_fired(f, "");
    advance(f, 11001);
    assert_fired(f, "r@2>4");
    assert_says(f, "r");
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *finding = g_ptr_array_index(findings, 0);
    g_assert_cmpint(finding->culprit_time_us, ==, 9900000);
    g_assert_cmpint(finding->fired_time_us, ==, 10900000);
}

/* A start after the deadline settles it and begins the next attempt. */
static void
test_start_settles(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 1050, "a", NULL);
    assert_fired(f, "r@1>2");
    advance(f, 3000);
    assert_fired(f, "r@2>3");
}

/* Deadlines that pass together fire in order of time, then of arming. */
static void
test_order(void)
{
    g_autoptr(fixture) f = fixture_new("[rule slow]\ncause = c\nsequence = a, !b within 3s\n"
                                       "[rule fast]\ncause = c\nsequence = a, !b within 1s\n"
                                       "[rule fast2]\ncause = c\nsequence = a, !c within 1s\n");

    feed(f, 0, "a", NULL);
    advance(f, 60000);
    assert_fired(f, "fast@1>2; fast2@1>2; slow@1>2");
}

/* Times at the ends of their range do no harm. */
static void
test_extreme_times(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 24h\nmax = 9\n");
    const char *values[8] = { "1" };
    const struct rs_event_def *a = rs_ruleset_event(f->ruleset, 0);

    rs_engine_feed(f->engine, a, G_MININT64, 1, values);
    rs_engine_feed(f->engine, a, 0, 2, values);
    rs_engine_feed(f->engine, a, G_MAXINT64, 3, values);
    rs_engine_advance(f->engine, G_MAXINT64, 4);
    rs_engine_feed(f->engine, a, G_MININT64, 5, values);
    assert_fired(f, "r@1>2; r@2>3");
}

/* At the capture's end an absence that waits is flushed: weaker, and it says so. */
static void
test_flush(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 10s\nconfidence = high\n"
                                        "says = nothing for {elapsed}\n");

    assert_concluded(f, "");
    feed(f, 0, "a", NULL);
    advance(f, 4200);
    assert_concluded(f, "r@1>2 flushed");
    assert_says(f, "nothing for 4.2 s (the capture ended while waiting)");
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *finding = g_ptr_array_index(findings, 0);
    g_assert_cmpint(finding->confidence, ==, RS_LOW);
    g_assert_cmpint(finding->fired_time_us, ==, 4200000);
    assert_fired(f, "");
    advance(f, 20000);
    assert_fired(f, "r@1>3");
    assert_says(f, "nothing for 10.0 s");
}

/* While the capture goes on only what has fired is there; asking changes nothing. */
static void
test_so_far(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 10s\n");
    g_autoptr(GPtrArray) waiting = NULL;
    g_autoptr(GPtrArray) fired = NULL;

    feed(f, 0, "a", NULL);
    advance(f, 5000);
    waiting = rs_engine_conclude_so_far(f->engine);
    g_assert_cmpuint(waiting->len, ==, 0);
    assert_concluded(f, "r@1>2 flushed");
    advance(f, 11000);
    fired = rs_engine_conclude_so_far(f->engine);
    g_assert_cmpuint(fired->len, ==, 1);
    g_assert_false(((const struct rs_finding *)g_ptr_array_index(fired, 0))->flushed);
    assert_fired(f, "r@1>3");
}

/* A wait that had lasted half its time says more than one that had hardly begun. */
static void
test_flush_late(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 10s\nconfidence = high\n");

    feed(f, 0, "a", NULL);
    advance(f, 5000);
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *finding = g_ptr_array_index(findings, 0);
    g_assert_cmpint(finding->confidence, ==, RS_MEDIUM);
}

/* Confidence does not fall below low. */
static void
test_flush_low(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 10s\nconfidence = low\n");

    feed(f, 0, "a", NULL);
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *finding = g_ptr_array_index(findings, 0);
    g_assert_cmpint(finding->confidence, ==, RS_LOW);
}

/* `flush = no` says nothing at the end, unless the newest packet has reached the deadline. */
static void
test_no_flush(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\nflush = no\n");

    feed(f, 0, "a", NULL);
    advance(f, 999);
    assert_concluded(f, "");
    advance(f, 1000);
    assert_fired(f, "");
    assert_concluded(f, "r@1>3");
}

/* `flush = after T` says nothing at the end of a shorter wait. */
static void
test_flush_yes(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 10s\nflush = yes\n");

    feed(f, 0, "a", NULL);
    advance(f, 6000);
    assert_concluded(f, "r@1>2 flushed");
}

static void
test_flush_after(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 60s\nflush = after 20s\n");

    feed(f, 0, "a", NULL);
    advance(f, 19999);
    assert_concluded(f, "");
    advance(f, 20000);
    assert_concluded(f, "r@1>3 flushed");
    advance(f, 61000);
    assert_fired(f, "r@1>4");
}

/* What waits for something to come is not a finding at the end. */
static void
test_waiting_is_no_finding(void)
{
    g_autoptr(fixture) f = fixture_new("[rule r]\ncause = c\nsequence = a, b\n"
                                       "[rule s]\ncause = c\nsequence = a, !c within 1s, b\n"
                                       "[rule t]\ncause = c\nsequence = a x2\n");

    feed(f, 0, "a", NULL);
    assert_concluded(f, "");
    advance(f, 5000);
    assert_concluded(f, "");
}

/* The heap hands its timers out in order, also after some were taken out of its middle. */
static void
test_timers(void)
{
    enum { N = 500 };
    struct rs_timers timers;
    struct rs_timer *all = g_new0(struct rs_timer, N);
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    gint64 last = G_MININT64;
    guint n_taken = 0, n_disarmed = 0;

    rs_timers_init(&timers);
    for (int i = 0; i < N; i++)
        rs_timers_arm(&timers, &all[i], g_rand_int_range(random, 0, 100));
    for (int i = 0; i < N; i += 3, n_disarmed++)
        rs_timers_disarm(&timers, &all[i]);
    for (int i = 1; i < N; i += 7)
        if (all[i].place != 0)
            rs_timers_arm(&timers, &all[i], g_rand_int_range(random, 0, 100));
    g_assert_null(rs_timers_take_due(&timers, 0));
    for (struct rs_timer *t; (t = rs_timers_take_due(&timers, 100)) != NULL; n_taken++) {
        g_assert_cmpint(t->due_us, >=, last);
        g_assert_cmpuint(t->place, ==, 0);
        last = t->due_us;
    }
    g_assert_cmpuint(n_taken + n_disarmed, ==, N);
    rs_timers_clear(&timers);
    g_free(all);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/clock/late-answer", test_late_answer);
    g_test_add_func("/engine/clock/answer-too-late", test_answer_too_late);
    g_test_add_func("/engine/clock/clamped", test_clamped);
    g_test_add_func("/engine/clock/start-settles", test_start_settles);
    g_test_add_func("/engine/clock/order", test_order);
    g_test_add_func("/engine/clock/extreme-times", test_extreme_times);
    g_test_add_func("/engine/clock/flush", test_flush);
    g_test_add_func("/engine/clock/so-far", test_so_far);
    g_test_add_func("/engine/clock/flush-late", test_flush_late);
    g_test_add_func("/engine/clock/flush-low", test_flush_low);
    g_test_add_func("/engine/clock/no-flush", test_no_flush);
    g_test_add_func("/engine/clock/flush-yes", test_flush_yes);
    g_test_add_func("/engine/clock/flush-after", test_flush_after);
    g_test_add_func("/engine/clock/waiting-is-no-finding", test_waiting_is_no_finding);
    g_test_add_func("/engine/clock/timers", test_timers);
    return g_test_run();
}
