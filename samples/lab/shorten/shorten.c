/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * shorten IN OUT [BYTES]: cuts out of a recording what makes it large, so that it becomes small
 * enough for a sample. Transfers that carry pieces of the filesystem, of images for iBoot or of
 * restored's longest answers keep their first BYTES (96) of data, as a recorder with that snap
 * length would have kept them; their lengths stay, everything else is copied as it is. Not for a
 * recording whose fault is in such bytes: a chunk that does not match its checksum. Block layout:
 * pcapng, draft-ietf-opsawg-pcapng, 4.1-4.3. Only recordings in this machine's byte order. */
#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/lab/shorten/payload.h"

enum {
    INTERFACE_BLOCK = 1,
    PACKET_BLOCK = 6,
    SECTION_BLOCK = 0x0a0d0d0a,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    LINKTYPE_USB_LINUX_MMAPPED = 220,
    MAX_INTERFACES = 64,
    BLOCK_MIN = 12,
    PACKET_DATA = 28, /* offset of the data in a packet block */
};

typedef struct {
    const uint8_t *at, *end;
    uint16_t link_types[MAX_INTERFACES];
    unsigned n_interfaces;
    payload_state_t *payload;
} recording_t;

/* Data of blocks goes on at multiples of 4. */
#define PADDED(length) (((length) + 3) & ~3U)

static uint32_t
u32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static bool
write_all(FILE *to, const void *data, size_t length)
{
    return fwrite(data, 1, length, to) == length;
}

/* A packet block with `kept` bytes of its data, and its options. */
static bool
write_cut(FILE *to, const uint8_t *block, uint32_t kept)
{
    static const uint8_t padding[4];
    const uint32_t old_total = u32(block + 4), old_padded = PADDED(u32(block + 20));
    const uint32_t options = old_total - PACKET_DATA - old_padded - 4;
    const uint32_t total = PACKET_DATA + PADDED(kept) + options + 4;
    uint8_t head[PACKET_DATA];

    memcpy(head, block, sizeof head);
    memcpy(head + 4, &total, sizeof total);
    memcpy(head + 20, &kept, sizeof kept);
    return write_all(to, head, sizeof head) && write_all(to, block + PACKET_DATA, kept) &&
           write_all(to, padding, PADDED(kept) - kept) &&
           write_all(to, block + PACKET_DATA + old_padded, options) &&
           write_all(to, &total, sizeof total);
}

static bool
copy_block(recording_t *r, FILE *to, uint32_t keep)
{
    const uint8_t *block = r->at;
    const uint32_t type = u32(block), total = u32(block + 4);

    if (type == INTERFACE_BLOCK && total >= 16 && r->n_interfaces < MAX_INTERFACES)
        memcpy(&r->link_types[r->n_interfaces++], block + 8, 2);
    if (type == PACKET_BLOCK && total >= PACKET_DATA + 4) {
        const uint32_t interface = u32(block + 8), captured = u32(block + 20);

        if (captured <= total - PACKET_DATA - 4 && interface < r->n_interfaces &&
            r->link_types[interface] == LINKTYPE_USB_LINUX_MMAPPED &&
            payload_is_bulk(r->payload, block + PACKET_DATA, captured) &&
            captured > PAYLOAD_USBMON_HEADER + keep)
            return write_cut(to, block, PAYLOAD_USBMON_HEADER + keep);
    }
    return write_all(to, block, total);
}

static bool
copy_all(recording_t *r, FILE *to, uint32_t keep)
{
    while ((size_t)(r->end - r->at) >= BLOCK_MIN) {
        const uint32_t total = u32(r->at + 4);

        if (u32(r->at) == SECTION_BLOCK && u32(r->at + 8) != BYTE_ORDER_MAGIC) {
            fprintf(stderr, "shorten: the recording is in another byte order\n");
            return false;
        }
        if (total < BLOCK_MIN || total % 4 || total > (size_t)(r->end - r->at)) {
            fprintf(stderr, "shorten: a block of %" G_GUINT32_FORMAT " bytes\n", total);
            return false;
        }
        if (!copy_block(r, to, keep)) {
            perror("shorten");
            return false;
        }
        r->at += total;
    }
    if (r->at != r->end)
        fprintf(stderr, "shorten: the recording ends inside a block\n");
    return r->at == r->end;
}

int
main(int argc, char **argv)
{
    g_autofree char *contents = NULL;
    g_autoptr(GError) error = NULL;
    uint64_t keep = 96;
    size_t length = 0;
    recording_t r = { 0 };
    FILE *to;
    bool done;

    if (argc < 3 || argc > 4 ||
        (argc == 4 &&
         !g_ascii_string_to_unsigned(argv[3], 10, PAYLOAD_MUX_TCP_HEADER, 65536, &keep, NULL))) {
        fprintf(stderr, "usage: shorten IN OUT [BYTES]\n");
        return 2;
    }
    if (!g_file_get_contents(argv[1], &contents, &length, &error)) {
        fprintf(stderr, "shorten: %s\n", error->message);
        return 3;
    }
    to = fopen(argv[2], "wbx");
    if (!to) {
        fprintf(stderr, "shorten: %s: %s\n", argv[2], g_strerror(errno));
        return 3;
    }
    r.at = (const uint8_t *)contents;
    r.end = r.at + length;
    r.payload = payload_state_new();
    done = copy_all(&r, to, (uint32_t)keep);
    payload_state_free(r.payload);
    if (fclose(to) != 0 && done) {
        perror("shorten");
        done = false;
    }
    return done ? 0 : 5;
}
