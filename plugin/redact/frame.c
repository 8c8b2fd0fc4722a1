/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Frames: IEEE 802.3, LINKTYPE_ pages of tcpdump.org, USB Network Control Model 1.0 (3.2), RFC 791,
 * RFC 8200. */
#include <string.h>

#include "plugin/redact/frame.h"

#include "plugin/redact/transfer.h"

enum {
    MAC = 6,
    ETHERNET = 14,
    VLAN = 0x8100,
    SERVICE_VLAN = 0x88a8,
    VLAN_MAX = 3,
    NTB_HEADER = 12,
    NDP_HEADER = 8,
    NDP_MAX = 64,       /* tables in one transfer */
    DATAGRAM_MAX = 512, /* in one table */
    IPV4_MIN = 20,
    IPV6_HEADER = 40,
    EXTENSION_MAX = 8,
};

guint16
rs_net16(const guint8 *bytes)
{
    return (guint16)(bytes[0] << 8 | bytes[1]);
}

guint32
rs_net32(const guint8 *bytes)
{
    return (guint32)rs_net16(bytes) << 16 | rs_net16(bytes + 2);
}

static guint16
little16(const guint8 *bytes)
{
    return (guint16)(bytes[1] << 8 | bytes[0]);
}

static gboolean
ethernet_frame(guint8 *bytes, gsize length, struct rs_frame *ret_frame)
{
    gsize at = ETHERNET;

    if (length < ETHERNET)
        return FALSE;
    *ret_frame = (struct rs_frame){ .mac = bytes, .type = rs_net16(bytes + at - 2) };
    for (guint i = 0;
         i < VLAN_MAX && (ret_frame->type == VLAN || ret_frame->type == SERVICE_VLAN) &&
         length - at >= 4;
         i++) {
        ret_frame->type = rs_net16(bytes + at + 2);
        at += 4;
    }
    ret_frame->inside = bytes + at;
    ret_frame->length = length - at;
    return TRUE;
}

/* A link whose header of a fixed size says no more than the protocol, or not even that. */
static gboolean
bare_frame(guint8 *bytes, gsize length, gsize header, struct rs_frame *ret_frame)
{
    if (length <= header)
        return FALSE;
    *ret_frame = (struct rs_frame){ .inside = bytes + header, .length = length - header };
    ret_frame->type = bytes[header] >> 4 == 6 ? RS_TYPE_IPV6 : RS_TYPE_IPV4;
    return TRUE;
}

/* "Cooked" packets: a header with the protocol at one place and the sender's address at another. */
static gboolean
cooked_frame(guint8 *bytes, gsize length, gsize header, gsize type_at, gsize source_at,
             struct rs_frame *ret_frame)
{
    if (!bare_frame(bytes, length, header, ret_frame))
        return FALSE;
    ret_frame->type = rs_net16(bytes + type_at);
    ret_frame->source = bytes + source_at;
    return TRUE;
}

static gboolean
network_frame(guint link, guint8 *bytes, gsize length, struct rs_frame *ret_frame)
{
    switch (link) {
    case RS_LINK_ETHERNET:
        return ethernet_frame(bytes, length, ret_frame);
    case RS_LINK_LINUX_SLL:
        return cooked_frame(bytes, length, 16, 14, 6, ret_frame);
    case RS_LINK_LINUX_SLL2:
        return cooked_frame(bytes, length, 20, 0, 12, ret_frame);
    case RS_LINK_NULL:
    case RS_LINK_LOOP:
        return bare_frame(bytes, length, 4, ret_frame);
    case RS_LINK_RAW:
    case RS_LINK_IPV4:
    case RS_LINK_IPV6:
        return bare_frame(bytes, length, 0, ret_frame);
    default:
        return FALSE;
    }
}

/* The frames that one table of an NCM transfer names. Returns the place of the next table. */
static gsize
ncm_table(guint8 *bytes, gsize length, gsize at, rs_frame_func func, gpointer data)
{
    gsize size, end;

    if (length < NDP_HEADER || at > length - NDP_HEADER || memcmp(bytes + at, "NCM", 3) != 0)
        return 0;
    size = little16(bytes + at + 4);
    end = MIN(at + MIN(size, NDP_HEADER + 4 * DATAGRAM_MAX), length);
    for (gsize entry = at + NDP_HEADER; entry + 4 <= end; entry += 4) {
        const gsize start = little16(bytes + entry), n = little16(bytes + entry + 2);
        struct rs_frame frame;

        if (start == 0 || n == 0)
            break;
        if (start < length && ethernet_frame(bytes + start, MIN(n, length - start), &frame))
            func(&frame, data);
    }
    return little16(bytes + at + 6);
}

static void
ncm_frames(guint8 *bytes, gsize length, rs_frame_func func, gpointer data)
{
    gsize at;

    if (length < NTB_HEADER || memcmp(bytes, "NCMH", 4) != 0)
        return;
    at = little16(bytes + 10);
    for (guint i = 0; i < NDP_MAX && at > 0; i++) {
        const gsize next = ncm_table(bytes, length, at, func, data);

        at = next > at ? next : 0; /* forward only: tables in a circle end here */
    }
}

void
rs_frames(const struct rs_block *packet, rs_frame_func func, gpointer data)
{
    struct rs_transfer transfer;
    struct rs_frame frame;

    if (!packet->data)
        return;
    if (network_frame(packet->link, packet->data, packet->captured, &frame))
        func(&frame, data);
    else if (rs_transfer_read(packet, &transfer))
        ncm_frames(transfer.bytes, transfer.captured, func, data);
}

static gboolean
read_ipv4(guint8 *bytes, gsize length, struct rs_ip *ret_ip)
{
    const gsize header = (gsize)(bytes[0] & 15) * 4;
    gsize total;

    if (length < IPV4_MIN || header < IPV4_MIN || header > length)
        return FALSE;
    total = rs_net16(bytes + 2); /* 0 where the network card cuts it into packets */
    total = total >= header && total < length ? total : length;
    *ret_ip = (struct rs_ip){ .header = bytes, .header_length = header };
    ret_ip->from = bytes + 12;
    ret_ip->to = bytes + 16;
    ret_ip->protocol = bytes[9];
    ret_ip->payload = bytes + header;
    ret_ip->length = total - header;
    ret_ip->is_whole = (rs_net16(bytes + 6) & 0x1fff) == 0;
    return TRUE;
}

/* Hop-by-hop, routing, destination options; and fragments. */
static void
skip_extensions(struct rs_ip *ip)
{
    for (guint i = 0; i < EXTENSION_MAX && ip->length >= 8; i++) {
        gsize size = 8 + (gsize)ip->payload[1] * 8;

        if (ip->protocol == 44) {
            size = 8;
            ip->is_whole = ip->is_whole && (rs_net16(ip->payload + 2) & ~7) == 0;
        } else if (ip->protocol != 0 && ip->protocol != 43 && ip->protocol != 60) {
            return;
        }
        if (size > ip->length)
            return;
        ip->protocol = ip->payload[0];
        ip->payload += size;
        ip->length -= size;
    }
}

static gboolean
read_ipv6(guint8 *bytes, gsize length, struct rs_ip *ret_ip)
{
    gsize size;

    if (length < IPV6_HEADER)
        return FALSE;
    size = rs_net16(bytes + 4);
    *ret_ip = (struct rs_ip){ .is_v6 = TRUE, .header = bytes, .header_length = IPV6_HEADER };
    ret_ip->from = bytes + 8;
    ret_ip->to = bytes + 24;
    ret_ip->protocol = bytes[6];
    ret_ip->payload = bytes + IPV6_HEADER;
    ret_ip->length = length - IPV6_HEADER;
    ret_ip->length = size ? MIN(size, ret_ip->length) : ret_ip->length;
    ret_ip->is_whole = TRUE;
    skip_extensions(ret_ip);
    return TRUE;
}

gboolean
rs_ip_read(guint8 *bytes, gsize length, struct rs_ip *ret_ip)
{
    if (length == 0)
        return FALSE;
    if (bytes[0] >> 4 == 4)
        return read_ipv4(bytes, length, ret_ip);
    return bytes[0] >> 4 == 6 && read_ipv6(bytes, length, ret_ip);
}
