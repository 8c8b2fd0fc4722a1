/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All shipped rules, fed with random but well-typed events: nothing crashes, the same events give
 * the same findings, no rule holds more than it may, and ten times as many events leave no more
 * behind once the bounds are reached. The long form, with times, is tests/bench/engine. */
#include <string.h>

#include "tests/unit/engine/fixture.h"
#include "tests/unit/engine/shipped.h"

enum { N_SEQUENCES = 1500, N_TWICE = 300, LENGTH_MAX = 256, N_LONG = 100000, N_NAMES = 20 };

static rs_ruleset *ruleset;

static void
test_sequences(void)
{
    guint n_findings = 0;

    for (guint32 seed = 0; seed < N_SEQUENCES; seed++) {
        g_autoptr(rs_engine) engine = rs_engine_new(ruleset);
        g_autoptr(GPtrArray) findings = NULL;

        shipped_feed(engine, ruleset,
                     (struct shipped_events){ .kind = seed % N_SHIPPED_KINDS,
                                              .seed = seed,
                                              .n_events = 1 + seed % LENGTH_MAX });
        shipped_measure(engine);
        findings = rs_engine_conclude(engine);
        n_findings += findings->len;
        for (guint i = 0; i < findings->len; i++) {
            const struct rs_finding *finding = g_ptr_array_index(findings, i);

            g_assert_cmpuint(finding->culprit_frame, <=, finding->fired_frame);
            g_assert_cmpint(finding->culprit_time_us, <=, finding->fired_time_us);
            g_assert_true(g_utf8_validate(finding->says, -1, NULL));
        }
    }
    g_assert_cmpuint(n_findings, >, N_SEQUENCES);
}

static void
test_same_again(void)
{
    for (guint32 seed = 0; seed < N_TWICE; seed++) {
        g_autofree char *texts[2] = { NULL };

        for (int i = 0; i < 2; i++) {
            g_autoptr(rs_engine) engine = rs_engine_new(ruleset);

            shipped_feed(engine, ruleset,
                         (struct shipped_events){ .seed = seed, .n_events = LENGTH_MAX });
            texts[i] = describe_all(engine);
        }
        g_assert_cmpstr(texts[0], ==, texts[1]);
        g_free(g_steal_pointer(&texts[1]));
    }
}

/* With few names and keys all bounds are soon reached; ten times as many events add nothing much.
 */
static void
test_bounded(void)
{
    static const enum shipped_kind kinds[] = { SHIPPED_MIXED, SHIPPED_ONE_KEY };

    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        struct shipped_load loads[2];

        for (int i = 0; i < 2; i++) {
            g_autoptr(rs_engine) engine = rs_engine_new(ruleset);

            shipped_feed(engine, ruleset,
                         (struct shipped_events){ .kind = kinds[k],
                                                  .seed = 1,
                                                  .n_events = i == 0 ? N_LONG / 10 : N_LONG,
                                                  .n_names = N_NAMES });
            loads[i] = shipped_measure(engine);
            g_test_message("%s: %u held", shipped_kind_names[kinds[k]], loads[i].all);
        }
        g_assert_cmpuint(loads[0].all, >, RS_MAX_FINDINGS);
        g_assert_cmpuint(loads[1].all, <, 2 * loads[0].all);
    }
}

/* Keys that never come again: a rule lets go of the oldest, and says how many. */
static void
test_new_keys(void)
{
    g_autoptr(rs_engine) engine = rs_engine_new(ruleset);
    struct shipped_load load;

    shipped_feed(engine, ruleset,
                 (struct shipped_events){
                     .kind = SHIPPED_NEW_KEYS, .seed = 1, .n_events = N_LONG, .n_names = N_NAMES });
    load = shipped_measure(engine);
    g_assert_cmpuint(load.most_of_rule, >, RS_MAX_FINDINGS);
    g_assert_cmpuint(rs_engine_n_dropped(engine), >, 0);
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    ruleset = shipped_rules(RS_RULES);
    g_test_add_func("/engine/shipped/sequences", test_sequences);
    g_test_add_func("/engine/shipped/same-again", test_same_again);
    g_test_add_func("/engine/shipped/bounded", test_bounded);
    g_test_add_func("/engine/shipped/new-keys", test_new_keys);
    status = g_test_run();
    rs_ruleset_free(ruleset);
    return status;
}
