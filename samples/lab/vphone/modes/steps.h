/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What DFU and recovery mode treat alike: faults at their steps, times from the scenario. */
#pragma once

#include "samples/lab/vphone/phone.h"

/* Part of a mode. */
typedef struct {
    lab_phone_t *phone;
    lab_urb_t *withheld; /* a transfer that is never answered */
    lab_act_t withheld_by;
} lab_steps_t;

/* lab_phone_step(). LAB_DO_HANG: a fault has `urb` (whether it stalls, hangs or is never answered),
 * do not obey and do not complete it. `own`: the one action that is left to the mode, with `*act`.
 * LAB_DO_NOTHING: go on; it is also the end of an action that makes no sense here, which a mark
 * without a frame tells. */
lab_action_t lab_steps_at(lab_steps_t *steps, lab_step_t step, const char *detail, lab_urb_t *urb,
                          lab_action_t own, lab_act_t *act);
/* The host gave `urb` up. */
void lab_steps_unlinked(lab_steps_t *steps, const lab_urb_t *urb);

/* The end of an IN transfer on endpoint 0 that brings just these bytes, as a filter. */
char *lab_answer_filter(const uint8_t *data, size_t n);
/* Marks made before the frame they are for reaches usbmon. */
enum { LAB_ANSWER_WITHIN_S = 10 };

/* A number of the phone's group. */
unsigned lab_config_ms(const lab_phone_t *phone, const char *key, unsigned fallback);
