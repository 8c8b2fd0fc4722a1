/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dumpcap's words for limits. */
#include "capture/error.h"
#include "capture/limits.h"

static void
good(void)
{
    struct rs_limits limits = { 0 };

    g_assert_true(rs_limits_take(&limits, 'a', "duration:1.5", NULL));
    g_assert_true(rs_limits_take(&limits, 'a', "filesize:20", NULL));
    g_assert_true(rs_limits_take(&limits, 'a', "packets:7", NULL));
    g_assert_true(rs_limits_take(&limits, 'a', "files:3", NULL));
    g_assert_cmpuint(limits.duration_ns, ==, 1500000000);
    g_assert_cmpuint(limits.bytes, ==, 20000);
    g_assert_cmpuint(limits.packets, ==, 7);
    g_assert_cmpuint(limits.files, ==, 3);
}

static void
bad(void)
{
    static const char *const texts[] = { "",           "duration",    "duration:",    "duration:x",
                                         "duration:0", "duration:-1", "duration:1x",  "size:1",
                                         ":1",         "files:0.5",   "packets:1e99", "files:nan" };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct rs_limits limits = { 0 };
        g_autoptr(GError) error = NULL;

        g_assert_false(rs_limits_take(&limits, 'b', texts[i], &error));
        g_assert_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_USAGE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/good", good);
    g_test_add_func("/limits/bad", bad);
    return g_test_run();
}
