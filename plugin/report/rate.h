/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How many bytes passed when: a histogram over time whose step doubles whenever the capture
 * outgrows it, so that it costs the same for a second as for a day. */
#pragma once

#include <glib.h>

enum { RS_RATE_SLOTS = 120 };

/* All zero is an empty one. */
struct rs_rate {
    guint doublings;                                    /* of the first step */
    guint n_slots;                                      /* used */
    guint64 usb[RS_RATE_SLOTS], network[RS_RATE_SLOTS]; /* bytes */
};

/* What lies before the start (clocks do jump) counts to the first slot. */
void rs_rate_add(struct rs_rate *rate, gint64 since_start_us, gboolean is_usb, guint32 bytes);

double rs_rate_step_s(const struct rs_rate *rate);
