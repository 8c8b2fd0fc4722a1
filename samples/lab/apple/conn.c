/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Connections on the main loop. A connection is freed from an idle source, never under the feet of
 * who is using it. */
#include "samples/lab/apple/conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT_MAX_BYTES = 8 << 20 };

struct apple_conn {
    int fd;
    guint in, out, idle; /* sources */
    GByteArray *input;   /* plain text */
    GByteArray *output;
    gsize sent; /* of `output` */
    guint64 received_total, queued_total;
    char local[INET_ADDRSTRLEN];
    unsigned local_port, peer_port;
    apple_tls_t *tls;
    const apple_conn_ops_t *ops;
    void *self;
    lab_marks_t *marks;
    bool deaf, closing, dead;
};

static GSList *all;

static void
conn_free(apple_conn_t *c)
{
    all = g_slist_remove(all, c);
    if (c->in)
        g_source_remove(c->in);
    if (c->out)
        g_source_remove(c->out);
    if (c->idle)
        g_source_remove(c->idle);
    if (c->fd >= 0)
        close(c->fd);
    if (c->ops)
        c->ops->closed(c->self);
    apple_tls_free(c->tls);
    g_byte_array_unref(c->input);
    g_byte_array_unref(c->output);
    g_free(c);
}

void
apple_conn_free_all(void)
{
    while (all)
        conn_free(all->data);
}

static gboolean
free_later(gpointer data)
{
    apple_conn_t *c = data;

    c->idle = 0;
    conn_free(c);
    return G_SOURCE_REMOVE;
}

static void
bury(apple_conn_t *c)
{
    c->dead = true;
    if (!c->idle)
        c->idle = g_idle_add_full(G_PRIORITY_HIGH, free_later, c, NULL);
}

/* The kernel has everything; a close that waited for it can go on. */
static void
all_sent(apple_conn_t *c)
{
    g_byte_array_set_size(c->output, 0);
    c->sent = 0;
    if (c->closing)
        shutdown(c->fd, SHUT_WR);
    else if (c->ops)
        c->ops->drained(c->self);
}

static gboolean writable(gint fd, GIOCondition condition, gpointer data);

/* Gives the kernel what it takes; false when the connection is gone. */
static bool
push(apple_conn_t *c)
{
    while (c->sent < c->output->len) {
        ssize_t n = send(c->fd, c->output->data + c->sent, c->output->len - c->sent, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN) {
            if (!c->out)
                c->out = g_unix_fd_add(c->fd, G_IO_OUT, writable, c);
            return true;
        }
        if (n < 0)
            return false;
        c->sent += (gsize)n;
    }
    return true;
}

static gboolean
writable(gint fd, GIOCondition condition, gpointer data)
{
    apple_conn_t *c = data;

    (void)fd, (void)condition;
    if (!c->dead && !push(c))
        bury(c);
    if (!c->dead && c->sent < c->output->len)
        return G_SOURCE_CONTINUE;
    c->out = 0;
    if (!c->dead)
        all_sent(c);
    return G_SOURCE_REMOVE;
}

/* Sends from a source of its own when nothing waits yet: the callers of the ops never see drained()
 * from within their own apple_conn_send(). */
static void
flush(apple_conn_t *c)
{
    if (c->dead || c->out)
        return;
    if (!push(c))
        bury(c);
    else if (!c->out)
        c->out = g_unix_fd_add(c->fd, G_IO_OUT, writable, c);
}

static void
queue(apple_conn_t *c, const void *data, gsize length)
{
    if (c->closing || c->dead || length > G_MAXINT)
        return;
    g_byte_array_append(c->output, data, (guint)length);
    c->queued_total += length;
    flush(c);
}

static void
take_cipher(apple_conn_t *c, const guint8 *data, gsize length)
{
    g_autoptr(GByteArray) cipher = g_byte_array_new();

    switch (apple_tls_feed(c->tls, data, length, c->input, cipher)) {
    case APPLE_TLS_STOPPED: /* hello() did what there was to do */
        return;
    case APPLE_TLS_GOES_ON:
        queue(c, cipher->data, cipher->len);
        break;
    case APPLE_TLS_ENDED:
        apple_tls_close(c->tls, cipher);
        G_GNUC_FALLTHROUGH;
    case APPLE_TLS_FAILED:
        queue(c, cipher->data, cipher->len);
        apple_conn_close(c);
        break;
    }
}

static void
take(apple_conn_t *c, const guint8 *data, gsize length)
{
    gsize had = c->input->len;

    if (c->tls)
        take_cipher(c, data, length);
    else
        g_byte_array_append(c->input, data, (guint)length);
    if (c->input->len > INPUT_MAX_BYTES)
        apple_conn_reset(c);
    else if (c->input->len > had && !c->deaf && !c->dead)
        c->ops->received(c->self);
}

/* After the client's FIN or RST nobody is left to answer to. */
static gboolean
readable(gint fd, GIOCondition condition, gpointer data)
{
    apple_conn_t *c = data;
    guint8 bytes[65536];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);

    (void)condition;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (n <= 0) {
        bury(c);
        c->in = 0;
        return G_SOURCE_REMOVE;
    }
    c->received_total += (guint64)n;
    if (!c->deaf && !c->closing && !c->dead)
        take(c, bytes, (gsize)n);
    return G_SOURCE_CONTINUE;
}

apple_conn_t *
apple_conn_new(int fd, lab_marks_t *marks)
{
    apple_conn_t *c = g_new0(apple_conn_t, 1);
    struct sockaddr_in local = { 0 }, peer = { 0 };
    socklen_t length = sizeof local;
    int on = 1;

    (void)getsockname(fd, (struct sockaddr *)&local, &length);
    length = sizeof peer;
    (void)getpeername(fd, (struct sockaddr *)&peer, &length);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    inet_ntop(AF_INET, &local.sin_addr, c->local, sizeof c->local);
    c->local_port = ntohs(local.sin_port);
    c->peer_port = ntohs(peer.sin_port);
    c->fd = fd;
    c->marks = marks;
    c->input = g_byte_array_new();
    c->output = g_byte_array_new();
    all = g_slist_prepend(all, c);
    return c;
}

void
apple_conn_serve(apple_conn_t *conn, const apple_conn_ops_t *ops, void *self)
{
    conn->ops = ops;
    conn->self = self;
    conn->in = g_unix_fd_add(conn->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, readable, conn);
}

void
apple_conn_start_tls(apple_conn_t *conn, apple_tls_context_t *context)
{
    g_autoptr(GByteArray) early = conn->input;

    conn->tls = apple_tls_new(context, conn->ops->hello, conn->self);
    conn->input = g_byte_array_new();
    if (early->len > 0)
        take(conn, early->data, early->len);
}

const char *
apple_conn_local(const apple_conn_t *conn)
{
    return conn->local;
}

GByteArray *
apple_conn_input(apple_conn_t *conn)
{
    return conn->input;
}

gsize
apple_conn_backlog(const apple_conn_t *conn)
{
    return conn->output->len - conn->sent;
}

void
apple_conn_send(apple_conn_t *conn, const void *data, gsize length)
{
    g_autoptr(GByteArray) cipher = NULL;

    if (!conn->tls) {
        queue(conn, data, length);
        return;
    }
    cipher = g_byte_array_new();
    apple_tls_write(conn->tls, data, length, cipher);
    queue(conn, cipher->data, cipher->len);
}

void
apple_conn_send_raw(apple_conn_t *conn, const void *data, gsize length)
{
    queue(conn, data, length);
}

void
apple_conn_close(apple_conn_t *conn)
{
    if (conn->closing || conn->dead)
        return;
    conn->closing = true;
    if (conn->sent == conn->output->len)
        shutdown(conn->fd, SHUT_WR);
}

void
apple_conn_reset(apple_conn_t *conn)
{
    struct linger now = { .l_onoff = 1, .l_linger = 0 };

    if (conn->dead)
        return;
    (void)setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    bury(conn);
}

void
apple_conn_deafen(apple_conn_t *conn)
{
    conn->deaf = true;
}

static void
mark(apple_conn_t *c, const char *fault, const char *what, bool from_server, const char *which)
{
    g_autofree char *filter = g_strdup_printf("tcp.srcport == %u && tcp.dstport == %u && %s",
                                              from_server ? c->local_port : c->peer_port,
                                              from_server ? c->peer_port : c->local_port, which);

    lab_mark(c->marks, fault, what, filter, 5, 60);
}

/* The frame with byte number `offset` of its direction (the SYN has number 0 of the sequence). */
static void
mark_byte(apple_conn_t *c, const char *fault, const char *what, bool from_server, guint64 offset)
{
    guint64 seq = offset + 1;
    g_autofree char *which = g_strdup_printf("tcp.len > 0 && tcp.seq <= %" G_GUINT64_FORMAT
                                             " && tcp.nxtseq > %" G_GUINT64_FORMAT,
                                             seq, seq);

    mark(c, fault, what, from_server, which);
}

void
apple_conn_mark_next(apple_conn_t *conn, const char *fault, const char *what)
{
    mark_byte(conn, fault, what, true, conn->queued_total);
}

void
apple_conn_mark_request(apple_conn_t *conn, const char *fault, const char *what)
{
    mark_byte(conn, fault, what, false, conn->received_total - (conn->received_total > 0));
}

void
apple_conn_mark_frame(apple_conn_t *conn, const char *fault, const char *what, const char *filter)
{
    mark(conn, fault, what, true, filter);
}

void
apple_conn_mark_reset(apple_conn_t *conn, const char *fault, const char *what)
{
    mark(conn, fault, what, true, "tcp.flags.reset == 1");
}

void
apple_conn_mark_close(apple_conn_t *conn, const char *fault, const char *what)
{
    mark(conn, fault, what, true, "tcp.flags.fin == 1");
}
