/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * MemAvailable: proc(5), /proc/meminfo. */
#include <string.h>

#include "capture/memory.h"

enum { KIB = 1024 };

static guint64
available_bytes(const char *proc)
{
    static const char name[] = "\nMemAvailable:";
    g_autofree char *path = g_build_filename(proc, "meminfo", NULL), *text = NULL;
    const char *at;

    if (!g_file_get_contents(path, &text, NULL, NULL) || !(at = strstr(text, name)))
        return 0;
    return g_ascii_strtoull(at + strlen(name), NULL, 10) * KIB;
}

size_t
rs_memory_share(const char *proc, unsigned part, size_t least, size_t most)
{
    const guint64 available = available_bytes(proc);
    size_t share = most;

    while (available && share > least && share > available / part)
        share /= 2;
    return MAX(share, least);
}
