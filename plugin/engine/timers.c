/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A binary heap whose elements know their place, so that a deadline can be taken back in O(log n).
 */
#include "plugin/engine/timers.h"

void
rs_timers_init(struct rs_timers *timers)
{
    timers->heap = g_ptr_array_new();
    timers->n_armed = 0;
}

void
rs_timers_clear(struct rs_timers *timers)
{
    g_clear_pointer(&timers->heap, g_ptr_array_unref);
}

static gboolean
is_before(const struct rs_timer *a, const struct rs_timer *b)
{
    return a->due_us != b->due_us ? a->due_us < b->due_us : a->order < b->order;
}

static struct rs_timer *
timer_at(const struct rs_timers *timers, guint place)
{
    return g_ptr_array_index(timers->heap, place - 1);
}

static void
put(struct rs_timers *timers, struct rs_timer *timer, guint place)
{
    timers->heap->pdata[place - 1] = timer;
    timer->place = place;
}

static void
move_up(struct rs_timers *timers, struct rs_timer *timer)
{
    guint place = timer->place;

    for (; place > 1 && is_before(timer, timer_at(timers, place / 2)); place /= 2)
        put(timers, timer_at(timers, place / 2), place);
    put(timers, timer, place);
}

static void
move_down(struct rs_timers *timers, struct rs_timer *timer)
{
    guint place = timer->place;
    guint n = timers->heap->len;

    while (2 * place <= n) {
        guint child = 2 * place;

        if (child < n && is_before(timer_at(timers, child + 1), timer_at(timers, child)))
            child++;
        if (!is_before(timer_at(timers, child), timer))
            break;
        put(timers, timer_at(timers, child), place);
        place = child;
    }
    put(timers, timer, place);
}

void
rs_timers_disarm(struct rs_timers *timers, struct rs_timer *timer)
{
    guint place = timer->place;
    struct rs_timer *last;

    if (place == 0)
        return;
    last = timer_at(timers, timers->heap->len);
    g_ptr_array_set_size(timers->heap, (gint)timers->heap->len - 1);
    timer->place = 0;
    if (last == timer)
        return;
    put(timers, last, place);
    move_up(timers, last);
    move_down(timers, last);
}

void
rs_timers_arm(struct rs_timers *timers, struct rs_timer *timer, gint64 due_us)
{
    rs_timers_disarm(timers, timer);
    timer->due_us = due_us;
    timer->order = timers->n_armed++;
    g_ptr_array_add(timers->heap, timer);
    timer->place = timers->heap->len;
    move_up(timers, timer);
}

struct rs_timer *
rs_timers_take_due(struct rs_timers *timers, gint64 before_us)
{
    struct rs_timer *timer;

    if (timers->heap->len == 0)
        return NULL;
    timer = timer_at(timers, 1);
    if (timer->due_us >= before_us)
        return NULL;
    rs_timers_disarm(timers, timer);
    return timer;
}
