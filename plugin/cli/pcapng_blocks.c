/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What blocks of a pcapng file tell. Format: draft-ietf-opsawg-pcapng, sections 3 and 4;
 * draft-ietf-opsawg-pcap, section 4. */
#include "plugin/cli/pcapng_blocks.h"

enum {
    PCAP_LINK_TYPE = 20, /* offset in the file header */
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    BLOCK_HEAD = 8,
    INTERFACE_OPTIONS = 16, /* offset of the options in the block */
    STATISTICS_TIME = 12,
    STATISTICS_OPTIONS = 20,
    OPTION_END = 0,
    OPTION_IF_NAME = 2,
    OPTION_IF_TSRESOL = 9,
    OPTION_IF_TSOFFSET = 14,
    OPTION_ISB_ENDTIME = 3,
    OPTION_ISB_IFDROP = 5,
    OPTION_ISB_OSDROP = 7,
};

/* What a file can make us keep. */
enum {
    INTERFACES_MAX = 4096,
    LOSSES_MAX = 1024, /* of an interface; the last one grows */
    NAME_MAX_BYTES = 256,
};

enum {
    RESOLUTION_US = 6, /* what if_tsresol is when it is not there: a power of ten */
    RESOLUTION_BINARY = 0x80,
    FINEST_DECIMAL = 9, /* finer ones are not looked at */
    FINEST_BINARY = 30,
    SECONDS_MAX = 0x7fffffff, /* no recorder's clock is beyond */
};

static void
free_interface(gpointer data)
{
    struct rs_interface *interface = data;

    g_array_unref(interface->losses);
    g_free(interface->name);
    g_free(interface);
}

void
rs_blocks_init(struct rs_blocks *blocks)
{
    *blocks = (struct rs_blocks){ .interfaces = g_ptr_array_new_with_free_func(free_interface) };
}

struct rs_interface *
rs_blocks_add_interface(struct rs_blocks *blocks, const char *name, gsize length, guint link_type)
{
    struct rs_interface *interface = g_new0(struct rs_interface, 1);

    interface->name = g_strndup(name, MIN(length, NAME_MAX_BYTES));
    interface->link = rs_link_name(link_type);
    interface->resolution = RESOLUTION_US;
    interface->losses = g_array_new(FALSE, FALSE, sizeof(struct rs_loss));
    g_ptr_array_add(blocks->interfaces, interface);
    return interface;
}

static guint16
get16(const struct rs_blocks *blocks, const guint8 *p)
{
    guint16 value;

    memcpy(&value, p, sizeof value);
    return (guint16)(blocks->swapped ? GUINT16_SWAP_LE_BE(value) : value);
}

guint32
rs_blocks_32(const struct rs_blocks *blocks, const guint8 *p)
{
    guint32 value;

    memcpy(&value, p, sizeof value);
    return blocks->swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

static guint64
get64(const struct rs_blocks *blocks, const guint8 *p)
{
    guint64 value;

    memcpy(&value, p, sizeof value);
    return blocks->swapped ? GUINT64_SWAP_LE_BE(value) : value;
}

/* An option's value, NULL when the block has none of that code or is malformed before it. */
static const guint8 *
find_option(const struct rs_blocks *blocks, const guint8 *block, gsize length, gsize offset,
            guint16 code, gsize *ret_length)
{
    while (offset + 4 <= length) {
        const guint16 found = get16(blocks, block + offset);
        const gsize size = get16(blocks, block + offset + 2);

        offset += 4;
        if (found == OPTION_END || size > length - offset)
            return NULL;
        if (found == code) {
            *ret_length = size;
            return block + offset;
        }
        offset += (size + 3) & ~(gsize)3;
    }
    return NULL;
}

static void
take_interface(struct rs_blocks *blocks, const guint8 *block, gsize length)
{
    struct rs_interface *interface;
    const guint8 *name, *value;
    gsize size = 0;

    if (length < INTERFACE_OPTIONS || blocks->interfaces->len >= INTERFACES_MAX)
        return;
    name = find_option(blocks, block, length, INTERFACE_OPTIONS, OPTION_IF_NAME, &size);
    interface = rs_blocks_add_interface(blocks, name ? (const char *)name : "", size,
                                        get16(blocks, block + BLOCK_HEAD));
    value = find_option(blocks, block, length, INTERFACE_OPTIONS, OPTION_IF_TSRESOL, &size);
    if (value && size == 1)
        interface->resolution = *value;
    value = find_option(blocks, block, length, INTERFACE_OPTIONS, OPTION_IF_TSOFFSET, &size);
    if (value && size == 8)
        interface->offset_s = (gint64)get64(blocks, value);
}

/* Microseconds of a time stamp (upper half first), 0 when it makes no sense. */
static gint64
stamp_us(const struct rs_blocks *blocks, const struct rs_interface *interface, const guint8 *p)
{
    const guint64 ticks = (guint64)rs_blocks_32(blocks, p) << 32 | rs_blocks_32(blocks, p + 4);
    const gboolean is_binary = (interface->resolution & RESOLUTION_BINARY) != 0;
    const guint exponent = interface->resolution & ~(guint)RESOLUTION_BINARY;
    guint64 per_second = 1, seconds;

    if (exponent > (is_binary ? FINEST_BINARY : FINEST_DECIMAL))
        return 0;
    for (guint i = 0; i < exponent; i++)
        per_second *= is_binary ? 2 : 10;
    seconds = ticks / per_second + (guint64)interface->offset_s;
    if (seconds > SECONDS_MAX)
        return 0;
    return (gint64)(seconds * G_USEC_PER_SEC + ticks % per_second * G_USEC_PER_SEC / per_second);
}

static guint64
counter(const struct rs_blocks *blocks, const guint8 *block, gsize length, guint16 code)
{
    gsize size = 0;
    const guint8 *value = find_option(blocks, block, length, STATISTICS_OPTIONS, code, &size);

    return value && size == 8 ? get64(blocks, value) : 0;
}

/* The counter stands at `dropped` at that time. */
static void
note_losses(struct rs_interface *interface, guint64 dropped, gint64 time_us)
{
    const struct rs_loss loss = { interface->counted_us, time_us, dropped - interface->dropped };

    if (dropped > interface->dropped && interface->losses->len < LOSSES_MAX) {
        g_array_append_val(interface->losses, loss);
    } else if (dropped > interface->dropped) {
        struct rs_loss *last = &g_array_index(interface->losses, struct rs_loss, LOSSES_MAX - 1);

        last->to_us = MAX(last->to_us, time_us);
        last->n += loss.n;
    }
    interface->dropped = dropped;
    interface->counted_us = time_us;
}

static void
take_statistics(struct rs_blocks *blocks, const guint8 *block, gsize length)
{
    struct rs_interface *interface;
    guint64 by_interface, by_system;
    gint64 time_us;
    const guint8 *end;
    gsize size = 0;
    guint id;

    if (length < STATISTICS_OPTIONS)
        return;
    id = rs_blocks_32(blocks, block + BLOCK_HEAD);
    if (id >= blocks->interfaces->len - blocks->section_first)
        return;
    by_interface = counter(blocks, block, length, OPTION_ISB_IFDROP);
    by_system = counter(blocks, block, length, OPTION_ISB_OSDROP);
    interface = g_ptr_array_index(blocks->interfaces, blocks->section_first + id);
    time_us = stamp_us(blocks, interface, block + STATISTICS_TIME);
    end = find_option(blocks, block, length, STATISTICS_OPTIONS, OPTION_ISB_ENDTIME, &size);
    if (end && size == 8)
        time_us = MAX(time_us, stamp_us(blocks, interface, end));
    /* a reader of the sum is a signed 64-bit number */
    note_losses(interface, MIN(by_interface, G_MAXINT64 / 2) + MIN(by_system, G_MAXINT64 / 2),
                time_us);
    blocks->until_us = MAX(blocks->until_us, time_us);
}

gboolean
rs_blocks_section(struct rs_blocks *blocks, const guint8 *head)
{
    guint32 magic;

    memcpy(&magic, head + BLOCK_HEAD, sizeof magic);
    blocks->swapped = magic == GUINT32_SWAP_LE_BE((guint32)BYTE_ORDER_MAGIC);
    blocks->section_first = blocks->interfaces->len;
    return blocks->swapped || magic == BYTE_ORDER_MAGIC;
}

void
rs_blocks_take(struct rs_blocks *blocks, guint32 type, const guint8 *block, gsize length)
{
    if (type == RS_BLOCK_INTERFACE)
        take_interface(blocks, block, length);
    else if (type == RS_BLOCK_STATISTICS)
        take_statistics(blocks, block, length);
}

gboolean
rs_blocks_is_pcap(struct rs_blocks *blocks, const guint8 *head)
{
    static const guint32 magics[] = { 0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34 };
    guint32 magic;

    memcpy(&magic, head, sizeof magic);
    for (gsize i = 0; i < G_N_ELEMENTS(magics); i++) {
        blocks->swapped = magic == GUINT32_SWAP_LE_BE(magics[i]);
        if (blocks->swapped || magic == magics[i])
            return TRUE;
    }
    return FALSE;
}

/* A pcap file names no interface and counts no drops. */
void
rs_blocks_take_pcap(struct rs_blocks *blocks, const guint8 *head)
{
    rs_blocks_add_interface(blocks, "", 0, rs_blocks_32(blocks, head + PCAP_LINK_TYPE) & 0xffff);
}
