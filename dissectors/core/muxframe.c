/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmux framing; see muxframe.h. Facts from usbmuxd 2efa75a, src/device.c and src/usb.c. */
#include "dissectors/core/muxframe.h"

enum {
    VERSION_LENGTH = 20, /* always: a version 1 header and three u32 */
    TCP_HEADER = 20,
    TCP_DATA_OFFSET = 12 /* of the byte whose high nibble is 5: no options, ever */
};

#define MUX_PROTOCOL_CASE(name, value, text) case RS_MUX_##name:
static bool
is_known_protocol(uint32_t protocol)
{
    switch (protocol) {
        RS_MUX_PROTOCOL(MUX_PROTOCOL_CASE)
        return true;
    default:
        return false;
    }
}

enum rs_status
rs_mux_read_header(const uint8_t *bytes, size_t length, struct rs_mux_header *ret_header)
{
    struct rs_mux_header header = { .size = RS_MUX_HEADER_V1 };
    struct rs_cursor cursor;

    rs_cursor_init(&cursor, bytes, length);
    header.protocol = rs_take_be32(&cursor);
    if (cursor.failed)
        return RS_SHORT;
    if (!is_known_protocol(header.protocol))
        return RS_BAD;
    header.length = rs_take_be32(&cursor);
    if (cursor.failed)
        return RS_SHORT;
    if (header.length < RS_MUX_HEADER_V1 || header.length > RS_MUX_LENGTH_MAX)
        return RS_BAD;
    /* The versions are still being negotiated by VERSION, so it never has the longer header. */
    if (header.protocol != RS_MUX_VERSION && header.length >= RS_MUX_HEADER_V2) {
        header.magic = rs_take_be32(&cursor);
        if (cursor.failed)
            return RS_SHORT;
        header.has_seq = header.magic == RS_MUX_MAGIC;
    }
    if (header.has_seq) {
        header.tx_seq = rs_take_be16(&cursor);
        header.rx_seq = rs_take_be16(&cursor);
        header.size = RS_MUX_HEADER_V2;
    } else {
        header.magic = 0;
    }
    if (cursor.failed)
        return RS_SHORT;
    *ret_header = header;
    return RS_OK;
}

/* Without a magic, what else a version 1 packet must look like. Only captured bytes are judged. */
static bool
is_version1_layout(uint32_t protocol, uint32_t packet_length, const uint8_t *bytes,
                   uint32_t captured)
{
    const uint32_t data_offset = RS_MUX_HEADER_V1 + TCP_DATA_OFFSET;

    switch (protocol) {
    case RS_MUX_VERSION:
        return packet_length == VERSION_LENGTH;
    case RS_MUX_TCP:
        return packet_length >= RS_MUX_HEADER_V1 + TCP_HEADER &&
               (captured <= data_offset || bytes[data_offset] >> 4 == TCP_HEADER / 4);
    default:
        return packet_length > RS_MUX_HEADER_V1;
    }
}

/* The length of the packet that starts here, or 0 when none plausibly does. */
static uint32_t
packet_starting_at(const uint8_t *bytes, uint32_t captured)
{
    struct rs_mux_header header;
    struct rs_cursor cursor;

    switch (rs_mux_read_header(bytes, captured, &header)) {
    case RS_BAD:
        return 0;
    case RS_SHORT: /* cut by the capture; protocol and length were accepted when they are there */
        if (captured < RS_MUX_HEADER_V1)
            return 0;
        rs_cursor_init(&cursor, bytes, captured);
        header.protocol = rs_take_be32(&cursor);
        header.length = rs_take_be32(&cursor);
        return header.length;
    case RS_OK:
        break;
    }
    if (!header.has_seq && !is_version1_layout(header.protocol, header.length, bytes, captured))
        return 0;
    return header.length;
}

static bool
starts_with_magic(const uint8_t *bytes, uint32_t captured)
{
    struct rs_mux_header header;

    return rs_mux_read_header(bytes, captured, &header) == RS_OK && header.has_seq;
}

void
rs_mux_framer_reset(struct rs_mux_framer *framer)
{
    *framer = (struct rs_mux_framer){ 0 };
}

/* Fills the slice with what the packet under way takes of the `left` bytes. */
static void
take_packet(struct rs_mux_framer *framer, uint32_t captured, uint32_t left,
            struct rs_mux_slice *slice)
{
    uint32_t missing = framer->expected - framer->have;

    slice->packet_offset = framer->have;
    slice->packet_length = framer->expected;
    slice->first = framer->have == 0;
    slice->length = missing < left ? missing : left;
    slice->last = slice->length == missing;
    if (captured < slice->length)
        framer->broken = true;
    slice->broken = framer->broken;
    framer->have += slice->length;
    if (slice->last)
        rs_mux_framer_reset(framer);
}

bool
rs_mux_next_slice(struct rs_mux_framer *framer, const uint8_t *bytes, uint32_t captured,
                  uint32_t urb_length, uint32_t *offset, struct rs_mux_slice *ret_slice)
{
    struct rs_mux_slice slice = { .offset = *offset };
    uint32_t left, here;

    if (*offset >= urb_length)
        return false;
    left = urb_length - *offset;
    here = captured > *offset ? captured - *offset : 0;
    if (here > left)
        here = left;
    bytes = here > 0 ? bytes + *offset : NULL;

    /* A transfer was lost: the packet under way cannot end any more. */
    if (framer->expected > 0 && *offset == 0 && starts_with_magic(bytes, here))
        rs_mux_framer_reset(framer);
    if (framer->expected == 0)
        framer->expected = packet_starting_at(bytes, here);
    if (framer->expected > 0) {
        take_packet(framer, here, left, &slice);
    } else {
        slice.length = left;
        slice.unsynchronised = true;
        slice.broken = here < left;
    }
    *offset += slice.length;
    *ret_slice = slice;
    return true;
}
