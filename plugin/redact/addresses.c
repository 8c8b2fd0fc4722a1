/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Local addresses. RFC 1918, 3927, 6598 (IPv4), 4193, 4291 (IPv6), 826 (ARP), 1035 (DNS). */
#include <string.h>

#include "plugin/redact/addresses.h"

enum {
    MAC = 6,
    ARP_SIZE = 28,
    UDP_HEADER = 8,
    TCP_SYN = 0x02,
    TCP_ACK = 0x10,
    DNS_PORT = 53,
    DNS_HEADER = 12,
    DNS_RECORDS_MAX = 256,
    ICMP_HEADER = 8,
    IF_IPV4 = 4,
    IF_IPV6 = 5,
    IF_MAC = 6,
    ADDRESSES_MAX = 5000,
};

struct rs_addresses {
    GHashTable *ipv4;       /* guint32 */
    GHashTable *ipv6, *mac; /* GBytes */
};

rs_addresses *
rs_addresses_new(void)
{
    rs_addresses *addresses = g_new0(rs_addresses, 1);

    addresses->ipv4 = g_hash_table_new(g_direct_hash, g_direct_equal);
    addresses->ipv6 =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    addresses->mac =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    return addresses;
}

void
rs_addresses_free(rs_addresses *addresses)
{
    if (!addresses)
        return;
    g_hash_table_unref(addresses->ipv4);
    g_hash_table_unref(addresses->ipv6);
    g_hash_table_unref(addresses->mac);
    g_free(addresses);
}

static gboolean
is_private_ipv4(guint32 address)
{
    return address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8 ||
           address >> 16 == 0xa9fe || address >> 22 == (100 << 2 | 1);
}

/* Multicast, this network, this host: nobody's own. */
static gboolean
is_nobodys_ipv4(guint32 address)
{
    return address >> 24 == 0 || address >> 24 == 127 || address >> 28 >= 14;
}

static gboolean
is_private_ipv6(const guint8 *address)
{
    return (address[0] & 0xfe) == 0xfc || (address[0] == 0xfe && (address[1] & 0x80) != 0);
}

static gboolean
is_nobodys_ipv6(const guint8 *address)
{
    static const guint8 zeros[15] = { 0 };

    return address[0] == 0xff || memcmp(address, zeros, sizeof zeros) == 0;
}

static void
add_bytes(GHashTable *set, const guint8 *bytes, gsize length)
{
    if (g_hash_table_size(set) < ADDRESSES_MAX)
        g_hash_table_add(set, g_bytes_new(bytes, length));
}

static void
add_mac(rs_addresses *addresses, const guint8 *mac)
{
    static const guint8 zeros[MAC] = { 0 };

    if ((mac[0] & 1) == 0 && memcmp(mac, zeros, MAC) != 0)
        add_bytes(addresses->mac, mac, MAC);
}

static void
add_ipv4(rs_addresses *addresses, const guint8 *bytes, gboolean is_client)
{
    const guint32 address = rs_net32(bytes);

    if (!is_nobodys_ipv4(address) && (is_client || is_private_ipv4(address)) &&
        g_hash_table_size(addresses->ipv4) < ADDRESSES_MAX)
        g_hash_table_add(addresses->ipv4, GUINT_TO_POINTER(address));
}

static void
add_ipv6(rs_addresses *addresses, const guint8 *bytes, gboolean is_client)
{
    if (!is_nobodys_ipv6(bytes) && (is_client || is_private_ipv6(bytes)))
        add_bytes(addresses->ipv6, bytes, 16);
}

/* Does the sender open a connection, or ask? */
static gboolean
is_client(const struct rs_ip *ip)
{
    if (!ip->is_whole)
        return FALSE;
    if (ip->protocol == RS_TCP && ip->length > 13)
        return (ip->payload[13] & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    return ip->protocol == RS_UDP && ip->length >= UDP_HEADER &&
           rs_net16(ip->payload + 2) == DNS_PORT;
}

static void
look_at_ip(rs_addresses *addresses, const struct rs_ip *ip)
{
    void (*add)(rs_addresses *, const guint8 *, gboolean) = ip->is_v6 ? add_ipv6 : add_ipv4;

    add(addresses, ip->from, is_client(ip));
    add(addresses, ip->to, FALSE);
}

static gboolean
is_arp(const struct rs_frame *frame)
{
    return frame->type == RS_TYPE_ARP && frame->length >= ARP_SIZE && frame->inside[4] == MAC &&
           frame->inside[5] == 4;
}

static void
look_at_frame(const struct rs_frame *frame, gpointer data)
{
    rs_addresses *addresses = data;
    struct rs_ip ip;

    for (gsize i = 0; frame->mac && i < 2; i++)
        add_mac(addresses, frame->mac + i * MAC);
    if (frame->source)
        add_mac(addresses, frame->source);
    if (is_arp(frame)) {
        for (gsize i = 0; i < 2; i++) {
            add_mac(addresses, frame->inside + 8 + i * (MAC + 4));
            add_ipv4(addresses, frame->inside + 8 + MAC + i * (MAC + 4), FALSE);
        }
    } else if (frame->type != RS_TYPE_ARP && rs_ip_read(frame->inside, frame->length, &ip)) {
        look_at_ip(addresses, &ip);
    }
}

void
rs_addresses_packet(rs_addresses *addresses, const struct rs_block *packet)
{
    rs_frames(packet, look_at_frame, addresses);
}

void
rs_addresses_option(rs_addresses *addresses, guint code, const guint8 *value, gsize length)
{
    if (code == IF_IPV4 && length >= 4)
        add_ipv4(addresses, value, TRUE);
    else if (code == IF_IPV6 && length >= 16)
        add_ipv6(addresses, value, TRUE);
    else if (code == IF_MAC && length >= MAC)
        add_mac(addresses, value);
}

/* In the order of their values, so that the result does not depend on a hash table. */
static gint
compare_bytes(gconstpointer a, gconstpointer b)
{
    return g_bytes_compare(a, b);
}

static gint
compare_numbers(gconstpointer a, gconstpointer b)
{
    const guint first = GPOINTER_TO_UINT(a), second = GPOINTER_TO_UINT(b);

    return first < second ? -1 : first > second;
}

void
rs_addresses_tell(const rs_addresses *addresses, rs_identifiers *ids)
{
    GList *macs = g_list_sort(g_hash_table_get_keys(addresses->mac), compare_bytes);
    GList *wide = g_list_sort(g_hash_table_get_keys(addresses->ipv6), compare_bytes);
    GList *narrow = g_list_sort(g_hash_table_get_keys(addresses->ipv4), compare_numbers);

    for (const GList *mac = macs; mac; mac = mac->next)
        rs_identifiers_add_bytes(ids, RS_ID_MAC, g_bytes_get_data(mac->data, NULL), MAC);
    for (const GList *address = wide; address; address = address->next)
        rs_identifiers_add_ipv6(ids, g_bytes_get_data(address->data, NULL));
    for (const GList *address = narrow; address; address = address->next)
        rs_identifiers_add_ipv4(ids, GPOINTER_TO_UINT(address->data));
    g_list_free(macs);
    g_list_free(wide);
    g_list_free(narrow);
}

/* What a redaction of frames goes along with. */
struct redaction {
    const rs_addresses *addresses;
    const rs_identifiers *ids;
    guint replaced;
};

guint
rs_addresses_redact_ipv4(const rs_addresses *addresses, const rs_identifiers *ids, guint8 *bytes)
{
    const guint32 was = rs_net32(bytes);
    guint32 now;

    if (!is_private_ipv4(was) && !g_hash_table_contains(addresses->ipv4, GUINT_TO_POINTER(was)))
        return 0;
    now = GUINT32_TO_BE(rs_pseudonym_ipv4(ids, was));
    memcpy(bytes, &now, sizeof now);
    return 1;
}

static void
redact_ipv4(struct redaction *redaction, guint8 *bytes)
{
    redaction->replaced += rs_addresses_redact_ipv4(redaction->addresses, redaction->ids, bytes);
}

/* Behind the name at an offset; more than length when it has no end. */
static gsize
skip_name(const guint8 *bytes, gsize length, gsize at)
{
    while (at < length && bytes[at] != 0) {
        if (bytes[at] >= 0xc0)
            return at + 2;
        at += 1 + (gsize)bytes[at];
    }
    return at + 1;
}

static void
redact_dns(struct redaction *redaction, guint8 *bytes, gsize length)
{
    gsize at = DNS_HEADER, records;

    if (length < DNS_HEADER)
        return;
    records = (gsize)rs_net16(bytes + 6) + rs_net16(bytes + 8) + rs_net16(bytes + 10);
    for (guint i = 0; i < rs_net16(bytes + 4) && at < length; i++)
        at = skip_name(bytes, length, at) + 4;
    for (gsize i = 0; i < MIN(records, DNS_RECORDS_MAX) && at < length; i++) {
        gsize size;

        at = skip_name(bytes, length, at);
        if (at + 10 > length)
            return;
        size = rs_net16(bytes + at + 8);
        if (rs_net16(bytes + at) == 1 && size == 4 && at + 10 + size <= length)
            redact_ipv4(redaction, bytes + at + 10);
        at += 10 + size;
    }
}

/* Ports of what devices of a local network tell about themselves: DHCP, NetBIOS, DHCPv6, SSDP,
 * WS-Discovery, mDNS, LLMNR. */
static gboolean
is_chatter(guint port)
{
    static const guint16 ports[] = { 67, 68, 137, 138, 546, 547, 1900, 3702, 5353, 5355 };

    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++) {
        if (port == ports[i])
            return TRUE;
    }
    return FALSE;
}

static void
redact_udp(struct redaction *redaction, const struct rs_ip *ip)
{
    const guint from = ip->length >= UDP_HEADER ? rs_net16(ip->payload) : 0;
    const guint to = ip->length >= UDP_HEADER ? rs_net16(ip->payload + 2) : 0;

    if (is_chatter(from) || is_chatter(to))
        memset(ip->payload + UDP_HEADER, 0, ip->length - UDP_HEADER);
    else if (from == DNS_PORT || to == DNS_PORT)
        redact_dns(redaction, ip->payload + UDP_HEADER, ip->length - UDP_HEADER);
}

static void
redact_header(struct redaction *redaction, const struct rs_ip *ip)
{
    if (ip->is_v6) /* found by search */
        return;
    redact_ipv4(redaction, ip->from);
    redact_ipv4(redaction, ip->to);
}

/* An ICMP message quotes the packet that it is about. */
static void
redact_icmp(struct redaction *redaction, const struct rs_ip *ip)
{
    const guint type = ip->length >= ICMP_HEADER ? ip->payload[0] : 0;
    const gboolean quotes = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    struct rs_ip quoted;

    if (type == 5) /* the better router */
        redact_ipv4(redaction, ip->payload + 4);
    if (quotes && rs_ip_read(ip->payload + ICMP_HEADER, ip->length - ICMP_HEADER, &quoted))
        redact_header(redaction, &quoted);
}

static void
redact_frame(const struct rs_frame *frame, gpointer data)
{
    struct redaction *redaction = data;
    struct rs_ip ip;

    if (is_arp(frame)) {
        redact_ipv4(redaction, frame->inside + 8 + MAC);
        redact_ipv4(redaction, frame->inside + 8 + MAC + MAC + 4);
    } else if (frame->type != RS_TYPE_ARP && rs_ip_read(frame->inside, frame->length, &ip)) {
        redact_header(redaction, &ip);
        if (ip.is_whole && ip.protocol == RS_UDP)
            redact_udp(redaction, &ip);
        else if (ip.is_whole && ip.protocol == RS_ICMP)
            redact_icmp(redaction, &ip);
    }
}

guint
rs_addresses_redact(const rs_addresses *addresses, const rs_identifiers *ids,
                    const struct rs_block *packet)
{
    struct redaction redaction = { addresses, ids, 0 };

    rs_frames(packet, redact_frame, &redaction);
    return redaction.replaced;
}
