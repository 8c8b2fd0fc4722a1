/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmux framing: the input is a row of transfers, each {u16 length, u8 captured of 256ths, bytes}.
 * Slices cover each transfer without gap or overlap, and a packet's slices its length. */
#include <string.h>

#include "dissectors/core/muxframe.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 16 }; /* a packet of the greatest length is not needed for any branch */

/* The packet under way, as the slices told. */
struct packet {
    uint32_t length, have;
};

static void
check_slice(struct packet *packet, const struct rs_mux_slice *slice)
{
    CLAIM(slice->length > 0);
    if (slice->unsynchronised) {
        CLAIM(packet->length == 0);
        CLAIM(!slice->first && !slice->last && slice->packet_length == 0);
        return;
    }
    if (slice->first)
        *packet = (struct packet){ .length = slice->packet_length };
    CLAIM(slice->packet_length >= RS_MUX_HEADER_V1 && slice->packet_length <= RS_MUX_LENGTH_MAX);
    CLAIM(slice->packet_length == packet->length);
    CLAIM(slice->packet_offset == packet->have);
    CLAIM(slice->length <= packet->length - packet->have);
    packet->have += slice->length;
    CLAIM(slice->last == (packet->have == packet->length));
    if (slice->last)
        *packet = (struct packet){ 0 };
}

static void
check_transfer(struct rs_mux_framer *framer, struct packet *packet, const uint8_t *bytes,
               uint32_t captured, uint32_t length)
{
    struct rs_mux_slice slice;
    uint32_t offset = 0, expected = 0;

    while (rs_mux_next_slice(framer, bytes, captured, length, &offset, &slice)) {
        CLAIM(slice.offset == expected);
        expected += slice.length;
        CLAIM(offset == expected);
        check_slice(packet, &slice);
        CLAIM(slice.broken || slice.offset + slice.length <= captured);
        CLAIM(framer->expected == packet->length && framer->have == packet->have);
    }
    CLAIM(offset == length);
}

static void
check_header(const uint8_t *bytes, size_t size)
{
    struct rs_mux_header header;

    if (rs_mux_read_header(bytes, size, &header) != RS_OK)
        return;
    CLAIM(header.size == (header.has_seq ? RS_MUX_HEADER_V2 : RS_MUX_HEADER_V1));
    CLAIM(header.size <= size && header.size <= header.length);
    CLAIM(header.length <= RS_MUX_LENGTH_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rs_mux_framer framer = { 0 };
    struct packet packet = { 0 };
    struct rs_cursor cursor;

    if (size > INPUT_MAX)
        return 0;
    rs_cursor_init(&cursor, data, size);
    while (rs_left(&cursor) > 3) {
        uint32_t length = rs_take_be16(&cursor), share = rs_take_u8(&cursor), captured;
        const uint8_t *bytes;
        uint8_t *copy;

        if (length > rs_left(&cursor))
            length = (uint32_t)rs_left(&cursor);
        bytes = rs_take_bytes(&cursor, length);
        captured = share == 255 ? length : length * share / 256;
        copy = malloc(captured > 0 ? captured : 1);
        CLAIM(copy != NULL);
        memcpy(copy, bytes, captured);
        check_header(copy, captured);
        check_transfer(&framer, &packet, copy, captured, length);
        free(copy);
    }
    return 0;
}
