/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Blocks of pcapng (the IETF's draft draft-ietf-opsawg-pcapng) and records of pcap. */
#include <string.h>

#include "plugin/redact/blocks.h"

#include "dissectors/core/cursor.h"

enum {
    BLOCK_MIN = 12,     /* type, length, length again */
    BLOCK_HEADER = 8,   /* type and length */
    PACKET_HEADER = 28, /* of an enhanced packet block, and of the old one */
    SIMPLE_HEADER = 12,
    SECTION_MAGIC_AT = 8,
    PCAP_HEADER = 24,
    PCAP_RECORD = 16,
    SNAP_AT = 12, /* of an interface block */
};

/* A section of a pcapng file. */
struct section {
    gboolean big_endian;
    GArray *links, *snaps; /* guint16, guint32; one per interface */
};

static guint16
read16(const guint8 *bytes, gboolean big_endian)
{
    const guint high = bytes[big_endian ? 0 : 1], low = bytes[big_endian ? 1 : 0];

    return (guint16)(high << 8 | low);
}

static guint32
read32(const guint8 *bytes, gboolean big_endian)
{
    const guint32 first = read16(bytes, big_endian), second = read16(bytes + 2, big_endian);

    return big_endian ? first << 16 | second : second << 16 | first;
}

guint16
rs_block_u16(const struct rs_block *block, const guint8 *bytes)
{
    return read16(bytes, block->big_endian);
}

guint32
rs_block_u32(const struct rs_block *block, const guint8 *bytes)
{
    return read32(bytes, block->big_endian);
}

static guint
link_of(const struct section *section, guint interface)
{
    return interface < section->links->len ? g_array_index(section->links, guint16, interface)
                                           : G_MAXUINT;
}

/* Fills in what a block with a packet tells. */
static void
read_packet(const struct section *section, struct rs_block *block)
{
    const guint8 *at = block->bytes + BLOCK_HEADER;
    const gsize room = block->length - BLOCK_MIN;

    if (room < PACKET_HEADER - BLOCK_HEADER)
        return;
    block->interface =
        block->type == RS_BLOCK_PACKET_OLD ? rs_block_u16(block, at) : rs_block_u32(block, at);
    block->type = RS_BLOCK_PACKET;
    block->link = link_of(section, block->interface);
    block->data = block->bytes + PACKET_HEADER;
    block->captured = MIN(rs_block_u32(block, at + 12), room - (PACKET_HEADER - BLOCK_HEADER));
    block->original = rs_block_u32(block, at + 16);
}

static void
read_simple(const struct section *section, struct rs_block *block)
{
    const gsize room = block->length - BLOCK_MIN;
    guint32 snap = section->snaps->len ? g_array_index(section->snaps, guint32, 0) : 0;

    if (room < SIMPLE_HEADER - BLOCK_HEADER)
        return;
    block->type = RS_BLOCK_PACKET;
    block->link = link_of(section, 0);
    block->original = rs_block_u32(block, block->bytes + BLOCK_HEADER);
    block->data = block->bytes + SIMPLE_HEADER;
    snap = snap ? snap : G_MAXUINT32;
    block->captured = MIN(MIN(block->original, snap), room - (SIMPLE_HEADER - BLOCK_HEADER));
}

static void
read_interface(struct section *section, const struct rs_block *block)
{
    guint16 link;
    guint32 snap;

    if (block->length < BLOCK_MIN + 8)
        return;
    link = rs_block_u16(block, block->bytes + BLOCK_HEADER);
    snap = rs_block_u32(block, block->bytes + SNAP_AT);
    g_array_append_val(section->links, link);
    g_array_append_val(section->snaps, snap);
}

static gboolean
begin_section(struct section *section, const guint8 *bytes, gsize left)
{
    static const guint8 big[] = { 0x1a, 0x2b, 0x3c, 0x4d }, little[] = { 0x4d, 0x3c, 0x2b, 0x1a };

    if (left < SECTION_MAGIC_AT + sizeof big)
        return FALSE;
    g_array_set_size(section->links, 0);
    g_array_set_size(section->snaps, 0);
    section->big_endian = memcmp(bytes + SECTION_MAGIC_AT, big, sizeof big) == 0;
    return section->big_endian || memcmp(bytes + SECTION_MAGIC_AT, little, sizeof little) == 0;
}

/* The length of the block at bytes, 0 when it is no whole block. */
static gsize
take_block(const struct rs_blocks *blocks, struct section *section, guint8 *bytes, gsize left)
{
    static const guint8 magic[] = { 0x0a, 0x0d, 0x0d, 0x0a };
    struct rs_block block = { .bytes = bytes };

    if (left < BLOCK_MIN ||
        (memcmp(bytes, magic, sizeof magic) == 0 && !begin_section(section, bytes, left)))
        return 0;
    block.big_endian = section->big_endian;
    block.type = rs_block_u32(&block, bytes);
    block.length = rs_block_u32(&block, bytes + 4);
    if (block.length < BLOCK_MIN || block.length > left || block.length % 4)
        return 0;
    if (block.type == RS_BLOCK_INTERFACE)
        read_interface(section, &block);
    else if (block.type == RS_BLOCK_PACKET || block.type == RS_BLOCK_PACKET_OLD)
        read_packet(section, &block);
    else if (block.type == RS_BLOCK_PACKET_SIMPLE)
        read_simple(section, &block);
    blocks->block(&block, blocks->data);
    return block.length;
}

static void
walk_pcapng(const struct rs_blocks *blocks, guint8 *file, gsize size)
{
    struct section section = { FALSE, g_array_new(FALSE, FALSE, sizeof(guint16)),
                               g_array_new(FALSE, FALSE, sizeof(guint32)) };
    gsize at = 0, length;

    while (at < size && (length = take_block(blocks, &section, file + at, size - at)))
        at += length;
    if (at < size)
        blocks->rest(file + at, size - at, blocks->data);
    g_array_unref(section.links);
    g_array_unref(section.snaps);
}

static void
walk_pcap(const struct rs_blocks *blocks, guint8 *file, gsize size, gboolean big_endian)
{
    const guint link = read32(file + 20, big_endian) & 0xffff;
    gsize at = PCAP_HEADER;

    while (size - at >= PCAP_RECORD) {
        struct rs_block block = { .type = RS_BLOCK_PACKET, .bytes = file + at, .link = link };

        block.big_endian = big_endian;
        block.captured = read32(file + at + 8, big_endian);
        block.original = read32(file + at + 12, big_endian);
        block.data = file + at + PCAP_RECORD;
        block.length = PCAP_RECORD + block.captured;
        if (block.captured > size - at - PCAP_RECORD)
            break;
        blocks->block(&block, blocks->data);
        at += block.length;
    }
    if (at < size)
        blocks->rest(file + at, size - at, blocks->data);
}

gboolean
rs_blocks_walk(const struct rs_blocks *blocks, guint8 *file, gsize size)
{
    static const guint8 pcapng[] = { 0x0a, 0x0d, 0x0d, 0x0a };
    const guint32 big = size >= PCAP_HEADER ? read32(file, TRUE) : 0;
    const guint32 little = size >= PCAP_HEADER ? read32(file, FALSE) : 0;

    if (size >= BLOCK_MIN && memcmp(file, pcapng, sizeof pcapng) == 0)
        walk_pcapng(blocks, file, size);
    else if (big == 0xa1b2c3d4 || big == 0xa1b23c4d) /* the second one: nanoseconds */
        walk_pcap(blocks, file, size, TRUE);
    else if (little == 0xa1b2c3d4 || little == 0xa1b23c4d)
        walk_pcap(blocks, file, size, FALSE);
    else
        return FALSE;
    return TRUE;
}

void
rs_blocks_options(const struct rs_block *block, gsize offset, rs_option_func func, gpointer data)
{
    const gsize end = block->length - sizeof(guint32);

    while (offset <= end && end - offset >= 4) {
        const guint code = rs_block_u16(block, block->bytes + offset);
        const gsize length = rs_block_u16(block, block->bytes + offset + 2);

        offset += 4;
        if (code == 0 || length > end - offset)
            return;
        func(code, block->bytes + offset, length, data);
        offset += (length + 3) & ~(gsize)3;
    }
}
