/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a capture that is being written to lines on the terminal. What is kept in a file is analysed
 * once more at the end: only then is known what was written into it afterwards, as TLS secrets
 * are. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cli/watch.h"

#include "plugin/cli/input.h"
#include "plugin/cli/interrupt.h"
#include "plugin/cli/progress.h"
#include "plugin/cli/terminal.h"
#include "plugin/cli/view.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/mask.h"
#include "plugin/report/report_json.h"
#include "plugin/report/report_text.h"

enum { LOOK_MS = 50 }; /* between looks for a file that is being made */

struct session {
    const struct rs_watch *watch;
    rs_tshark *tshark;
    rs_recorder *recorder; /* or NULL */
    char *file;            /* to be analysed at the end; NULL: a pipe */
    int fd;                /* of the capture */
    rs_view *view;
    gboolean is_live; /* standard output is a terminal */
    GError *broken;   /* nobody reads what we print */
};

static void
print(struct session *session, const char *text)
{
    if (*text && !session->broken)
        rs_print(text, &session->broken);
}

static void
take_away_status(struct session *session)
{
    g_autofree char *text = rs_view_end(session->view);

    print(session, text);
}

static void
show_event(JsonObject *event, gpointer data)
{
    struct session *session = data;
    g_autofree char *text = NULL;

    if (!session->watch->analysis.show_ids)
        rs_mask_report(event);
    if (session->watch->json) {
        g_autofree char *line = rs_json_line(event);

        text = g_strconcat(line, "\n", NULL);
    } else {
        text = rs_view_event(session->view, event);
    }
    print(session, text);
}

/* What the recorder and its command say; our own lines are for whoever reads standard output. */
static gboolean
show_output(gpointer data)
{
    struct session *session = data;
    char bytes[4096];
    const gssize n = read(rs_recorder_fd(session->recorder), bytes, sizeof bytes);
    g_autofree char *text = NULL;

    if (n <= 0)
        return n < 0 && (errno == EINTR || errno == EAGAIN);
    if (session->is_live && !session->watch->json) {
        text = rs_view_output(session->view, bytes, (gsize)n);
        print(session, text);
    } else {
        (void)!write(STDERR_FILENO, bytes, (gsize)n);
    }
    return TRUE;
}

/* A lease can only be had of a file that nobody has open for writing: fcntl(2). Where leases are
 * not to be had at all, nobody knows. */
static gboolean
nobody_writes(int fd)
{
    if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
        return FALSE;
    fcntl(fd, F_SETLEASE, F_UNLCK);
    return TRUE;
}

static gboolean
is_over(gpointer data)
{
    struct session *session = data;
    int status;

    return session->recorder ? rs_recorder_ended(session->recorder, &status)
                             : nobody_writes(session->fd);
}

/* Ctrl-C reaches the recorder by itself. */
static gboolean
asked(gpointer data)
{
    struct session *session = data;

    if (session->recorder && !rs_interrupt_by_terminal())
        rs_recorder_ask(session->recorder);
    return session->recorder != NULL;
}

static gboolean
has_content(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && info.st_size > 0;
}

/* Until the recorder has made its file, or has ended without. */
static gboolean
wait_for_file(struct session *session, GError **error)
{
    struct pollfd wait = { rs_recorder_fd(session->recorder), POLLIN, 0 };
    int status = 0;

    while (!has_content(session->file)) {
        const gboolean ended = rs_recorder_ended(session->recorder, &status);

        if (wait.fd < 0 || ended)
            g_usleep(LOOK_MS * 1000); /* its last words are there by then */
        if (!rs_interrupt_wait(&wait, 1, LOOK_MS, error))
            return FALSE;
        if (wait.revents && !show_output(session))
            wait.fd = -1;
        if (!ended || has_content(session->file))
            continue;
        g_set_error(error, RS_CLI_ERROR, status == RS_EXIT_READ ? RS_EXIT_READ : RS_EXIT_INTERNAL,
                    "restorecap ended with status %d", status);
        return FALSE;
    }
    return TRUE;
}

static char *
make_name(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();

    return g_date_time_format(now, "restore-%Y%m%d-%H%M%S.pcapng");
}

static gboolean
start_recorder(struct session *session, GError **error)
{
    const struct rs_watch *watch = session->watch;
    struct rs_recording recording = {
        .interfaces = watch->interfaces,
        .keylog = watch->analysis.keylog,
        .command = watch->command,
    };

    session->file = watch->recording_file ? g_strdup(watch->recording_file) : make_name();
    recording.file = session->file;
    if (!recording.keylog && !(recording.keylog = rs_tshark_make_keylog(session->tshark, error)))
        return FALSE;
    session->recorder = rs_recorder_start(&recording, error);
    if (!session->recorder)
        return FALSE;
    rs_complain("recording to '%s'", session->file);
    return wait_for_file(session, error);
}

static JsonObject *
follow(struct session *session, struct rs_input *input, char **ret_damage, GError **error)
{
    const struct rs_watch *watch = session->watch;
    g_autoptr(rs_relay) relay = rs_relay_new();
    g_autoptr(GByteArray) begun = g_byte_array_new();
    struct rs_stream stream = {
        .fd = input->fd,
        .grows = !input->is_pipe,
        .is_patient = TRUE,
        .relay = relay,
        .begun = begun,
        .is_over = is_over,
        .asked = asked,
        .event = show_event,
        .side_fd = session->recorder ? rs_recorder_fd(session->recorder) : -1,
        .side = show_output,
        .data = session,
    };
    const char *name = session->file ? session->file : watch->file;

    session->fd = input->fd;
    if (input->head)
        rs_relay_take(relay, input->head->data, input->head->len, begun);
    return rs_analyse_stream(&watch->analysis, session->tshark, &stream, name, ret_damage, error);
}

/* The verdict as `diagnose` has it. */
static JsonObject *
conclude(struct session *session, JsonObject *followed, char **damage, GError **error)
{
    JsonObject *report;

    if (!session->file)
        return json_object_ref(followed);
    g_clear_pointer(damage, g_free);
    rs_progress_begin(1);
    report = rs_analyse_quietly(&session->watch->analysis, session->tshark, session->file, damage,
                                error);
    rs_progress_end();
    return report;
}

static enum rs_exit
print_verdict(struct session *session, JsonObject *report, const char *damage)
{
    const struct rs_watch *watch = session->watch;
    const gboolean restore = rs_analysis_found_restore(report);
    g_autofree char *body =
        watch->json ? rs_json_line(report) : rs_report_text(report, watch->colour);
    g_autofree char *text =
        g_strconcat(watch->json ? "" : "\n", body, watch->json ? "\n" : "", NULL);

    if (damage)
        rs_complain("warning: '%s': %s", rs_json_string(report, "file"), damage);
    if (!restore)
        rs_complain("'%s': no restore traffic in it", rs_json_string(report, "file"));
    if (watch->json || restore)
        print(session, text);
    if (!restore)
        return RS_EXIT_NONE;
    return watch->exit_status && rs_json_object(report, "root") ? RS_EXIT_FAULT : RS_EXIT_OK;
}

static enum rs_exit
watch_input(struct session *session, struct rs_input *input, GError **error)
{
    g_autoptr(JsonObject) followed = NULL;
    g_autoptr(JsonObject) report = NULL;
    g_autofree char *damage = NULL;

    followed = follow(session, input, &damage, error);
    take_away_status(session);
    report = followed ? conclude(session, followed, &damage, error) : NULL;
    return report ? print_verdict(session, report, damage) : RS_EXIT_INTERNAL;
}

static enum rs_exit
run(struct session *session, GError **error)
{
    const struct rs_watch *watch = session->watch;
    struct rs_input input;
    enum rs_exit status;

    session->tshark = rs_analysis_prepare(&watch->analysis, error);
    if (!session->tshark || (!watch->file && !start_recorder(session, error)))
        return RS_EXIT_INTERNAL;
    if (!rs_input_open(session->file ? session->file : watch->file, &input, error))
        return RS_EXIT_INTERNAL;
    if (!session->file && !input.is_pipe && !g_str_equal(watch->file, "-"))
        session->file = g_strdup(watch->file);
    status = watch_input(session, &input, error);
    rs_input_close(&input);
    return status;
}

enum rs_exit
rs_watch_run(const struct rs_watch *watch, GError **error)
{
    struct session session = { .watch = watch, .fd = -1 };
    enum rs_exit status;

    /* a lease that somebody breaks */
    signal(SIGIO, SIG_IGN);
    session.is_live = rs_terminal_is_live(STDOUT_FILENO);
    session.view = rs_view_new(watch->colour, session.is_live, rs_terminal_columns(STDOUT_FILENO));
    status = run(&session, error);
    take_away_status(&session);
    if (session.broken && error && !*error)
        g_propagate_error(error, g_steal_pointer(&session.broken));
    g_clear_error(&session.broken);
    rs_recorder_free(session.recorder);
    rs_tshark_free(session.tshark);
    rs_view_free(session.view);
    g_free(session.file);
    return status;
}
