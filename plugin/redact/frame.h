/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Network frames in packets, and the parts of them that hold addresses. */
#pragma once

#include "plugin/redact/blocks.h"

/* A frame of the network, borrowed from the file. */
struct rs_frame {
    guint8 *mac;    /* Ethernet's two addresses, or NULL */
    guint8 *source; /* another link's address of 6 bytes, or NULL */
    guint type;     /* EtherType of what is inside */
    guint8 *inside;
    gsize length;
};

typedef void (*rs_frame_func)(const struct rs_frame *frame, gpointer data);

/* Calls func for each frame of a packet: one of a network link, several of a USB transfer of the
 * phone's own network interface (NCM 1.0). */
void rs_frames(const struct rs_block *packet, rs_frame_func func, gpointer data);

enum rs_ethertype { RS_TYPE_IPV4 = 0x0800, RS_TYPE_ARP = 0x0806, RS_TYPE_IPV6 = 0x86dd };

enum rs_protocol { RS_ICMP = 1, RS_TCP = 6, RS_UDP = 17, RS_ICMPV6 = 58 };

/* An IP packet, as much of it as was captured. */
struct rs_ip {
    gboolean is_v6;
    guint8 *header;
    gsize header_length;
    guint8 *from, *to; /* addresses of 4 or 16 bytes */
    guint protocol;
    guint8 *payload;
    gsize length;      /* captured bytes of it */
    gboolean is_whole; /* not a fragment behind the first one */
};

/* FALSE when these bytes are none. */
gboolean rs_ip_read(guint8 *bytes, gsize length, struct rs_ip *ret_ip);

guint16 rs_net16(const guint8 *bytes);
guint32 rs_net32(const guint8 *bytes);
