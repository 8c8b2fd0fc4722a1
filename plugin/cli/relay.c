/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A walk over blocks that come in pieces. Of a block no more is kept than what is looked into. */
#include "plugin/cli/relay.h"

enum {
    TICK_LENGTH = 20, /* of the block in all */
    /* What a recorder still holds when it writes statistics may be this old. */
    LATE_US = 250000,
};

enum place { AT_START, AT_HEAD, IN_KEPT, IN_PASSED, IN_DROPPED, LOST };

struct rs_relay {
    struct rs_blocks blocks;
    enum place place;
    GByteArray *kept; /* of the block, until it can be passed on */
    guint32 type;
    guint32 left; /* bytes of the block still to come */
    gint64 told_us;
};

rs_relay *
rs_relay_new(void)
{
    rs_relay *relay = g_new0(rs_relay, 1);

    rs_blocks_init(&relay->blocks);
    relay->kept = g_byte_array_new();
    return relay;
}

void
rs_relay_free(rs_relay *relay)
{
    if (!relay)
        return;
    g_ptr_array_unref(relay->blocks.interfaces);
    g_byte_array_unref(relay->kept);
    g_free(relay);
}

const GPtrArray *
rs_relay_interfaces(const rs_relay *relay)
{
    return relay->blocks.interfaces;
}

static void
put32(const rs_relay *relay, GByteArray *out, guint32 value)
{
    const guint32 stored = relay->blocks.swapped ? GUINT32_SWAP_LE_BE(value) : value;

    g_byte_array_append(out, (const guint8 *)&stored, sizeof stored);
}

static void
put_tick(rs_relay *relay, GByteArray *out, gint64 time_us)
{
    const guint64 value = (guint64)time_us;
    const guint64 stored = relay->blocks.swapped ? GUINT64_SWAP_LE_BE(value) : value;

    if (time_us <= relay->told_us)
        return;
    relay->told_us = time_us;
    put32(relay, out, RS_RELAY_TICK);
    put32(relay, out, TICK_LENGTH);
    g_byte_array_append(out, (const guint8 *)&stored, sizeof stored);
    put32(relay, out, TICK_LENGTH);
}

/* Passes on what was kept. */
static void
let_go(rs_relay *relay, GByteArray *out)
{
    g_byte_array_append(out, relay->kept->data, relay->kept->len);
    g_byte_array_set_size(relay->kept, 0);
}

/* A block is over. */
static void
finish_block(rs_relay *relay, GByteArray *out)
{
    if (relay->place == IN_KEPT)
        rs_blocks_take(&relay->blocks, relay->type, relay->kept->data, relay->kept->len - 4);
    if (relay->place != IN_DROPPED)
        let_go(relay, out);
    if (relay->place == IN_KEPT && relay->type == RS_BLOCK_STATISTICS)
        put_tick(relay, out, relay->blocks.until_us - LATE_US);
    relay->place = AT_HEAD;
}

static enum place
place_of_type(const rs_relay *relay, guint32 length)
{
    if (relay->type == RS_RELAY_TICK) /* nobody's but ours */
        return IN_DROPPED;
    if ((relay->type == RS_BLOCK_INTERFACE || relay->type == RS_BLOCK_STATISTICS) &&
        length <= RS_BLOCK_LOOKED_MAX)
        return IN_KEPT;
    return IN_PASSED;
}

/* The first RS_BLOCK_MIN bytes of a block are kept. */
static void
begin_block(rs_relay *relay, GByteArray *out)
{
    const guint8 *head = relay->kept->data;
    guint32 length;

    memcpy(&relay->type, head, sizeof relay->type);
    if (relay->type == RS_BLOCK_SECTION && !rs_blocks_section(&relay->blocks, head)) {
        relay->place = LOST;
        let_go(relay, out);
        return;
    }
    relay->type = rs_blocks_32(&relay->blocks, head);
    length = rs_blocks_32(&relay->blocks, head + 4);
    relay->place = length < RS_BLOCK_MIN || length % 4 ? LOST : place_of_type(relay, length);
    relay->left = length - RS_BLOCK_MIN;
    if (relay->place == IN_DROPPED)
        g_byte_array_set_size(relay->kept, 0);
    else if (relay->place != IN_KEPT)
        let_go(relay, out);
    if (relay->place != LOST && relay->left == 0)
        finish_block(relay, out);
}

/* Enough is there to tell what kind of file it is. */
static void
begin_file(rs_relay *relay, GByteArray *out)
{
    const guint8 *head = relay->kept->data;
    guint32 type;

    memcpy(&type, head, sizeof type);
    if (type == RS_BLOCK_SECTION) {
        begin_block(relay, out);
        return;
    }
    if (rs_blocks_is_pcap(&relay->blocks, head)) {
        if (relay->kept->len < RS_PCAP_HEAD)
            return;
        rs_blocks_take_pcap(&relay->blocks, head);
    }
    relay->place = LOST;
    let_go(relay, out);
}

/* Takes up to n bytes; how many. */
static gsize
take_some(rs_relay *relay, const guint8 *bytes, gsize n, GByteArray *out)
{
    gsize taken = n;

    if (relay->place == AT_START || relay->place == AT_HEAD) {
        const gsize wanted = relay->kept->len < RS_BLOCK_MIN ? RS_BLOCK_MIN : (gsize)RS_PCAP_HEAD;

        taken = MIN(n, wanted - relay->kept->len);
        g_byte_array_append(relay->kept, bytes, (guint)taken);
        if (relay->kept->len == wanted && relay->place == AT_START)
            begin_file(relay, out);
        else if (relay->kept->len == wanted)
            begin_block(relay, out);
        return taken;
    }
    if (relay->place != LOST)
        taken = MIN(n, relay->left);
    if (relay->place != IN_DROPPED)
        g_byte_array_append(relay->place == IN_KEPT ? relay->kept : out, bytes, (guint)taken);
    if (relay->place != LOST && (relay->left -= (guint32)taken) == 0)
        finish_block(relay, out);
    return taken;
}

void
rs_relay_take(rs_relay *relay, const guint8 *bytes, gsize n, GByteArray *out)
{
    while (n > 0) {
        const gsize taken = take_some(relay, bytes, n, out);

        bytes += taken;
        n -= taken;
    }
}

void
rs_relay_end(rs_relay *relay, GByteArray *out)
{
    if (relay->place == AT_HEAD && relay->kept->len == 0)
        put_tick(relay, out, relay->blocks.until_us);
    else
        let_go(relay, out);
}
