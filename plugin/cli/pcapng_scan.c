/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A walk over a capture file's blocks. */
#include <errno.h>
#include <unistd.h>

#include "plugin/cli/pcapng_scan.h"

enum { WINDOW_BYTES = 8 << 10 };

struct scan {
    struct rs_blocks blocks;
    int fd;
    guint64 at; /* offset of the block looked at */
    guint8 window[WINDOW_BYTES];
    guint64 window_at;
    gsize window_length;
};

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
        scan->at + RS_BLOCK_MIN > scan->window_at + scan->window_length) {
        scan->window_at = scan->at;
        scan->window_length = read_at(scan->fd, scan->window, sizeof scan->window, scan->at);
    }
    if (scan->at + RS_BLOCK_MIN > scan->window_at + scan->window_length)
        return NULL;
    return scan->window + (scan->at - scan->window_at);
}

static void
take_body(struct scan *scan, guint32 type, guint64 length)
{
    /* the trailing length is not part of the options */
    const gsize wanted = (gsize)MIN(length - 4, RS_BLOCK_LOOKED_MAX);
    g_autofree guint8 *block = g_malloc(wanted);
    const gsize got = read_at(scan->fd, block, wanted, scan->at);

    rs_blocks_take(&scan->blocks, type, block, got);
}

static void
walk_blocks(struct scan *scan)
{
    const guint8 *head;

    while ((head = block_head(scan))) {
        guint32 type, length;

        memcpy(&type, head, sizeof type);
        if (type == RS_BLOCK_SECTION && !rs_blocks_section(&scan->blocks, head))
            return;
        type = rs_blocks_32(&scan->blocks, head);
        length = rs_blocks_32(&scan->blocks, head + 4);
        if (length < RS_BLOCK_MIN || length % 4 != 0)
            return;
        if (type == RS_BLOCK_INTERFACE || type == RS_BLOCK_STATISTICS)
            take_body(scan, type, length);
        scan->at += length;
    }
}

GPtrArray *
rs_pcapng_scan(int fd, gint64 *ret_until_us)
{
    g_autofree struct scan *scan = g_new0(struct scan, 1);
    guint8 pcap[RS_PCAP_HEAD];
    const guint8 *head;
    guint32 type;

    scan->fd = fd;
    rs_blocks_init(&scan->blocks);
    head = block_head(scan);
    if (head) {
        memcpy(&type, head, sizeof type);
        if (type == RS_BLOCK_SECTION)
            walk_blocks(scan);
        else if (rs_blocks_is_pcap(&scan->blocks, head) &&
                 read_at(fd, pcap, sizeof pcap, 0) == sizeof pcap)
            rs_blocks_take_pcap(&scan->blocks, pcap);
    }
    *ret_until_us = scan->blocks.until_us;
    return scan->blocks.interfaces;
}
