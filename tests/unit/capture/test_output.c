/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From blocks to files, on a real file system. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/error.h"
#include "capture/writer/output.h"
#include "tests/unit/capture/bytes.h"

enum { POOL = 8 << 20 };

struct files {
    char *folder;
    guint number;
};

static char *
next_name(void *data)
{
    struct files *files = (struct files *)data;

    return g_strdup_printf("%s/%u", files->folder, files->number++);
}

static char *
path_of(const struct files *files, guint number)
{
    return g_strdup_printf("%s/%u", files->folder, number);
}

/* A block of a length and filled with a byte, as pcapng has its lengths. */
static void
put(rs_output *output, guint32 length, guint8 fill)
{
    guint8 *to = rs_output_reserve(output, length);

    memset(to, fill, length);
    memcpy(to + 4, &length, sizeof length);
    rs_output_commit(output, length);
}

static guint32
length_of(guint i)
{
    return 12 + i * 1237 % 9000 / 4 * 4;
}

static guint64
length_of_all(guint n)
{
    guint64 length = 0;

    while (n > 0)
        length += length_of(--n);
    return length;
}

/* Blocks `from` to `to` are what the file has, and nothing else. */
static void
check_file(const struct files *files, guint number, guint from, guint to)
{
    g_autofree char *path = path_of(files, number), *bytes = NULL;
    gsize length, at = 0;

    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    for (guint i = from; i < to; i++) {
        guint32 is;

        g_assert_cmpuint(at + length_of(i), <=, length);
        memcpy(&is, bytes + at + 4, sizeof is);
        g_assert_cmpuint(is, ==, length_of(i));
        g_assert_cmphex((guint8)bytes[at], ==, i & 0xFF);
        g_assert_cmphex((guint8)bytes[at + is - 1], ==, i & 0xFF);
        at += is;
    }
    g_assert_cmpuint(at, ==, length);
}

static void
set_up(struct files *files)
{
    files->folder = g_dir_make_tmp("restorecap-XXXXXX", NULL);
    files->number = 0;
    g_assert_nonnull(files->folder);
}

static void
tear_down(struct files *files)
{
    for (guint i = 0; i <= files->number; i++) {
        g_autofree char *path = path_of(files, i);

        g_unlink(path);
    }
    g_rmdir(files->folder);
    g_free(files->folder);
}

/* With flushes in between or without, what was put in is what is there. */
static void
whole(void)
{
    for (guint every = 1; every < 1000; every *= 7) {
        struct files files;
        rs_output *output;

        set_up(&files);
        output = rs_output_new(next_name, &files, POOL, 0, NULL);
        for (guint i = 0; i < 2000; i++) {
            put(output, length_of(i), (guint8)i);
            if (i % every == 0)
                rs_output_flush(output);
        }
        g_assert_true(rs_output_finish(output, NULL));
        check_file(&files, 0, 0, 2000);
        g_assert_cmpuint(rs_output_written(output), ==, length_of_all(2000));
        rs_output_free(output);
        tear_down(&files);
    }
}

/* Files follow each other at a block; the oldest go when there are too many. */
static void
ring(void)
{
    struct files files;
    rs_output *output;
    g_autofree char *oldest = NULL;

    set_up(&files);
    output = rs_output_new(next_name, &files, POOL, 2, NULL);
    for (guint i = 0; i < 300; i++) {
        put(output, length_of(i), (guint8)i);
        if (i == 99 || i == 199)
            rs_output_next_file(output);
    }
    g_assert_true(rs_output_finish(output, NULL));
    oldest = path_of(&files, 0);
    g_assert_false(g_file_test(oldest, G_FILE_TEST_EXISTS));
    check_file(&files, 1, 100, 200);
    check_file(&files, 2, 200, 300);
    rs_output_free(output);
    tear_down(&files);
}

/* Bytes can be overwritten later, and only those are. */
static void
patch(void)
{
    struct files files;
    rs_output *output;
    g_autofree char *path = NULL, *bytes = NULL;
    gsize length;

    set_up(&files);
    output = rs_output_new(next_name, &files, POOL, 0, NULL);
    g_assert_true(rs_output_can_patch(output));
    put(output, 5000, 'a');
    for (guint i = 0; i < 100; i++)
        put(output, 4096, 'b');
    rs_output_patch(output, 4090, (const guint8 *)"XYZ", 3);
    put(output, 4096, 'c');
    g_assert_true(rs_output_finish(output, NULL));
    path = path_of(&files, 0);
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    g_assert_cmpuint(length, ==, 5000 + 101 * 4096);
    check_bytes(bytes + 4089, 5, "aXYZa", 5);
    rs_output_free(output);
    tear_down(&files);
}

/* What is there already stays as it is. */
static void
no_overwriting(void)
{
    struct files files;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL, *bytes = NULL;

    set_up(&files);
    path = path_of(&files, 0);
    g_assert_true(g_file_set_contents(path, "mine", -1, NULL));
    g_assert_null(rs_output_new(next_name, &files, POOL, 0, &error));
    g_assert_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_WRITE);
    g_assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
    g_assert_cmpstr(bytes, ==, "mine");
    tear_down(&files);
}

static char *
full_disk(void *data)
{
    (void)data;
    return g_strdup("/dev/full");
}

/* A disk that takes nothing is an error that is told, and nobody waits for ever. */
static void
full(void)
{
    rs_output *output = rs_output_new(full_disk, NULL, POOL, 0, NULL);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 20000; i++)
        put(output, length_of(i), (guint8)i);
    g_assert_false(rs_output_finish(output, &error));
    g_assert_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_WRITE);
    rs_output_free(output);
}

/* How many blocks the file has, from the first; nothing is behind the last. */
static guint
check_whole(const struct files *files)
{
    g_autofree char *path = path_of(files, 0);
    GStatBuf is;
    guint n = 0;

    g_assert_cmpint(g_stat(path, &is), ==, 0);
    while (length_of_all(n) < (guint64)is.st_size)
        n++;
    check_file(files, 0, 0, n);
    return n;
}

/* Where a file may not grow any more it ends with the last block there was room for, or with one of
 * the page before. */
static void
cut(void)
{
    static const rlim_t limits[] = { 100, 4095, 300000, (4 << 20) - 1, (4 << 20) + 1, 8000000 };
    struct rlimit before;

    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        const struct rlimit limit = { limits[i], before.rlim_max };
        struct files files;
        rs_output *output;
        guint n = 0;

        set_up(&files);
        output = rs_output_new(next_name, &files, POOL, 0, NULL);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        for (guint k = 0; k < 4000; k++)
            put(output, length_of(k), (guint8)k);
        g_assert_false(rs_output_finish(output, NULL));
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
        n = check_whole(&files);
        g_assert_cmpuint(length_of_all(n), <=, limits[i]);
        g_assert_cmpuint(length_of_all(n) + 4096 + 2 * 9012, >=, limits[i]);
        rs_output_free(output);
        tear_down(&files);
    }
}

static void *
read_all(void *data)
{
    const int fd = GPOINTER_TO_INT(data);
    char bytes[65536];
    gsize all = 0;
    gssize n;

    while ((n = read(fd, bytes, sizeof bytes)) != 0) {
        if (n > 0)
            all += (gsize)n;
        else if (errno == EAGAIN)
            g_usleep(1000);
        else
            break;
    }
    return GSIZE_TO_POINTER(all);
}

/* A reader that does not read is a disk that does not write: what comes then fills one buffer. */
static void
busy(void)
{
    enum { N = 60, LENGTH = 100000 }; /* all of it in memory, however it is cut */
    struct files files;
    g_autofree char *path = NULL;
    rs_output *output;
    GThread *thread;
    guint behind = 0;
    int reader;

    set_up(&files);
    path = path_of(&files, 0);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    output = rs_output_new(next_name, &files, POOL, 0, NULL);
    for (guint i = 0; i < N; i++) {
        put(output, LENGTH, (guint8)i);
        behind += !rs_output_flush(output);
    }
    g_assert_cmpuint(behind, >, N / 2);
    thread = g_thread_new("read", read_all, GINT_TO_POINTER(reader));
    g_assert_true(rs_output_finish(output, NULL));
    rs_output_free(output);
    g_assert_cmpuint(GPOINTER_TO_SIZE(g_thread_join(thread)), ==, N * LENGTH);
    close(reader);
    tear_down(&files);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/output/whole", whole);
    g_test_add_func("/output/ring", ring);
    g_test_add_func("/output/patch", patch);
    g_test_add_func("/output/no-overwriting", no_overwriting);
    g_test_add_func("/output/full", full);
    g_test_add_func("/output/cut", cut);
    g_test_add_func("/output/busy", busy);
    return g_test_run();
}
