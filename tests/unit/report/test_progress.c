/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The line that tells how far a long analysis is. */
#include <string.h>

#include "plugin/cli/progress.h"

static void
test_line(void)
{
    g_autofree char *one = rs_progress_line(0.25, 0, 1, 20, 80);
    g_autofree char *many = rs_progress_line(0.5, 3, 12, 90, 80);
    g_autofree char *begin = rs_progress_line(0, 0, 1, 2, 80);
    g_autofree char *end = rs_progress_line(1, 1, 1, 2, 80);

    g_assert_cmpstr(one, ==, " 25 %  [##########                              ]  1:00 left");
    g_assert_true(g_str_has_prefix(many, "3 of 12 files   50 %  [####"));
    g_assert_true(g_str_has_suffix(many, "]  1:30 left"));
    g_assert_null(strstr(begin, "left")); /* nothing to judge by */
    g_assert_nonnull(strstr(end, "100 %  [########################################]  0:00 left"));
}

/* It never wraps, however narrow the terminal is. */
static void
test_narrow(void)
{
    for (int columns = 0; columns < 100; columns++) {
        g_autofree char *line = rs_progress_line(0.333, 7, 1000, 4000, columns);

        g_assert_cmpint((int)strlen(line), <=, MAX(columns - 1, 0));
    }
}

/* Standard error is no terminal here: nothing is shown, and nobody waits for it. */
static void
test_off(void)
{
    g_setenv("TERM", "dumb", TRUE);
    rs_progress_begin(2);
    g_assert_cmpint(rs_progress_patience_ms(), ==, -1);
    rs_progress_look();
    rs_progress_end();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/progress/line", test_line);
    g_test_add_func("/progress/narrow", test_narrow);
    g_test_add_func("/progress/off", test_off);
    return g_test_run();
}
