/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restored, the service that runs a restore in the ramdisk: what it answers (restored.c) and what
 * it says by itself (restored-run.c). Requests and messages as libimobiledevice's src/restore.c and
 * idevicerestore 1.0.0's src/restore.c know them. */
#pragma once

#include <plist/plist.h>

#include "samples/lab/vphone/mux/mux.h"
#include "samples/lab/vphone/services/fdr.h"
#include "samples/lab/vphone/services/script.h"

enum { LAB_RESTORED_PORT = 62078 };

typedef struct lab_run lab_run_t;

/* What restore mode's services share as long as the mode lasts. */
typedef struct {
    lab_mux_t *mux;
    lab_phone_t *phone;
    lab_script_t *script;
    lab_fdr_t *fdr;  /* NULL: nothing listens there ("no-fdr") */
    lab_run_t *run;  /* NULL: nobody has started a restore */
    unsigned waiter; /* for StartRestore */
} lab_restored_t;

extern const lab_service_t lab_restored_service; /* its `user` is a lab_restored_t */

/* ---- restored-run.c ---- */
/* Begins to say the script on `stream`. */
lab_run_t *lab_run_new(lab_restored_t *restored, lab_stream_t *stream);
void lab_run_free(lab_run_t *run);
/* The stream a restore runs on. */
bool lab_run_is_on(const lab_run_t *run, const lab_stream_t *stream);
/* The host said something that is no request. */
void lab_run_take(lab_run_t *run, plist_t message);
/* Lines that a fault has said in place of what was left of the script. */
void lab_run_say(lab_run_t *run, const lab_act_t *act);
/* The stream has ended. */
void lab_run_lost(lab_run_t *run);

/* Sets the key that a fault's "answer" names. */
void lab_restored_alter(plist_t message, const lab_act_t *act);
/* Leaves the bus and starts in `mode`. */
void lab_restored_reboot(lab_restored_t *restored, lab_mode_t mode);
