/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Random but well-typed events, from a fixed seed. Against rules that use every operator: the
 * bounds hold, nothing is out of order, the same events give the same findings. Against plain
 * models of three operators: exactly the findings that the model says. */
#include <string.h>

#include "tests/unit/engine/fixture.h"

enum { N_SEQUENCES = 20000, N_EVENTS = 24, N_MODEL_SEQUENCES = 3000 };

static const char *const all_operators =
    "[rule one]\ncause = c\nsequence = a\nunless = ok before within 2s\n"
    "says = {v} {count} {elapsed}\n"
    "[rule then]\ncause = c\nsequence = a, b within 1s, c\nby = k\nculprit = b\nmax = 3\n"
    "[rule absence]\ncause = c\nsequence = a | d, !b within 700ms\nunless = ok later\n"
    "explains = o*\n"
    "[rule both]\ncause = c\nsequence = a, !b within 500ms, !c within 900ms, d within 2s\n"
    "[rule never]\ncause = c\nsequence = b x2 within 1s, !ok, !c within 300ms\nuntil = fail, e\n"
    "culprit = b last\n"
    "[rule guard]\ncause = c\nsequence = a, !fail, b x2 within 3s\nby = restore.session\n"
    "unless = ok within 1s by none, d before by v\n"
    "[rule self]\ncause = c\nsequence = a, !a within 400ms\nby = none\nflush = no\nmax = 5\n"
    "[rule phase]\ncause = c\nsequence = a x3\nphase = asr, fdr\nmode = !dfu\n"
    "[rule pair]\ncause = c\nsequence = two, two\nby = k, v\n";

static const char *const event_names[] = { "a", "b", "c", "d", "e", "ok", "fail", "two", "any" };
static const char *const keys[] = { "1", "2", "3" };
static const char *const sessions[] = { NULL, "1", "2" };
static const char *const phases[] = { NULL, "asr", "fdr", "seal" };
static const char *const modes[] = { NULL, "dfu", "restore" };

#define PICK(random, table) (table)[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(table))]

/* Feeds a random sequence; the same seed gives the same one. */
static void
feed_random(struct fixture *f, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    gint64 ms = 0;

    for (int i = 0; i < N_EVENTS; i++) {
        const char *name = PICK(random, event_names);

        ms += g_rand_int_range(random, 0, 10) == 0 ? g_rand_int_range(random, 0, 3000)
                                                   : g_rand_int_range(random, -120, 300);
        if (g_rand_int_range(random, 0, 12) == 0)
            advance(f, ms);
        else
            feed(f, ms, name, "k", PICK(random, keys), "v", PICK(random, keys), RS_FIELD_SESSION,
                 PICK(random, sessions), RS_FIELD_PHASE, PICK(random, phases), RS_FIELD_MODE,
                 PICK(random, modes), NULL);
    }
}

static void
check_finding(const struct rs_finding *finding, guint32 last_frame)
{
    g_assert_cmpuint(finding->culprit_frame, >=, 1);
    g_assert_cmpuint(finding->culprit_frame, <=, finding->fired_frame);
    g_assert_cmpuint(finding->fired_frame, <=, last_frame);
    g_assert_cmpint(finding->culprit_time_us, <=, finding->fired_time_us);
    g_assert_cmpuint(finding->count, >=, 1);
    g_assert_nonnull(finding->session);
    g_assert_nonnull(finding->phase);
    g_assert_cmpuint(strlen(finding->says), >, 0);
    g_assert_cmpuint(finding->evidence->len, >=, 1);
    for (guint i = 1; i < finding->evidence->len; i++) {
        const struct rs_evidence *before = g_ptr_array_index(finding->evidence, i - 1);
        const struct rs_evidence *after = g_ptr_array_index(finding->evidence, i);
        g_assert_cmpint(before->time_us, <=, after->time_us);
    }
}

static guint
check_conclusion(const struct fixture *f)
{
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    gint64 last = G_MININT64;

    g_assert_cmpuint(findings->len, <=, N_EVENTS * rs_ruleset_n_rules(f->ruleset));
    for (guint i = 0; i < findings->len; i++) {
        const struct rs_finding *finding = g_ptr_array_index(findings, i);

        check_finding(finding, f->frame);
        g_assert_cmpint(finding->culprit_time_us, >=, last);
        last = finding->culprit_time_us;
    }
    return findings->len;
}

static void
test_all_operators(void)
{
    g_autoptr(fixture) f = fixture_new(all_operators);
    guint n_findings = 0;

    for (guint32 seed = 0; seed < N_SEQUENCES; seed++) {
        g_autofree char *first = NULL;
        g_autofree char *second = NULL;

        feed_random(f, seed);
        n_findings += check_conclusion(f);
        g_assert_cmpuint(rs_engine_n_dropped(f->engine), ==, 0);
        first = describe_all(f->engine);
        for (int again = 0; again < 2; again++) {
            g_clear_pointer(&f->engine, rs_engine_free);
            f->engine = rs_engine_new(f->ruleset);
            f->frame = 0;
            if (again == 0) {
                feed_random(f, seed);
                second = describe_all(f->engine);
            }
        }
        g_assert_cmpstr(first, ==, second);
    }
    g_assert_cmpuint(n_findings, >, N_SEQUENCES);
}

/* One event of a model sequence: a or b, of a key, in order of time. */
struct model_event {
    gint64 ms;
    char name; /* 'a' or 'b' */
    int key;
};

static void
say(GPtrArray *lines, const char *rule, guint frame, gboolean flushed)
{
    g_ptr_array_add(lines, g_strdup_printf("%s@%u%s", rule, frame, flushed ? " flushed" : ""));
}

/* a, !b within 1s */
static void
model_absence(const struct model_event *events, int n, int key, GPtrArray *lines)
{
    int start = -1;

    for (int i = 0; i <= n; i++) {
        gboolean is_end = i == n;
        gint64 now = events[is_end ? n - 1 : i].ms;
        gboolean mine = !is_end && events[i].key == key;

        if (start >= 0 && (now > events[start].ms + 1000 || is_end)) {
            say(lines, "absence", (guint)start + 1, now < events[start].ms + 1000);
            start = -1;
        }
        if (mine && events[i].name == 'b')
            start = -1;
        else if (mine && start < 0)
            start = i;
    }
}

/* a, b within 1s; the culprit is a: the first, or when it ran out, its last repetition */
static void
model_then(const struct model_event *events, int n, int key, GPtrArray *lines)
{
    int start = -1, repeated = -1;

    for (int i = 0; i < n; i++) {
        if (start >= 0 && events[i].ms > events[start].ms + 1000) {
            start = repeated >= 0 && events[i].ms <= events[repeated].ms + 1000 ? repeated : -1;
            repeated = -1;
        }
        if (events[i].key != key)
            continue;
        if (events[i].name == 'a' && start >= 0)
            repeated = i;
        if (events[i].name == 'a' && start < 0)
            start = i;
        if (events[i].name == 'b' && start >= 0) {
            say(lines, "then", (guint)start + 1, FALSE);
            start = repeated = -1;
        }
    }
}

/* b x3 within 1s; the culprit is the first of the three */
static void
model_count(const struct model_event *events, int n, int key, GPtrArray *lines)
{
    int last[3] = { -1, -1, -1 };

    for (int i = 0; i < n; i++) {
        if (events[i].key != key || events[i].name != 'b')
            continue;
        last[0] = last[1];
        last[1] = last[2];
        last[2] = i;
        if (last[0] < 0 || events[i].ms - events[last[0]].ms > 1000)
            continue;
        say(lines, "count", (guint)last[0] + 1, FALSE);
        last[0] = last[1] = last[2] = -1;
    }
}

static int
compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
join_sorted(GPtrArray *lines)
{
    g_ptr_array_sort(lines, compare_lines);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("; ", (char **)lines->pdata);
}

static char *
engine_lines(const rs_engine *engine)
{
    g_autoptr(GPtrArray) findings = rs_engine_conclude(engine);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < findings->len; i++) {
        const struct rs_finding *finding = g_ptr_array_index(findings, i);
        say(lines, finding->rule->id, finding->culprit_frame, finding->flushed);
    }
    return join_sorted(lines);
}

static void
test_models(void)
{
    g_autoptr(fixture) f =
        fixture_new("[rule absence]\ncause = c\nsequence = a, !b within 1s\nmax = 255\n"
                    "[rule then]\ncause = c\nsequence = a, b within 1s\nculprit = a\nmax = 255\n"
                    "[rule count]\ncause = c\nsequence = b x3 within 1s\nmax = 255\n");
    g_autoptr(GRand) random = g_rand_new_with_seed(42);

    for (int round = 0; round < N_MODEL_SEQUENCES; round++) {
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *expected = NULL;
        g_autofree char *found = NULL;
        struct model_event events[N_EVENTS];
        gint64 ms = 0;

        for (int i = 0; i < N_EVENTS; i++) {
            ms += 50 * g_rand_int_range(random, 0, 12);
            events[i] = (struct model_event){ .ms = ms,
                                              .name = "ab"[g_rand_int_range(random, 0, 2)],
                                              .key = g_rand_int_range(random, 0, 3) };
            feed(f, ms, events[i].name == 'a' ? "a" : "b", "k", keys[events[i].key], NULL);
        }
        for (int key = 0; key < 3; key++) {
            model_absence(events, N_EVENTS, key, lines);
            model_then(events, N_EVENTS, key, lines);
            model_count(events, N_EVENTS, key, lines);
        }
        expected = join_sorted(lines);
        found = engine_lines(f->engine);
        g_assert_cmpstr(found, ==, expected);
        g_clear_pointer(&f->engine, rs_engine_free);
        f->engine = rs_engine_new(f->ruleset);
        f->frame = 0;
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/random/all-operators", test_all_operators);
    g_test_add_func("/engine/random/models", test_models);
    return g_test_run();
}
