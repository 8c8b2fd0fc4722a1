/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Order matters: the command is split off while we are one thread and hold nothing; then everything
 * is opened; then rights are given up; then threads start, the first packet is looked at, and the
 * command is let go. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture/session.h"

#include "capture/collector.h"
#include "capture/error.h"
#include "capture/fifo.h"
#include "capture/interfaces.h"
#include "capture/memory.h"
#include "capture/messages.h"
#include "capture/names.h"
#include "capture/patience.h"
#include "capture/priority.h"
#include "capture/privileges.h"
#include "capture/sources.h"
#include "capture/sources/child.h"
#include "capture/sources/hotplug.h"
#include "capture/sources/keylog.h"
#include "capture/sources/kmsg.h"
#include "capture/sources/usbmon.h"
#include "capture/status.h"
#include "capture/watch.h"

enum {
    POOL_MIB = 256,
    POOL_LEAST_MIB = 16,
    TICK_MS = 100,
    US_PER_S = 1000000,
    NOTICE = 5,
    BY_SIGNAL = 128
};

struct session {
    const struct rs_capture_options *options;
    struct rs_names names;
    rs_child *child;
    rs_keylog *keylog;
    rs_messages *messages;
    GPtrArray *sources, *notes;
    rs_output *output;
    rs_collector *collector;
    rs_hotplug *hotplug;
    rs_watch *watch;
    int signals, kmsg, ended;
    char *hardware, *os;
    gint64 start_us, told_us;
    gboolean is_callers; /* the folder of the files is his who called sudo */
    gboolean shows_status, is_stopped, is_asked;
    int child_status;
    int status;
};

/* The line that is rewritten each second makes room. */
static void
clear_line(const struct session *session)
{
    if (session->shows_status)
        fputs("\r\033[K", stderr);
}

static void
say(const char *text)
{
    fprintf(stderr, "restorecap: %s\n", text);
}

static int
complain(const GError *error)
{
    say(error->message);
    return error->domain == RS_CAPTURE_ERROR ? error->code : RS_CAPTURE_INTERNAL;
}

static char *
next_name(void *data)
{
    struct session *session = (struct session *)data;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    if (session->is_callers)
        rs_privileges_write_as_caller();
    return rs_names_next(&session->names, now);
}

static void
change_signals(int how, sigset_t *ret_set)
{
    sigemptyset(ret_set);
    for (const int *at = (const int[]){ SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, 0 }; *at; at++)
        sigaddset(ret_set, *at);
    pthread_sigmask(how, ret_set, NULL);
}

/* Signals come through a descriptor; threads inherit that they do not interrupt. */
static int
open_signals(void)
{
    sigset_t set;

    change_signals(SIG_BLOCK, &set);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void
describe_machine(struct session *session)
{
    struct utsname is;
    g_autofree char *text = NULL, *model = NULL;
    char *at;

    if (g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL) &&
        (at = strstr(text, "model name")) && (at = strchr(at, ':')))
        model = g_strndup(at + 2, strcspn(at + 2, "\n"));
    session->hardware = g_strdup(model ? model : "unknown");
    if (uname(&is) == 0)
        session->os = g_strdup_printf("%s %s", is.sysname, is.release);
}

static gboolean
open_child(struct session *session, GError **error)
{
    const struct rs_capture_options *options = session->options;
    const char *path = options->keylog ? options->keylog : g_getenv("SSLKEYLOGFILE");

    if (options->keylog || options->command) {
        session->keylog = rs_keylog_new(path, error);
        if (!session->keylog)
            return FALSE;
    }
    if (!options->command)
        return TRUE;
    session->child = rs_child_new(options->command, rs_keylog_path(session->keylog), error);
    return session->child != NULL;
}

static gboolean
open_output(struct session *session, GError **error)
{
    const struct rs_capture_options *options = session->options;
    const char *path = options->output ? options->output : "./file";
    sigset_t set;

    session->names.wanted = options->output;
    session->names.is_ring = options->has_ring;
    session->is_callers = rs_privileges_caller_may_write(path);
    if (!rs_privileges_allow(path, error))
        return FALSE;
    /* A FIFO may wait for its reader for ever; nothing has begun yet that could not just end. */
    if (rs_fifo_is(path))
        change_signals(SIG_UNBLOCK, &set);
    session->output = rs_output_new(
        next_name, session,
        rs_memory_share("/proc", 8, (size_t)POOL_LEAST_MIB << 20, (size_t)POOL_MIB << 20),
        options->ring.files, error);
    change_signals(SIG_BLOCK, &set);
    if (!session->output)
        return FALSE;
    if (!session->is_callers)
        rs_privileges_give(rs_output_first_path(session->output));
    return TRUE;
}

/* Root is needed for longer where root's command is to be told to end, where a bus may come later,
 * and where root's folder is to have another file. */
static gboolean
drop_rights(const struct session *session, GError **error)
{
    const struct rs_capture_options *options = session->options;

    rs_priority_allow();
    return rs_privileges_drop(session->child || options->wanted->len == 0 ||
                                  (options->has_ring && !session->is_callers),
                              error);
}

static gboolean
open_all(struct session *session, GError **error)
{
    session->notes = g_ptr_array_new_with_free_func(g_free);
    session->messages = rs_messages_new();
    session->kmsg = session->ended = -1;
    session->signals = open_signals();
    describe_machine(session);
    if (!open_child(session, error))
        return FALSE;
    session->sources = rs_sources_open(session->options, session->notes, error);
    if (!session->sources)
        return FALSE;
    session->kmsg = rs_kmsg_open();
    session->ended = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!open_output(session, error))
        return FALSE;
    return drop_rights(session, error);
}

/* From the watching thread. */
static void
arm_bus(void *data, unsigned bus)
{
    const struct session *session = (const struct session *)data;

    for (guint i = 0; i < session->sources->len; i++) {
        rs_source *source = (rs_source *)session->sources->pdata[i];

        if (rs_usbmon_bus(source) == bus)
            rs_usbmon_arm(source);
    }
}

static void
arm_present(struct session *session)
{
    g_autoptr(GArray) devices = rs_hotplug_list("/sys");

    for (guint i = 0; i < devices->len; i++)
        arm_bus(session, g_array_index(devices, struct rs_usb_device, i).bus);
}

/* What went wrong is said even when all else is not to be. */
static void
say_meanwhile(void *data, const char *text)
{
    clear_line((const struct session *)data);
    say(text);
}

static void
start(struct session *session)
{
    const struct rs_capture_options *options = session->options;
    const struct rs_collector_options collect = {
        .stop = options->stop,
        .ring = options->ring,
        .has_secrets = session->keylog != NULL,
        .hardware = session->hardware,
        .os = session->os,
        .application = "restorecap " RS_VERSION,
        .end_fd = session->ended,
    };

    session->collector = rs_collector_new(session->output, &collect);
    for (guint i = 0; i < session->sources->len; i++)
        rs_collector_add(session->collector, (rs_source *)session->sources->pdata[i]);
    rs_collector_add(session->collector, rs_messages_source(session->messages));
    arm_present(session);
    rs_collector_start(session->collector);
    session->hotplug = rs_hotplug_new("/sys", session->messages, arm_bus, session);
    session->watch =
        rs_watch_new("/dev", "/sys", session->sources, session->messages, say_meanwhile, session);
    session->start_us = session->told_us = g_get_monotonic_time();
    session->shows_status = !options->quiet && !session->child && isatty(STDERR_FILENO);
    if (!options->quiet) {
        g_autofree char *text =
            g_strdup_printf("recording to '%s'", rs_output_first_path(session->output));

        say(text);
        for (guint i = 0; i < session->notes->len; i++)
            say((const char *)session->notes->pdata[i]);
    }
    if (session->child)
        rs_child_go(session->child);
}

static void
tell_counts(struct session *session)
{
    g_autofree char *line = rs_status_line(session->collector, session->output,
                                           g_get_monotonic_time() - session->start_us);
    g_autofree char *table = rs_status_table(session->collector);

    clear_line(session);
    fprintf(stderr, "restorecap: %s\n%s", line, table);
}

/* Ends the recording, once; a command may go on. */
static void
stop(struct session *session)
{
    rs_patience *patience;

    if (session->is_stopped)
        return;
    session->is_stopped = TRUE;
    patience = rs_patience_new(session->output);
    if (session->keylog)
        rs_keylog_read(session->keylog, session->messages);
    g_clear_pointer(&session->hotplug, rs_hotplug_free);
    rs_collector_stop(session->collector);
    rs_patience_free(patience);
}

/* The first time politely; a command is asked to end and recorded until it does. */
static void
be_asked_to_end(struct session *session, int signal, gboolean from_terminal)
{
    if (session->is_asked)
        _exit(BY_SIGNAL + signal);
    session->is_asked = TRUE;
    if (!session->child) {
        stop(session);
        return;
    }
    /* Ctrl-C has reached it already. */
    if (!from_terminal)
        rs_child_signal(session->child, signal);
}

static void
take_signals(struct session *session)
{
    struct signalfd_siginfo info;

    while (read(session->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        const int signal = (int)info.ssi_signo;

        if (signal == SIGUSR1)
            tell_counts(session);
        else if (signal != SIGCHLD)
            be_asked_to_end(session, signal, info.ssi_code == SI_KERNEL);
    }
}

static void
take_command(struct session *session)
{
    if (rs_child_fd(session->child) >= 0)
        rs_child_read(session->child, session->messages);
    if (!rs_child_ended(session->child, &session->child_status))
        return;
    /* What it said last. Something it left running may hold the other end open for ever. */
    if (rs_child_fd(session->child) >= 0)
        rs_child_read(session->child, session->messages);
    rs_messages_say(session->messages, NOTICE, "'%s' ended with status %d",
                    session->options->command[0], session->child_status);
    stop(session);
}

/* Why it ended by itself, at once: a command that is wrapped may go on for long. */
static void
tell_end(const struct session *session)
{
    g_autofree char *text = rs_output_error_text(session->output);

    clear_line(session);
    if (rs_collector_end(session->collector) == RS_END_GONE)
        say("everything that was to be recorded is gone");
    else if (session->child && text)
        say(text);
}

static void
show_status(struct session *session)
{
    const gint64 now_us = g_get_monotonic_time();
    g_autofree char *line = NULL;

    if (!session->shows_status || now_us - session->told_us < US_PER_S)
        return;
    session->told_us = now_us;
    line = rs_status_line(session->collector, session->output, now_us - session->start_us);
    fprintf(stderr, "\r%s\033[K", line);
}

/* Everything but packets. */
static void
run(struct session *session)
{
    gboolean command_runs = session->child != NULL;

    while (!session->is_stopped || command_runs) {
        struct pollfd wanted[] = {
            { .fd = session->signals, .events = POLLIN },
            { .fd = session->is_stopped ? -1 : session->ended, .events = POLLIN },
            { .fd = session->is_stopped ? -1 : session->kmsg, .events = POLLIN },
            { .fd = session->is_stopped ? -1 : rs_watch_fd(session->watch), .events = POLLIN },
            { .fd = session->child ? rs_child_fd(session->child) : -1, .events = POLLIN },
        };

        if (poll(wanted, G_N_ELEMENTS(wanted), TICK_MS) < 0 && errno != EINTR)
            break;
        take_signals(session);
        if (session->kmsg >= 0 && !session->is_stopped)
            rs_kmsg_read(session->kmsg, session->messages);
        if (!session->is_stopped)
            rs_watch_look(session->watch);
        if (session->keylog && !session->is_stopped)
            rs_keylog_read(session->keylog, session->messages);
        if (command_runs) {
            take_command(session);
            command_runs = !rs_child_ended(session->child, &session->child_status);
        }
        if (rs_collector_end(session->collector) != RS_END_NONE && !session->is_stopped) {
            tell_end(session);
            stop(session);
        }
        show_status(session);
    }
}

/* Ends the file, and tells how it was. */
static int
finish(struct session *session)
{
    g_autoptr(GError) error = NULL;
    rs_patience *patience = rs_patience_new(session->output);
    const gboolean written = rs_output_finish(session->output, &error);
    const guint64 lost = rs_status_lost(session->collector);
    int status = RS_CAPTURE_OK;

    rs_patience_free(patience);
    clear_line(session);
    if (!session->options->quiet)
        tell_counts(session);
    if (lost > 0) {
        fprintf(stderr, "restorecap: %" G_GUINT64_FORMAT " packets were lost\n", lost);
        status = RS_CAPTURE_DROPPED;
    }
    if (rs_collector_end(session->collector) == RS_END_GONE)
        status = RS_CAPTURE_SOURCE;
    /* Whoever read a pipe has gone: then nothing is wrong. */
    if (!written && !g_str_has_suffix(error->message, g_strerror(EPIPE)))
        status = complain(error);
    if (session->child && status != RS_CAPTURE_WRITE && status != RS_CAPTURE_SOURCE)
        status = session->child_status;
    return status;
}

static void
clear(struct session *session)
{
    rs_hotplug_free(session->hotplug);
    rs_watch_free(session->watch);
    rs_collector_free(session->collector);
    for (guint i = 0; !session->collector && session->sources && i < session->sources->len; i++) {
        rs_source *source = (rs_source *)session->sources->pdata[i];

        source->ops->free(source);
    }
    g_clear_pointer(&session->sources, g_ptr_array_unref);
    g_clear_pointer(&session->notes, g_ptr_array_unref);
    rs_output_free(session->output);
    rs_messages_free(session->messages);
    rs_child_free(session->child);
    rs_keylog_free(session->keylog);
    if (session->kmsg >= 0)
        close(session->kmsg);
    if (session->signals >= 0)
        close(session->signals);
    if (session->ended >= 0)
        close(session->ended);
    g_free(session->hardware);
    g_free(session->os);
}

int
rs_session_run(const struct rs_capture_options *options)
{
    struct session session = { .options = options };
    g_autoptr(GError) error = NULL;
    int status;

    if (open_all(&session, &error)) {
        start(&session);
        run(&session);
        status = finish(&session);
    } else {
        status = complain(error);
        /* Wireshark would wait for ever, and not show what went wrong. */
        if (!session.output && options->extcap == RS_EXTCAP_CAPTURE)
            rs_fifo_hang_up(options->output);
    }
    clear(&session);
    return status;
}
