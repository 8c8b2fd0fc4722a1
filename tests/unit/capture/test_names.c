/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of files. */
#include "capture/names.h"

static void
check(const char *wanted, gboolean is_ring, const char *first, const char *second)
{
    g_autoptr(GDateTime) now = g_date_time_new_utc(2026, 11, 20, 20, 41, 39);
    struct rs_names names = { wanted, is_ring, 0 };
    g_autofree char *one = rs_names_next(&names, now);
    g_autofree char *two = rs_names_next(&names, now);

    g_assert_cmpstr(one, ==, first);
    g_assert_cmpstr(two, ==, second);
}

static void
all(void)
{
    check(NULL, FALSE, "restore-20261120T204139Z.pcapng", "restore-20261120T204139Z.pcapng");
    check("x", FALSE, "x", "x");
    check("/tmp/a.b/c.pcapng", TRUE, "/tmp/a.b/c_00001_20261120204139.pcapng",
          "/tmp/a.b/c_00002_20261120204139.pcapng");
    check("a.b/c", TRUE, "a.b/c_00001_20261120204139", "a.b/c_00002_20261120204139");
    check(NULL, TRUE, "restore-20261120T204139Z_00001_20261120T204139Z.pcapng",
          "restore-20261120T204139Z_00002_20261120T204139Z.pcapng");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/all", all);
    return g_test_run();
}
