/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What restored says by itself once a restore was started: plays the script line by line, waits for
 * the host where it must, and fails as a phone fails when a step cannot be done. */
#include "samples/lab/vphone/services/restored.h"

#include <string.h>

#include "samples/lab/vphone/services/asr.h"
#include "samples/lab/vphone/services/data.h"

enum {
    GAP_MS = 20,      /* between two messages */
    FINAL_MS = 20000, /* the last status is acknowledged within that */
    REBOOT_MS = 1500, /* after it was */
    FAILED_MS = 3000, /* from a status of failure to the reboot */
    LOST_MS = 10000,  /* from the host's going away to it */
};

typedef enum {
    RUN_PLAYS,
    RUN_WANTS_DATA,
    RUN_IN_ASR,
    RUN_IN_FDR,
    RUN_WANTS_FINAL, /* ReceivedFinalStatusMsg */
    RUN_STOPPED,     /* nothing more is said */
    RUN_REBOOTS,
} run_state_t;

struct lab_run {
    lab_restored_t *restored;
    lab_stream_t *stream; /* NULL: it has ended */
    lab_script_t *said;   /* lines in place of the script's; NULL: the script's are played */
    guint at;             /* the line that is played */
    bool begun;           /* it is a progress, and its first message is out */
    gint64 progress;
    run_state_t state;
    unsigned timer; /* for the state */
    lab_asr_t *asr;
    lab_act_t act; /* whose doing the failure in the lines is */
    const char *close_args[2];
    bool marks; /* the message that fails is still to be marked */
    bool has_status, failed, confirmed;
    lab_mode_t last_mode;
};

static const char *const no_args[] = { NULL };
static const lab_act_t own_act = { LAB_DO_NOTE, "script", no_args, NULL };

static void play_soon(lab_run_t *run, unsigned ms);

static const lab_script_t *
script_of(const lab_run_t *run)
{
    return run->said ? run->said : run->restored->script;
}

static const lab_line_t *
line_of(const lab_run_t *run)
{
    const GPtrArray *lines = script_of(run)->lines;

    return run->at < lines->len ? g_ptr_array_index(lines, run->at) : NULL;
}

static void
drop_timer(lab_run_t *run)
{
    if (run->timer)
        g_source_remove(run->timer);
    run->timer = 0;
}

/* For vphone's own log: a mark says what a fault did, and this is what came of it. */
static void
note(const char *what)
{
    g_printerr("restored: %s\n", what);
}

/* Drops what the present line waits for. */
static void
drop_work(lab_run_t *run)
{
    drop_timer(run);
    lab_asr_free(g_steal_pointer(&run->asr));
    lab_fdr_cancel(run->restored->fdr);
}

static void
stop(lab_run_t *run)
{
    drop_work(run);
    run->state = RUN_STOPPED;
}

static void
next_line(lab_run_t *run, unsigned ms)
{
    drop_timer(run);
    run->at++;
    run->begun = false;
    play_soon(run, ms);
}

/* ---- other lines ---- */

static void
play_instead(lab_run_t *run, const char *text, const lab_act_t *act)
{
    g_autoptr(GError) error = NULL;
    lab_script_t *said = lab_script_parse(text, LAB_SAY_SEPARATOR, act->name, &error);

    if (!said)
        g_error("%s", error->message); /* such a scenario makes no recording worth having */
    drop_work(run);
    lab_script_free(run->said);
    run->said = said;
    run->at = 0;
    run->begun = false;
    run->act = *act;
    play_soon(run, GAP_MS);
}

void
lab_run_say(lab_run_t *run, const lab_act_t *act)
{
    lab_mark(lab_phone_marks(run->restored->phone), act->name,
             "restored says other lines from here on", NULL, 0, 0);
    run->marks = true;
    play_instead(run, lab_act_arg(act, 0, ""), act);
}

/* A step of the phone's own failed because of what the host did or did not do: the frame that shows
 * the reason was marked by who made it so, or is not here. */
static void
fail_step(lab_run_t *run, const char *step, int result, const char *says)
{
    g_autofree char *lines = g_strdup_printf(
        "checkpoint %s %d error \"[0]D(%s)\"; checkpoint 0x67B perform_restore_installing %d;"
        "checkpoint 0x67C cleanup_boot_command 0; checkpoint 0x647 cleanup_check_result 0;"
        "checkpoint 0x648 cleanup_send_final_status 0;"
        "status %d amr %d log \"CHECKPOINT FAILURE:(FAILURE:%d): RESTORED:[%.6s] [0]D(%s)\"",
        step, result, says, result, result, result, result, step, says);

    note(says);
    run->marks = false;
    play_instead(run, lines, &own_act);
}

/* ---- saying ---- */

/* A script in which a line has "!" has its culprit there and nowhere else. */
static bool
is_culprit(const lab_run_t *run, const lab_line_t *line)
{
    const GPtrArray *lines = script_of(run)->lines;

    if (line->culprit)
        return true;
    for (guint i = 0; i < lines->len; i++)
        if (((const lab_line_t *)g_ptr_array_index(lines, i))->culprit)
            return false;
    return lab_line_fails(line);
}

static void
say(lab_run_t *run, plist_t message, const lab_act_t *act)
{
    const lab_line_t *line = line_of(run);
    g_autoptr(GBytes) frame = lab_plist_frame(message);
    gsize length;
    const void *data = g_bytes_get_data(frame, &length);

    if (!act && run->marks && is_culprit(run, line)) {
        run->marks = false;
        act = &run->act;
    }
    if (act) {
        g_autofree char *what = g_strdup_printf("restored says: %s", line->text);

        lab_stream_send_marked(run->stream, data, length, act, what);
    } else {
        lab_stream_send(run->stream, data, length);
    }
}

/* One message of a progress; true when it was the last one. */
static bool
say_progress(lab_run_t *run, const lab_line_t *line, const lab_act_t *act)
{
    plist_t message = plist_new_dict();

    run->progress = run->begun ? MIN(run->progress + line->step, line->to) : line->from;
    run->begun = true;
    plist_dict_set_item(message, "MsgType", plist_new_string("ProgressMsg"));
    plist_dict_set_item(message, "Operation", lab_data_int(line->value));
    plist_dict_set_item(message, "Progress", lab_data_int(run->progress));
    if (act && act->action == LAB_DO_ANSWER)
        lab_restored_alter(message, act);
    say(run, message, act);
    plist_free(message);
    return run->progress >= line->to;
}

static void
say_message(lab_run_t *run, const lab_line_t *line, const lab_act_t *act)
{
    plist_t message = plist_copy(line->message);

    if (act && act->action == LAB_DO_ANSWER)
        lab_restored_alter(message, act);
    if (line->verb == LAB_VERB_STATUS) {
        run->has_status = true;
        run->failed = lab_data_get_int(message, "Status", 0) != 0;
    }
    say(run, message, act);
    plist_free(message);
    if (line->verb == LAB_VERB_CHECKPOINT && line->value == 0 &&
        strcmp(line->name, "format_effaceable_storage") == 0)
        lab_services_erase(run->restored->phone);
}

/* ---- the end ---- */

static gboolean
reboot(void *user)
{
    lab_run_t *run = user;

    run->timer = 0;
    if (run->last_mode < LAB_N_MODES)
        lab_restored_reboot(run->restored, run->last_mode);
    else
        lab_phone_unplug(run->restored->phone);
    return G_SOURCE_REMOVE;
}

static void
reboot_soon(lab_run_t *run, lab_mode_t mode, unsigned ms)
{
    drop_work(run);
    run->state = RUN_REBOOTS;
    run->last_mode = mode;
    run->timer = g_timeout_add(ms, reboot, run);
}

/* What restored does after a success nobody acknowledged is not known: it goes on as if. */
static gboolean
stop_waiting_for_final(void *user)
{
    lab_run_t *run = user;

    run->timer = 0;
    reboot_soon(run, run->last_mode, 0);
    return G_SOURCE_REMOVE;
}

/* The lines have ended; `name` is a mode, "none", or NULL for the usual one. */
static void
end(lab_run_t *run, const char *name)
{
    lab_mode_t mode = run->failed ? LAB_MODE_RECOVERY : LAB_MODE_NORMAL;

    if (name && !lab_mode_from_name(name, &mode))
        mode = LAB_N_MODES;
    if (!name && !run->has_status) {
        stop(run);
    } else if (run->failed || run->confirmed || !run->has_status) {
        reboot_soon(run, mode, run->failed ? FAILED_MS : REBOOT_MS);
    } else {
        run->state = RUN_WANTS_FINAL;
        run->last_mode = mode;
        run->timer = g_timeout_add(FINAL_MS, stop_waiting_for_final, run);
    }
}

static void
confirm(lab_run_t *run)
{
    lab_act_t act;

    (void)lab_stream_step(run->stream, LAB_STEP_RESTORED, "ReceivedFinalStatusMsg", &act);
    run->confirmed = true;
    if (run->state == RUN_WANTS_FINAL)
        reboot_soon(run, run->last_mode, REBOOT_MS);
}

/* ---- what a line waits for ---- */

static gboolean
wait_no_longer(void *user)
{
    lab_run_t *run = user;

    run->timer = 0;
    next_line(run, 0);
    return G_SOURCE_REMOVE;
}

static void
want_data(lab_run_t *run, const lab_line_t *line)
{
    run->state = RUN_WANTS_DATA;
    if (line->optional_ms)
        run->timer = g_timeout_add(line->optional_ms, wait_no_longer, run);
}

static void
asr_done(void *user, const char *failure)
{
    lab_run_t *run = user;
    g_autofree char *says = failure ? g_strdup_printf("ASR STATUS: fail: %s", failure) : NULL;

    if (failure)
        fail_step(run, "0x624 restore_images", 14, says);
    else
        next_line(run, GAP_MS);
}

static void
start_asr(lab_run_t *run, const lab_line_t *line, const lab_act_t *act)
{
    lab_asr_options_t options = {
        .checksums = !line->flag,
        .drop_at = (uint64_t)line->value,
        .done = asr_done,
        .user = run,
    };

    lab_asr_free(run->asr);
    run->asr = lab_asr_new(run->restored->mux, &options);
    run->state = RUN_IN_ASR;
    say_message(run, line, act);
}

static void
fdr_done(void *user, const char *failure)
{
    lab_run_t *run = user;
    const lab_line_t *line = line_of(run);
    g_autofree char *says = failure ? g_strdup_printf("fdr: %s", failure) : NULL;

    if (failure && line->name && !line->flag) {
        fail_step(run, "0x634 fdr_recover", 53, says);
        return;
    }
    if (failure)
        note(says);
    next_line(run, GAP_MS);
}

static void
start_fdr(lab_run_t *run, const lab_line_t *line)
{
    lab_fdr_t *fdr = run->restored->fdr;

    run->state = RUN_IN_FDR;
    if (!fdr)
        fdr_done(run, "nothing listens");
    else if (line->name)
        lab_fdr_connect(fdr, line->name, (uint16_t)line->value, fdr_done, run);
    else
        lab_fdr_ping(fdr, fdr_done, run);
}

/* ---- lines ---- */

static void
act_on_stream(lab_run_t *run, lab_action_t action, const char *text)
{
    lab_act_t act = run->act;

    run->close_args[0] = text;
    act.action = action;
    act.args = run->close_args;
    lab_stream_act(run->stream, &act);
    stop(run);
}

static void
do_line(lab_run_t *run, const lab_line_t *line, const lab_act_t *act)
{
    switch (line->verb) {
    case LAB_VERB_PROGRESS:
        if (say_progress(run, line, act))
            next_line(run, line->every_ms);
        else
            play_soon(run, line->every_ms);
        break;
    case LAB_VERB_REQUEST:
    case LAB_VERB_ATTESTATION:
        say_message(run, line, act);
        want_data(run, line);
        break;
    case LAB_VERB_ASR:
        start_asr(run, line, act);
        break;
    case LAB_VERB_FDR:
        start_fdr(run, line);
        break;
    case LAB_VERB_WAIT:
        next_line(run, (unsigned)line->value);
        break;
    case LAB_VERB_SILENCE:
        act_on_stream(run, LAB_DO_SILENT, NULL);
        break;
    case LAB_VERB_CLOSE:
        act_on_stream(run, LAB_DO_RESET, line->name);
        break;
    case LAB_VERB_END:
        end(run, line->name);
        break;
    default:
        if (line->message && line->verb != LAB_VERB_SAVED)
            say_message(run, line, act);
        next_line(run, line->message ? GAP_MS : 0);
        break;
    }
}

/* Passes the step of a line. True when the line remains to be done, with `*ret_act` NULL or what is
 * to be done to its message. */
static bool
pass_step(lab_run_t *run, const lab_line_t *line, lab_act_t *act, const lab_act_t **ret_act)
{
    const char *detail = line->verb == LAB_VERB_LABEL ? line->name : line->text;

    *ret_act = NULL;
    switch (lab_stream_step(run->stream, LAB_STEP_SCRIPT, detail, act)) {
    case LAB_DO_SAY:
        lab_run_say(run, act);
        return false;
    case LAB_DO_SILENT:
    case LAB_DO_MUTE:
    case LAB_DO_RESET:
        stop(run);
        return false;
    case LAB_DO_DROP_ANSWER:
        lab_stream_mark_last_sent(run->stream, act, "restored leaves a message out");
        next_line(run, GAP_MS);
        return false;
    case LAB_DO_ANSWER:
        *ret_act = act;
        return true;
    default:
        return true;
    }
}

static gboolean
play(void *user)
{
    lab_run_t *run = user;
    const lab_line_t *line = line_of(run);
    const lab_act_t *altered = NULL;
    lab_act_t act;

    run->timer = 0;
    if (!line)
        end(run, NULL);
    else if (run->begun || pass_step(run, line, &act, &altered))
        do_line(run, line, altered);
    return G_SOURCE_REMOVE;
}

static void
play_soon(lab_run_t *run, unsigned ms)
{
    run->state = RUN_PLAYS;
    run->timer = g_timeout_add(ms, play, run);
}

/* ---- what the host says ---- */

static void
take_data(lab_run_t *run)
{
    const lab_line_t *line = line_of(run);
    lab_act_t act;

    drop_timer(run);
    switch (lab_stream_step(run->stream, LAB_STEP_DATA, line->name, &act)) {
    case LAB_DO_SAY:
        lab_run_say(run, &act);
        break;
    case LAB_DO_DROP_ANSWER:
        lab_stream_mark_request(run->stream, &act, "restored takes the answer and says no more");
        stop(run);
        break;
    case LAB_DO_SILENT:
    case LAB_DO_MUTE:
    case LAB_DO_RESET:
        stop(run);
        break;
    default:
        next_line(run, GAP_MS);
        break;
    }
}

void
lab_run_take(lab_run_t *run, plist_t message)
{
    g_autofree char *type = lab_data_text(message, "MsgType");

    if (g_strcmp0(type, "ReceivedFinalStatusMsg") == 0)
        confirm(run);
    else if (run->state == RUN_WANTS_DATA)
        take_data(run);
}

bool
lab_run_is_on(const lab_run_t *run, const lab_stream_t *stream)
{
    return run->stream == stream;
}

/* Without its host a phone cannot go on. It would not start its system either: that is gone, or
 * the host has told iBoot not to. */
void
lab_run_lost(lab_run_t *run)
{
    run->stream = NULL;
    if (run->state == RUN_REBOOTS || run->state == RUN_STOPPED)
        return;
    if (run->has_status && !run->failed)
        reboot_soon(run, LAB_MODE_NORMAL, REBOOT_MS);
    else
        reboot_soon(run, LAB_MODE_RECOVERY, run->failed ? FAILED_MS : LOST_MS);
}

lab_run_t *
lab_run_new(lab_restored_t *restored, lab_stream_t *stream)
{
    lab_run_t *run = g_new0(lab_run_t, 1);

    run->restored = restored;
    run->stream = stream;
    run->act = own_act;
    run->marks = true;
    play_soon(run, GAP_MS);
    return run;
}

void
lab_run_free(lab_run_t *run)
{
    if (!run)
        return;
    drop_work(run);
    lab_script_free(run->said);
    g_free(run);
}
