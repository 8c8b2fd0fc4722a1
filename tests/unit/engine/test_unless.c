/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `unless`: before, later and within, by session and by a field. */
#include "tests/unit/engine/fixture.h"

/* Seen before the start in the same session, however long ago: the rule does not start. */
static void
test_before(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = ok before\nmax = 9\n");

    feed(f, 0, "a", "restore.session", "1", NULL);
    feed(f, 1, "ok", "restore.session", "1", "k", "7", NULL);
    feed(f, 900000, "a", "restore.session", "1", NULL);
    feed(f, 900001, "a", "restore.session", "2", NULL);
    assert_fired(f, "r@1>1; r@4>4");
}

/* `before within T` forgets after T. */
static void
test_before_within(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = ok before within 1s\nmax = 9\n");

    feed(f, 0, "ok", NULL);
    feed(f, 1000, "a", NULL);
    assert_fired(f, "");
    feed(f, 1001, "a", NULL);
    assert_fired(f, "r@3>3");
    feed(f, 1500, "ok", NULL);
    feed(f, 1600, "a", NULL);
    assert_fired(f, "");
}

/* An event does not forbid itself: `A unless A before` is the first A. */
static void
test_before_itself(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = a before\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "a", NULL);
    assert_fired(f, "r@1>1");
}

/* Seen later, before or after the rule fired: the finding is recovered. */
static void
test_later(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 1s\nunless = ok later\n");

    feed(f, 0, "a", NULL);
    feed(f, 500, "ok", "k", "2", NULL);
    advance(f, 2000);
    assert_fired(f, "r@1>3 recovered");
    feed(f, 3000, "a", NULL);
    advance(f, 5000);
    assert_fired(f, "r@4>5");
    assert_concluded(f, "r@1>3 recovered; r@4>5");
    feed(f, 900000, "ok", NULL);
    assert_concluded(f, "r@1>3 recovered; r@4>5 recovered");
}

/* What came before the culprit, with it, or in another session recovers nothing. */
static void
test_later_is_later(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nunless = ok later\n");

    feed(f, 100, "ok", "restore.session", "1", NULL);
    feed(f, 100, "a", "restore.session", "1", NULL);
    feed(f, 50, "ok", "restore.session", "1", NULL); /* arrives late, happened before */
    feed(f, 200, "ok", "restore.session", "2", NULL);
    assert_concluded(f, "r@2>2");
    feed(f, 201, "ok", "restore.session", "1", NULL);
    assert_concluded(f, "r@2>2 recovered");
}

/* `by FIELD` and `by none` choose what must be the same. */
static void
test_by(void)
{
    g_autoptr(fixture) f =
        fixture_new("[rule v]\ncause = c\nsequence = a\nunless = ok later by v\n"
                    "[rule none]\ncause = c\nsequence = a\nunless = ok later by none\n");

    feed(f, 0, "a", "v", "x", "restore.session", "1", NULL);
    feed(f, 1, "ok", "v", "y", "restore.session", "2", NULL);
    assert_concluded(f, "none@1>1 recovered; v@1>1");
    feed(f, 2, "ok", NULL); /* carries no v */
    assert_concluded(f, "none@1>1 recovered; v@1>1");
    feed(f, 3, "ok", "v", "x", NULL);
    assert_concluded(f, "none@1>1 recovered; v@1>1 recovered");
}

/* `within T` cancels what waits, recovers what fired, and is over after T. */
static void
test_within(void)
{
    g_autoptr(fixture) f =
        fixture_rule("sequence = a, !b within 1s\nunless = ok within 3s\nmax = 9\n");

    feed(f, 0, "a", NULL);
    feed(f, 500, "ok", NULL);
    advance(f, 5000);
    assert_fired(f, "");
    feed(f, 10000, "a", NULL);
    advance(f, 12000);
    assert_fired(f, "r@4>5");
    feed(f, 13000, "ok", NULL);
    assert_concluded(f, "r@4>5 recovered");
    feed(f, 20000, "a", NULL);
    feed(f, 23001, "ok", NULL);
    assert_concluded(f, "r@4>5 recovered; r@7>8");
}

/* For a repeated culprit, later means after its last repetition. */
static void
test_later_than_count(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a x2\nunless = ok later\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "ok", NULL);
    feed(f, 2, "a", NULL);
    assert_concluded(f, "r@1>3 x2");
    feed(f, 3, "ok", NULL);
    assert_concluded(f, "r@1>3 x2 recovered");
}

/* The clause of a later culprit counts from that culprit. */
static void
test_later_than_culprit(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, b, c\nculprit = b\nunless = ok later\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "ok", NULL);
    feed(f, 2, "b", NULL);
    feed(f, 3, "c", NULL);
    assert_concluded(f, "r@3>4");
}

/* Several clauses: each one is enough. */
static void
test_several(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a\nmax = 9\n"
                                        "unless = ok before, d later, e within 1s\n");

    feed(f, 0, "a", NULL);
    feed(f, 1, "e", NULL);
    feed(f, 2, "a", NULL);
    feed(f, 2000, "d", NULL);
    feed(f, 3000, "a", NULL);
    feed(f, 5000, "e", NULL);
    feed(f, 6000, "ok", NULL);
    feed(f, 7000, "a", NULL);
    assert_concluded(f, "r@1>1 recovered; r@3>3 recovered; r@5>5");
}

/* A flushed finding is recovered too when the event came while it waited. */
static void
test_flushed(void)
{
    g_autoptr(fixture) f = fixture_rule("sequence = a, !b within 10s\nunless = ok later\n");

    feed(f, 0, "a", NULL);
    feed(f, 1000, "ok", NULL);
    assert_concluded(f, "r@1>2 recovered flushed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/unless/before", test_before);
    g_test_add_func("/engine/unless/before-within", test_before_within);
    g_test_add_func("/engine/unless/before-itself", test_before_itself);
    g_test_add_func("/engine/unless/later", test_later);
    g_test_add_func("/engine/unless/later-is-later", test_later_is_later);
    g_test_add_func("/engine/unless/by", test_by);
    g_test_add_func("/engine/unless/within", test_within);
    g_test_add_func("/engine/unless/later-than-count", test_later_than_count);
    g_test_add_func("/engine/unless/later-than-culprit", test_later_than_culprit);
    g_test_add_func("/engine/unless/several", test_several);
    g_test_add_func("/engine/unless/flushed", test_flushed);
    return g_test_run();
}
