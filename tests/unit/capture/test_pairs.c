/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Missing halves of USB requests. */
#include "capture/sources/pairs.h"

static void
complete(void)
{
    g_autoptr(rs_pairs) pairs = rs_pairs_new();

    for (guint64 i = 0; i < 1000; i++) {
        g_assert_false(rs_pairs_see(pairs, 0xFFFF888000000000U + i * 192, 'S'));
        g_assert_false(rs_pairs_see(pairs, 0xFFFF888000000000U + i * 192, i % 2 ? 'C' : 'E'));
    }
}

/* The first end of a request that may be older than we are is no loss; the second is. */
static void
missing(void)
{
    g_autoptr(rs_pairs) pairs = rs_pairs_new();

    g_assert_false(rs_pairs_see(pairs, 0x1000, 'C'));
    g_assert_true(rs_pairs_see(pairs, 0x1000, 'C'));
    g_assert_false(rs_pairs_see(pairs, 0x1000, 'S'));
    g_assert_true(rs_pairs_see(pairs, 0x1000, 'S'));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pairs/complete", complete);
    g_test_add_func("/pairs/missing", missing);
    return g_test_run();
}
