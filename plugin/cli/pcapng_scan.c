/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A walk over a capture file's blocks. Format: draft-ietf-opsawg-pcapng, sections 3 and 4;
 * draft-ietf-opsawg-pcap, section 4.
 *
 *   0         4          8                      length-4
 *   | type    | length   | body, options        | length |      padded to 4 bytes, length in all */
#include <errno.h>
#include <unistd.h>

#include "plugin/cli/pcapng_scan.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_STATISTICS = 5,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    BLOCK_MIN = 12,
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
    PCAP_LINK_TYPE = 20, /* offset in the file header */
    PCAP_HEAD = 24,
};

/* What a file can make us keep. */
enum {
    INTERFACES_MAX = 4096,
    NAME_MAX_BYTES = 256,
    BLOCK_READ_MAX = 64 << 10, /* of a block that is looked into */
    WINDOW_BYTES = 8 << 10,
};

enum {
    RESOLUTION_US = 6, /* what if_tsresol is when it is not there: a power of ten */
    RESOLUTION_BINARY = 0x80,
    FINEST_DECIMAL = 9, /* finer ones are not looked at */
    FINEST_BINARY = 30,
    SECONDS_MAX = 0x7fffffff, /* no recorder's clock is beyond */
};

struct scan {
    int fd;
    guint64 at; /* offset of the block looked at */
    guint8 window[WINDOW_BYTES];
    guint64 window_at;
    gsize window_length;
    gboolean swapped;    /* the section is not in this machine's byte order */
    guint section_first; /* index of the section's first interface */
    GPtrArray *interfaces;
    gint64 until_us; /* newest time of a statistics block; 0: none */
};

static void
free_interface(gpointer data)
{
    struct rs_interface *interface = data;

    g_free(interface->name);
    g_free(interface);
}

static gsize
read_at(int fd, guint8 *bytes, gsize length, guint64 offset)
{
    gsize done = 0;

    while (done < length && offset + done <= G_MAXINT64) {
        const gssize n = pread(fd, bytes + done, length - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (gsize)n;
    }
    return done;
}

/* The head of the block at scan->at, through a window that small blocks share. */
static const guint8 *
block_head(struct scan *scan)
{
    if (scan->at < scan->window_at ||
        scan->at + BLOCK_MIN > scan->window_at + scan->window_length) {
        scan->window_at = scan->at;
        scan->window_length = read_at(scan->fd, scan->window, sizeof scan->window, scan->at);
    }
    if (scan->at + BLOCK_MIN > scan->window_at + scan->window_length)
        return NULL;
    return scan->window + (scan->at - scan->window_at);
}

static guint16
get16(const struct scan *scan, const guint8 *p)
{
    guint16 value;

    memcpy(&value, p, sizeof value);
    return (guint16)(scan->swapped ? GUINT16_SWAP_LE_BE(value) : value);
}

static guint32
get32(const struct scan *scan, const guint8 *p)
{
    guint32 value;

    memcpy(&value, p, sizeof value);
    return scan->swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

static guint64
get64(const struct scan *scan, const guint8 *p)
{
    guint64 value;

    memcpy(&value, p, sizeof value);
    return scan->swapped ? GUINT64_SWAP_LE_BE(value) : value;
}

/* An option's value, NULL when the block has none of that code or is malformed before it. */
static const guint8 *
find_option(const struct scan *scan, const guint8 *block, gsize length, gsize offset, guint16 code,
            gsize *ret_length)
{
    while (offset + 4 <= length) {
        const guint16 found = get16(scan, block + offset);
        const gsize size = get16(scan, block + offset + 2);

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
take_interface(struct scan *scan, const guint8 *block, gsize length)
{
    struct rs_interface *interface;
    const guint8 *name, *value;
    gsize size = 0;

    if (length < INTERFACE_OPTIONS || scan->interfaces->len >= INTERFACES_MAX)
        return;
    name = find_option(scan, block, length, INTERFACE_OPTIONS, OPTION_IF_NAME, &size);
    interface = g_new0(struct rs_interface, 1);
    interface->name = g_strndup(name ? (const char *)name : "", MIN(size, NAME_MAX_BYTES));
    interface->link = rs_link_name(get16(scan, block + BLOCK_HEAD));
    interface->resolution = RESOLUTION_US;
    value = find_option(scan, block, length, INTERFACE_OPTIONS, OPTION_IF_TSRESOL, &size);
    if (value && size == 1)
        interface->resolution = *value;
    value = find_option(scan, block, length, INTERFACE_OPTIONS, OPTION_IF_TSOFFSET, &size);
    if (value && size == 8)
        interface->offset_s = (gint64)get64(scan, value);
    g_ptr_array_add(scan->interfaces, interface);
}

/* Microseconds of a time stamp (upper half first), 0 when it makes no sense. */
static gint64
stamp_us(const struct scan *scan, const struct rs_interface *interface, const guint8 *p)
{
    const guint64 ticks = (guint64)get32(scan, p) << 32 | get32(scan, p + 4);
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
counter(const struct scan *scan, const guint8 *block, gsize length, guint16 code)
{
    gsize size = 0;
    const guint8 *value = find_option(scan, block, length, STATISTICS_OPTIONS, code, &size);

    return value && size == 8 ? get64(scan, value) : 0;
}

static void
take_statistics(struct scan *scan, const guint8 *block, gsize length)
{
    struct rs_interface *interface;
    guint64 by_interface, by_system;
    const guint8 *end;
    gsize size = 0;
    guint id;

    if (length < STATISTICS_OPTIONS)
        return;
    id = get32(scan, block + BLOCK_HEAD);
    if (id >= scan->interfaces->len - scan->section_first)
        return;
    by_interface = counter(scan, block, length, OPTION_ISB_IFDROP);
    by_system = counter(scan, block, length, OPTION_ISB_OSDROP);
    interface = g_ptr_array_index(scan->interfaces, scan->section_first + id);
    /* a reader of the sum is a signed 64-bit number */
    interface->dropped = MIN(by_interface, G_MAXINT64 / 2) + MIN(by_system, G_MAXINT64 / 2);
    scan->until_us = MAX(scan->until_us, stamp_us(scan, interface, block + STATISTICS_TIME));
    end = find_option(scan, block, length, STATISTICS_OPTIONS, OPTION_ISB_ENDTIME, &size);
    if (end && size == 8)
        scan->until_us = MAX(scan->until_us, stamp_us(scan, interface, end));
}

static gboolean
take_section(struct scan *scan, const guint8 *head)
{
    guint32 magic;

    memcpy(&magic, head + BLOCK_HEAD, sizeof magic);
    scan->swapped = magic == GUINT32_SWAP_LE_BE((guint32)BYTE_ORDER_MAGIC);
    scan->section_first = scan->interfaces->len;
    return scan->swapped || magic == BYTE_ORDER_MAGIC;
}

static void
take_body(struct scan *scan, guint32 type, guint64 length)
{
    /* the trailing length is not part of the options */
    const gsize wanted = (gsize)MIN(length - 4, BLOCK_READ_MAX);
    g_autofree guint8 *block = g_malloc(wanted);
    const gsize got = read_at(scan->fd, block, wanted, scan->at);

    if (type == BLOCK_INTERFACE)
        take_interface(scan, block, got);
    else
        take_statistics(scan, block, got);
}

static void
walk_blocks(struct scan *scan)
{
    const guint8 *head;

    while ((head = block_head(scan))) {
        guint32 type, length;

        memcpy(&type, head, sizeof type);
        if (type == BLOCK_SECTION && !take_section(scan, head))
            return;
        type = get32(scan, head);
        length = get32(scan, head + 4);
        if (length < BLOCK_MIN || length % 4 != 0)
            return;
        if (type == BLOCK_INTERFACE || type == BLOCK_STATISTICS)
            take_body(scan, type, length);
        scan->at += length;
    }
}

static gboolean
is_pcap(struct scan *scan, const guint8 *head)
{
    static const guint32 magics[] = { 0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34 };
    guint32 magic;

    memcpy(&magic, head, sizeof magic);
    for (gsize i = 0; i < G_N_ELEMENTS(magics); i++) {
        scan->swapped = magic == GUINT32_SWAP_LE_BE(magics[i]);
        if (scan->swapped || magic == magics[i])
            return TRUE;
    }
    return FALSE;
}

/* A pcap file names no interface and counts no drops. */
static void
take_pcap(struct scan *scan)
{
    guint8 head[PCAP_HEAD];
    struct rs_interface *interface;

    if (read_at(scan->fd, head, sizeof head, 0) != sizeof head)
        return;
    interface = g_new0(struct rs_interface, 1);
    interface->name = g_strdup("");
    interface->link = rs_link_name(get32(scan, head + PCAP_LINK_TYPE) & 0xffff);
    g_ptr_array_add(scan->interfaces, interface);
}

GPtrArray *
rs_pcapng_scan(int fd, gint64 *ret_until_us)
{
    g_autofree struct scan *scan = g_new0(struct scan, 1);
    const guint8 *head;
    guint32 type;

    scan->fd = fd;
    scan->interfaces = g_ptr_array_new_with_free_func(free_interface);
    head = block_head(scan);
    if (head) {
        memcpy(&type, head, sizeof type);
        if (type == BLOCK_SECTION)
            walk_blocks(scan);
        else if (is_pcap(scan, head))
            take_pcap(scan);
    }
    *ret_until_us = scan->until_us;
    return scan->interfaces;
}
