/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inside of a phone, for the files of this folder only. */
#pragma once

#include "samples/lab/vphone/bus/port.h"
#include "samples/lab/vphone/modes/modes.h"
#include "samples/lab/vphone/phone.h"

enum { LAB_HEAD_MAX = 48, LAB_INTERFACES = 8 };

/* How a transfer began: enough to find its frame again. */
typedef struct {
    bool known;
    uint8_t endpoint, setup[8], data[LAB_HEAD_MAX];
    size_t n;       /* of `data` */
    gint64 real_us; /* g_get_real_time() when it was seen here */
} lab_head_t;

/* A flag that a fault set for later, with the fault that did. */
typedef struct {
    bool set;
    gint64 value; /* ms, a mode, an errno, ... */
    gint64 left;  /* how many times more; -1: always */
    bool told;    /* its mark is written */
    lab_act_t act;
} lab_later_t;

static inline void
lab_later_set(lab_later_t *later, const lab_act_t *act, gint64 value, gint64 left)
{
    *later = (lab_later_t){ .set = true, .value = value, .left = left, .act = *act };
}

struct lab_phone {
    const lab_scenario_t *scenario;
    lab_faults_t *faults;
    lab_marks_t *marks;
    unsigned index;
    const char *group;
    lab_identity_t id;
    char *serial, *udid;

    /* on the bus */
    unsigned port_number;
    lab_port_t *port; /* NULL when away */
    bool is_cut;      /* off the bus, but the mode does not know yet */
    lab_mode_t mode;
    const lab_mode_ops_t *ops; /* NULL when away */
    void *self;
    bool is_enumerated; /* the host has set a configuration since the last reset */
    uint8_t configuration, alternate[LAB_INTERFACES];
    unsigned bus, address; /* 0: not known */

    /* coming and going */
    bool is_gone; /* for good */
    bool boots;   /* it is started anew when it comes back */
    bool attach_was_told;
    lab_mode_t next_mode, soon_mode;
    unsigned soon_after_ms;
    gint64 left_us; /* g_get_real_time() when it left the bus; 0: never */
    guint finish_source, return_source, leave_source;

    /* transfers (transfers.c) */
    GQueue delayed; /* of struct delayed: ends that are due later */
    guint delay_source;
    gint64 slow_us, paused_until_us;
    GQueue held;      /* of lab_urb_t: taken over by a fault, never to end */
    guint32 hung;     /* endpoints, bit number & 15 | IN << 4 */
    lab_later_t hang; /* what hung them, until its mark is written */
    lab_head_t hung_first, last_command, last_request, last_segment;
    lab_later_t armed; /* the next transfer of endpoint `left` (-1: any IN) ends with `value` */

    /* faults (faults.c) */
    lab_later_t no_return, no_leave, comes_as, late, storm, enum_fail, wrong_mode;
    lab_head_t stays_since; /* the request that no_leave lets it ignore */
    guint storm_source;
    GQueue timers; /* of struct timer: actions after a "wait" */
};

/* identity.c */
bool lab_identity_init(lab_phone_t *phone, GError **error);
void lab_identity_clear(lab_phone_t *phone);
void lab_identity_boot(lab_phone_t *phone); /* new nonces */

/* requests.c */
void lab_standard_request(lab_phone_t *phone, lab_urb_t *urb);

/* transfers.c */
extern const lab_port_ops_t lab_phone_port_ops;
/* The phone left: nothing of what was under way is of use; every transfer is forgotten. */
void lab_transfers_clear(lab_phone_t *phone);
void lab_transfers_hold(lab_phone_t *phone, lab_urb_t *urb);
bool lab_transfers_are_held(const lab_phone_t *phone, lab_urb_t *urb);
/* The same for a step's own, which may be NULL: what becomes of it is `as`, or nothing. */
lab_action_t lab_transfers_take_over(lab_phone_t *phone, lab_urb_t *urb, lab_action_t as);
/* Ends one that is held, if it still is, with the mark of `act`. */
void lab_transfers_end_held(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb, int status);
void lab_transfers_hang(lab_phone_t *phone, const lab_act_t *act, int endpoint /* -1: all */);
void lab_transfers_fail(lab_phone_t *phone, const lab_act_t *act, int status, int endpoint);
void lab_transfers_pause(lab_phone_t *phone, unsigned ms);

/* phone.c */
bool lab_phone_is_on_bus(const lab_phone_t *phone);
void lab_phone_leave(lab_phone_t *phone); /* off the bus now, the mode ends a moment later */
/* Comes back in `mode`; `boots`: started anew. */
void lab_phone_return_after(lab_phone_t *phone, lab_mode_t mode, bool boots, unsigned after_ms);
/* Every other phone of the process leaves for good. */
void lab_phone_unplug_others(const lab_phone_t *phone);
void lab_phone_learn_address(lab_phone_t *phone);
/* Something of the lab's own went wrong: what is recorded is not what the scenario says. */
void lab_phones_set_failed(void);
void lab_phone_log(const lab_phone_t *phone, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* faults.c */
void lab_faults_clear(lab_phone_t *phone);

/* goings.c */
/* Actions; the result is what became of `urb`, which may be NULL. */
lab_action_t lab_do_unplug(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb);
lab_action_t lab_do_replug(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb);
lab_action_t lab_do_storm(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb);
void lab_do_no_leave(lab_phone_t *phone, const lab_act_t *act, const lab_urb_t *urb);
void lab_do_return(lab_phone_t *phone, const lab_act_t *act);
void lab_faults_run_storm(lab_phone_t *phone); /* it is back: the next round, if there is one */
/* Nothing of `late` is left to wait for; else the return timer runs again. */
bool lab_faults_is_late(lab_phone_t *phone);
/* The way back is free; false: it stays away. May change phone->next_mode. */
bool lab_faults_allow_return(lab_phone_t *phone);
bool lab_faults_allow_leave(lab_phone_t *phone);

/* filters.c */
void lab_head_of(lab_head_t *head, uint8_t endpoint, const uint8_t setup[8], const uint8_t *data,
                 size_t n);
/* The frame of that transfer, submitted ("S", 83) or ended ("C", 67), to be freed. */
char *lab_head_filter(const lab_head_t *head, unsigned urb_type);
/* Seconds since it was seen, and a little more. */
double lab_head_age(const lab_head_t *head);
/* The phone leaves now: its transfers that fail, or the hub's word. */
void lab_mark_leave(lab_phone_t *phone, const lab_act_t *act, const char *what);
/* The phone left a while ago. */
void lab_mark_left(lab_phone_t *phone, const lab_act_t *act, const char *what);
