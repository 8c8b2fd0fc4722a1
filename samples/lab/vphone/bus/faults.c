/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What faults do to the phone: the actions of fault.h up to MUTE, at once or after a "wait", and
 * the flags some of them leave for the next time the phone comes or goes. */
#include <string.h>

#include "samples/lab/vphone/bus/state.h"

enum { ALL_ENDPOINTS = -1, ANY_NUMBER = -1 };

struct timer {
    lab_phone_t *phone;
    guint source;
    lab_act_t act;
    int endpoint;
    lab_urb_t *urb; /* held until then; NULL: none */
    uint32_t sequence;
};

static char *actions_folder;

void
lab_phones_set_actions(const char *directory)
{
    g_free(actions_folder);
    actions_folder = g_strdup(directory);
}

/* ---- later ---- */

static void
timer_free(void *data)
{
    struct timer *timer = data;

    if (timer->source)
        g_source_remove(timer->source);
    g_free(timer);
}

static gboolean fire(gpointer user);

static struct timer *
start_timer(lab_phone_t *phone, guint ms)
{
    struct timer *timer = g_new0(struct timer, 1);

    timer->phone = phone;
    timer->source = g_timeout_add(ms, fire, timer);
    g_queue_push_tail(&phone->timers, timer);
    return timer;
}

void
lab_faults_clear(lab_phone_t *phone)
{
    static const lab_later_t none;

    g_queue_clear_full(&phone->timers, timer_free);
    if (phone->storm_source)
        g_source_remove(phone->storm_source);
    phone->storm_source = 0;
    phone->no_return = phone->no_leave = phone->comes_as = phone->late = none;
    phone->storm = phone->enum_fail = phone->wrong_mode = none;
}

/* ---- transfers ---- */

static bool
is_of(int endpoint, const lab_urb_t *urb)
{
    bool is_control = (endpoint & 0x0f) == 0 && (urb->endpoint & 0x0f) == 0;

    return endpoint == ALL_ENDPOINTS || is_control || urb->endpoint == endpoint;
}

static int
hang_endpoint(const lab_act_t *act, const lab_urb_t *urb)
{
    return (int)lab_act_int(act, 0, urb ? urb->endpoint : ALL_ENDPOINTS);
}

static lab_action_t
hang(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb, int endpoint)
{
    lab_transfers_hang(phone, act, endpoint);
    return urb && is_of(endpoint, urb) ? lab_transfers_take_over(phone, urb, LAB_DO_HANG)
                                       : LAB_DO_NOTHING;
}

/* The step's own transfer may be one of those that end. */
static lab_action_t
fail_pending(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb)
{
    int endpoint = (int)lab_act_int(act, 1, ALL_ENDPOINTS);
    bool is_one =
        urb && (endpoint == ALL_ENDPOINTS ? lab_urb_is_in(urb) : urb->endpoint == endpoint);
    lab_action_t taken =
        is_one ? lab_transfers_take_over(phone, urb, LAB_DO_ERROR_HERE) : LAB_DO_NOTHING;

    lab_transfers_fail(phone, act, (int)lab_act_int(act, 0, 0), endpoint);
    return taken;
}

static lab_action_t
fail_here(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb)
{
    int status = (int)lab_act_int(act, 0, 0);

    if (!urb) {
        lab_transfers_fail(phone, act, status, ALL_ENDPOINTS);
        return LAB_DO_NOTHING;
    }
    lab_transfers_hold(phone, urb);
    lab_transfers_end_held(phone, act, urb, status);
    return LAB_DO_ERROR_HERE;
}

/* ---- scripts ---- */

static void
script_ended(GPid pid, gint status, gpointer user)
{
    g_autofree char *name = user;
    g_autoptr(GError) error = NULL;

    g_spawn_close_pid(pid);
    if (g_spawn_check_wait_status(status, &error))
        return;
    g_printerr("vphone: run %s: %s\n", name, error->message);
    lab_phones_set_failed();
}

static void
run_script(lab_phone_t *phone, const lab_act_t *act)
{
    const char *name = lab_act_arg(act, 0, "");
    g_autofree char *path = g_build_filename(actions_folder ? actions_folder : ".", name, NULL);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *words = g_strjoinv(" ", (char **)(guintptr)act->args);
    g_autofree char *what = g_strconcat("run ", words, NULL);
    g_autoptr(GError) error = NULL;
    GPid pid;

    g_ptr_array_add(argv, (gpointer)(guintptr) "/bin/sh");
    g_ptr_array_add(argv, path);
    for (size_t i = 1; lab_act_arg(act, i, NULL); i++)
        g_ptr_array_add(argv, (gpointer)(guintptr)act->args[i]);
    g_ptr_array_add(argv, NULL);
    lab_phone_mark(phone, act, what, NULL, 0, 0);
    if (!g_spawn_async(NULL, (char **)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                       &pid, &error)) {
        lab_phone_log(phone, "run %s: %s", name, error->message);
        lab_phones_set_failed();
        return;
    }
    g_child_watch_add(pid, script_ended, g_strdup(name));
}

/* ---- one action, several ---- */

static void
set_flag(lab_phone_t *phone, const lab_act_t *act, const lab_urb_t *urb)
{
    gint64 number = lab_act_int(act, 0, 0);

    switch (act->action) {
    case LAB_DO_SLOW:
        phone->slow_us = number * 1000;
        lab_phone_mark(phone, act, "transfers end late from here on", NULL, 0, 0);
        break;
    case LAB_DO_RETURN:
        lab_do_return(phone, act);
        break;
    case LAB_DO_NO_RETURN:
        lab_later_set(&phone->no_return, act, 0, 1);
        break;
    case LAB_DO_NO_LEAVE:
        lab_do_no_leave(phone, act, urb);
        break;
    case LAB_DO_LATE:
        lab_later_set(&phone->late, act, number, 1);
        break;
    case LAB_DO_ENUM_FAIL:
        lab_later_set(&phone->enum_fail, act, number, lab_act_int(act, 1, ANY_NUMBER));
        break;
    default:
        break;
    }
}

/* What became of `urb`; NULL when the step has none, or when something else has taken it already.
 */
static lab_action_t
perform(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb, int endpoint)
{
    lab_phone_log(phone, "[%s] %s", act->name, lab_action_name(act->action));
    switch (act->action) {
    case LAB_DO_UNPLUG:
        return lab_do_unplug(phone, act, urb);
    case LAB_DO_REPLUG:
        return lab_do_replug(phone, act, urb);
    case LAB_DO_STORM:
        return lab_do_storm(phone, act, urb);
    case LAB_DO_URB_ERROR:
        return fail_pending(phone, act, urb);
    case LAB_DO_ERROR_HERE:
        return fail_here(phone, act, urb);
    case LAB_DO_HANG:
        return hang(phone, act, urb, endpoint);
    case LAB_DO_NEIGHBOURS:
        lab_phone_mark(phone, act, "every other device leaves", NULL, 0, 0);
        lab_phone_unplug_others(phone);
        break;
    case LAB_DO_NOTE:
        lab_phone_mark(phone, act, lab_act_arg(act, 0, ""), NULL, 0, 0);
        break;
    case LAB_DO_RUN:
        run_script(phone, act);
        break;
    default:
        set_flag(phone, act, urb);
    }
    return LAB_DO_NOTHING;
}

static gboolean
fire(gpointer user)
{
    struct timer *timer = user;
    lab_phone_t *phone = timer->phone;
    lab_urb_t *urb = timer->urb;

    timer->source = 0;
    g_queue_remove(&phone->timers, timer);
    if (!urb)
        (void)perform(phone, &timer->act, NULL, timer->endpoint);
    else if (lab_transfers_are_held(phone, urb) && urb->sequence == timer->sequence)
        lab_transfers_end_held(phone, &timer->act, urb, (int)lab_act_int(&timer->act, 0, 0));
    timer_free(timer);
    return G_SOURCE_REMOVE;
}

static lab_action_t
perform_after(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb, guint ms)
{
    struct timer *timer = start_timer(phone, ms);

    timer->act = *act;
    timer->endpoint = hang_endpoint(act, urb);
    if (act->action != LAB_DO_ERROR_HERE || !urb)
        return LAB_DO_NOTHING;
    timer->urb = urb;
    timer->sequence = urb->sequence;
    return lab_transfers_take_over(phone, urb, LAB_DO_ERROR_HERE);
}

/* One action `delay_ms` from now. What became of `urb`, as in perform(). */
static lab_action_t
perform_at(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb, guint delay_ms)
{
    if (delay_ms > 0)
        return perform_after(phone, act, urb, delay_ms);
    return perform(phone, act, urb, hang_endpoint(act, urb));
}

lab_action_t
lab_phone_step(lab_phone_t *phone, lab_step_t step, const char *detail, lab_urb_t *urb,
               lab_act_t *ret_act)
{
    const lab_act_t *acts = NULL;
    size_t n = lab_faults_at(phone->faults, step, detail, &acts);
    lab_action_t taken = LAB_DO_NOTHING, of_layer = LAB_DO_NOTHING;
    guint delay_ms = 0;

    for (const lab_act_t *act = acts; act < acts + n; act++) {
        bool is_last = act + 1 == acts + n || act[1].name != act->name; /* of its fault */

        if (act->action == LAB_DO_WAIT) {
            delay_ms += (guint)lab_act_int(act, 0, 0);
        } else if (act->action < LAB_DO_MUTE) {
            lab_action_t now =
                perform_at(phone, act, taken == LAB_DO_NOTHING ? urb : NULL, delay_ms);

            taken = now == LAB_DO_NOTHING ? taken : now;
        } else if (of_layer == LAB_DO_NOTHING) {
            of_layer = act->action;
            *ret_act = *act;
        }
        if (act->action >= LAB_DO_MUTE || (is_last && act->action == LAB_DO_WAIT))
            lab_transfers_pause(phone, delay_ms);
        if (is_last)
            delay_ms = 0;
    }
    return taken == LAB_DO_NOTHING ? of_layer : taken;
}
