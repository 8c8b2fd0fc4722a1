/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The phone: who it is, which mode it is in, when it leaves the bus and comes back, and what a
 * fault does to it. Modes (modes.h) serve what the host asks of it. One process, one main loop. */
#pragma once

#include <glib.h>

#include "samples/lab/scenario/fault.h"
#include "samples/lab/scenario/marks.h"
#include "samples/lab/vphone/usb.h"

/* X(id, name, USB product id) */
#define LAB_MODES(X)                                                                               \
    X(DFU, "dfu", 0x1227)                                                                          \
    X(WTF, "wtf", 0x1222)                                                                          \
    X(PORT_DFU, "port-dfu", 0xf014)                                                                \
    X(RECOVERY, "recovery", 0x1281)                                                                \
    X(NORMAL, "normal", 0x12a8)                                                                    \
    X(RESTORE, "restore", 0x12a8)

typedef enum {
#define X(id, name, pid) LAB_MODE_##id,
    LAB_MODES(X)
#undef X
        LAB_N_MODES
} lab_mode_t;

/* A kind of phone. Facts of it as protocols.md and the public device tables have them. */
typedef struct {
    const char *name;     /* as scenarios call it: "d221" */
    const char *product;  /* "iPhone10,6" */
    const char *hardware; /* "D221AP", "d221ap" in the manifest */
    unsigned chip_id, board_id;
    const char *platform; /* "t8015" */
    const char *srtg;     /* SRTG text of its boot ROM */
    uint16_t product_id;  /* of normal and restore mode */
} lab_model_t;

/* NULL when there is no such model; lab_models() is every one, up to a NULL name. */
const lab_model_t *lab_model_find(const char *name);
const lab_model_t *lab_models(void);

typedef struct lab_phone lab_phone_t;
typedef struct lab_mode_ops lab_mode_ops_t;

/* Who this phone is, from the scenario (defaults differ between phone 0, 1, ...). */
typedef struct {
    const lab_model_t *model;
    uint64_t ecid;
    const char *serial;                  /* 12 characters */
    const char *udid;                    /* 40 hexadecimal digits, or 8-16 */
    const char *version, *build;         /* of the installed system */
    uint8_t ap_nonce[32], sep_nonce[20]; /* of this boot: iBSS and iBEC keep them, for their ticket
                                            names them; every other start of iBoot changes them */
    unsigned n_boots;
    unsigned stage; /* of the boot chain: 0 boot ROM or own iBoot, 1 iBSS, 2 iBEC. A mode sets it
                       before lab_phone_enter(); a start that is no mode's doing makes it 0 */
    unsigned n_images, n_uploads; /* DFU images and uploads to iBoot since the phone was made */
    bool stays_in_recovery;       /* auto-boot is false in its NVRAM */
} lab_identity_t;

/* Phone number `index` (group "device" for 0, "device NAME" for the others), not yet on the bus. */
lab_phone_t *lab_phone_new(const lab_scenario_t *scenario, unsigned index, lab_faults_t *faults,
                           lab_marks_t *marks, GError **error);
void lab_phone_free(lab_phone_t *phone);
/* How many phones a scenario has, and the name of number `index`'s group. */
unsigned lab_phones_of(const lab_scenario_t *scenario);
const char *lab_phone_group(const lab_scenario_t *scenario, unsigned index);
/* Who serves which mode, for every phone; before the first of them is plugged in. */
void lab_phones_serve(const lab_mode_ops_t *const by_mode[LAB_N_MODES]);
/* Where `run` finds its scripts. */
void lab_phones_set_actions(const char *directory);
/* True when a script failed or a phone could not be plugged in: the scenario was not played. */
bool lab_phones_failed(void);
/* For the first time onto the bus, at vhci's port number `port`, in the mode it starts in. */
void lab_phone_plug(lab_phone_t *phone, unsigned port);

lab_identity_t *lab_phone_identity(lab_phone_t *phone);
const lab_scenario_t *lab_phone_scenario(const lab_phone_t *phone);
/* A key of this phone's [device] group. */
const char *lab_phone_config(const lab_phone_t *phone, const char *key, const char *fallback);
lab_mode_t lab_phone_mode(const lab_phone_t *phone);

/* Leaves the bus (if on it) and comes back in `mode` after `after_ms`, as faults allow. The mode
 * that calls this is stopped and freed as soon as the main loop runs: it starts nothing new
 * afterwards. */
void lab_phone_enter(lab_phone_t *phone, lab_mode_t mode, unsigned after_ms);
/* The same some time later, with the mode still alive until then: lets the present transfer end. */
void lab_phone_enter_soon(lab_phone_t *phone, unsigned leave_ms, lab_mode_t mode,
                          unsigned after_ms);
/* Leaves the bus for good. */
void lab_phone_unplug(lab_phone_t *phone);

/* Passes a step. `urb` is the transfer it belongs to or NULL. Actions that are the phone's are done
 * (or under way). The result tells the layer what remains: LAB_DO_NOTHING: go on; LAB_DO_ERROR_HERE
 * or LAB_DO_HANG: the phone took `urb` over (also for an unplug: it ends with the device), go on
 * without completing it; one of the layer's own: do that, `*act` has its arguments. A layer that
 * does its own writes the mark (lab_phone_mark). Without `urb` the first two never come back. A
 * "wait" before an action of the phone delays that; before one of the layer's, or at the end, it
 * holds back every transfer for so long, so that the host sees everything that much later. */
lab_action_t lab_phone_step(lab_phone_t *phone, lab_step_t step, const char *detail, lab_urb_t *urb,
                            lab_act_t *act);

/* Ends a transfer as faults allow (slow, hang); modes call this in place of lab_urb_complete. */
void lab_phone_complete(lab_phone_t *phone, lab_urb_t *urb, int status, const void *data,
                        size_t length);

/* Writes a mark. In `filter`, "@device" stands for the phone's address on the bus as a filter
 * (usb.bus_id == 1 && usb.device_address == 5); "@hub" for the hub's status-change interrupt that
 * has data. A filter that the scenario gave for the fault goes before this one. */
void lab_phone_mark(lab_phone_t *phone, const lab_act_t *act, const char *what, const char *filter,
                    double before_s, double within_s);
lab_marks_t *lab_phone_marks(lab_phone_t *phone);

/* "recovery" -> LAB_MODE_RECOVERY; false when it is none. */
bool lab_mode_from_name(const char *name, lab_mode_t *mode);
const char *lab_mode_name(lab_mode_t mode);
