/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What usbmux remembers of an attachment: how far its two pipes are, which ports were announced,
 * which streams are long; and how the transfers of a pipe are cut into packets. Facts: usbmuxd
 * 2efa75a, src/device.c. */
#pragma once

#include "dissectors/apple-usb.h"
#include "dissectors/core/muxframe.h"

enum { MUX_TCP_HEADER = 20, MUX_LONG_HEADERS = RS_MUX_HEADER_V2 + MUX_TCP_HEADER };

/* A TCP packet of a long stream that spans transfers. */
struct mux_piece {
    guint32 first_frame;
    guint32 first_length; /* data bytes of the first transfer */
    guint32 seq;          /* of its first byte, as tcp counts, once has_seq is set */
    gboolean has_seq;
    guint16 host_port, device_port;
};

/* What happened before a packet, by its sender's counter. */
enum mux_order { MUX_IN_ORDER, MUX_MISSING, MUX_BACKWARDS };

struct mux_slice {
    struct rs_mux_slice cut;
    guint32 id;      /* of the packet */
    guint16 missing; /* packets that are not in the capture; BACKWARDS: the counter expected */
    guint8 order;    /* enum mux_order */
    bool after_lost; /* the packet before this one never ended */
    struct mux_piece *piece; /* NULL: reassembled, if need be */
};

/* Per frame: how the first pass cut this transfer. */
struct mux_slices {
    guint count;
    gboolean too_many;
    struct mux_slice slice[];
};

/* How the first pass cut this transfer; done now, if this is the first pass. proto: under which the
 * answer is kept. NULL: not a transfer of a mux pipe. */
const struct mux_slices *mux_slices_of(tvbuff_t *tvb, packet_info *pinfo, const rs_urb *urb,
                                       struct apple_usb_attach *attach, int proto);

/* Starts to number packets anew, with each capture. */
void mux_state_reset(void);
