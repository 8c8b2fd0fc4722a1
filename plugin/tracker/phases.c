/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The phase of a restore, moved on by the facts of each frame. The table is the whole knowledge:
 * fact, value, phase. Source of the order and of the operation numbers: idevicerestore 405fcd1,
 * src/restore.c. */

#include "plugin/tracker/internal.h"

#include <string.h>

#define PHASE_NAME(name, text) text,

const char *
rs_phase_name(enum rs_phase phase)
{
    static const char *const names[] = { "", RS_PHASES(PHASE_NAME) };

    return names[phase];
}

/* A text ending in '*' matches by its beginning; a NULL text matches `number`. */
static const struct {
    enum rs_fact_id fact;
    const char *text;
    gint64 number;
    enum rs_phase phase;
} table[] = {
    { RS_FACT_LOCKDOWN_REQUEST, "EnterRecovery", 0, RS_PHASE_RECOVERY },
    { RS_FACT_DFU_REQUEST, NULL, 1, RS_PHASE_DFU },
    { RS_FACT_IBOOT_COMPONENT, "iBEC", 0, RS_PHASE_IBEC },
    { RS_FACT_IBOOT_COMPONENT, "iBSS", 0, RS_PHASE_IBEC },
    { RS_FACT_IBOOT_COMMAND, "go", 0, RS_PHASE_IBEC },
    { RS_FACT_IBOOT_COMMAND, "setenv auto-boot*", 0, RS_PHASE_RAMDISK },
    { RS_FACT_IBOOT_COMMAND, "setpicture*", 0, RS_PHASE_RAMDISK },
    { RS_FACT_IBOOT_COMMAND, "firmware", 0, RS_PHASE_RAMDISK },
    { RS_FACT_IBOOT_COMMAND, "ramdisk", 0, RS_PHASE_RAMDISK },
    { RS_FACT_IBOOT_COMMAND, "devicetree", 0, RS_PHASE_RAMDISK },
    { RS_FACT_IBOOT_COMMAND, "bootx", 0, RS_PHASE_RAMDISK },
    { RS_FACT_RESTORED_REQUEST, "StartRestore", 0, RS_PHASE_RESTORED_START },
    { RS_FACT_RESTORED_TYPE, "com.apple.mobile.restored", 0, RS_PHASE_RESTORED_START },
    { RS_FACT_RESTORED_DATA_TYPE, "SystemImageData", 0, RS_PHASE_ASR },
    { RS_FACT_RESTORED_DATA_TYPE, "RecoveryOSASRImage", 0, RS_PHASE_ASR },
    { RS_FACT_RESTORED_DATA_TYPE, "NORData", 0, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_DATA_TYPE, "FUDData", 0, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_DATA_TYPE, "EANData", 0, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_DATA_TYPE, "FirmwareUpdaterData*", 0, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_DATA_TYPE, "BasebandData", 0, RS_PHASE_BASEBAND },
    { RS_FACT_RESTORED_DATA_TYPE, "SystemImageCanonicalMetadata", 0, RS_PHASE_SEAL },
    { RS_FACT_RESTORED_CHECKPOINT, "restore_images", 0, RS_PHASE_ASR },
    { RS_FACT_RESTORED_CHECKPOINT, "asr_and_invert_image", 0, RS_PHASE_ASR },
    { RS_FACT_RESTORED_CHECKPOINT, "update_device_firmware", 0, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_CHECKPOINT, "update_iBoot", 0, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_CHECKPOINT, "update_baseband*", 0, RS_PHASE_BASEBAND },
    { RS_FACT_RESTORED_CHECKPOINT, "fdr_recover", 0, RS_PHASE_FDR },
    { RS_FACT_RESTORED_CHECKPOINT, "fdr_auto_challenge_claim", 0, RS_PHASE_FDR },
    { RS_FACT_RESTORED_CHECKPOINT, "verify_fdr_data", 0, RS_PHASE_FDR },
    { RS_FACT_RESTORED_CHECKPOINT, "seal_system_volume", 0, RS_PHASE_SEAL },
    { RS_FACT_RESTORED_OPERATION, NULL, 13, RS_PHASE_ASR },
    { RS_FACT_RESTORED_OPERATION, NULL, 14, RS_PHASE_VERIFY },
    { RS_FACT_RESTORED_OPERATION, NULL, 18, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_OPERATION, NULL, 35, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_OPERATION, NULL, 36, RS_PHASE_FIRMWARE },
    { RS_FACT_RESTORED_OPERATION, NULL, 19, RS_PHASE_BASEBAND },
    { RS_FACT_RESTORED_OPERATION, NULL, 48, RS_PHASE_BASEBAND },
    { RS_FACT_RESTORED_OPERATION, NULL, 49, RS_PHASE_BASEBAND },
    { RS_FACT_RESTORED_OPERATION, NULL, 77, RS_PHASE_SEAL },
    { RS_FACT_RESTORED_OPERATION, NULL, 25, RS_PHASE_FINISH },
    { RS_FACT_RESTORED_OPERATION, NULL, 29, RS_PHASE_FINISH },
    { RS_FACT_RESTORED_MSG_TYPE, "ReceivedFinalStatusMsg", 0, RS_PHASE_REBOOT },
    { RS_FACT_ASR_COMMAND, "*", 0, RS_PHASE_ASR },
};

static gboolean
text_matches(const char *text, const char *pattern)
{
    size_t length = strlen(pattern);

    if (!text)
        return FALSE;
    if (length > 0 && pattern[length - 1] == '*')
        return strncmp(text, pattern, length - 1) == 0;
    return strcmp(text, pattern) == 0;
}

static enum rs_phase
phase_of_fact(const struct rs_fact *fact)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        if (fact->id != table[i].fact)
            continue;
        if (table[i].text ? text_matches(fact->text, table[i].text)
                          : fact->number == table[i].number)
            return table[i].phase;
    }
    return RS_PHASE_NONE;
}

gboolean
is_signing_start(const struct rs_observation *observation, const struct rs_host *host)
{
    const struct rs_fact *response = observation_fact(observation, RS_FACT_DNS_IS_RESPONSE);

    if (!host || strcmp(host->role, "signing") != 0)
        return FALSE;
    if (observation_fact(observation, RS_FACT_TSS_TICKET_KIND) ||
        observation_fact(observation, RS_FACT_HTTP_METHOD))
        return TRUE;
    if (response)
        return !response->number;
    return observation->net->stream >= 0 && (observation->net->tcp_flags & 0x12) == 0x02;
}

/* Tickets are also asked for in the middle of a restore; only before it is that a phase of its own.
 */
static gboolean
signing_is_a_phase(const struct tracked_session *session)
{
    const struct rs_device *device = session->public.device;

    return session->phase < RS_PHASE_RAMDISK ||
           (device && (strcmp(device->mode, "recovery") == 0 || strcmp(device->mode, "dfu") == 0));
}

static enum rs_phase
phase_after_attach(const struct tracked_session *session, const struct rs_note *note)
{
    if (session->public.completed)
        return RS_PHASE_REBOOT;
    if (strcmp(note->reason, "bootx") == 0 && strcmp(note->mode, "restore") == 0)
        return RS_PHASE_RESTORED_START;
    if (strcmp(note->reason, "go") == 0 || strcmp(note->reason, "dfu-finish") == 0)
        return session->phase;
    if (strcmp(note->reason, "EnterRecovery") == 0)
        return RS_PHASE_RECOVERY;
    return session->phase == RS_PHASE_NONE ? RS_PHASE_ATTACH : session->phase;
}

/* Questions to a device that nothing else happened to yet. */
static gboolean
is_inspection(const struct tracked_session *session, const struct rs_observation *observation)
{
    return session->phase <= RS_PHASE_ATTACH &&
           (observation_fact(observation, RS_FACT_LOCKDOWN_REQUEST) ||
            observation_fact(observation, RS_FACT_IBOOT_COMMAND));
}

/* The image is checked inside the step that restores it: that this step has failed does not lead
 * back to before the check. */
static gboolean
is_in_verify(const struct tracked_session *session, enum rs_phase phase)
{
    return session->phase == RS_PHASE_VERIFY && phase == RS_PHASE_ASR;
}

/* The number a restore ends with names the step that failed. Source: the AMRestoreErrorDomain table
 * of plugin/knowledge/errors.json. */
static const struct {
    gint64 from, to;
    enum rs_phase phase;
} failed_in[] = {
    { 14, 14, RS_PHASE_ASR },          { 1100, 1199, RS_PHASE_ASR }, { 23, 23, RS_PHASE_BASEBAND },
    { 1000, 1099, RS_PHASE_BASEBAND }, { 52, 53, RS_PHASE_FDR },     { 37, 38, RS_PHASE_FIRMWARE },
    { 55, 57, RS_PHASE_FIRMWARE },
};

static void
observe_status(struct tracked_session *session, const struct rs_fact *fact)
{
    if (fact->id != RS_FACT_RESTORED_STATUS)
        return;
    if (fact->number == 0) {
        session->phase = RS_PHASE_FINISH;
        session->public.completed = TRUE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(failed_in); i++)
        if (fact->number >= failed_in[i].from && fact->number <= failed_in[i].to &&
            !is_in_verify(session, failed_in[i].phase))
            session->phase = failed_in[i].phase;
}

/* A step that ended well is over: what it reports belongs to no phase that begins. */
static gboolean
is_step_done(const struct rs_observation *observation, const struct rs_fact *fact)
{
    const struct rs_fact *complete =
        observation_fact(observation, RS_FACT_RESTORED_CHECKPOINT_COMPLETE);
    const struct rs_fact *result =
        observation_fact(observation, RS_FACT_RESTORED_CHECKPOINT_RESULT);

    return fact->id == RS_FACT_RESTORED_CHECKPOINT && complete && complete->number && result &&
           result->number == 0;
}

static gboolean
leads_to(const struct tracked_session *session, const struct rs_observation *observation,
         const struct rs_fact *fact, enum rs_phase phase)
{
    const struct rs_fact *complete =
        observation_fact(observation, RS_FACT_RESTORED_CHECKPOINT_COMPLETE);

    if (phase == RS_PHASE_NONE || is_step_done(observation, fact))
        return FALSE;
    if (fact->id == RS_FACT_RESTORED_CHECKPOINT && complete && complete->number &&
        is_in_verify(session, phase))
        return FALSE;
    /* Filesystems are also unmounted on the way, before anything is on them. */
    return fact->id != RS_FACT_RESTORED_OPERATION || phase != RS_PHASE_FINISH ||
           session->phase >= RS_PHASE_FIRMWARE;
}

void
phases_observe(struct tracked_session *session, const struct tracked_device *device,
               const struct rs_host *host, const struct rs_observation *observation,
               const struct rs_note *note)
{
    if (device && note->device_event == RS_DEVICE_ATTACHED)
        session->phase = phase_after_attach(session, note);
    if (is_inspection(session, observation))
        session->phase = RS_PHASE_INSPECT;
    if (is_signing_start(observation, host) && signing_is_a_phase(session))
        session->phase = RS_PHASE_SIGNING;
    for (guint i = 0; device && i < observation->n_facts; i++) {
        const struct rs_fact *fact = &observation->facts[i];
        enum rs_phase phase = phase_of_fact(fact);

        if (leads_to(session, observation, fact, phase))
            session->phase = phase;
        observe_status(session, fact);
        if (fact->id == RS_FACT_IBOOT_COMMAND && text_matches(fact->text, "bootx"))
            session->kernel_started = TRUE;
    }
    if (session->phase >= RS_PHASE_SIGNING && session->phase != RS_PHASE_RECOVERY)
        session->public.attempted = TRUE;
}
