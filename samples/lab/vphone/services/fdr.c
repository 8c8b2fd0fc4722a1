/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The reverse proxy, the phone's end. It asks for a connection on the control connection, the host
 * makes one, and a SOCKS5 dialogue on that one says where it is to lead (idevicerestore 1.0.0,
 * src/fdr.c; numbers outside SOCKS are little-endian). */
#include "samples/lab/vphone/services/fdr.h"

#include <plist/plist.h>
#include <stdlib.h>
#include <string.h>

#include "samples/lab/vphone/services/data.h"
#include "samples/lab/vphone/services/fdr-tls.h"

enum {
    GREETING = 10, /* "BeginCtrl", "HelloCtrl" or "HelloConn" and a zero */
    PREFIX = 4,    /* length of a property list */
    PLIST_MAX = 65536,
    PROTOCOL = 2,
    JOB_MS = 30000, /* so long a job may take */
    SOCKS = 5,
    SOCKS_NAME = 3, /* the address is a name */
};

typedef struct {
    lab_fdr_t *fdr;
    lab_stream_t *stream;
    GByteArray *in; /* what came and was not looked at yet */
    bool ready;     /* the greeting is over */
    bool old;       /* the host speaks version 1 */
} control_t;

typedef enum { CONN_GREETING, CONN_PONG, CONN_METHOD, CONN_REPLY, CONN_TUNNEL, CONN_OVER } state_t;

typedef struct {
    lab_fdr_t *fdr;
    lab_stream_t *stream;
    GByteArray *in;
    state_t state;
    lab_tls_t *tls;
} conn_t;

struct lab_fdr {
    lab_mux_t *mux;
    control_t *control;  /* NULL: the host has none, or is not done greeting */
    unsigned n_conns;    /* so many data connections were there */
    lab_fdr_done_t done; /* NULL: no job */
    void *user;
    char *host; /* NULL: a ping */
    uint16_t port;
    conn_t *conn;         /* of the job, once the host has made it */
    unsigned timer;       /* ends the job */
    const char *hopeless; /* why it cannot even be begun */
};

static const char *const no_args[] = { NULL };
static const lab_act_t own_act = { LAB_DO_NOTE, "fdr", no_args, NULL };

/* ---- property lists ---- */

static void
put_le32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < PREFIX; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* `lead` in front of length and property list, as one message. */
static GBytes *
frame_new(const char *lead, size_t lead_length, plist_t message)
{
    char *binary = NULL;
    uint32_t length = 0;
    uint8_t *frame;

    plist_to_bin(message, &binary, &length);
    frame = g_malloc(lead_length + PREFIX + length);
    if (lead_length > 0)
        memcpy(frame, lead, lead_length);
    put_le32(frame + lead_length, length);
    memcpy(frame + lead_length + PREFIX, binary, length);
    free(binary);
    return g_bytes_new_take(frame, lead_length + PREFIX + length);
}

static void
send_frame(lab_stream_t *stream, const char *lead, size_t lead_length, plist_t message)
{
    g_autoptr(GBytes) frame = frame_new(lead, lead_length, message);

    lab_stream_send(stream, g_bytes_get_data(frame, NULL), g_bytes_get_size(frame));
}

static plist_t
command_new(const char *name)
{
    plist_t message = plist_new_dict();

    plist_dict_set_item(message, "Command", plist_new_string(name));
    return message;
}

/* Takes a property list from `in` behind `at`. False when those bytes can be none; `*ret_plist` is
 * NULL while it is not whole. */
static bool
take_plist(GByteArray *in, guint at, plist_t *ret_plist)
{
    const uint8_t *head = in->data + at;
    uint32_t length;

    *ret_plist = NULL;
    if (in->len - at < PREFIX)
        return true;
    length = (uint32_t)head[3] << 24 | (uint32_t)head[2] << 16 | (uint32_t)head[1] << 8 | head[0];
    if (length > PLIST_MAX)
        return false;
    if (in->len - at - PREFIX < length)
        return true;
    plist_from_bin((const char *)head + PREFIX, length, ret_plist);
    g_byte_array_remove_range(in, 0, at + PREFIX + length);
    return *ret_plist && plist_get_node_type(*ret_plist) == PLIST_DICT;
}

/* ---- jobs ---- */

/* The job is over, whatever comes yet on its connection. */
static void
drop_job(lab_fdr_t *fdr)
{
    if (fdr->timer)
        g_source_remove(fdr->timer);
    fdr->timer = 0;
    if (fdr->conn) {
        fdr->conn->state = CONN_OVER;
        lab_stream_reset(fdr->conn->stream, NULL);
    }
    fdr->conn = NULL;
    fdr->done = NULL;
    g_clear_pointer(&fdr->host, g_free);
}

static void
finish(lab_fdr_t *fdr, const char *failure)
{
    g_autofree char *why = g_strdup(failure);
    lab_fdr_done_t done = fdr->done;
    void *user = fdr->user;

    drop_job(fdr);
    if (done)
        done(user, why);
}

static gboolean
give_up(void *user)
{
    lab_fdr_t *fdr = user;

    fdr->timer = 0;
    finish(fdr, fdr->hopeless ? fdr->hopeless : "the host took too long");
    return G_SOURCE_REMOVE;
}

static void
ask_for_connection(lab_fdr_t *fdr)
{
    static const uint8_t sync[] = { 1, 0, 0, 0 };
    lab_act_t act;

    if (fdr->host) {
        g_autofree char *to = g_strdup_printf("%s:%u", fdr->host, fdr->port);

        if (lab_stream_step(fdr->control->stream, LAB_STEP_FDR_CONN, to, &act) ==
            LAB_DO_DROP_ANSWER) {
            lab_stream_mark_last_sent(fdr->control->stream, &act, "no connection is asked for");
            return;
        }
    }
    lab_stream_send(fdr->control->stream, sync, sizeof sync);
}

static void
begin(lab_fdr_t *fdr, const char *host, uint16_t port, lab_fdr_done_t done, void *user)
{
    g_assert(!fdr->done);
    fdr->host = g_strdup(host);
    fdr->port = port;
    fdr->done = done;
    fdr->user = user;
    fdr->hopeless = fdr->control ? NULL : "the host has no control connection";
    fdr->timer = g_timeout_add(fdr->control ? JOB_MS : 0, give_up, fdr);
    if (fdr->control)
        ask_for_connection(fdr);
}

void
lab_fdr_ping(lab_fdr_t *fdr, lab_fdr_done_t done, void *user)
{
    begin(fdr, NULL, 0, done, user);
}

void
lab_fdr_connect(lab_fdr_t *fdr, const char *host, uint16_t port, lab_fdr_done_t done, void *user)
{
    begin(fdr, host, port, done, user);
}

void
lab_fdr_cancel(lab_fdr_t *fdr)
{
    if (fdr)
        drop_job(fdr);
}

/* ---- data connections ---- */

static void
send_connect(conn_t *conn)
{
    const lab_fdr_t *fdr = conn->fdr;
    size_t length = strlen(fdr->host);
    g_autoptr(GByteArray) out = g_byte_array_new();
    uint8_t head[] = { SOCKS, 1, 0, SOCKS_NAME, (uint8_t)length };
    uint8_t port[] = { (uint8_t)(fdr->port >> 8), (uint8_t)fdr->port };

    g_byte_array_append(out, head, sizeof head);
    g_byte_array_append(out, (const uint8_t *)fdr->host, (guint)length);
    g_byte_array_append(out, port, sizeof port);
    lab_stream_send(conn->stream, out->data, out->len);
    conn->state = CONN_REPLY;
}

static void
greet(conn_t *conn)
{
    static const uint8_t method[] = { SOCKS, 1, 0 };
    lab_fdr_t *fdr = conn->fdr;
    plist_t hello = command_new("HelloConn");
    g_autofree char *name = g_strdup_printf("FDR-%u", ++fdr->n_conns);

    plist_dict_set_item(hello, "Identifier", plist_new_string(name));
    if (fdr->control && fdr->control->old)
        lab_stream_send(conn->stream, "HelloConn", GREETING);
    else
        send_frame(conn->stream, NULL, 0, hello);
    plist_free(hello);
    conn->state = fdr->host ? CONN_METHOD : CONN_PONG;
    if (fdr->host) {
        lab_stream_send(conn->stream, method, sizeof method);
    } else {
        plist_t ping = command_new("Ping");

        send_frame(conn->stream, "\xaa\xbb", 2, ping);
        plist_free(ping);
    }
}

/* Hands what the server said to TLS, and sends what TLS wants to say. */
static void
feed_tunnel(conn_t *conn, const uint8_t *data, size_t length)
{
    lab_fdr_t *fdr = conn->fdr;
    g_autoptr(GByteArray) out = g_byte_array_new();
    lab_tls_state_t state = lab_tls_feed(conn->tls, data, length, out);

    if (state == LAB_TLS_FAILED && lab_tls_mistrusts(conn->tls))
        lab_stream_send_marked(conn->stream, out->data, out->len, &own_act,
                               "the phone does not trust the server's certificate");
    else
        lab_stream_send(conn->stream, out->data, out->len);
    if (state == LAB_TLS_DONE)
        finish(fdr, NULL);
    else if (state == LAB_TLS_FAILED)
        finish(fdr, lab_tls_failure(conn->tls));
}

static void
take_tunnel(conn_t *conn)
{
    g_autoptr(GByteArray) data = g_steal_pointer(&conn->in);
    g_autofree char *to = g_strdup_printf("%s:%u", conn->fdr->host, conn->fdr->port);
    lab_action_t action;
    lab_act_t act;

    conn->in = g_byte_array_new();
    action = lab_stream_step(conn->stream, LAB_STEP_FDR_DATA, to, &act);
    if (action == LAB_DO_DROP_ANSWER)
        lab_stream_mark_request(conn->stream, &act, "the phone ignores what the tunnel brought");
    else if (action != LAB_DO_RESET && action != LAB_DO_WINDOW0)
        feed_tunnel(conn, data->data, data->len);
}

static bool
take_pong(conn_t *conn)
{
    plist_t reply;
    bool fits = take_plist(conn->in, 0, &reply);

    if (fits && reply)
        finish(conn->fdr, plist_dict_get_item(reply, "Pong") ? NULL : "no Pong");
    plist_free(reply);
    return fits;
}

/* The host's answer to CONNECT repeats the address. It comes before the host has connected. */
static bool
take_reply(conn_t *conn)
{
    static const uint8_t begin_of_it[] = { SOCKS, 0, 0, SOCKS_NAME };
    const uint8_t *in = conn->in->data;
    guint whole = (guint)(sizeof begin_of_it + 1 + strlen(conn->fdr->host) + 2);

    if (memcmp(in, begin_of_it, MIN(conn->in->len, sizeof begin_of_it)) != 0)
        return false;
    if (conn->in->len < whole)
        return true;
    g_byte_array_remove_range(conn->in, 0, whole);
    conn->state = CONN_TUNNEL;
    conn->tls = lab_tls_new(conn->fdr->host);
    feed_tunnel(conn, NULL, 0);
    return true;
}

/* Looks at what came. False: it is not what belongs here. */
static bool
take_step(conn_t *conn)
{
    static const uint8_t method[] = { SOCKS, 0 };
    GByteArray *in = conn->in;

    switch (conn->state) {
    case CONN_GREETING:
        if (memcmp(in->data, "HelloConn", MIN(in->len, GREETING)) != 0)
            return false;
        if (in->len < GREETING)
            return true;
        g_byte_array_remove_range(in, 0, GREETING);
        greet(conn);
        return true;
    case CONN_PONG:
        return take_pong(conn);
    case CONN_METHOD:
        if (memcmp(in->data, method, MIN(in->len, sizeof method)) != 0)
            return false;
        if (in->len < sizeof method)
            return true;
        g_byte_array_remove_range(in, 0, sizeof method);
        send_connect(conn);
        return true;
    case CONN_REPLY:
        return take_reply(conn);
    case CONN_TUNNEL:
        take_tunnel(conn);
        return true;
    case CONN_OVER:
        g_byte_array_set_size(in, 0);
        return true;
    }
    return false;
}

static void
conn_received(void *self, const uint8_t *data, size_t length)
{
    conn_t *conn = self;
    guint before;

    g_byte_array_append(conn->in, data, (guint)length);
    do {
        before = conn->in->len;
        if (before > 0 && !take_step(conn)) {
            finish(conn->fdr, "the host said something else on a data connection");
            return;
        }
    } while (conn->in->len > 0 && conn->in->len < before);
}

static void *
conn_opened(lab_stream_t *stream, lab_phone_t *phone, void *user)
{
    lab_fdr_t *fdr = user;
    conn_t *conn;

    (void)phone;
    if (!fdr->done || fdr->conn)
        return NULL;
    conn = g_new0(conn_t, 1);
    conn->fdr = fdr;
    conn->stream = stream;
    conn->in = g_byte_array_new();
    fdr->conn = conn;
    return conn;
}

static void
conn_closed(void *self)
{
    conn_t *conn = self;

    if (conn->fdr->conn == conn) {
        conn->fdr->conn = NULL;
        finish(conn->fdr, "the host closed the data connection");
    }
    lab_tls_free(conn->tls);
    g_byte_array_unref(conn->in);
    g_free(conn);
}

static const lab_service_t conn_service = {
    .name = "fdr data",
    .opened = conn_opened,
    .received = conn_received,
    .closed = conn_closed,
};

/* ---- the control connection ---- */

static void
control_ready(control_t *control)
{
    control->ready = true;
    control->fdr->control = control;
}

static void
answer_begin(control_t *control)
{
    plist_t reply = command_new("BeginCtrl");
    lab_action_t action;
    lab_act_t act;

    plist_dict_set_item(reply, "ConnPort", plist_new_uint(LAB_FDR_CONN_PORT));
    plist_dict_set_item(reply, "CtrlProtoVersion", plist_new_uint(PROTOCOL));
    action = lab_stream_step(control->stream, LAB_STEP_FDR_CTRL, "BeginCtrl", &act);
    if (action == LAB_DO_DROP_ANSWER) {
        lab_stream_mark_request(control->stream, &act, "BeginCtrl is not answered");
    } else if (action == LAB_DO_ANSWER) {
        g_autofree char *word =
            g_strdup_printf("%s=%s", lab_act_arg(&act, 0, ""), lab_act_arg(&act, 1, ""));
        g_autoptr(GBytes) frame = NULL;

        (void)lab_data_put(reply, word, NULL);
        frame = frame_new(NULL, 0, reply);
        lab_stream_send_marked(control->stream, g_bytes_get_data(frame, NULL),
                               g_bytes_get_size(frame), &act, "BeginCtrl is answered otherwise");
        control_ready(control);
    } else {
        send_frame(control->stream, NULL, 0, reply);
        control_ready(control);
    }
    plist_free(reply);
}

/* False: that is no greeting. */
static bool
take_greeting(control_t *control)
{
    static const uint8_t old_answer[] = "HelloCtrl\0\x3b\x04"; /* and LAB_FDR_CONN_PORT */
    plist_t message;
    bool fits;

    if (control->in->len < GREETING)
        return true;
    if (memcmp(control->in->data, "HelloCtrl", GREETING) == 0) {
        g_byte_array_set_size(control->in, 0);
        control->old = true;
        lab_stream_send(control->stream, old_answer, sizeof old_answer - 1);
        control_ready(control);
        return true;
    }
    if (memcmp(control->in->data, "BeginCtrl", GREETING) != 0)
        return false;
    fits = take_plist(control->in, GREETING, &message);
    if (fits && message)
        answer_begin(control);
    plist_free(message);
    return fits;
}

static void
control_received(void *self, const uint8_t *data, size_t length)
{
    control_t *control = self;

    if (control->ready) /* nothing more is to come */
        return;
    g_byte_array_append(control->in, data, (guint)length);
    if (control->in->len > PLIST_MAX || !take_greeting(control))
        lab_stream_reset(control->stream, "not a control connection");
}

static void *
control_opened(lab_stream_t *stream, lab_phone_t *phone, void *user)
{
    control_t *control = g_new0(control_t, 1);

    (void)phone;
    control->fdr = user;
    control->stream = stream;
    control->in = g_byte_array_new();
    return control;
}

static void
control_closed(void *self)
{
    control_t *control = self;

    if (control->fdr->control == control)
        control->fdr->control = NULL;
    g_byte_array_unref(control->in);
    g_free(control);
}

static const lab_service_t control_service = {
    .name = "fdr control",
    .opened = control_opened,
    .received = control_received,
    .closed = control_closed,
};

lab_fdr_t *
lab_fdr_new(lab_mux_t *mux)
{
    lab_fdr_t *fdr = g_new0(lab_fdr_t, 1);

    fdr->mux = mux;
    lab_mux_listen(mux, LAB_FDR_PORT, &control_service, fdr);
    lab_mux_listen(mux, LAB_FDR_CONN_PORT, &conn_service, fdr);
    return fdr;
}

void
lab_fdr_free(lab_fdr_t *fdr)
{
    if (!fdr)
        return;
    drop_job(fdr);
    lab_mux_unlisten(fdr->mux, LAB_FDR_PORT);
    lab_mux_unlisten(fdr->mux, LAB_FDR_CONN_PORT);
    g_free(fdr);
}
