/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See mux.h. */
#include "tests/lib/makecap/mux.h"

#include "tests/lib/makecap/bytes.h"
#include "tests/lib/makecap/usb.h"

enum { VERSION = 0, CONTROL = 1, SETUP = 2, TCP = 6 };
#define MAGIC 0xFEEDFACEU
enum { SYN = 0x02, RST = 0x04, ACK = 0x10, WINDOW = 0x0200 };
enum { PIPE_OUT = 0x04, PIPE_IN = 0x85, PIECE_MAX = 16384 };

struct stream {
    guint16 host_port, device_port;
    guint32 sent[2]; /* sequence numbers; [1]: the host's */
    guint16 window;  /* the device's */
};

struct mux {
    pcapng *file;
    guint8 address;
    guint16 packets[2];
    guint16 next_port;
    GHashTable *streams; /* name -> struct stream * */
};

mux *
mux_new(pcapng *file, guint8 address)
{
    mux *m = g_new0(mux, 1);

    m->file = file;
    m->address = address;
    m->next_port = 1;
    m->streams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return m;
}

void
mux_free(mux *m)
{
    if (!m)
        return;
    g_hash_table_unref(m->streams);
    g_free(m);
}

static void
transfer(mux *m, gboolean from_host, const GByteArray *bytes)
{
    struct usb_transfer out = { .address = m->address, .data = bytes };

    out.endpoint = from_host ? PIPE_OUT : PIPE_IN;
    usb_transfer(m->file, &out);
}

static void
packet(mux *m, gboolean from_host, guint32 protocol, const void *payload, guint length)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    put_be32(bytes, protocol);
    put_be32(bytes, 16 + length);
    put_be32(bytes, MAGIC);
    put_be16(bytes, m->packets[from_host]++);
    put_be16(bytes, m->packets[!from_host]);
    put_bytes(bytes, payload, length);
    transfer(m, from_host, bytes);
}

void
mux_hello(mux *m)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    put_be32(bytes, VERSION);
    put_be32(bytes, 20);
    put_be32(bytes, 2);
    put_zeros(bytes, 8);
    transfer(m, TRUE, bytes);
    transfer(m, FALSE, bytes);
    packet(m, TRUE, SETUP, "\x07", 1);
}

static void
segment(mux *m, struct stream *stream, gboolean from_host, guint flags, const void *data,
        guint length)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    put_be16(bytes, from_host ? stream->host_port : stream->device_port);
    put_be16(bytes, from_host ? stream->device_port : stream->host_port);
    put_be32(bytes, stream->sent[from_host]);
    put_be32(bytes, flags & ACK ? stream->sent[!from_host] : 0);
    put_8(bytes, 0x50);
    put_8(bytes, flags);
    put_be16(bytes, from_host ? WINDOW : stream->window);
    put_zeros(bytes, 4);
    put_bytes(bytes, data, length);
    packet(m, from_host, TCP, bytes->data, bytes->len);
    stream->sent[from_host] += length + (flags & SYN ? 1 : 0);
}

static struct stream *
new_stream(mux *m, guint16 device_port)
{
    struct stream *stream = g_new0(struct stream, 1);

    stream->host_port = m->next_port++;
    stream->device_port = device_port;
    stream->window = WINDOW;
    return stream;
}

void
mux_open(mux *m, const char *name, guint16 device_port)
{
    struct stream *stream = new_stream(m, device_port);

    segment(m, stream, TRUE, SYN, NULL, 0);
    segment(m, stream, FALSE, SYN | ACK, NULL, 0);
    segment(m, stream, TRUE, ACK, NULL, 0);
    g_hash_table_replace(m->streams, g_strdup(name), stream);
}

void
mux_refuse(mux *m, guint16 device_port)
{
    g_autofree struct stream *stream = new_stream(m, device_port);

    segment(m, stream, TRUE, SYN, NULL, 0);
    segment(m, stream, FALSE, RST | ACK, NULL, 0);
}

gboolean
mux_send(mux *m, const char *name, gboolean from_host, const GByteArray *data)
{
    struct stream *stream = g_hash_table_lookup(m->streams, name);

    if (!stream)
        return FALSE;
    for (guint done = 0; done < data->len; done += PIECE_MAX)
        segment(m, stream, from_host, ACK, data->data + done, MIN(data->len - done, PIECE_MAX));
    segment(m, stream, !from_host, ACK, NULL, 0);
    return TRUE;
}

gboolean
mux_reset(mux *m, const char *name, gboolean from_host)
{
    struct stream *stream = g_hash_table_lookup(m->streams, name);

    if (stream)
        segment(m, stream, from_host, RST, NULL, 0);
    return stream != NULL;
}

gboolean
mux_window(mux *m, const char *name, guint bytes)
{
    struct stream *stream = g_hash_table_lookup(m->streams, name);

    if (stream) {
        stream->window = (guint16)(bytes >> 8);
        segment(m, stream, FALSE, ACK, NULL, 0);
    }
    return stream != NULL;
}

void
mux_control(mux *m, guint type, const char *text)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    put_8(bytes, type);
    put_bytes(bytes, text, strlen(text));
    packet(m, FALSE, CONTROL, bytes->data, bytes->len);
}
