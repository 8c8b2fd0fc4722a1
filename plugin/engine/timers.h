/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A heap of deadlines on packet time. Private to plugin/engine. */
#pragma once

#include <glib.h>

/* Lies inside the thing that waits; all zero when not armed. */
struct rs_timer {
    gint64 due_us;
    guint64 order; /* of arming: the earlier armed of two that are due together comes first */
    guint place;   /* in the heap, from 1; 0: not armed */
};

struct rs_timers {
    GPtrArray *heap; /* struct rs_timer *, borrowed */
    guint64 n_armed;
};

void rs_timers_init(struct rs_timers *timers);
void rs_timers_clear(struct rs_timers *timers);

/* The timer must not move or be freed while it is armed. Arming again moves it. */
void rs_timers_arm(struct rs_timers *timers, struct rs_timer *timer, gint64 due_us);
void rs_timers_disarm(struct rs_timers *timers, struct rs_timer *timer);

/* Takes out the first timer due before the given time; NULL when there is none. */
struct rs_timer *rs_timers_take_due(struct rs_timers *timers, gint64 before_us);
