/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How faults make the phone leave the bus, and what those that wait for its next coming or going do
 * then. Which frame shows it is in filters.c. */
#include "samples/lab/vphone/bus/state.h"

enum { REPLUG_MS = 500 };

static void
mark_off(lab_phone_t *phone, const lab_act_t *act, const char *what)
{
    if (lab_phone_is_on_bus(phone))
        lab_mark_leave(phone, act, what);
    else
        lab_mark_left(phone, act, what);
}

lab_action_t
lab_do_unplug(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb)
{
    mark_off(phone, act, "it is unplugged");
    lab_phone_unplug(phone);
    return lab_transfers_take_over(phone, urb, LAB_DO_HANG);
}

lab_action_t
lab_do_replug(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb)
{
    bool was_away = !lab_phone_is_on_bus(phone);
    lab_mode_t present = was_away ? phone->next_mode : phone->mode;
    lab_mode_t mode = present;
    const char *name = lab_act_arg(act, 1, NULL);

    if (name)
        (void)lab_mode_from_name(name, &mode);
    if (mode != present)
        phone->id.stage = 0;
    mark_off(phone, act, "it leaves the bus for a while");
    lab_phone_leave(phone);
    lab_phone_return_after(phone, mode, mode != present || (was_away && phone->boots),
                           (guint)lab_act_int(act, 0, REPLUG_MS));
    phone->attach_was_told = was_away;
    return lab_transfers_take_over(phone, urb, LAB_DO_HANG);
}

static void
storm_round(lab_phone_t *phone)
{
    lab_later_t *storm = &phone->storm;
    lab_act_t note = { .action = LAB_DO_NOTE, .name = storm->act.name };

    if (!lab_phone_is_on_bus(phone) || !storm->set)
        return;
    if (storm->told)
        lab_phone_mark(phone, &note, "it leaves once more", NULL, 0, 0);
    else
        lab_mark_leave(phone, &storm->act, "it comes and goes");
    storm->told = true;
    storm->set = --storm->left > 0;
    lab_phone_leave(phone);
    lab_phone_return_after(phone, phone->mode, false, (guint)storm->value);
}

static gboolean
storm_again(gpointer user)
{
    lab_phone_t *phone = user;

    phone->storm_source = 0;
    storm_round(phone);
    return G_SOURCE_REMOVE;
}

void
lab_faults_run_storm(lab_phone_t *phone)
{
    if (phone->storm_source)
        g_source_remove(phone->storm_source);
    phone->storm_source = 0;
    if (phone->storm.set)
        phone->storm_source = g_timeout_add((guint)phone->storm.value, storm_again, phone);
}

lab_action_t
lab_do_storm(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb)
{
    gint64 rounds = lab_act_int(act, 0, 1);

    if (rounds == 0)
        return LAB_DO_NOTHING;
    lab_later_set(&phone->storm, act, lab_act_int(act, 1, 0), rounds);
    if (!lab_phone_is_on_bus(phone)) /* it begins when the phone is back */
        return LAB_DO_NOTHING;
    storm_round(phone);
    return lab_transfers_take_over(phone, urb, LAB_DO_HANG);
}

/* ---- what is asked when it comes or goes ---- */

bool
lab_faults_is_late(lab_phone_t *phone)
{
    gint64 since_ms = phone->left_us ? (g_get_real_time() - phone->left_us) / 1000 : 0;
    gint64 rest_ms = phone->late.value - since_ms;
    bool was_told = phone->attach_was_told;

    if (!phone->late.set)
        return false;
    phone->late.set = false;
    if (rest_ms <= 0)
        return false;
    lab_mark_left(phone, &phone->late.act, "it comes back late");
    lab_phone_return_after(phone, phone->next_mode, phone->boots, (guint)rest_ms);
    phone->attach_was_told = was_told;
    return true;
}

bool
lab_faults_allow_return(lab_phone_t *phone)
{
    const lab_later_t *as = &phone->comes_as;

    if (phone->no_return.set) {
        phone->no_return.set = false;
        lab_phone_log(phone, "stays away");
        lab_mark_left(phone, &phone->no_return.act, "it left and does not come back");
        return false;
    }
    if (as->set && as->value != (gint64)phone->next_mode) {
        phone->next_mode = (lab_mode_t)as->value;
        phone->boots = true;
        phone->id.stage = 0;
        phone->wrong_mode = *as;
    }
    phone->comes_as.set = false;
    return true;
}

bool
lab_faults_allow_leave(lab_phone_t *phone)
{
    const lab_head_t *cause = &phone->stays_since;
    g_autofree char *filter = NULL;

    if (!phone->no_leave.set)
        return true;
    lab_phone_log(phone, "stays on the bus");
    if (phone->no_leave.told)
        return false;
    phone->no_leave.told = true;
    if (!cause->known)
        cause = phone->last_command.known ? &phone->last_command : &phone->last_request;
    if (cause->known)
        filter = lab_head_filter(cause, 83);
    lab_phone_mark(phone, &phone->no_leave.act, "what should make it leave does not", filter,
                   cause->known ? lab_head_age(cause) : 0, 0);
    return false;
}

/* The request that it will not obey is the one of the step, if that has one. */
void
lab_do_no_leave(lab_phone_t *phone, const lab_act_t *act, const lab_urb_t *urb)
{
    lab_later_set(&phone->no_leave, act, 0, -1);
    phone->stays_since.known = false;
    if (urb)
        lab_head_of(&phone->stays_since, urb->endpoint, urb->setup, urb->data,
                    urb->data ? urb->length : 0);
}

void
lab_do_return(lab_phone_t *phone, const lab_act_t *act)
{
    lab_mode_t mode;

    if (lab_mode_from_name(lab_act_arg(act, 0, ""), &mode))
        lab_later_set(&phone->comes_as, act, mode, 1);
}
