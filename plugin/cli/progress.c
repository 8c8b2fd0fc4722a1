/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The bar. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cli/progress.h"

#include "plugin/cli/terminal.h"

enum {
    QUIET_US = G_USEC_PER_SEC, /* what takes less needs no bar */
    LOOK_MS = 250,
    BAR_MAX = 40,
};

static struct {
    GMutex lock;
    gboolean is_on, is_drawn;
    guint n_files, n_done;
    gint64 begun_us, drawn_us;
    GArray *open; /* int: descriptors of the files being read */
} progress;

void
rs_progress_begin(guint n_files)
{
    progress.is_on = n_files > 0 && rs_terminal_is_live(STDERR_FILENO);
    if (!progress.is_on)
        return;
    progress.n_files = n_files;
    progress.n_done = 0;
    progress.begun_us = progress.drawn_us = g_get_monotonic_time();
    progress.open = g_array_new(FALSE, FALSE, sizeof(int));
}

void
rs_progress_end(void)
{
    rs_progress_clear();
    progress.is_on = FALSE;
    g_clear_pointer(&progress.open, g_array_unref);
}

void
rs_progress_file_begin(int fd)
{
    if (!progress.is_on)
        return;
    g_mutex_lock(&progress.lock);
    g_array_append_val(progress.open, fd);
    g_mutex_unlock(&progress.lock);
}

void
rs_progress_file_end(int fd)
{
    if (!progress.is_on)
        return;
    g_mutex_lock(&progress.lock);
    for (guint i = 0; i < progress.open->len; i++) {
        if (g_array_index(progress.open, int, i) != fd)
            continue;
        g_array_remove_index_fast(progress.open, i);
        break;
    }
    progress.n_done++;
    g_mutex_unlock(&progress.lock);
}

/* How much of a file has been read, from 0 to 1. */
static double
part_of(int fd)
{
    struct stat info;
    const off_t at = lseek(fd, 0, SEEK_CUR);

    if (at <= 0 || fstat(fd, &info) != 0 || info.st_size <= 0)
        return 0;
    return MIN(1, (double)at / (double)info.st_size);
}

char *
rs_progress_line(double done, guint n_done, guint n_files, double elapsed_s, int columns)
{
    const double left_s = done > 0 ? elapsed_s * (1 - done) / done : 0;
    g_autofree char *files =
        n_files > 1 ? g_strdup_printf("%u of %u files  ", n_done, n_files) : g_strdup("");
    g_autofree char *head = g_strdup_printf("%s%3.0f %%  ", files, done * 100);
    g_autofree char *tail = g_strdup_printf("  %d:%02d left", (int)(left_s / 60), (int)left_s % 60);
    const int room = columns - 1 - (int)strlen(head) - (int)strlen(tail) - 2;
    const int width = MIN(room, (int)BAR_MAX);
    GString *out = g_string_new(head);

    if (width > 0) {
        g_string_append_c(out, '[');
        for (int i = 0; i < width; i++)
            g_string_append_c(out, i < done * width ? '#' : ' ');
        g_string_append_c(out, ']');
    }
    g_string_append(out, done > 0 ? tail : "");
    g_string_truncate(out, MIN(out->len, (gsize)MAX(columns - 1, 0)));
    return g_string_free(out, FALSE);
}

/* With the lock held. */
static void
draw(gint64 now_us)
{
    double done = progress.n_done;
    g_autofree char *line = NULL;

    for (guint i = 0; i < progress.open->len; i++)
        done += part_of(g_array_index(progress.open, int, i));
    line = rs_progress_line(MIN(1, done / progress.n_files), progress.n_done, progress.n_files,
                            (double)(now_us - progress.begun_us) / G_USEC_PER_SEC,
                            rs_terminal_columns(STDERR_FILENO));
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    progress.is_drawn = TRUE;
    progress.drawn_us = now_us;
}

void
rs_progress_look(void)
{
    gint64 now_us;

    if (!progress.is_on)
        return;
    now_us = g_get_monotonic_time();
    g_mutex_lock(&progress.lock);
    if (now_us - progress.begun_us > QUIET_US && now_us - progress.drawn_us >= LOOK_MS * 1000)
        draw(now_us);
    g_mutex_unlock(&progress.lock);
}

void
rs_progress_clear(void)
{
    if (!progress.is_on)
        return;
    g_mutex_lock(&progress.lock);
    if (progress.is_drawn)
        fputs("\r\033[K", stderr);
    progress.is_drawn = FALSE;
    g_mutex_unlock(&progress.lock);
}

int
rs_progress_patience_ms(void)
{
    return progress.is_on ? LOOK_MS : -1;
}
