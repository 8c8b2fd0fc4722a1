/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * cutpayload FROM TO: what restorecap would have written of a recording that has everything: the
 * rule for what is kept of a transfer (capture/payload.h), on packets of a little-endian pcapng
 * file. Says how many it cut. Blocks: draft-ietf-opsawg-pcapng. */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "capture/payload.h"

enum {
    INTERFACE = 1,
    PACKET = 6,
    BLOCK_MIN = 12,
    INTERFACES_MAX = 64,
    LINKTYPE_USB_LINUX_MMAPPED = 220,
    CAPTURED_AT = 20, /* in a packet's block */
    DATA_AT = 28,
};

struct state {
    GByteArray *out;
    gboolean is_usb[INTERFACES_MAX];
    unsigned n_interfaces, n_cut;
};

static guint32
word(const guint8 *bytes)
{
    guint32 value;

    memcpy(&value, bytes, sizeof value);
    return GUINT32_FROM_LE(value);
}

static void
put_word(guint8 *to, guint32 value)
{
    value = GUINT32_TO_LE(value);
    memcpy(to, &value, sizeof value);
}

static guint32
padded(guint32 length)
{
    return (length + 3) & ~3U;
}

static gboolean
is_usb(const struct state *state, const guint8 *block, guint32 length)
{
    const guint32 interface = word(block + 8);

    return length >= DATA_AT + BLOCK_MIN && interface < INTERFACES_MAX &&
           state->is_usb[interface] && word(block + CAPTURED_AT) >= RS_USBMON_HEADER &&
           word(block + CAPTURED_AT) <= length - DATA_AT - 4;
}

/* The packet with less data, then its options and the length at the end as they were. */
static void
take_packet(struct state *state, const guint8 *block, guint32 length)
{
    guint32 captured, kept, rest_at, new_length;
    guint8 *to;

    if (!is_usb(state, block, length)) {
        g_byte_array_append(state->out, block, length);
        return;
    }
    captured = word(block + CAPTURED_AT);
    kept = RS_USBMON_HEADER +
           rs_payload_keep(block + DATA_AT, captured - RS_USBMON_HEADER, RS_PAYLOAD_SMART);
    rest_at = DATA_AT + padded(captured);
    new_length = length - padded(captured) + padded(kept);
    state->n_cut += kept < captured;
    g_byte_array_set_size(state->out, state->out->len + new_length);
    to = state->out->data + state->out->len - new_length;
    memset(to, 0, new_length);
    memcpy(to, block, DATA_AT + kept);
    memcpy(to + DATA_AT + padded(kept), block + rest_at, length - rest_at);
    put_word(to + 4, new_length);
    put_word(to + new_length - 4, new_length);
    put_word(to + CAPTURED_AT, kept);
}

static void
take_block(struct state *state, const guint8 *block, guint32 length)
{
    if (word(block) == PACKET) {
        take_packet(state, block, length);
        return;
    }
    if (word(block) == INTERFACE && state->n_interfaces < INTERFACES_MAX)
        state->is_usb[state->n_interfaces++] =
            (word(block + 8) & 0xFFFF) == LINKTYPE_USB_LINUX_MMAPPED;
    g_byte_array_append(state->out, block, length);
}

int
main(int argc, char **argv)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) out = g_byte_array_new();
    struct state state = { .out = out };
    gsize length, at = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: cutpayload FROM TO\n");
        return 2;
    }
    if (!g_file_get_contents(argv[1], &text, &length, &error)) {
        fprintf(stderr, "cutpayload: %s\n", error->message);
        return 1;
    }
    while (length - at >= BLOCK_MIN) {
        const guint32 block = word((const guint8 *)text + at + 4);

        if (block < BLOCK_MIN || block % 4 || block > length - at)
            break;
        take_block(&state, (const guint8 *)text + at, block);
        at += block;
    }
    if (at < length)
        fprintf(stderr, "cutpayload: the rest from byte %zu is no block\n", at);
    if (!g_file_set_contents(argv[2], (const char *)out->data, (gssize)out->len, &error)) {
        fprintf(stderr, "cutpayload: %s\n", error->message);
        return 1;
    }
    printf("%u packets cut, %zu bytes left of %zu\n", state.n_cut, (size_t)out->len, length);
    return 0;
}
