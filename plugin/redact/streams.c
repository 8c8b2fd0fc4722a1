/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Streams by what tells them apart: interface, bus, device and endpoint; the same with the ports
 * inside of usbmux; addresses and ports. */
#include <string.h>

#include "plugin/redact/streams.h"

#include "dissectors/core/muxframe.h"
#include "plugin/redact/transfer.h"

enum {
    TCP_HEADER = 20,
    TCP_SYN = 0x02,
    MUX_HEAD = RS_MUX_HEADER_V2 + 60, /* with the longest TCP header */
    STREAMS_MAX = 200000,
};

struct segment {
    gint64 at; /* in the stream */
    guint8 *bytes;
    gsize length;
    gboolean repeats; /* all or the first part of it came before */
};

struct own {
    struct rs_stream stream; /* first: what others see */
    /* of a pipe: */
    struct rs_mux_framer framer;
    struct rs_row *packet; /* under way */
    /* of TCP: */
    GArray *segments;
    gint64 newest;
};

struct rs_streams {
    const guint8 *was, *now;
    GPtrArray *list;
    GHashTable *by_key; /* -> struct own, borrowed from the list */
};

static void
own_free(gpointer data)
{
    struct own *own = data;

    g_ptr_array_unref(own->stream.rows);
    rs_row_free(own->packet);
    if (own->segments)
        g_array_unref(own->segments);
    g_free(own);
}

rs_streams *
rs_streams_new(const guint8 *was, const guint8 *now)
{
    rs_streams *streams = g_new0(rs_streams, 1);

    streams->was = was;
    streams->now = now;
    streams->list = g_ptr_array_new_with_free_func(own_free);
    streams->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return streams;
}

void
rs_streams_free(rs_streams *streams)
{
    if (!streams)
        return;
    g_hash_table_unref(streams->by_key);
    g_ptr_array_unref(streams->list);
    g_free(streams);
}

const GPtrArray *
rs_streams_list(const rs_streams *streams)
{
    return streams->list;
}

static gboolean
has_data(const struct own *own)
{
    return own->stream.rows->len > 0 || own->segments;
}

/* Both directions of a connection know each other. */
static void
join(rs_streams *streams, struct own *own, const char *reverse_key)
{
    struct own *other = reverse_key ? g_hash_table_lookup(streams->by_key, reverse_key) : NULL;

    if (!other || other->stream.other)
        return;
    own->stream.other = &other->stream;
    other->stream.other = &own->stream;
}

/* key: given away. A `fresh` stream takes the place of an older one that was used. NULL when there
 * are too many. */
static struct own *
find_stream(rs_streams *streams, enum rs_stream_kind kind, char *key, const char *reverse_key,
            gboolean fresh)
{
    struct own *own = g_hash_table_lookup(streams->by_key, key);

    if (own && fresh && has_data(own))
        own = NULL;
    if (own || streams->list->len >= STREAMS_MAX) {
        g_free(key);
        return own;
    }
    own = g_new0(struct own, 1);
    own->stream.kind = kind;
    own->stream.rows = g_ptr_array_new_with_free_func(rs_row_free);
    join(streams, own, reverse_key);
    g_ptr_array_add(streams->list, own);
    g_hash_table_insert(streams->by_key, key, own);
    return own;
}

/* The row to go on with. */
static struct rs_row *
open_row(struct own *own)
{
    GPtrArray *rows = own->stream.rows;

    if (rows->len == 0)
        g_ptr_array_add(rows, rs_row_new());
    return g_ptr_array_index(rows, rows->len - 1);
}

static void
break_row(struct own *own)
{
    if (open_row(own)->length > 0)
        g_ptr_array_add(own->stream.rows, rs_row_new());
}

/* Which pipe a transfer belongs to, and in which direction. */
struct pipe {
    guint interface, bus, address, endpoint;
};

static void
add_bytes(const rs_streams *streams, struct rs_row *row, guint8 *bytes, gsize length)
{
    rs_row_add(row, streams->was + (bytes - streams->now), bytes, length);
}

static char *
mux_key(const struct pipe *pipe, gboolean to_phone, guint from, guint to)
{
    return g_strdup_printf("m %u %u %u %d %u %u", pipe->interface, pipe->bus, pipe->address,
                           to_phone, from, to);
}

/* A packet of usbmux is complete, or as complete as it gets. */
static void
mux_packet(rs_streams *streams, const struct pipe *pipe, const struct rs_row *packet,
           gboolean broken)
{
    const gboolean to_phone = (pipe->endpoint & 0x80) == 0;
    guint8 head[MUX_HEAD];
    const gsize n = rs_row_read(packet, head, sizeof head);
    struct rs_mux_header header;
    g_autofree char *reverse = NULL;
    struct own *own;
    gsize size;
    guint from, to;

    if (rs_mux_read_header(head, n, &header) != RS_OK || header.protocol != RS_MUX_TCP ||
        n < header.size + TCP_HEADER)
        return;
    from = rs_net16(head + header.size);
    to = rs_net16(head + header.size + 2);
    size = header.size + (gsize)(head[header.size + 12] >> 4) * 4;
    reverse = mux_key(pipe, !to_phone, to, from);
    own = find_stream(streams, RS_STREAM_MUX, mux_key(pipe, to_phone, from, to), reverse,
                      (head[header.size + 13] & TCP_SYN) != 0);
    if (!own)
        return;
    rs_row_add_part(open_row(own), packet, size);
    if (broken)
        break_row(own);
}

static void
take_slice(rs_streams *streams, const struct pipe *pipe, struct own *own, guint8 *bytes,
           gsize captured, const struct rs_mux_slice *slice)
{
    const gsize start = MIN(slice->offset, captured);
    const gsize length = MIN(slice->length, captured - start);

    if (slice->unsynchronised)
        return;
    if (slice->first || !own->packet) {
        rs_row_free(own->packet);
        own->packet = rs_row_new();
    }
    add_bytes(streams, own->packet, bytes + start, length);
    if (!slice->last && !slice->broken)
        return;
    mux_packet(streams, pipe, own->packet, slice->broken || length < slice->length);
    g_clear_pointer(&own->packet, rs_row_free);
}

static void
take_mux(rs_streams *streams, const struct pipe *pipe, struct own *own,
         const struct rs_transfer *transfer)
{
    const guint32 captured = (guint32)transfer->captured, length = (guint32)transfer->length;
    struct rs_mux_slice slice;
    guint32 offset = 0;

    while (rs_mux_next_slice(&own->framer, transfer->bytes, captured, length, &offset, &slice))
        take_slice(streams, pipe, own, transfer->bytes, captured, &slice);
}

static void
take_transfer(rs_streams *streams, const struct rs_block *packet)
{
    struct rs_transfer transfer;
    struct pipe pipe;
    struct own *own;

    if (!rs_transfer_read(packet, &transfer))
        return;
    pipe = (struct pipe){ packet->interface, transfer.event.bus, transfer.event.address,
                          transfer.event.endpoint };
    own = find_stream(
        streams, RS_STREAM_PIPE,
        g_strdup_printf("u %u %u %u %u", pipe.interface, pipe.bus, pipe.address, pipe.endpoint),
        NULL, FALSE);
    if (!own)
        return;
    own->stream.is_control = transfer.event.transfer == RS_USB_CONTROL;
    add_bytes(streams, open_row(own), transfer.bytes, transfer.captured);
    if (transfer.captured < transfer.length)
        break_row(own);
    if (transfer.event.transfer == RS_USB_BULK)
        take_mux(streams, &pipe, own, &transfer);
}

static char *
tcp_key(const struct rs_ip *ip, gboolean reverse)
{
    const gsize size = ip->is_v6 ? 16 : 4;
    GString *key = g_string_new("t ");

    for (gsize i = 0; i < 2 * size; i++) {
        const guint8 *address = (i < size) == reverse ? ip->to : ip->from;

        g_string_append_printf(key, "%02x", address[i % size]);
    }
    g_string_append_printf(key, " %u %u", rs_net16(ip->payload + (reverse ? 2 : 0)),
                           rs_net16(ip->payload + (reverse ? 0 : 2)));
    return g_string_free(key, FALSE);
}

static void
take_frame(const struct rs_frame *frame, gpointer data)
{
    g_autofree char *reverse = NULL;
    struct segment segment = { .repeats = FALSE };
    struct rs_ip ip;
    struct own *own;
    gsize header;
    guint32 seq;

    if (!rs_ip_read(frame->inside, frame->length, &ip) || ip.protocol != RS_TCP || !ip.is_whole ||
        ip.length < TCP_HEADER)
        return;
    header = MIN((gsize)(ip.payload[12] >> 4) * 4, ip.length);
    seq = rs_net32(ip.payload + 4);
    reverse = tcp_key(&ip, TRUE);
    own = find_stream(data, RS_STREAM_TCP, tcp_key(&ip, FALSE), reverse,
                      (ip.payload[13] & TCP_SYN) != 0);
    if (!own || header < TCP_HEADER || ip.length == header)
        return;
    if (!own->segments) {
        own->segments = g_array_new(FALSE, FALSE, sizeof segment);
        own->newest = (gint64)seq + G_MAXUINT32;
    }
    segment.at = own->newest + (gint32)(seq - (guint32)own->newest);
    segment.bytes = ip.payload + header;
    segment.length = ip.length - header;
    own->newest = MAX(own->newest, segment.at);
    g_array_append_val(own->segments, segment);
}

void
rs_streams_packet(rs_streams *streams, const struct rs_block *packet)
{
    take_transfer(streams, packet);
    rs_frames(packet, take_frame, streams);
}

static gint
by_place(gconstpointer a, gconstpointer b)
{
    const struct segment *first = a, *second = b;

    if (first->at != second->at)
        return first->at < second->at ? -1 : 1;
    return first->length > second->length ? -1 : first->length < second->length;
}

/* Rows of what is new in each segment. */
static void
order_segments(const rs_streams *streams, struct own *own)
{
    gint64 expected = G_MININT64;

    g_array_sort(own->segments, by_place);
    for (guint i = 0; i < own->segments->len; i++) {
        struct segment *segment = &g_array_index(own->segments, struct segment, i);
        const gint64 end = segment->at + (gint64)segment->length;
        const gsize old = expected > segment->at
                              ? (gsize)MIN(expected - segment->at, (gint64)segment->length)
                              : 0;

        segment->repeats = old > 0;
        if (segment->at > expected)
            break_row(own);
        add_bytes(streams, open_row(own), segment->bytes + old, segment->length - old);
        expected = MAX(expected, end);
    }
}

void
rs_streams_finish(rs_streams *streams)
{
    for (guint i = 0; i < streams->list->len; i++) {
        struct own *own = g_ptr_array_index(streams->list, i);

        if (own->segments)
            order_segments(streams, own);
    }
}

/* Makes what both segments have the same again. */
static void
repeat_segment(const struct segment *first, const struct segment *again, const guint8 *was,
               const guint8 *now)
{
    const gint64 start = MAX(first->at, again->at);
    const gint64 end = MIN(first->at + (gint64)first->length, again->at + (gint64)again->length);
    guint8 *to = again->bytes + (start - again->at);
    const guint8 *from = first->bytes + (start - first->at);

    if (start < end && memcmp(was + (from - now), was + (to - now), (gsize)(end - start)) == 0)
        memcpy(to, from, (gsize)(end - start));
}

static void
repeat_segments(const struct own *own, const guint8 *was, const guint8 *now)
{
    guint reaching = 0; /* the segment that reaches furthest */

    for (guint i = 1; i < own->segments->len; i++) {
        const struct segment *segment = &g_array_index(own->segments, struct segment, i);
        const struct segment *first = &g_array_index(own->segments, struct segment, reaching);

        if (segment->repeats) {
            /* What repeats two segments at once has its first part from the one before. */
            if (reaching > 0)
                repeat_segment(&g_array_index(own->segments, struct segment, reaching - 1), segment,
                               was, now);
            repeat_segment(first, segment, was, now);
        }
        if (segment->at + (gint64)segment->length > first->at + (gint64)first->length)
            reaching = i;
    }
}

void
rs_streams_repeat(rs_streams *streams)
{
    for (guint i = 0; i < streams->list->len; i++) {
        const struct own *own = g_ptr_array_index(streams->list, i);

        if (own->segments)
            repeat_segments(own, streams->was, streams->now);
    }
}
