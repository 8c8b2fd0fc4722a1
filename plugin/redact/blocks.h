/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Walks over a capture in memory, pcapng or pcap, of either byte order. */
#pragma once

#include <glib.h>

/* LINKTYPE_ numbers. */
enum rs_link {
    RS_LINK_NULL = 0,
    RS_LINK_ETHERNET = 1,
    RS_LINK_RAW = 101,
    RS_LINK_LOOP = 108,
    RS_LINK_LINUX_SLL = 113,
    RS_LINK_USB_LINUX = 189,
    RS_LINK_USB_LINUX_MMAPPED = 220,
    RS_LINK_IPV4 = 228,
    RS_LINK_IPV6 = 229,
    RS_LINK_USBPCAP = 249,
    RS_LINK_USB_DARWIN = 266,
    RS_LINK_LINUX_SLL2 = 276,
};

/* Types of pcapng blocks: the IETF's draft on pcapng. */
enum rs_block_type {
    RS_BLOCK_INTERFACE = 1,
    RS_BLOCK_PACKET_OLD = 2,
    RS_BLOCK_PACKET_SIMPLE = 3,
    RS_BLOCK_NAMES = 4,
    RS_BLOCK_STATISTICS = 5,
    RS_BLOCK_PACKET = 6,
    RS_BLOCK_JOURNAL = 9,
    RS_BLOCK_SECRETS = 10,
    RS_BLOCK_SECTION = 0x0A0D0D0A,
};

struct rs_block {
    guint32 type;  /* RS_BLOCK_PACKET for all packets, also of pcap files */
    guint8 *bytes; /* of a pcapng file: the whole block with its header */
    gsize length;
    gboolean big_endian;

    /* Of a packet: */
    guint link, interface;
    guint8 *data;
    gsize captured;
    guint32 original; /* its length on the wire */
};

struct rs_blocks {
    void (*block)(const struct rs_block *block, gpointer data);
    void (*rest)(guint8 *bytes, gsize length, gpointer data); /* a last block that is cut off */
    gpointer data;
};

/* FALSE when it is neither pcapng nor pcap. Where it is damaged, all behind is the rest. */
gboolean rs_blocks_walk(const struct rs_blocks *blocks, guint8 *file, gsize size);

/* The options of a block from offset on: calls func with code, value and length. */
typedef void (*rs_option_func)(guint code, guint8 *value, gsize length, gpointer data);
void rs_blocks_options(const struct rs_block *block, gsize offset, rs_option_func func,
                       gpointer data);

guint16 rs_block_u16(const struct rs_block *block, const guint8 *bytes);
guint32 rs_block_u32(const struct rs_block *block, const guint8 *bytes);
