/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One loop: capture to relay, relay to child, the child's lines to whoever listens. */
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "plugin/cli/stream.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/interrupt.h"
#include "plugin/knowledge/json_get.h"

#define EVENT_START "{\"schema\":\"restorescope.live/"

enum {
    READ_BYTES = 64 << 10,
    BACKLOG_BYTES = 1 << 20, /* what waits for the child before no more is read */
    LOOK_MS = 100,           /* between looks at a file that grows */
    GRACE_US = 3 * G_USEC_PER_SEC,
};

enum { SOURCE, INPUT, OUTPUT, ERRORS, SIDE, N_FDS };

struct flow {
    struct rs_stream *stream;
    struct rs_child_process process;
    struct rs_child_result result;
    GByteArray *pending;
    gsize sent; /* of pending */
    GString *lines;
    guint8 *bytes; /* READ_BYTES of the source */
    gboolean is_over;
    gboolean had_data; /* the last read of a file gave something: read on */
    guint n_signals;
    gint64 end_by_us; /* monotonic; 0: no hurry */
};

static gsize
backlog(const struct flow *flow)
{
    return flow->pending->len - flow->sent;
}

static void
close_input(struct flow *flow)
{
    if (flow->process.in_fd >= 0)
        close(flow->process.in_fd);
    flow->process.in_fd = -1;
}

static void
come_to_end(struct flow *flow)
{
    if (flow->is_over)
        return;
    flow->is_over = TRUE;
    rs_relay_end(flow->stream->relay, flow->pending);
}

static gboolean
take_source(struct flow *flow, GError **error)
{
    struct rs_stream *stream = flow->stream;
    /* asked first: what is written between the two is not missed */
    const gboolean is_over = !stream->grows || (stream->is_over && stream->is_over(stream->data));
    const gssize n = read(stream->fd, flow->bytes, READ_BYTES);

    flow->had_data = n > 0;
    if (n > 0) {
        rs_relay_take(stream->relay, flow->bytes, (gsize)n, flow->pending);
    } else if (n == 0 && is_over) {
        come_to_end(flow);
    } else if (n < 0 && errno != EINTR && errno != EAGAIN) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ, "cannot read the capture: %s",
                    g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

static void
send_pending(struct flow *flow)
{
    const gssize n = write(flow->process.in_fd, flow->pending->data + flow->sent, backlog(flow));

    if (n > 0) {
        flow->sent += (gsize)n;
    } else if (n < 0 && errno != EINTR && errno != EAGAIN) {
        /* it has ended; why, its messages say */
        close_input(flow);
        flow->is_over = TRUE;
        flow->sent = flow->pending->len;
    }
    if (flow->sent == flow->pending->len || flow->sent >= BACKLOG_BYTES) {
        g_byte_array_remove_range(flow->pending, 0, (guint)flow->sent);
        flow->sent = 0;
    }
}

static void
take_line(struct flow *flow, const char *line, gsize length)
{
    const struct rs_stream *stream = flow->stream;
    g_autoptr(JsonObject) event = NULL;

    if (!g_str_has_prefix(line, EVENT_START)) {
        g_string_append_len(flow->result.out, line, (gssize)length);
        g_string_append_c(flow->result.out, '\n');
        return;
    }
    event = stream->event ? rs_json_parse(line, (gssize)length, NULL) : NULL;
    if (event)
        stream->event(event, stream->data);
}

static gboolean
take_output(struct flow *flow, GError **error)
{
    const gboolean goes_on = rs_child_take(flow->process.out_fd, flow->lines, RS_CHILD_OUT_MAX);
    gsize done = 0;
    char *end;

    while ((end = memchr(flow->lines->str + done, '\n', flow->lines->len - done))) {
        const gsize length = (gsize)(end - (flow->lines->str + done));

        *end = '\0';
        take_line(flow, flow->lines->str + done, length);
        done += length + 1;
    }
    g_string_erase(flow->lines, 0, (gssize)done);
    if (flow->lines->len >= RS_CHILD_OUT_MAX || flow->result.out->len >= RS_CHILD_OUT_MAX) {
        g_set_error(error, RS_CHILD_ERROR, RS_CHILD_ERROR_INPUT, "tshark printed more than %d MiB",
                    RS_CHILD_OUT_MAX >> 20);
        return FALSE;
    }
    if (!goes_on) {
        close(flow->process.out_fd);
        flow->process.out_fd = -1;
    }
    return TRUE;
}

static void
take_errors(struct flow *flow)
{
    if (rs_child_take(flow->process.err_fd, flow->result.err, RS_CHILD_ERR_KEPT))
        return;
    close(flow->process.err_fd);
    flow->process.err_fd = -1;
}

/* FALSE with error set when there is nothing to wait for any more. */
static gboolean
take_signal(struct flow *flow, GError **error)
{
    struct rs_stream *stream = flow->stream;
    const int number = rs_interrupt_forgive();
    enum { PATIENCE = 3 };

    if (number == 0 || number == SIGHUP || ++flow->n_signals >= PATIENCE) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "interrupted");
        return FALSE;
    }
    if (flow->n_signals > 1)
        come_to_end(flow);
    else if (stream->asked && stream->asked(stream->data))
        return TRUE;
    else if (stream->grows)
        come_to_end(flow);
    else
        flow->end_by_us = g_get_monotonic_time() + GRACE_US;
    return TRUE;
}

static int
patience_ms(const struct flow *flow)
{
    const gboolean looks = flow->stream->grows && !flow->is_over;

    if (looks && flow->had_data && backlog(flow) < BACKLOG_BYTES)
        return 0;
    return looks || flow->end_by_us ? LOOK_MS : -1;
}

static void
choose(const struct flow *flow, struct pollfd *fds)
{
    const struct rs_stream *stream = flow->stream;
    const gboolean reads = !stream->grows && !flow->is_over && backlog(flow) < BACKLOG_BYTES;

    fds[SOURCE] = (struct pollfd){ reads ? stream->fd : -1, POLLIN, 0 };
    fds[INPUT] = (struct pollfd){ backlog(flow) ? flow->process.in_fd : -1, POLLOUT, 0 };
    fds[OUTPUT] = (struct pollfd){ flow->process.out_fd, POLLIN, 0 };
    fds[ERRORS] = (struct pollfd){ flow->process.err_fd, POLLIN, 0 };
    fds[SIDE] = (struct pollfd){ stream->side_fd, POLLIN, 0 };
}

static gboolean
serve(struct flow *flow, const struct pollfd *fds, GError **error)
{
    struct rs_stream *stream = flow->stream;
    const gboolean looks = stream->grows && !flow->is_over && backlog(flow) < BACKLOG_BYTES;

    if ((looks || fds[SOURCE].revents) && !take_source(flow, error))
        return FALSE;
    if (fds[OUTPUT].revents && !take_output(flow, error))
        return FALSE;
    if (fds[ERRORS].revents)
        take_errors(flow);
    if (fds[SIDE].revents && !stream->side(stream->data))
        stream->side_fd = -1;
    if (fds[INPUT].revents)
        send_pending(flow);
    if (flow->end_by_us && g_get_monotonic_time() >= flow->end_by_us)
        come_to_end(flow);
    if (flow->is_over && backlog(flow) == 0)
        close_input(flow);
    return TRUE;
}

static gboolean
run(struct flow *flow, GError **error)
{
    struct pollfd fds[N_FDS];

    while (flow->process.out_fd >= 0 || flow->process.err_fd >= 0) {
        choose(flow, fds);
        if (!rs_interrupt_wait(fds, N_FDS, patience_ms(flow), NULL)) {
            if (!flow->stream->is_patient)
                return rs_interrupt_check(error);
            if (!take_signal(flow, error))
                return FALSE;
            continue;
        }
        if (!serve(flow, fds, error))
            return FALSE;
    }
    return TRUE;
}

static void
clear(struct flow *flow)
{
    close_input(flow);
    if (flow->process.out_fd >= 0)
        close(flow->process.out_fd);
    if (flow->process.err_fd >= 0)
        close(flow->process.err_fd);
    g_byte_array_unref(flow->pending);
    g_string_free(flow->lines, TRUE);
    g_free(flow->bytes);
}

gboolean
rs_stream_run(const struct rs_child *child, struct rs_stream *stream,
              struct rs_child_result *ret_result, GError **error)
{
    struct flow flow = { .stream = stream, .had_data = TRUE };
    gboolean done;

    if (!rs_child_start(child, TRUE, &flow.process, error))
        return FALSE;
    flow.result = (struct rs_child_result){ g_string_new(NULL), g_string_new(NULL), 0 };
    flow.pending = g_byte_array_ref(stream->begun);
    flow.lines = g_string_new(NULL);
    flow.bytes = g_malloc(READ_BYTES);
    done = g_unix_set_fd_nonblocking(flow.process.in_fd, TRUE, error) && run(&flow, error);
    if (!done)
        kill(flow.process.pid, SIGKILL);
    clear(&flow);
    if (!rs_child_reap(flow.process.pid, &flow.result.status, done ? error : NULL))
        done = FALSE;
    if (!done) {
        rs_child_result_clear(&flow.result);
        return FALSE;
    }
    *ret_result = flow.result;
    return TRUE;
}
