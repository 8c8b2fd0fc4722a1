/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What of the memory is taken. */
#include <glib.h>
#include <glib/gstdio.h>

#include "capture/memory.h"

enum { MIB = 1 << 20 };

static size_t
share_of(const char *meminfo, unsigned part, size_t least, size_t most)
{
    g_autofree char *folder = g_dir_make_tmp("memory.XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "meminfo", NULL);
    size_t share;

    if (meminfo)
        g_assert_true(g_file_set_contents(path, meminfo, -1, NULL));
    share = rs_memory_share(folder, part, least, most);
    g_unlink(path);
    g_rmdir(folder);
    return share;
}

static void
small(void)
{
    static const char text[] = "MemTotal:        1000000 kB\nMemFree:         7 kB\n"
                               "MemAvailable:     720896 kB\nBuffers:         9 kB\n";

    /* 704 MiB. */
    g_assert_cmpuint(share_of(text, 8, 16 * MIB, 256 * MIB), ==, 64 * MIB);
    g_assert_cmpuint(share_of(text, 32, 4 * MIB, 64 * MIB), ==, 16 * MIB);
    g_assert_cmpuint(share_of(text, 1000, 4 * MIB, 64 * MIB), ==, 4 * MIB);
}

static void
large(void)
{
    g_assert_cmpuint(share_of("x\nMemAvailable:  16777216 kB\n", 32, 4 * MIB, 64 * MIB), ==,
                     64 * MIB);
}

static void
unknown(void)
{
    g_assert_cmpuint(share_of(NULL, 32, 4 * MIB, 64 * MIB), ==, 64 * MIB);
    g_assert_cmpuint(share_of("MemTotal: 5 kB\n", 32, 4 * MIB, 64 * MIB), ==, 64 * MIB);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/small", small);
    g_test_add_func("/memory/large", large);
    g_test_add_func("/memory/unknown", unknown);
    return g_test_run();
}
