/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Connections inside usbmux: TCP's header and numbering without loss, retransmission or FIN
 * (usbmuxd 2efa75a, src/device.c). Windows count in units of 256 bytes. */
#include "samples/lab/vphone/mux/mux-priv.h"

#include <string.h>

enum {
    FLAG_SYN = 0x02,
    FLAG_RST = 0x04,
    FLAG_ACK = 0x10,

    WINDOW_UNITS = 0x0200, /* ours, always: 128 KiB */
    STREAMS_MAX = 256,
    QUEUE_MAX = 64 * 1024 * 1024, /* bytes a service may have waiting; more ends the stream */
    BULK = 64 * 1024, /* after so many bytes one way the host is uploading, not asking */
};

struct lab_stream {
    lab_mux_t *mux;
    const lab_service_t *service;
    void *self;
    uint16_t port, host_port;
    bool open;    /* the host has seen our SYN */
    bool closed;  /* no segment of it is sent any more */
    bool silent;  /* the service is not heard any more */
    bool window0; /* nothing is taken or acknowledged any more */
    bool closing; /* RST once the queue is empty */
    char *reason;
    lab_act_t reset_act; /* its name is NULL when no fault made us reset */
    uint32_t next;       /* sequence number of our next byte */
    uint32_t acked;      /* ... that the host has not acknowledged yet */
    uint32_t expected;   /* sequence number of the host's next byte */
    uint32_t window;     /* bytes the host takes beyond `acked` */
    GQueue queue;        /* chunk_t */
    size_t queued;
    bool host_spoke;        /* the last data was the host's */
    size_t since_spoke;     /* bytes the host sent since the phone last sent data */
    uint16_t request_seq;   /* mux number of the host's last packet with data */
    uint16_t last_sent_seq; /* mux number of our last segment */
};

/* What one lab_stream_send() brought. */
typedef struct {
    GBytes *bytes;
    size_t at;
    lab_act_t act; /* name NULL: no mark */
    char *what;
} chunk_t;

static void
chunk_free(void *data)
{
    chunk_t *chunk = data;

    g_bytes_unref(chunk->bytes);
    g_free(chunk->what);
    g_free(chunk);
}

static void *
stream_key(uint16_t host_port, uint16_t port)
{
    return GUINT_TO_POINTER((unsigned)host_port << 16 | port);
}

/* ---- segments to the host ---- */

static void
put_segment_head(uint8_t *head, uint16_t from, uint16_t to, unsigned flags)
{
    memset(head, 0, MUX_TCP_HEADER);
    put_u16(head, from);
    put_u16(head + 2, to);
    head[12] = 5 << 4;
    head[13] = (uint8_t)flags;
}

static bool
send_segment(lab_stream_t *stream, unsigned flags, const uint8_t *data, size_t length)
{
    uint8_t head[MUX_TCP_HEADER];

    put_segment_head(head, stream->port, stream->host_port, flags);
    put_u32(head + 4, stream->next);
    put_u32(head + 8, stream->expected);
    put_u16(head + 14, stream->window0 ? 0 : WINDOW_UNITS);
    if (!lab_mux_send(stream->mux, MUX_TCP, head, sizeof head, data, length,
                      &stream->last_sent_seq))
        return false;
    stream->next += (uint32_t)length;
    return true;
}

/* RST to a host port that has no stream; `seq` and `ack` as RFC 793 has them for that case. */
static bool
send_stray_reset(lab_mux_t *mux, const uint8_t *segment, uint32_t ack, uint16_t *ret_seq)
{
    uint8_t head[MUX_TCP_HEADER];

    put_segment_head(head, get_u16(segment + 2), get_u16(segment), FLAG_RST);
    put_u32(head + 4, get_u32(segment + 8));
    put_u32(head + 8, ack);
    return lab_mux_send(mux, MUX_TCP, head, sizeof head, NULL, 0, ret_seq);
}

/* ---- ends ---- */

void
lab_stream_finish(lab_stream_t *stream)
{
    lab_mux_t *mux = stream->mux;

    if (stream->closed)
        return;
    stream->closed = true;
    g_hash_table_remove(mux->streams, stream_key(stream->host_port, stream->port));
    g_queue_push_tail(&mux->gone, stream);
    lab_mux_reap_soon(mux);
}

void
lab_stream_free(lab_stream_t *stream)
{
    if (stream->self && stream->service->closed)
        stream->service->closed(stream->self);
    g_queue_clear_full(&stream->queue, chunk_free);
    g_free(stream->reason);
    g_free(stream);
}

static void
reset_now(lab_stream_t *stream)
{
    size_t length = stream->reason ? strlen(stream->reason) : 0;
    bool sent = send_segment(stream, FLAG_RST, (const uint8_t *)stream->reason, length);

    if (sent && stream->reset_act.name)
        lab_mux_mark(stream->mux, &stream->reset_act, "the phone resets a connection", true,
                     stream->last_sent_seq);
    lab_stream_finish(stream);
}

void
lab_stream_reset(lab_stream_t *stream, const char *reason)
{
    if (stream->closed || stream->closing)
        return;
    stream->closing = true;
    if (reason)
        stream->reason = g_strdup_printf("%s\n", reason);
    lab_stream_flush(stream);
}

/* ---- data to the host ---- */

/* How many bytes of `chunk` may go now. A chunk waits rather than going in small pieces, unless
 * nothing the host could acknowledge is on its way. */
static size_t
sendable(const lab_stream_t *stream, const chunk_t *chunk)
{
    uint32_t in_flight = stream->next - stream->acked;
    size_t room = stream->window > in_flight ? stream->window - in_flight : 0;
    size_t piece = MIN(g_bytes_get_size(chunk->bytes) - chunk->at, (size_t)LAB_SEGMENT_MAX);

    if (piece > room)
        return in_flight ? 0 : room;
    return piece;
}

static bool
send_piece(lab_stream_t *stream, chunk_t *chunk)
{
    size_t piece = sendable(stream, chunk);
    const uint8_t *data = g_bytes_get_data(chunk->bytes, NULL);

    if (piece == 0 || !send_segment(stream, FLAG_ACK, data + chunk->at, piece))
        return false;
    chunk->at += piece;
    stream->queued -= piece;
    stream->host_spoke = false;
    stream->since_spoke = 0;
    if (chunk->at < g_bytes_get_size(chunk->bytes))
        return true;
    if (chunk->act.name)
        lab_mux_mark(stream->mux, &chunk->act, chunk->what, true, stream->last_sent_seq);
    chunk_free(g_queue_pop_head(&stream->queue));
    return true;
}

void
lab_stream_flush(lab_stream_t *stream)
{
    if (stream->closed || !stream->open)
        return;
    while (!g_queue_is_empty(&stream->queue) && lab_mux_has_room(stream->mux))
        if (!send_piece(stream, g_queue_peek_head(&stream->queue)))
            break;
    if (stream->closing && g_queue_is_empty(&stream->queue))
        reset_now(stream);
}

static void
queue_chunk(lab_stream_t *stream, const void *data, size_t length, const lab_act_t *act,
            const char *what)
{
    if (length == 0 || stream->closed || stream->closing || stream->silent || stream->mux->muted ||
        stream->mux->stopped)
        return;
    if (stream->queued + length > QUEUE_MAX) {
        g_queue_clear_full(&stream->queue, chunk_free);
        stream->queued = 0;
        lab_stream_reset(stream, "too much is waiting to be sent");
        return;
    }
    chunk_t *chunk = g_new0(chunk_t, 1);
    chunk->bytes = g_bytes_new(data, length);
    if (act) {
        chunk->act = *act;
        chunk->what = g_strdup(what);
    }
    g_queue_push_tail(&stream->queue, chunk);
    stream->queued += length;
    lab_stream_flush(stream);
}

void
lab_stream_send(lab_stream_t *stream, const void *data, size_t length)
{
    queue_chunk(stream, data, length, NULL, NULL);
}

void
lab_stream_send_marked(lab_stream_t *stream, const void *data, size_t length, const lab_act_t *act,
                       const char *what)
{
    queue_chunk(stream, data, length, act, what);
}

/* ---- segments from the host ---- */

/* The SYN's own step. True when the connection is to be answered with SYN and ACK. */
static bool
syn_allowed(lab_mux_t *mux, const uint8_t *segment, lab_act_t *act, bool *ret_window0)
{
    g_autofree char *port = g_strdup_printf("%u", get_u16(segment + 2));
    uint16_t seq = 0;

    switch (lab_mux_step(mux, LAB_STEP_MUX_SYN, port, act)) {
    case LAB_DO_REFUSE:
    case LAB_DO_RESET:
        if (send_stray_reset(mux, segment, get_u32(segment + 4) + 1, &seq))
            lab_mux_mark(mux, act, "the phone refuses a connection", true, seq);
        return false;
    case LAB_DO_MUTE:
        mux->muted = true;
        lab_mux_mark(mux, act, "the phone says nothing from this SYN on", false, mux->rx_seq);
        return false;
    case LAB_DO_SILENT:
    case LAB_DO_DROP_ANSWER:
        lab_mux_mark(mux, act, "the phone does not answer this SYN", false, mux->rx_seq);
        return false;
    case LAB_DO_WINDOW0:
        *ret_window0 = true;
        return !mux->stopped;
    default:
        return !mux->stopped;
    }
}

static lab_stream_t *
stream_new(lab_mux_t *mux, const uint8_t *segment)
{
    lab_stream_t *stream = g_new0(lab_stream_t, 1);

    stream->mux = mux;
    stream->host_port = get_u16(segment);
    stream->port = get_u16(segment + 2);
    stream->expected = get_u32(segment + 4) + 1;
    stream->window = (uint32_t)get_u16(segment + 14) << 8;
    stream->request_seq = mux->rx_seq;
    g_queue_init(&stream->queue);
    return stream;
}

/* Answers a SYN. What the service says at once waits until the host has acknowledged ours. */
static void
accept_stream(lab_mux_t *mux, const uint8_t *segment)
{
    void *port = GUINT_TO_POINTER(get_u16(segment + 2));
    const lab_listener_t *listener = g_hash_table_lookup(mux->listeners, port);
    lab_act_t act = { .name = NULL };
    bool window0 = false;
    uint16_t seq;

    if (!syn_allowed(mux, segment, &act, &window0))
        return;
    if (!listener || g_hash_table_size(mux->streams) >= STREAMS_MAX) {
        send_stray_reset(mux, segment, get_u32(segment + 4) + 1, &seq);
        return;
    }
    lab_stream_t *stream = stream_new(mux, segment);
    stream->service = listener->service;
    g_hash_table_replace(mux->streams, stream_key(stream->host_port, stream->port), stream);
    stream->self = listener->service->opened(stream, mux->phone, listener->user);
    if (!stream->self) {
        send_stray_reset(mux, segment, stream->expected, &seq);
        lab_stream_finish(stream);
        return;
    }
    stream->window0 = window0;
    send_segment(stream, FLAG_SYN | FLAG_ACK, NULL, 0);
    stream->next++;
    if (window0)
        lab_mux_mark(mux, &act, "the phone accepts a connection with window 0", true,
                     stream->last_sent_seq);
}

static void
take_data(lab_stream_t *stream, const uint8_t *data, size_t length)
{
    stream->expected += (uint32_t)length;
    stream->host_spoke = true;
    stream->since_spoke += length;
    stream->request_seq = stream->mux->rx_seq;
    send_segment(stream, FLAG_ACK, NULL, 0);
    if (!stream->closing && stream->service->received)
        stream->service->received(stream->self, data, length);
}

static void
take_segment(lab_stream_t *stream, const uint8_t *segment, size_t length)
{
    uint32_t seq = get_u32(segment + 4), ack = get_u32(segment + 8);
    size_t head = (size_t)(segment[12] >> 4) * 4;

    if (head < MUX_TCP_HEADER || head > length || !(segment[13] & FLAG_ACK))
        return;
    if (ack - stream->acked <= stream->next - stream->acked) {
        stream->acked = ack;
        stream->window = (uint32_t)get_u16(segment + 14) << 8;
        stream->open = true;
    }
    if (length > head && !stream->window0) {
        if (seq != stream->expected)
            lab_stream_reset(stream, "a segment is missing");
        else
            take_data(stream, segment + head, length - head);
    }
    lab_stream_flush(stream);
}

void
lab_stream_input(lab_mux_t *mux, const uint8_t *segment, size_t length)
{
    void *key = stream_key(get_u16(segment), get_u16(segment + 2));
    lab_stream_t *stream = g_hash_table_lookup(mux->streams, key);
    unsigned flags = segment[13];
    uint16_t seq;

    if (stream && flags & (FLAG_RST | FLAG_SYN))
        lab_stream_finish(stream);
    if (flags & FLAG_RST)
        return;
    if (flags == FLAG_SYN)
        accept_stream(mux, segment);
    else if (stream && !stream->closed)
        take_segment(stream, segment, length);
    else
        send_stray_reset(mux, segment, get_u32(segment + 4), &seq);
}

/* ---- faults ---- */

void
lab_stream_mark_request(lab_stream_t *stream, const lab_act_t *act, const char *what)
{
    lab_mux_mark(stream->mux, act, what, false, stream->request_seq);
}

void
lab_stream_mark_last_sent(lab_stream_t *stream, const lab_act_t *act, const char *what)
{
    lab_mux_mark(stream->mux, act, what, true, stream->last_sent_seq);
}

/* Where silence shows first: at the request nobody answers; when nothing was asked or the host is
 * uploading, at the last segment that came. */
static void
mark_silence(lab_stream_t *stream, const lab_act_t *act)
{
    g_autofree char *what =
        g_strdup_printf("%s says nothing any more (port %u)", stream->service->name, stream->port);

    if (stream->host_spoke && stream->since_spoke < BULK)
        lab_stream_mark_request(stream, act, what);
    else
        lab_stream_mark_last_sent(stream, act, what);
}

static void
close_window(lab_stream_t *stream, const lab_act_t *act)
{
    g_autofree char *what =
        g_strdup_printf("%s takes nothing any more (port %u)", stream->service->name, stream->port);

    stream->window0 = true;
    if (stream->open && send_segment(stream, FLAG_ACK, NULL, 0))
        lab_stream_mark_last_sent(stream, act, what);
}

bool
lab_stream_act(lab_stream_t *stream, const lab_act_t *act)
{
    switch (act->action) {
    case LAB_DO_MUTE:
        mark_silence(stream, act);
        stream->mux->muted = true;
        return true;
    case LAB_DO_SILENT:
        mark_silence(stream, act);
        stream->silent = true;
        return true;
    case LAB_DO_WINDOW0:
        close_window(stream, act);
        return true;
    case LAB_DO_RESET:
        stream->reset_act = *act;
        lab_stream_reset(stream, lab_act_arg(act, 0, NULL));
        return true;
    default:
        return false;
    }
}

lab_action_t
lab_stream_step(lab_stream_t *stream, lab_step_t step, const char *detail, lab_act_t *act)
{
    lab_action_t action = lab_mux_step(stream->mux, step, detail, act);

    if (action != LAB_DO_NOTHING && action != LAB_DO_HANG && action != LAB_DO_ERROR_HERE)
        lab_stream_act(stream, act);
    return action;
}

/* ---- small things ---- */

uint16_t
lab_stream_port(const lab_stream_t *stream)
{
    return stream->port;
}

lab_mux_t *
lab_stream_mux(lab_stream_t *stream)
{
    return stream->mux;
}
