/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The framing of usbmux on its two bulk pipes: the packet header of versions 1 and 2, and the
 * framer that finds packets in the transfers of one direction. Facts from usbmuxd 2efa75a,
 * src/device.c. */
#pragma once

#include "dissectors/core/cursor.h"

/* X(NAME, value, text): the protocols a mux packet may carry. */
#define RS_MUX_PROTOCOL(X)                                                                         \
    X(VERSION, 0, "Version")                                                                       \
    X(CONTROL, 1, "Control")                                                                       \
    X(SETUP, 2, "Setup")                                                                           \
    X(TCP, 6, "TCP")

#define RS_MUX_PROTOCOL_ENUM(name, value, text) RS_MUX_##name = (value),
enum rs_mux_protocol { RS_MUX_PROTOCOL(RS_MUX_PROTOCOL_ENUM) };

enum {
    RS_MUX_HEADER_V1 = 8,
    RS_MUX_HEADER_V2 = 16,
    RS_MUX_LENGTH_MAX = 1 << 20 /* of a packet with its header; devices send up to 65536 */
};

#define RS_MUX_MAGIC 0xFEEDFACEU

/*   0       4       8       12    14    16
 *   | proto | length| magic | tx  | rx  |     all big-endian; from `magic` on in version 2 only */
struct rs_mux_header {
    uint32_t protocol;
    uint32_t length; /* of the whole packet, this header included */
    bool has_seq;    /* version 2: the three fields below are there */
    uint32_t magic;
    uint16_t tx_seq;
    uint16_t rx_seq;
    size_t size; /* of the header: 8 or 16 */
};

/* Version 2 is recognised by its magic. RS_BAD: no known protocol, or a length out of range. */
enum rs_status rs_mux_read_header(const uint8_t *bytes, size_t length,
                                  struct rs_mux_header *ret_header);

/* One direction of a mux. Zero-initialised means: no packet under way. A plain value: it may be
 * copied to remember the state at the start of a frame. */
struct rs_mux_framer {
    uint32_t expected; /* length of the packet under way, 0 when there is none */
    uint32_t have;     /* how much of it has passed */
    bool broken;       /* some of it was not captured */
};

/* A piece of one transfer that belongs to one packet (or to none: unsynchronised). */
struct rs_mux_slice {
    uint32_t offset; /* in the transfer */
    uint32_t length; /* on the wire; the captured part may be shorter */
    uint32_t packet_offset;
    uint32_t packet_length;
    bool first;          /* the packet starts here */
    bool last;           /* the packet ends here */
    bool broken;         /* bytes of the packet are missing, here or before */
    bool unsynchronised; /* part of no packet whose start is known */
};

/* Takes the next slice of a transfer (one URB's payload); false when it is used up. *offset starts
 * at 0. bytes holds `captured` of its urb_length bytes. When a transfer is missing from the
 * capture, a slice may be `first` although the packet before it never had its `last`: that one is
 * lost. */
bool rs_mux_next_slice(struct rs_mux_framer *framer, const uint8_t *bytes, uint32_t captured,
                       uint32_t urb_length, uint32_t *offset, struct rs_mux_slice *ret_slice);

void rs_mux_framer_reset(struct rs_mux_framer *framer);
