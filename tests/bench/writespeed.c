/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * writespeed FOLDER MIB BYTES: packets of that many bytes from memory to a file: by the recorder's
 * writer and as one buffer after the other by write(2), both until they are on the disk; and by
 * write(2) until it is back, when they may be in memory alone. Prints, for each, MB/s and CPU
 * seconds per GB. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capture/writer/output.h"
#include "capture/writer/pcapng.h"

enum { MIB = 1 << 20, POOL_MIB = 64 };
enum way { WRITER, WRITE, CACHE };

static double
cpu_s(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static char *
name(void *data)
{
    return g_strdup((const char *)data);
}

static guint64
write_packets(char *path, guint64 bytes, guint32 length)
{
    g_autofree guint8 *data = (guint8 *)g_malloc0(length);
    const struct rs_record record = { .data = data, .captured = length, .original = length };
    rs_output *output = rs_output_new(name, path, (gsize)POOL_MIB * MIB, 0, NULL);
    guint64 done = 0;

    for (; output && done < bytes; done += length + 32)
        rs_output_commit(
            output, rs_pcapng_packet(rs_output_reserve(output, rs_pcapng_record_bound(&record)), 0,
                                     &record, 0));
    if (!output || !rs_output_finish(output, NULL))
        fprintf(stderr, "writespeed: cannot write '%s'\n", path);
    rs_output_free(output);
    return done;
}

static guint64
write_plainly(const char *path, guint64 bytes)
{
    guint8 *buffer = (guint8 *)g_aligned_alloc0(1, MIB, 4096);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    guint64 done = 0;

    while (done < bytes && write(fd, buffer, MIB) == MIB)
        done += MIB;
    close(fd);
    g_aligned_free(buffer);
    return done;
}

static void
bring_to_disk(const char *path)
{
    const int fd = open(path, O_RDONLY);

    if (fd < 0 || fdatasync(fd) != 0)
        perror(path);
    close(fd);
}

static void
measure(enum way way, char *path, guint64 bytes, guint32 length)
{
    static const char *const names[] = { "writer", "write", "cache" };
    const gint64 start_us = g_get_monotonic_time();
    const double before = cpu_s();
    const guint64 done =
        way == WRITER ? write_packets(path, bytes, length) : write_plainly(path, bytes);
    double wall;

    if (way != CACHE)
        bring_to_disk(path);
    wall = (double)(g_get_monotonic_time() - start_us) * 1e-6;
    printf("%s %.0f %.3f\n", names[way], (double)done / wall * 1e-6,
           (cpu_s() - before) / ((double)done * 1e-9));
    bring_to_disk(path);
    g_unlink(path);
}

int
main(int argc, char **argv)
{
    g_autofree char *path = NULL;
    guint64 bytes, length;

    if (argc != 4 || !g_ascii_string_to_unsigned(argv[2], 10, 1, 1 << 20, &bytes, NULL) ||
        !g_ascii_string_to_unsigned(argv[3], 10, 60, 1 << 18, &length, NULL)) {
        fprintf(stderr, "usage: writespeed FOLDER MIB BYTES\n");
        return 2;
    }
    path = g_build_filename(argv[1], "writespeed.tmp", NULL);
    for (enum way way = WRITER; way <= CACHE; way++)
        measure(way, path, bytes * MIB, (guint32)length);
    return 0;
}
