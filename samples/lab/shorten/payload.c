/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmon header: the kernel's Documentation/usb/usbmon.rst, "Raw binary format". Mux header:
 * usbmuxd 1.1.1, src/device.c. Messages of restored: libimobiledevice 1.3.0,
 * src/property_list_service.c. */
#include "samples/lab/shorten/payload.h"

#include <glib.h>
#include <string.h>

enum {
    BULK = 3,
    MUX_TCP = 6,
    MUX_HEADER = 16,
    MUX_PACKET_MAX = 1 << 20,
    TCP_SYN = 0x02,
    ASR_PORT = 12345,
    RESTORED_PORT = 62078,
    ASR_MESSAGE_MAX = 4096,       /* what is shorter may be a message, which stays whole */
    LONG_MESSAGE = 48 * 1024,     /* answers below are worth reading */
    NO_MESSAGE = 64 * 1024 * 1024 /* no length: TLS */
};

/* One direction of a bulk pipe. */
typedef struct {
    bool is_images; /* images have been sent to iBoot, and nothing else is */
    uint32_t left;  /* of the mux packet under way */
    bool is_bulk;   /* that packet is bulk */
} pipe_state_t;

/* The host's messages on one connection to restored. */
typedef struct {
    uint8_t prefix[4];
    unsigned n_prefix;
    uint32_t left; /* of the message under way */
    bool is_long;
    bool is_lost; /* no messages, or none that can be followed */
} stream_t;

struct payload_state {
    GHashTable *pipes, *streams;
};

payload_state_t *
payload_state_new(void)
{
    payload_state_t *state = g_new0(payload_state_t, 1);

    state->pipes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    state->streams = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return state;
}

void
payload_state_free(payload_state_t *state)
{
    if (!state)
        return;
    g_hash_table_unref(state->pipes);
    g_hash_table_unref(state->streams);
    g_free(state);
}

/* The value of `key`, zeroed when it is new. */
static void *
look_up(GHashTable *table, int64_t key, size_t size)
{
    void *value = g_hash_table_lookup(table, &key);

    if (!value) {
        value = g_malloc0(size);
        g_hash_table_insert(table, g_memdup2(&key, sizeof key), value);
    }
    return value;
}

static uint16_t
be16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t
be32(const uint8_t *at)
{
    return (uint32_t)be16(at) << 16 | be16(at + 2);
}

/* Takes one byte of a message's length. */
static void
take_prefix(stream_t *stream, uint8_t byte)
{
    uint32_t length;

    stream->prefix[stream->n_prefix++] = byte;
    if (stream->n_prefix < sizeof stream->prefix)
        return;
    stream->n_prefix = 0;
    length = be32(stream->prefix);
    stream->is_lost = length == 0 || length > NO_MESSAGE;
    stream->left = stream->is_lost ? 0 : length;
    stream->is_long = stream->left >= LONG_MESSAGE;
}

/* Follows the messages through a segment of `length` bytes, of which `captured` are there. True
 * when all of them, but for a length in front, are of one long message. */
static bool
follow(stream_t *stream, const uint8_t *data, uint32_t captured, uint32_t length)
{
    uint32_t at = 0, n, of_long = 0;

    while (at < length && !stream->is_lost) {
        if (stream->left > 0) {
            n = MIN(stream->left, length - at);
            of_long = stream->is_long ? n : 0;
            stream->left -= n;
            at += n;
        } else if (at < captured) {
            take_prefix(stream, data[at++]);
        } else {
            stream->is_lost = true;
        }
    }
    return of_long > 0 && of_long + sizeof stream->prefix >= length;
}

/* Is this mux packet, of `length` bytes in all, bulk? */
static bool
is_bulk_packet(payload_state_t *state, int64_t pipe, const uint8_t *packet, uint32_t captured,
               uint32_t length)
{
    const uint8_t *tcp = packet + MUX_HEADER;
    uint32_t head;
    stream_t *stream;

    if (be32(packet) != MUX_TCP || captured < PAYLOAD_MUX_TCP_HEADER)
        return false;
    if (be16(tcp + 2) == ASR_PORT)
        return length > ASR_MESSAGE_MAX;
    if (be16(tcp + 2) != RESTORED_PORT)
        return false;
    stream = (stream_t *)look_up(state->streams, pipe << 16 | be16(tcp), sizeof *stream);
    if (tcp[13] & TCP_SYN)
        memset(stream, 0, sizeof *stream);
    head = MUX_HEADER + (uint32_t)(tcp[12] >> 4) * 4;
    if (head > captured || length <= head)
        return false;
    return follow(stream, packet + head, captured - head, length - head);
}

static bool
starts_packet(const uint8_t *data, uint32_t captured, uint32_t *ret_length)
{
    if (captured < MUX_HEADER || be32(data) > MUX_TCP)
        return false;
    *ret_length = be32(data + 4);
    return *ret_length >= 8 && *ret_length <= MUX_PACKET_MAX &&
           (be32(data) == 0 || memcmp(data + 8, "\xfe\xed\xfa\xce", 4) == 0);
}

/* "IMG4", "IM4P" or "IM4M" behind a DER head; the rest of an image comes without. */
static bool
starts_image(const uint8_t *data, uint32_t captured)
{
    for (uint32_t at = 4; captured >= 16 && data[0] == 0x30 && at <= 8; at++)
        if (memcmp(data + at, "IMG4", 4) == 0 || memcmp(data + at, "IM4", 3) == 0)
            return true;
    return false;
}

/* A transfer to a phone: mux packets, whole or in parts, or else a piece of an image. */
static bool
look_at(payload_state_t *state, int64_t key, const uint8_t *data, uint32_t captured,
        uint32_t length)
{
    pipe_state_t *pipe = (pipe_state_t *)look_up(state->pipes, key, sizeof *pipe);
    uint32_t packet;

    if (starts_packet(data, captured, &packet)) {
        pipe->is_images = false;
        pipe->is_bulk = is_bulk_packet(state, key, data, captured, packet);
        pipe->left = packet - MIN(packet, length);
        /* More packets behind this one would need all of it. */
        return pipe->is_bulk && length <= packet;
    }
    if (pipe->left == 0 && starts_image(data, captured))
        pipe->is_images = true;
    if (pipe->is_images)
        return true;
    if (pipe->left == 0 || length > pipe->left)
        return false;
    pipe->left -= length;
    return pipe->is_bulk;
}

bool
payload_is_bulk(payload_state_t *state, const uint8_t *packet, size_t captured)
{
    uint32_t length;
    int64_t pipe;

    if (captured <= PAYLOAD_USBMON_HEADER || packet[8] != 'S' || packet[9] != BULK ||
        (packet[10] & 0x80))
        return false;
    memcpy(&length, packet + 32, sizeof length);
    pipe = (int64_t)packet[12] << 24 | packet[13] << 16 | packet[11] << 8 | packet[10];
    return look_at(state, pipe, packet + PAYLOAD_USBMON_HEADER,
                   (uint32_t)captured - PAYLOAD_USBMON_HEADER, length);
}
