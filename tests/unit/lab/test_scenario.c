/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading scenarios: what is taken, and that a slip is named rather than passed over. */
#include <string.h>

#include "tests/unit/lab/written.h"

static void
test_values(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(lab_scenario_t) s = scenario_from_text("# a comment\n"
                                                     "[scenario]\n"
                                                     "title = one; two \n"
                                                     "tail_s = 1.5\n"
                                                     "[device]\n"
                                                     "ecid = 0xfedcba9876543210\n"
                                                     "[device second]\n"
                                                     "boot_ms = 250\n"
                                                     "env.radio-error = 0x1\n"
                                                     "[signing]\n"
                                                     "answers.SE,Ticket = status 94 no\n",
                                                     &error);

    g_assert_no_error(error);
    g_assert_cmpstr(lab_scenario_get(s, "scenario", "title", NULL), ==, "one; two");
    g_assert_cmpstr(lab_scenario_get(s, "scenario", "outcome", "none"), ==, "none");
    g_assert_cmphex((guint64)lab_scenario_int(s, "device", "ecid", 0), ==, 0xfedcba9876543210);
    g_assert_cmpint(lab_scenario_int(s, "device second", "boot_ms", 7), ==, 250);
    g_assert_cmpint(lab_scenario_int(s, "device", "boot_ms", 7), ==, 7);
    g_assert_cmpstr(lab_scenario_get(s, "device second", "env.radio-error", ""), ==, "0x1");
    g_assert_cmpstr(lab_scenario_get(s, "signing", "answers.SE,Ticket", ""), ==, "status 94 no");
}

static void
test_groups(void)
{
    g_autoptr(lab_scenario_t) s = scenario_from_text("[fault late]\nat = attach\ndo = unplug\n"
                                                     "[device]\n"
                                                     "[fault]\nat = attach\ndo = unplug\n",
                                                     NULL);
    const char *const *list = lab_scenario_groups(s, "fault");

    g_assert_cmpstr(list[0], ==, "fault late");
    g_assert_cmpstr(list[1], ==, "fault");
    g_assert_null(list[2]);
    g_assert_null(lab_scenario_groups(s, "portal")[0]);
    g_assert_null(lab_scenario_groups(s, "no such")[0]);
}

/* A slip is an error that names its place. */
static void
test_slips(void)
{
    static const struct {
        const char *text, *named;
    } slips[] = {
        { "[scenari]\ntitle = x\n", "[scenari]" },
        { "[scenario x]\ntitle = x\n", "[scenario x]" },
        { "[device ]\n", "[device ]" },
        { "[scenario]\ntitel = x\n", "[scenario] titel" },
        { "[scenario]\nstart = recover\n", "start: 'recover' is none of recovery|dfu" },
        { "[scenario]\nlimit_s = 12s\n", "limit_s: '12s' is no whole number" },
        { "[scenario]\nlimit_s = 0x\n", "limit_s" },
        { "[scenario]\nlimit_s =\n", "limit_s" },
        { "[scenario]\ntail_s = a\n", "tail_s: 'a' is no number" },
        { "[signing]\nanswers. = ok\n", "[signing] answers." },
        { "[device]\n[signing]\n[device]\n", "[device] : this group is there twice" },
        { "title = x\n", "lab-" },
        { "[scenario\n", "lab-" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(scenario_from_text(slips[i].text, &error));
        g_assert_nonnull(error);
        if (!strstr(error->message, slips[i].named))
            g_error("'%s' does not name '%s'", error->message, slips[i].named);
    }
}

static void
test_number(void)
{
    gint64 n = 5;

    g_assert_true(lab_scenario_number("-71", &n) && n == -71);
    g_assert_true(lab_scenario_number("0x85", &n) && n == 0x85);
    g_assert_true(lab_scenario_number("010", &n) && n == 10);
    g_assert_false(lab_scenario_number("", &n) || lab_scenario_number("--1", &n) ||
                   lab_scenario_number("0x", &n) || lab_scenario_number("1 ", &n) ||
                   lab_scenario_number("99999999999999999999", &n));
    g_assert_cmpint(n, ==, 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/scenario/values", test_values);
    g_test_add_func("/lab/scenario/groups", test_groups);
    g_test_add_func("/lab/scenario/slips", test_slips);
    g_test_add_func("/lab/scenario/number", test_number);
    return g_test_run();
}
