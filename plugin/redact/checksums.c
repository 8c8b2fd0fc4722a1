/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Internet checksums by difference: RFC 1624, equation 3. Pseudo headers: RFC 9293, 768, 8200. The
 * DFU suffix: libirecovery 04d04f7, src/libirecovery.c. */
#include <string.h>

#include "plugin/redact/checksums.h"

#include "dissectors/core/crc32.h"
#include "plugin/redact/transfer.h"

enum {
    IP_CHECKSUM_AT = 10,
    TCP_CHECKSUM_AT = 16,
    UDP_CHECKSUM_AT = 6,
    ICMP_CHECKSUM_AT = 2,
    ICMP_QUOTED_AT = 8,
    DNLOAD = 1, /* of the class DFU */
    REQUEST_TO_DFU = 0x21,
    SUFFIX = 16,
    SUFFIX_SIGNATURE_AT = 8,
    SUFFIX_CRC_AT = 12,
    HEADER_IP_MIN = 20,
};

struct files {
    const guint8 *was, *now;
};

/* What the sum of 16-bit words of these bytes grew by. */
static guint64
growth(const struct files *files, const guint8 *bytes, gsize length)
{
    const guint8 *before = files->was + (bytes - files->now);
    guint64 sum = 0;

    if (memcmp(before, bytes, length) == 0)
        return 0;
    for (gsize i = 0; i < length; i++) {
        const guint shift = i % 2 ? 0 : 8;

        sum += (guint64)bytes[i] << shift;
        sum += (guint64)(guint8)~before[i] << shift;
        sum += (guint64)(shift ? 0x00ff : 0xff00); /* the other half of the complement */
    }
    return sum;
}

static guint16
folded(guint64 sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (guint16)sum;
}

static void
correct(guint8 *checksum, guint64 grown)
{
    guint16 sum;

    if (grown == 0)
        return;
    sum = folded((guint16)~rs_net16(checksum) + grown);
    checksum[0] = (guint8)(~sum >> 8);
    checksum[1] = (guint8)~sum;
}

/* Where a protocol has its checksum; 0 when it has none. */
static gsize
checksum_at(const struct rs_ip *ip)
{
    switch (ip->protocol) {
    case RS_TCP:
        return TCP_CHECKSUM_AT;
    case RS_UDP:
        return UDP_CHECKSUM_AT;
    case RS_ICMP:
    case RS_ICMPV6:
        return ICMP_CHECKSUM_AT;
    default:
        return 0;
    }
}

/* A sum over the pseudo header only, which the network card would have completed: the kernel's
 * Documentation/networking/checksum-offloads.rst. One in 65536 is a whole checksum that is the same
 * by chance. */
static gboolean
is_partial(const struct rs_ip *ip, const struct files *files, const guint8 *checksum)
{
    const guint8 *from = files->was + (ip->from - files->now);
    const gsize words = ip->is_v6 ? 16 : 4;
    const gsize total = ip->is_v6 ? 40U + rs_net16(ip->header + 4) : rs_net16(ip->header + 2);
    guint64 sum = total - (gsize)(ip->payload - ip->header) + ip->protocol;

    if (ip->protocol != RS_TCP && ip->protocol != RS_UDP)
        return FALSE;
    for (gsize i = 0; i < words; i++)
        sum += rs_net16(from + 2 * i);
    return folded(sum) == rs_net16(checksum);
}

/* It is no complement. */
static void
correct_partial(guint8 *checksum, guint64 grown)
{
    const guint16 sum = folded(rs_net16(checksum) + grown);

    checksum[0] = (guint8)(sum >> 8);
    checksum[1] = (guint8)sum;
}

static void
correct_payload(const struct rs_ip *ip, const struct files *files)
{
    const gsize at = checksum_at(ip);
    const gsize addresses = ip->is_v6 ? 32 : 8;
    guint8 *checksum = ip->payload + at;
    guint64 grown;

    if (at == 0 || !ip->is_whole || ip->length < at + 2)
        return;
    if (ip->protocol == RS_UDP && rs_net16(checksum) == 0)
        return; /* none was made */
    if (is_partial(ip, files, checksum)) {
        correct_partial(checksum, growth(files, ip->from, addresses));
        return;
    }
    grown = growth(files, ip->payload, at) + growth(files, checksum + 2, ip->length - at - 2);
    if (ip->protocol != RS_ICMP)
        grown += growth(files, ip->from, addresses);
    correct(checksum, grown);
    if (ip->protocol == RS_UDP && rs_net16(checksum) == 0)
        memset(checksum, 0xff, 2);
}

static void
correct_header(const struct rs_ip *ip, const struct files *files)
{
    if (!ip->is_v6)
        correct(ip->header + IP_CHECKSUM_AT, growth(files, ip->header, IP_CHECKSUM_AT) +
                                                 growth(files, ip->header + IP_CHECKSUM_AT + 2,
                                                        ip->header_length - IP_CHECKSUM_AT - 2));
}

/* The packet in an ICMP message first: the message's own checksum covers it. */
static void
correct_quoted(const struct rs_ip *ip, const struct files *files)
{
    struct rs_ip quoted;

    if (ip->protocol == RS_ICMP && ip->is_whole && ip->length > ICMP_QUOTED_AT + HEADER_IP_MIN &&
        rs_ip_read(ip->payload + ICMP_QUOTED_AT, ip->length - ICMP_QUOTED_AT, &quoted) &&
        !quoted.is_v6)
        correct_header(&quoted, files);
}

static void
correct_frame(const struct rs_frame *frame, gpointer data)
{
    const struct files *files = data;
    struct rs_ip ip;

    if (frame->type == RS_TYPE_ARP || !rs_ip_read(frame->inside, frame->length, &ip))
        return;
    correct_quoted(&ip, files);
    correct_header(&ip, files);
    correct_payload(&ip, files);
}

void
rs_checksums_packet(const struct rs_block *packet, const guint8 *was, const guint8 *now)
{
    struct files files = { was, now };

    if (packet->data && memcmp(was + (packet->data - now), packet->data, packet->captured) != 0)
        rs_frames(packet, correct_frame, &files);
}

/* An upload under way: its checksum before and after. */
struct upload {
    guint32 was, now;
};

GHashTable *
rs_checksums_uploads(void)
{
    return g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
}

static guint32
read_little(const guint8 *bytes)
{
    guint32 value;

    memcpy(&value, bytes, sizeof value);
    return GUINT32_FROM_LE(value);
}

static gboolean
has_suffix(const struct rs_transfer *transfer)
{
    return transfer->captured == transfer->length && transfer->captured >= SUFFIX &&
           memcmp(transfer->bytes + transfer->captured - SUFFIX + SUFFIX_SIGNATURE_AT, "UFD", 3) ==
               0;
}

static void
take_block(struct upload *upload, const struct rs_transfer *transfer, const guint8 *was)
{
    const gsize length = transfer->captured - (has_suffix(transfer) ? SUFFIX - SUFFIX_CRC_AT : 0);
    guint8 *crc = transfer->bytes + transfer->captured - (SUFFIX - SUFFIX_CRC_AT);
    guint32 value;

    upload->was = rs_crc32_dfu(upload->was, was, length);
    upload->now = rs_crc32_dfu(upload->now, transfer->bytes, length);
    if (!has_suffix(transfer))
        return;
    value = GUINT32_TO_LE(read_little(crc) ^ upload->was ^ upload->now);
    memcpy(crc, &value, sizeof value);
}

void
rs_checksums_dfu(const struct rs_block *packet, const guint8 *was, const guint8 *now,
                 GHashTable *uploads)
{
    struct rs_transfer transfer;
    struct upload *upload;
    gpointer device;

    if (!rs_transfer_read(packet, &transfer) || !transfer.event.has_setup ||
        transfer.event.setup.request_type != REQUEST_TO_DFU ||
        transfer.event.setup.request != DNLOAD)
        return;
    device = GUINT_TO_POINTER(packet->interface << 24 ^ (guint)transfer.event.bus << 8 ^
                              transfer.event.address);
    upload = g_hash_table_lookup(uploads, device);
    if (!upload) {
        upload = g_new(struct upload, 1);
        g_hash_table_insert(uploads, device, upload);
        transfer.event.setup.value = 0;
    }
    /* A suffix that did not fit repeats the number of its block. */
    if (transfer.event.setup.value == 0 && transfer.captured != SUFFIX)
        *upload = (struct upload){ RS_CRC32_DFU_INIT, RS_CRC32_DFU_INIT };
    take_block(upload, &transfer, was + (transfer.bytes - now));
}
