/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Faults of a scenario. A [fault NAME] group says at which step what is done:
 *   at = STEP [DETAIL] [#N]  the step, what it is called there, its N-th time (1; "#*": each time)
 *   do = ACTION [ARG]...     several with ";" between them, in order; "wait MS" lets time pass
 * Layers of the phone pass their steps through lab_fault_at(); what every layer can do (unplug,
 * errors on transfers, ...) is done by the phone, the rest is the layer's own business. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "samples/lab/scenario/scenario.h"

/* clang-format off */
/* Steps: X(id, name in a scenario, what DETAIL is and when it happens) */
#define LAB_STEPS(X)                                                                               \
    X(ATTACH, "attach", "mode: the phone is about to come onto the bus in it")                     \
    X(ENUMERATE, "enumerate", "mode: a device descriptor is asked for")                            \
    X(DFU_BLOCK, "dfu.block", "image number.block number: a DNLOAD with data")                     \
    X(DFU_STATUS, "dfu.status", "block number: a GETSTATUS after it")                              \
    X(DFU_MANIFEST, "dfu.manifest", "the empty DNLOAD that ends an image")                         \
    X(DFU_BOOT, "dfu.boot", "image number: the bus reset after which the image starts")            \
    X(IBOOT_COMMAND, "iboot.command", "command word: a command, before it is obeyed")              \
    X(IBOOT_REPLY, "iboot.reply", "last command word: the host reads its answer")                  \
    X(IBOOT_UPLOAD, "iboot.upload", "upload number.piece number: a piece of an upload arrived")    \
    X(IBOOT_DONE, "iboot.done", "four-character type of the image: it is there, a command follows") \
    X(MUX_VERSION, "mux.version", "the version question of the host")                              \
    X(MUX_SYN, "mux.syn", "port: a connection is asked for")                                       \
    X(LOCKDOWN, "lockdown", "request: about to be answered")                                       \
    X(LOCKDOWN_TLS, "lockdown.tls", "the ClientHello of a session")                                \
    X(RESTORED, "restored", "request: about to be answered")                                       \
    X(SCRIPT, "script", "label or line text of the restored script: about to be sent")             \
    X(DATA, "data", "data type: the host's answer to a DataRequestMsg arrived whole")              \
    X(ASR_CONNECT, "asr.connect", "the host connected")                                            \
    X(ASR_OOB, "asr.oob", "number of the OOB request: about to be sent")                           \
    X(ASR_CHUNK, "asr.chunk", "number of the payload chunk: it arrived whole")                     \
    X(FDR_CTRL, "fdr.ctrl", "BeginCtrl: about to be answered")                                     \
    X(FDR_CONN, "fdr.conn", "host:port: a tunnelled connection is about to be asked for")          \
    X(FDR_DATA, "fdr.data", "host:port: bytes of the tunnel arrived")

typedef enum {
#define X(id, name, what) LAB_STEP_##id,
    LAB_STEPS(X)
#undef X
        LAB_N_STEPS
} lab_step_t;

/* Actions: X(id, name, arguments and effect). Up to MUTE they are the phone's, done for every
 * step; from MUTE on they are done by the layer whose step it is. */
#define LAB_ACTIONS(X)                                                                             \
    X(UNPLUG, "unplug", "leave the bus for good")                                                  \
    X(REPLUG, "replug", "[MS] [MODE]: leave the bus, be back after MS (500) in MODE (the same)")    \
    X(URB_ERROR, "urb-error", "ERRNO [ENDPOINT]: the pending transfers of the endpoint (all IN) end with it") \
    X(ERROR_HERE, "error", "ERRNO: the transfer of this step ends with it (-32: a stall)")         \
    X(HANG, "hang", "[ENDPOINT]: from now on no transfer of it (this one's) ends")                 \
    X(SLOW, "slow", "MS: each further transfer ends that much later")                              \
    X(RETURN, "return", "MODE: the next time it leaves the bus it comes back in MODE")              \
    X(NO_RETURN, "no-return", "the next time it leaves the bus it stays away")                     \
    X(NO_LEAVE, "no-leave", "what should make it leave the bus does not")                          \
    X(LATE, "late", "MS: the next return takes that long")                                         \
    X(STORM, "storm", "N MS: N times off the bus and on it again, MS apart, then stay")             \
    X(ENUM_FAIL, "enum-fail", "ERRNO [N]: the next N (all) descriptor requests end with it")       \
    X(NEIGHBOURS, "neighbours-vanish", "every other device on the hub leaves with it")             \
    X(WAIT, "wait", "MS: what follows happens that much later")                                    \
    X(NOTE, "note", "TEXT: only a mark")                                                           \
    X(RUN, "run", "SCRIPT [ARG]...: a script of guest/actions, on the host's side of the cable")    \
    X(MUTE, "mute", "no service says or acknowledges anything any more")                           \
    X(SILENT, "silent", "this connection's service says nothing any more; the transport lives")    \
    X(WINDOW0, "window0", "this connection takes no more data: window 0, nothing acknowledged")    \
    X(RESET, "reset", "[TEXT]: RST on this connection")                                            \
    X(REFUSE, "refuse", "RST in answer to the SYN")                                                \
    X(LOCKDOWN_ERROR, "answer-error", "NAME: lockdownd answers with that Error")                   \
    X(ANSWER, "answer", "KEY VALUE: that key of the answer has that value")                        \
    X(DROP_ANSWER, "no-answer", "this request is never answered")                                  \
    X(TLS_ALERT, "tls-alert", "NUMBER: a fatal alert instead of the handshake")                    \
    X(DFU_STATE, "dfu-state", "STATE STATUS: what GETSTATUS says from here on")                    \
    X(SAY, "say", "LINE; LINE...: lines of the restored script, in place of the rest of it; the last action")
/* clang-format on */

typedef enum {
#define X(id, name, what) LAB_DO_##id,
    LAB_ACTIONS(X)
#undef X
        LAB_N_ACTIONS,
    LAB_DO_NOTHING
} lab_action_t;

/* One action as it is to be done. */
typedef struct {
    lab_action_t action;
    const char *name;        /* of the fault: the group's */
    const char *const *args; /* NULL-terminated; owned by the faults */
    const char *filter;      /* the culprit's filter when the scenario says one; NULL: usual one */
} lab_act_t;

typedef struct lab_faults lab_faults_t;

/* The scenario's faults; every step, action and argument has been looked at then. */
lab_faults_t *lab_faults_new(const lab_scenario_t *scenario, GError **error);
/* Only those of one phone: with `device = NAME` of its group ("": [device] itself) or without. */
lab_faults_t *lab_faults_new_for(const lab_scenario_t *scenario, const char *device,
                                 GError **error);
void lab_faults_free(lab_faults_t *f);

/* What to do at a step: the number of actions and, in `acts`, the actions of every fault that
 * strikes now, in order. Counts the step. `detail` may be NULL. `*acts` lasts as long as `f`. */
size_t lab_faults_at(lab_faults_t *f, lab_step_t step, const char *detail, const lab_act_t **acts);

/* An argument as a number, `fallback` when there are fewer. */
gint64 lab_act_int(const lab_act_t *act, size_t index, gint64 fallback);
const char *lab_act_arg(const lab_act_t *act, size_t index, const char *fallback);
/* True when any fault of the scenario uses `action`. */
bool lab_faults_use(const lab_faults_t *f, lab_action_t action);

/* Names as scenarios have them, and what the tables above say about them. */
const char *lab_step_name(lab_step_t step);
const char *lab_step_help(lab_step_t step);
const char *lab_action_name(lab_action_t action);
const char *lab_action_help(lab_action_t action);
