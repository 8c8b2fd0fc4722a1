/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The walk over a capture's blocks: whole, cut anywhere, damaged anyhow. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "plugin/cli/pcapng_scan.h"

enum { PACKET_BYTES = 20000, MUTATIONS = 20000 };

static void
put16(GByteArray *file, guint16 value, gboolean swapped)
{
    const guint16 stored = (guint16)(swapped ? GUINT16_SWAP_LE_BE(value) : value);

    g_byte_array_append(file, (const guint8 *)&stored, sizeof stored);
}

static void
put32(GByteArray *file, guint32 value, gboolean swapped)
{
    const guint32 stored = swapped ? GUINT32_SWAP_LE_BE(value) : value;

    g_byte_array_append(file, (const guint8 *)&stored, sizeof stored);
}

static void
put64(GByteArray *file, guint64 value, gboolean swapped)
{
    const guint64 stored = swapped ? GUINT64_SWAP_LE_BE(value) : value;

    g_byte_array_append(file, (const guint8 *)&stored, sizeof stored);
}

static void
put_padded(GByteArray *file, const void *bytes, guint length)
{
    static const guint8 zeros[4];

    g_byte_array_append(file, bytes, length);
    g_byte_array_append(file, zeros, (4 - length % 4) % 4);
}

/* Appends a block around a body, which it frees. */
static void
put_block(GByteArray *file, guint32 type, GByteArray *body, gboolean swapped)
{
    put32(file, type, swapped);
    put32(file, body->len + 12, swapped);
    g_byte_array_append(file, body->data, body->len);
    put32(file, body->len + 12, swapped);
    g_byte_array_unref(body);
}

static void
put_section(GByteArray *file, gboolean swapped)
{
    GByteArray *body = g_byte_array_new();

    put32(body, 0x1a2b3c4d, swapped);
    put16(body, 1, swapped);
    put16(body, 0, swapped);
    put64(body, G_MAXUINT64, swapped);
    put_block(file, 0x0a0d0d0a, body, swapped);
}

static void
put_interface(GByteArray *file, guint16 link, const char *name, gboolean swapped)
{
    GByteArray *body = g_byte_array_new();

    put16(body, link, swapped);
    put16(body, 0, swapped);
    put32(body, 65535, swapped);
    if (name) {
        put16(body, 2, swapped);
        put16(body, (guint16)strlen(name), swapped);
        put_padded(body, name, (guint)strlen(name));
        put32(body, 0, swapped);
    }
    put_block(file, 1, body, swapped);
}

static void
put_packet(GByteArray *file, gboolean swapped)
{
    g_autofree guint8 *bytes = g_malloc0(PACKET_BYTES);
    GByteArray *body = g_byte_array_new();

    put32(body, 0, swapped);
    put64(body, 0, swapped);
    put32(body, PACKET_BYTES, swapped);
    put32(body, PACKET_BYTES, swapped);
    put_padded(body, bytes, PACKET_BYTES);
    put_block(file, 6, body, swapped);
}

static void
put_statistics(GByteArray *file, guint32 interface, guint64 ifdrop, guint64 osdrop,
               gboolean swapped)
{
    GByteArray *body = g_byte_array_new();

    put32(body, interface, swapped);
    put64(body, 0, swapped);
    put16(body, 1, swapped); /* a comment before what we look for */
    put16(body, 3, swapped);
    put_padded(body, "abc", 3);
    put16(body, 5, swapped);
    put16(body, 8, swapped);
    put64(body, ifdrop, swapped);
    put16(body, 7, swapped);
    put16(body, 8, swapped);
    put64(body, osdrop, swapped);
    put_block(file, 5, body, swapped);
}

/* Two interfaces, packets between the blocks that matter, two statistics for the first. */
static GByteArray *
make_pcapng(gboolean swapped)
{
    GByteArray *file = g_byte_array_new();

    put_section(file, swapped);
    put_interface(file, 220, "usbmon1", swapped);
    put_packet(file, swapped);
    put_statistics(file, 0, 1, 0, swapped);
    put_interface(file, 1, NULL, swapped);
    put_packet(file, swapped);
    put_statistics(file, 0, 12, 30, swapped);
    put_statistics(file, 1, 0, 0, swapped);
    put_statistics(file, 7, 99, 99, swapped); /* of no interface */
    return file;
}

static gint64 scanned_until_us;

static GPtrArray *
scan_bytes(const guint8 *bytes, gsize length)
{
    g_autofree char *path = NULL;
    const int fd = g_file_open_tmp("scan-XXXXXX.pcapng", &path, NULL);
    GPtrArray *interfaces;

    g_assert_cmpint(fd, >=, 0);
    g_unlink(path);
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    g_assert_cmpint(lseek(fd, 5, SEEK_SET), ==, 5);
    interfaces = rs_pcapng_scan(fd, &scanned_until_us);
    g_assert_cmpint(lseek(fd, 0, SEEK_CUR), ==, 5); /* the position is somebody else's */
    g_close(fd, NULL);
    return interfaces;
}

static void
assert_interface(const GPtrArray *interfaces, guint index, const char *name, const char *link,
                 guint64 dropped)
{
    const struct rs_interface *interface = g_ptr_array_index(interfaces, index);

    g_assert_cmpstr(interface->name, ==, name);
    g_assert_cmpstr(interface->link, ==, link);
    g_assert_cmpuint(interface->dropped, ==, dropped);
}

static void
assert_whole(const GByteArray *file)
{
    g_autoptr(GPtrArray) interfaces = scan_bytes(file->data, file->len);

    g_assert_cmpuint(interfaces->len, ==, 2);
    assert_interface(interfaces, 0, "usbmon1", "usb-linux-mmapped", 42);
    assert_interface(interfaces, 1, "", "ethernet", 0);
}

/* Names, links and the last counts, in either byte order. */
static void
test_whole(void)
{
    g_autoptr(GByteArray) native = make_pcapng(FALSE);
    g_autoptr(GByteArray) swapped = make_pcapng(TRUE);

    assert_whole(native);
    assert_whole(swapped);
}

/* A time stamp has its upper half first. */
static void
put_time(GByteArray *body, guint64 ticks, gboolean swapped)
{
    put32(body, (guint32)(ticks >> 32), swapped);
    put32(body, (guint32)ticks, swapped);
}

static void
put_statistics_until(GByteArray *file, guint64 block_time, guint64 end_time, gboolean swapped)
{
    GByteArray *body = g_byte_array_new();

    put32(body, 0, swapped);
    put_time(body, block_time, swapped);
    put16(body, 3, swapped);
    put16(body, 8, swapped);
    put_time(body, end_time, swapped);
    put_block(file, 5, body, swapped);
}

/* An interface that counts in units of its own, `unit` as if_tsresol has it. */
static void
put_fine_interface(GByteArray *file, guint8 unit, gboolean swapped)
{
    GByteArray *body = g_byte_array_new();

    put16(body, 1, swapped);
    put16(body, 0, swapped);
    put32(body, 65535, swapped);
    put16(body, 9, swapped);
    put16(body, 1, swapped);
    put_padded(body, &unit, 1);
    put_block(file, 1, body, swapped);
}

static gint64
until_of(guint8 unit, guint64 block_time, guint64 end_time, gboolean swapped)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GPtrArray) interfaces = NULL;

    put_section(file, swapped);
    put_fine_interface(file, unit, swapped);
    put_packet(file, swapped);
    put_statistics_until(file, block_time, end_time, swapped);
    interfaces = scan_bytes(file->data, file->len);
    return scanned_until_us;
}

/* The recorder's end: the newer of a block's two times, in the interface's unit. */
static void
test_until(void)
{
    g_autoptr(GByteArray) none = g_byte_array_new();
    g_autoptr(GPtrArray) interfaces = NULL;

    g_assert_cmpint(until_of(6, 0, 1795653884406141, FALSE), ==, 1795653884406141);
    g_assert_cmpint(until_of(6, 1795653884406369, 1795653884406141, TRUE), ==, 1795653884406369);
    g_assert_cmpint(until_of(0x80, 0, 1795653884, FALSE), ==, G_GINT64_CONSTANT(1795653884000000));
    g_assert_cmpint(until_of(9, 0, 1795653884406141000, FALSE) / 1000, ==, 1795653884406);
    g_assert_cmpint(until_of(0, 0, G_MAXUINT64, FALSE), ==, 0); /* no time there is */
    put_section(none, FALSE);
    put_interface(none, 1, "eth0", FALSE);
    interfaces = scan_bytes(none->data, none->len);
    g_assert_cmpint(scanned_until_us, ==, 0);
}

/* A second section counts its interfaces anew. */
static void
test_sections(void)
{
    g_autoptr(GByteArray) file = make_pcapng(FALSE);
    g_autoptr(GPtrArray) interfaces = NULL;

    put_section(file, TRUE);
    put_interface(file, 113, "any", TRUE);
    put_statistics(file, 0, 0, 7, TRUE);
    interfaces = scan_bytes(file->data, file->len);
    g_assert_cmpuint(interfaces->len, ==, 3);
    assert_interface(interfaces, 0, "usbmon1", "usb-linux-mmapped", 42);
    assert_interface(interfaces, 2, "any", "linux-sll", 7);
}

/* Cut anywhere, it tells what stands before the cut; more of the file never tells less. */
static void
test_prefixes(void)
{
    g_autoptr(GByteArray) file = make_pcapng(FALSE);
    guint before = 0;

    for (gsize length = 0; length <= file->len; length++) {
        /* inside of packets every length is like the next */
        const gsize step = length % PACKET_BYTES > 600 && length % PACKET_BYTES < 19000 ? 97 : 1;
        g_autoptr(GPtrArray) interfaces = scan_bytes(file->data, length);

        g_assert_cmpuint(interfaces->len, >=, before);
        g_assert_cmpuint(interfaces->len, <=, 2);
        before = interfaces->len;
        length += step - 1;
    }
    g_assert_cmpuint(before, ==, 2);
}

/* A pcap file in each byte order and resolution: one unnamed interface. */
static void
test_pcap(void)
{
    static const guint32 magics[] = { 0xa1b2c3d4, 0xa1b23c4d };

    for (guint i = 0; i < 2 * G_N_ELEMENTS(magics); i++) {
        const gboolean swapped = i % 2;
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_autoptr(GPtrArray) interfaces = NULL;
        g_autoptr(GPtrArray) cut = NULL;

        put32(file, magics[i / 2], swapped);
        put16(file, 2, swapped);
        put16(file, 4, swapped);
        put64(file, 0, swapped);
        put32(file, 65535, swapped);
        put32(file, 249, swapped);
        interfaces = scan_bytes(file->data, file->len);
        g_assert_cmpuint(interfaces->len, ==, 1);
        assert_interface(interfaces, 0, "", "usb-usbpcap", 0);
        cut = scan_bytes(file->data, file->len - 1);
        g_assert_cmpuint(cut->len, ==, 0);
    }
}

/* What is no capture has no interfaces. */
static void
test_foreign(void)
{
    static const guint8 gzip[32] = { 0x1f, 0x8b, 8 };
    g_autoptr(GPtrArray) zipped = scan_bytes(gzip, sizeof gzip);
    g_autoptr(GPtrArray) empty = scan_bytes(gzip, 0);

    g_assert_cmpuint(zipped->len, ==, 0);
    g_assert_cmpuint(empty->len, ==, 0);
    g_assert_cmpstr(rs_link_name(65535), ==, "linktype-65535");
}

/* Counters as large as can be still fit a signed number. */
static void
test_large_counters(void)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GPtrArray) interfaces = NULL;

    put_section(file, FALSE);
    put_interface(file, 1, "eth0", FALSE);
    put_statistics(file, 0, G_MAXUINT64, G_MAXUINT64, FALSE);
    interfaces = scan_bytes(file->data, file->len);
    g_assert_cmpuint(((struct rs_interface *)interfaces->pdata[0])->dropped, >, 0);
    g_assert_cmpuint(((struct rs_interface *)interfaces->pdata[0])->dropped, <=, G_MAXINT64);
}

/* Damage of a few bytes: no crash, no endless walk, nothing out of bounds. */
static void
test_mutations(void)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GRand) random = g_rand_new_with_seed(20);
    g_autofree guint8 *copy = NULL;

    put_section(file, FALSE);
    put_interface(file, 220, "usbmon1", FALSE);
    put_statistics(file, 0, 1, 2, FALSE);
    put_interface(file, 1, "a rather longer name of an interface", FALSE);
    put_statistics(file, 1, 3, 4, FALSE);
    copy = g_malloc(file->len);
    for (guint i = 0; i < MUTATIONS; i++) {
        const gsize length = (gsize)g_rand_int_range(random, 0, (gint32)file->len + 1);
        g_autoptr(GPtrArray) interfaces = NULL;

        memcpy(copy, file->data, file->len);
        for (gint32 n = g_rand_int_range(random, 1, 6); n > 0; n--)
            copy[g_rand_int_range(random, 0, (gint32)file->len)] =
                (guint8)g_rand_int_range(random, 0, 256);
        interfaces = scan_bytes(copy, i % 2 ? file->len : length);
        g_assert_cmpuint(interfaces->len, <=, file->len / 12);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pcapng-scan/whole", test_whole);
    g_test_add_func("/pcapng-scan/until", test_until);
    g_test_add_func("/pcapng-scan/sections", test_sections);
    g_test_add_func("/pcapng-scan/prefixes", test_prefixes);
    g_test_add_func("/pcapng-scan/pcap", test_pcap);
    g_test_add_func("/pcapng-scan/foreign", test_foreign);
    g_test_add_func("/pcapng-scan/large-counters", test_large_counters);
    g_test_add_func("/pcapng-scan/mutations", test_mutations);
    return g_test_run();
}
