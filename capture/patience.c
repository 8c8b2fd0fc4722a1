/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A thread of its own, for the others may be the ones that wait. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "capture/patience.h"

#include "capture/error.h"

enum { PATIENCE_S = 10 };

struct rs_patience {
    const rs_output *output;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_over;
    GThread *thread;
};

/* Until it is over, or for a second. */
static bool
wait_a_second(rs_patience *patience)
{
    struct timespec until;
    bool over;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    pthread_mutex_lock(&patience->lock);
    if (!patience->is_over)
        pthread_cond_timedwait(&patience->changed, &patience->lock, &until);
    over = patience->is_over;
    pthread_mutex_unlock(&patience->lock);
    return over;
}

static void *
run(void *data)
{
    rs_patience *patience = (rs_patience *)data;
    guint64 written = rs_output_written(patience->output);

    for (unsigned seconds = 0; !wait_a_second(patience); seconds++) {
        const guint64 now = rs_output_written(patience->output);

        if (now != written)
            seconds = 0;
        written = now;
        if (seconds < PATIENCE_S)
            continue;
        fprintf(stderr, "restorecap: '%s' takes nothing any more; ended without the rest\n",
                rs_output_first_path(patience->output));
        _exit(RS_CAPTURE_WRITE);
    }
    return NULL;
}

rs_patience *
rs_patience_new(const rs_output *output)
{
    rs_patience *patience = g_new0(rs_patience, 1);

    patience->output = output;
    pthread_mutex_init(&patience->lock, NULL);
    pthread_cond_init(&patience->changed, NULL);
    patience->thread = g_thread_new("patience", run, patience);
    return patience;
}

void
rs_patience_free(rs_patience *patience)
{
    if (!patience)
        return;
    pthread_mutex_lock(&patience->lock);
    patience->is_over = true;
    pthread_cond_signal(&patience->changed);
    pthread_mutex_unlock(&patience->lock);
    g_thread_join(patience->thread);
    pthread_cond_destroy(&patience->changed);
    pthread_mutex_destroy(&patience->lock);
    g_free(patience);
}
