/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads that share a list of work. Who is far ahead of the slowest piece waits, so that no more
 * results than the window pile up. */
#include "plugin/cli/crew.h"

struct outcome {
    guint index;
    gpointer result;
};

struct shift {
    const struct rs_crew *crew;
    GMutex lock;
    GCond changed;
    GArray *waiting; /* struct outcome; no more than the window */
    guint next;      /* the first item nobody has begun */
    guint taken;     /* how many results were handed over */
    gboolean stopped;
};

static guint
window(const struct rs_crew *crew)
{
    return crew->n_workers * RS_CREW_WINDOW;
}

/* FALSE when there is nothing left to do. */
static gboolean
begin(struct shift *shift, guint *ret_index)
{
    gboolean begun;

    g_mutex_lock(&shift->lock);
    while (!shift->stopped && shift->next < shift->crew->n_items &&
           shift->next - shift->taken >= window(shift->crew))
        g_cond_wait(&shift->changed, &shift->lock);
    begun = !shift->stopped && shift->next < shift->crew->n_items;
    if (begun)
        *ret_index = shift->next++;
    g_mutex_unlock(&shift->lock);
    return begun;
}

static gpointer
run_worker(gpointer data)
{
    struct shift *shift = data;
    struct outcome outcome;

    while (begin(shift, &outcome.index)) {
        outcome.result = shift->crew->work(outcome.index, shift->crew->data);
        g_mutex_lock(&shift->lock);
        g_array_append_val(shift->waiting, outcome);
        g_cond_broadcast(&shift->changed);
        g_mutex_unlock(&shift->lock);
    }
    return NULL;
}

/* Takes the outcome whose turn it is out of those that wait. Called with the lock held. */
static gboolean
pick(struct shift *shift, struct outcome *ret_outcome)
{
    for (guint i = 0; i < shift->waiting->len; i++) {
        const struct outcome *outcome = &g_array_index(shift->waiting, struct outcome, i);

        if (shift->crew->ordered && outcome->index != shift->taken)
            continue;
        *ret_outcome = *outcome;
        g_array_remove_index(shift->waiting, i);
        return TRUE;
    }
    return FALSE;
}

static void
hand_over(struct shift *shift)
{
    const struct rs_crew *crew = shift->crew;
    struct outcome outcome;

    g_mutex_lock(&shift->lock);
    while (shift->taken < crew->n_items && !shift->stopped) {
        gboolean goes_on;

        while (!pick(shift, &outcome))
            g_cond_wait(&shift->changed, &shift->lock);
        g_mutex_unlock(&shift->lock);
        goes_on = crew->take(outcome.index, outcome.result, crew->data);
        g_mutex_lock(&shift->lock);
        shift->taken++;
        shift->stopped = !goes_on;
        g_cond_broadcast(&shift->changed);
    }
    g_mutex_unlock(&shift->lock);
}

void
rs_crew_run(const struct rs_crew *crew)
{
    struct shift shift = { .crew = crew };
    const guint n_threads = MIN(crew->n_workers, crew->n_items);
    g_autofree GThread **threads = g_new0(GThread *, n_threads + 1);

    g_mutex_init(&shift.lock);
    g_cond_init(&shift.changed);
    shift.waiting = g_array_new(FALSE, FALSE, sizeof(struct outcome));
    for (guint i = 0; i < n_threads; i++)
        threads[i] = g_thread_new("worker", run_worker, &shift);
    hand_over(&shift);
    if (shift.stopped && crew->stop)
        crew->stop(crew->data);
    for (guint i = 0; i < n_threads; i++)
        g_thread_join(threads[i]);
    for (guint i = 0; i < shift.waiting->len; i++)
        crew->free_result(g_array_index(shift.waiting, struct outcome, i).result);
    g_array_unref(shift.waiting);
    g_cond_clear(&shift.changed);
    g_mutex_clear(&shift.lock);
}
