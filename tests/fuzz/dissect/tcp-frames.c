/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TCP streams on Ethernet and inside usbmux; see frames.h. Facts: RFC 9293; usbmuxd 2efa75a,
 * src/device.c. */

#include "tests/fuzz/dissect/frames.h"

enum {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_PUSH = 0x08,
    TCP_ACK = 0x10,
    TCP_SIZE = 20,
    MUX_SIZE = 16,
    MUX_TCP = 6,
    MUX_OUT = 0x04,
    MUX_IN = 0x85,
    FIRST_CLIENT_PORT = 40000,
    SERVER = 1, /* index of what comes from server or device */
};

#define MUX_MAGIC 0xfeedfaceU

struct connection {
    gboolean is_mux;
    guint16 port, client_port;
    guint32 sent[2]; /* the next sequence number of client and server */
};

static void
put_be(GByteArray *frame, guint32 value, guint size)
{
    for (guint i = size; i-- > 0;) {
        guint8 byte = (guint8)(value >> (8 * i));

        g_byte_array_append(frame, &byte, 1);
    }
}

static void
put_tcp(GByteArray *frame, const struct connection *connection, int side, guint8 tcp_flags)
{
    put_be(frame, side == SERVER ? connection->port : connection->client_port, 2);
    put_be(frame, side == SERVER ? connection->client_port : connection->port, 2);
    put_be(frame, connection->sent[side], 4);
    put_be(frame, tcp_flags & TCP_ACK ? connection->sent[!side] : 0, 4);
    put_be(frame, TCP_SIZE / 4 << 4, 1);
    put_be(frame, tcp_flags, 1);
    put_be(frame, 0x0200, 2);
    put_be(frame, 0, 4);
}

/* Between link-local addresses, as services of XPC have them. */
static void
put_address(GByteArray *frame, int side)
{
    put_be(frame, 0xfe800000, 4);
    put_be(frame, 0, 4);
    put_be(frame, 0, 4);
    put_be(frame, side == SERVER ? 2 : 1, 4);
}

static void
put_ethernet_and_ip(GByteArray *frame, int side, guint32 size)
{
    put_be(frame, 0x0200, 2);
    put_be(frame, side == SERVER ? 1 : 2, 4);
    put_be(frame, 0x0200, 2);
    put_be(frame, side == SERVER ? 2 : 1, 4);
    put_be(frame, 0x86dd, 2);
    put_be(frame, 0x60000000, 4);
    put_be(frame, TCP_SIZE + size, 2);
    put_be(frame, 0x0640, 2); /* TCP, hops */
    put_address(frame, side);
    put_address(frame, !side);
}

static void
put_mux(GByteArray *frame, fuzz_frames *frames, int side, guint32 size)
{
    put_be(frame, MUX_TCP, 4);
    put_be(frame, MUX_SIZE + TCP_SIZE + size, 4);
    put_be(frame, MUX_MAGIC, 4);
    put_be(frame, frames->mux_packets[side]++, 2);
    put_be(frame, frames->mux_packets[!side] - 1U, 2);
}

static void
send(fuzz_frames *frames, const struct connection *connection, guint8 tcp_flags, const guint8 *data,
     guint32 size, guint8 flags)
{
    g_autoptr(GByteArray) frame = g_byte_array_new();
    const int side = flags & FUZZ_FROM_DEVICE ? SERVER : !SERVER;
    struct fuzz_transfer transfer = { .type = FUZZ_BULK, .address = 1, .flags = flags & FUZZ_CUT };

    if (connection->is_mux)
        put_mux(frame, frames, side, size);
    else
        put_ethernet_and_ip(frame, side, size);
    put_tcp(frame, connection, side, tcp_flags);
    if (size > 0)
        g_byte_array_append(frame, data, size);
    if (!connection->is_mux) {
        fuzz_frames_add(frames, LINK_ETHERNET, frame->data, frame->len, flags);
        return;
    }
    transfer.endpoint = side == SERVER ? MUX_IN : MUX_OUT;
    transfer.data = frame->data;
    transfer.size = frame->len;
    fuzz_frames_transfer(frames, &transfer);
}

static void
open_connection(fuzz_frames *frames, struct connection *connection)
{
    connection->client_port++;
    connection->sent[SERVER] = connection->sent[!SERVER] = 0;
    send(frames, connection, TCP_SYN, NULL, 0, 0);
    connection->sent[!SERVER]++;
    send(frames, connection, TCP_SYN | TCP_ACK, NULL, 0, FUZZ_FROM_DEVICE);
    connection->sent[SERVER]++;
    send(frames, connection, TCP_ACK, NULL, 0, 0);
}

static struct connection *
connection_to(fuzz_frames *frames, guint16 port, gboolean is_mux, gboolean is_new)
{
    gpointer key = GUINT_TO_POINTER((guint)port | (is_mux ? 1U << 16 : 0));
    struct connection *connection = g_hash_table_lookup(frames->connections, key);

    if (connection && !is_new)
        return connection;
    if (!connection) {
        connection = g_new0(struct connection, 1);
        connection->is_mux = is_mux;
        connection->port = port;
        connection->client_port = (guint16)(FIRST_CLIENT_PORT + port % 1024 * 16);
        g_hash_table_insert(frames->connections, key, connection);
    }
    open_connection(frames, connection);
    return connection;
}

static void
send_on(fuzz_frames *frames, struct connection *connection, const guint8 *data, guint32 size,
        guint8 flags)
{
    const guint8 tcp_flags = flags & FUZZ_FAILED ? TCP_ACK | TCP_FIN : TCP_ACK | TCP_PUSH;
    const int side = flags & FUZZ_FROM_DEVICE ? SERVER : !SERVER;

    if (!(flags & FUZZ_LOST))
        send(frames, connection, tcp_flags, data, size, flags);
    if (flags & FUZZ_TWICE)
        send(frames, connection, tcp_flags, data, size, flags & FUZZ_FROM_DEVICE);
    connection->sent[side] += size + (flags & FUZZ_FAILED ? 1 : 0);
}

void
fuzz_frames_tcp(fuzz_frames *frames, guint16 port, const guint8 *data, guint32 size, guint8 flags)
{
    send_on(frames, connection_to(frames, port, FALSE, flags & FUZZ_NEW), data, size, flags);
}

void
fuzz_frames_stream(fuzz_frames *frames, guint16 port, const guint8 *data, guint32 size,
                   guint8 flags)
{
    send_on(frames, connection_to(frames, port, TRUE, flags & FUZZ_NEW), data, size, flags);
}
