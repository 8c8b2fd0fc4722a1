/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * shorten IN OUT [BYTES]: cuts the filesystem's bytes out of a recording, so that it becomes small
 * enough for a sample. Transfers to the ASR port keep their first BYTES (96) of data, as a recorder
 * with that snap length would have kept them; their lengths stay, everything else is copied as it
 * is. Block layout: pcapng, draft-ietf-opsawg-pcapng, 4.1-4.3; usbmon header: the kernel's
 * Documentation/usb/usbmon.rst, "Raw binary format"; mux header: protocols of usbmuxd 1.1.1,
 * src/device.c. Only recordings in this machine's byte order. */
#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INTERFACE_BLOCK = 1,
    PACKET_BLOCK = 6,
    SECTION_BLOCK = 0x0a0d0d0a,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    LINKTYPE_USB_LINUX_MMAPPED = 220,
    MAX_INTERFACES = 64,
    BLOCK_MIN = 12,
    PACKET_DATA = 28, /* offset of the data in a packet block */
    USBMON_HEADER = 64,
    BULK = 3,
    MUX_TCP_HEADER = 36,
    ASR_PORT = 12345,
    MESSAGE_MAX = 4096, /* what is shorter may be a message, which stays whole */
};

typedef struct {
    const uint8_t *at, *end;
    uint16_t link_types[MAX_INTERFACES];
    unsigned n_interfaces;
    bool in_filesystem; /* the last mux packet began as one for ASR and may go on */
} recording_t;

static uint32_t
u32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static uint16_t
u16_be(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

/* Is this the submission of a bulk OUT transfer that carries filesystem? */
static bool
is_filesystem(recording_t *r, const uint8_t *data, uint32_t length)
{
    const uint8_t *mux = data + USBMON_HEADER;
    bool starts;

    if (length <= USBMON_HEADER || data[8] != 'S' || data[9] != BULK || (data[10] & 0x80))
        return false;
    starts =
        length >= USBMON_HEADER + MUX_TCP_HEADER && memcmp(mux + 8, "\xfe\xed\xfa\xce", 4) == 0;
    if (starts)
        r->in_filesystem = u16_be(mux + 18) == ASR_PORT;
    return r->in_filesystem;
}

static bool
write_all(FILE *to, const void *data, size_t length)
{
    return fwrite(data, 1, length, to) == length;
}

/* A packet block with `kept` bytes of its data; options are dropped with the data they followed. */
static bool
write_cut(FILE *to, const uint8_t *block, uint32_t kept)
{
    static const uint8_t padding[4];
    const uint32_t padded = (kept + 3) & ~3U, total = PACKET_DATA + padded + 4;
    uint8_t head[PACKET_DATA];

    memcpy(head, block, sizeof head);
    memcpy(head + 4, &total, sizeof total);
    memcpy(head + 20, &kept, sizeof kept);
    return write_all(to, head, sizeof head) && write_all(to, block + PACKET_DATA, kept) &&
           write_all(to, padding, padded - kept) && write_all(to, &total, sizeof total);
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
            is_filesystem(r, block + PACKET_DATA, captured) &&
            captured > USBMON_HEADER + MAX(keep, MESSAGE_MAX))
            return write_cut(to, block, USBMON_HEADER + keep);
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
    return true;
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
         !g_ascii_string_to_unsigned(argv[3], 10, MUX_TCP_HEADER, 65536, &keep, NULL))) {
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
    done = copy_all(&r, to, (uint32_t)keep);
    if (fclose(to) != 0)
        done = false;
    return done ? 0 : 5;
}
