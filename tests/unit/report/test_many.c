/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Looking for captures in folders, and sharing work among threads. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "plugin/cli/cli.h"
#include "plugin/cli/crew.h"
#include "plugin/cli/walk.h"

static void
test_names(void)
{
    static const char *const captures[] = { "a.pcapng", "A.PCAP", "b.pcapng.gz", "c.cap.zst" };
    static const char *const others[] = { ".a.pcapng", "a.txt", "pcapng", "a.gz", "a.pcap.txt" };

    for (gsize i = 0; i < G_N_ELEMENTS(captures); i++)
        g_assert_true(rs_walk_is_capture(captures[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(rs_walk_is_capture(others[i]));
}

static void
touch(const char *name)
{
    g_assert_true(g_file_set_contents(name, "x", 1, NULL));
}

/* Folders between files by name; links to folders are not followed, links to files are. */
static void
test_walk(void)
{
    g_autofree char *root = g_dir_make_tmp("walk.XXXXXX", NULL);
    char in[] = "in", none[] = "none", empty[] = "empty";
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GPtrArray) items = NULL;
    static const char *const wanted[] = { "in/a.pcap", "in/b/c.pcap", "in/d.pcap",
                                          "in/e.pcap", "none",        "empty" };

    g_assert_cmpint(g_chdir(root), ==, 0);
    g_assert_cmpint(g_mkdir("in", 0700) + g_mkdir("in/b", 0700) + g_mkdir("empty", 0700), ==, 0);
    touch("in/d.pcap");
    touch("in/a.pcap");
    touch("in/b/c.pcap");
    touch("in/.f.pcap");
    g_assert_cmpint(symlink("..", "in/b/up.pcap") + symlink("a.pcap", "in/e.pcap"), ==, 0);
    g_ptr_array_add(names, in);
    g_ptr_array_add(names, none);
    g_ptr_array_add(names, empty);
    items = rs_walk(names);
    g_assert_cmpuint(items->len, ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < items->len; i++) {
        const struct rs_walk_item *item = g_ptr_array_index(items, i);

        g_assert_cmpstr(item->path, ==, wanted[i]);
        g_assert_true((item->error != NULL) == g_str_equal(item->path, "empty"));
    }
}

enum { ITEMS = 500, STOP_AT = 100 };

struct job {
    gint in_flight; /* begun and not taken; atomic */
    gint most, begun;
    guint taken;
    guint stop_at;
    gint freed, stopped;
    gboolean ordered;
    gboolean seen[ITEMS];
};

static struct job job;

static gpointer
work(guint index, gpointer data G_GNUC_UNUSED)
{
    const gint now = g_atomic_int_add(&job.in_flight, 1) + 1;
    gint most = g_atomic_int_get(&job.most);

    while (now > most && !g_atomic_int_compare_and_exchange(&job.most, most, now))
        most = g_atomic_int_get(&job.most);
    g_atomic_int_inc(&job.begun);
    if (index % 7 == 0)
        g_thread_yield();
    return GUINT_TO_POINTER(index + 1);
}

static gboolean
take(guint index, gpointer result, gpointer data G_GNUC_UNUSED)
{
    g_assert_cmpuint(GPOINTER_TO_UINT(result), ==, index + 1);
    g_assert_false(job.seen[index]);
    g_assert_true(!job.ordered || index == job.taken);
    job.seen[index] = TRUE;
    g_atomic_int_add(&job.in_flight, -1);
    return ++job.taken != job.stop_at;
}

static void
stop(gpointer data G_GNUC_UNUSED)
{
    job.stopped++;
}

static void
free_result(gpointer result G_GNUC_UNUSED)
{
    job.freed++;
}

static void
run(guint n_workers, gboolean ordered, guint stop_at)
{
    const struct rs_crew crew = { ITEMS, n_workers, ordered, work, take, stop, free_result, NULL };

    job = (struct job){ .ordered = ordered, .stop_at = stop_at };
    rs_crew_run(&crew);
    g_assert_cmpint(job.most, <=, (gint)n_workers * RS_CREW_WINDOW);
    g_assert_cmpint(job.begun, ==, (gint)job.taken + job.freed);
}

/* Each result once, in order if asked for, and never many waiting. */
static void
test_crew(void)
{
    for (guint n = 1; n <= 8; n *= 2) {
        run(n, TRUE, 0);
        g_assert_cmpuint(job.taken, ==, ITEMS);
        run(n, FALSE, 0);
        g_assert_cmpuint(job.taken, ==, ITEMS);
        g_assert_cmpint(job.stopped, ==, 0);
    }
}

static void
test_stop(void)
{
    run(4, TRUE, STOP_AT);
    g_assert_cmpuint(job.taken, ==, STOP_AT);
    g_assert_cmpint(job.stopped, ==, 1);
    g_assert_cmpint(job.begun, <=, STOP_AT + 4 * RS_CREW_WINDOW);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/many/names", test_names);
    g_test_add_func("/many/walk", test_walk);
    g_test_add_func("/many/crew", test_crew);
    g_test_add_func("/many/stop", test_stop);
    return g_test_run();
}
