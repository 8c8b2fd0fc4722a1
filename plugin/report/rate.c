/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes over time in a fixed number of slots. */
#include "plugin/report/rate.h"

enum { FIRST_STEP_US = 100000, DOUBLINGS_MAX = 44 }; /* 2^44 steps: more than a time can tell */

static gint64
step_us(const struct rs_rate *rate)
{
    return (gint64)FIRST_STEP_US << rate->doublings;
}

static void
halve(guint64 *slots)
{
    for (guint i = 0; i < RS_RATE_SLOTS; i++)
        slots[i] = 2 * i + 1 < RS_RATE_SLOTS ? slots[2 * i] + slots[2 * i + 1] : 0;
}

static void
double_step(struct rs_rate *rate)
{
    halve(rate->usb);
    halve(rate->network);
    rate->doublings++;
    rate->n_slots = (rate->n_slots + 1) / 2;
}

void
rs_rate_add(struct rs_rate *rate, gint64 since_start_us, gboolean is_usb, guint32 bytes)
{
    const gint64 offset_us = MAX(since_start_us, 0);
    gint64 slot;

    while (offset_us / step_us(rate) >= RS_RATE_SLOTS && rate->doublings < DOUBLINGS_MAX)
        double_step(rate);
    slot = MIN(offset_us / step_us(rate), RS_RATE_SLOTS - 1);
    (is_usb ? rate->usb : rate->network)[slot] += bytes;
    rate->n_slots = MAX(rate->n_slots, (guint)slot + 1);
}

double
rs_rate_step_s(const struct rs_rate *rate)
{
    return (double)step_us(rate) / G_USEC_PER_SEC;
}
