/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Firmware images by their first bytes, and the checksum of DFU uploads. */
#include <string.h>

#include <glib.h>

#include "dissectors/core/crc32.h"
#include "dissectors/core/image.h"

struct row {
    const char *bytes;
    size_t length;
    enum rs_image_kind kind;
    const char *fourcc;
    guint64 size;
    size_t needed; /* bytes before the kind is certain */
};

#define BYTES(text) text, sizeof(text) - 1
#define ZEROS_24 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* clang-format off */
static const struct row rows[] = {
    { BYTES("\x30\x14\x16\x04IM4P\x16\x04lpol\x16\x03" "1.0\x04\x01\0"),
      RS_IMAGE_IM4P, "lpol", 22, 8 },
    { BYTES("\x30\x83\x01\x00\x00\x16\x04IM4P\x16\x04ibss\x16\x01x"),
      RS_IMAGE_IM4P, "ibss", 65541, 11 },
    { BYTES("\x30\x82\x10\x00\x16\x04IMG4\x30\x81\xF0\x16\x04IM4P\x16\x04krnl"),
      RS_IMAGE_IMG4, "krnl", 4100, 10 },
    { BYTES("\x30\x84\xFF\xFF\xFF\xFF\x16\x04IMG4\x30\x03"),
      RS_IMAGE_IMG4, "", G_GUINT64_CONSTANT(4294967301), 12 },
    { BYTES("\x30\x82\x10\x00\x16\x04IMG4\x30\x81\xF0\x16\x04IM4M"),
      RS_IMAGE_IMG4, "", 4100, 10 },
    { BYTES("\x30\x82\x0A\x00\x16\x04IM4M\x02\x01\0"), RS_IMAGE_IM4M, "", 2564, 10 },
    { BYTES("\x30\x10\x16\x04IM4P\x16\x02OS"), RS_IMAGE_IM4P, "OS", 18, 8 },
    { BYTES("\x30\x10\x16\x04IM4P\x16\x04" "a\x01" "bc"), RS_IMAGE_IM4P, "", 18, 8 },
    { BYTES("3gmI\x00\x02\x01\x00zzzzzzzzssbi"), RS_IMAGE_IMG3, "ibss", 66048, 4 },
    { BYTES("2gmIzzzz"), RS_IMAGE_IMG2, "", 0, 4 },
    { BYTES("8900" "1.0"), RS_IMAGE_S5L8900, "", 0, 4 },
    { BYTES("AEA1"), RS_IMAGE_AEA1, "", 0, 4 },
    { BYTES("PK\x03\x04"), RS_IMAGE_ZIP, "", 0, 4 },
    { BYTES("070707"), RS_IMAGE_CPIO, "", 0, 6 },
    { BYTES("\x01\0\0\0\xFF\xFF\xFF\xFF" ZEROS_24 "rkosftab\x02\0\0\0"),
      RS_IMAGE_FTAB, "rkos", 0, 40 },
    { BYTES("bplist00"), RS_IMAGE_BINARY_PLIST, "", 0, 8 },
    { BYTES("<?xml version"), RS_IMAGE_XML_PLIST, "", 0, 5 },
    { BYTES("<plist>"), RS_IMAGE_XML_PLIST, "", 0, 6 },
};
/* clang-format on */

static void
test_valid(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rs_image image;

        g_assert_cmpint(rs_image_recognise((const guint8 *)rows[i].bytes, rows[i].length, &image),
                        ==, RS_OK);
        g_assert_cmpint(image.kind, ==, rows[i].kind);
        g_assert_cmpstr(image.fourcc, ==, rows[i].fourcc);
        g_assert_cmpuint(image.size, ==, rows[i].size);
    }
}

/* Short until the container is certain, then recognised with whatever else is there. */
static void
test_prefixes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (size_t length = 0; length < rows[i].length; length++) {
            g_autofree guint8 *copy = g_memdup2(rows[i].bytes, length);
            struct rs_image image = { .size = 99 };
            gboolean certain = length >= rows[i].needed;

            g_assert_cmpint(rs_image_recognise(copy, length, &image), ==,
                            certain ? RS_OK : RS_SHORT);
            if (certain)
                g_assert_cmpint(image.kind, ==, rows[i].kind);
            else
                g_assert_cmpuint(image.size, ==, 99); /* untouched */
        }
    }
}

static void
test_others(void)
{
    static const struct {
        const char *bytes;
        size_t length;
    } others[] = {
        { BYTES("\x30\x80\x16\x04IM4P") },
        { BYTES("\x30\x85\x16\x04IM4P\0\0") },
        { BYTES("\x30\x0A\x16\x04IM5P") },
        { BYTES("\x30\x0A\x17\x04IM4P") },
        { BYTES("\x30\x0A\x16\x05IM4PX") },
        { BYTES("\x30\x0A\x16\x00IM4PX") },
        { BYTES("\x30\x82\x03\x00\x30\x82\x01") }, /* a certificate */
        { BYTES("3gmJ") },
        { BYTES("PK\x05\x06") },
        { BYTES("\x01\0\0\0\xFF\xFF\xFF\xFF" ZEROS_24 "rkosfoot") },
        { BYTES("\0\0\0\0\0\0\0\0") },
        { BYTES("\xFF\xFF\xFF\xFF\xFF\xFF") },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        struct rs_image image;

        g_assert_cmpint(
            rs_image_recognise((const guint8 *)others[i].bytes, others[i].length, &image), ==,
            RS_BAD);
    }
}

static void
test_names(void)
{
    g_assert_cmpstr(rs_image_kind_name(RS_IMAGE_IM4P), ==, "IM4P");
    g_assert_cmpstr(rs_image_kind_name(RS_IMAGE_S5L8900), ==, "8900");
    g_assert_cmpstr(rs_image_kind_name((enum rs_image_kind)1000), ==, "data");
    g_assert_cmpstr(rs_image_component("acfw"), ==, "AudioCodecFirmware");
    g_assert_cmpstr(rs_image_component("ibss"), ==, "iBSS");
    g_assert_cmpstr(rs_image_component("OS"), ==, "OS");
    g_assert_cmpstr(rs_image_component("wchf"), ==, "WCHFirmwareUpdater");
    g_assert_null(rs_image_component("zzzz"));
    g_assert_null(rs_image_component(""));
}

/* The trailer of a four-byte file "ABCD": the suffix is part of what is summed. */
static void
test_crc32(void)
{
    static const guint8 upload[] = { 0x41, 0x42, 0x43, 0x44, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xAC, 0x05, 0x00, 0x01, 0x55, 0x46, 0x44, 0x10 };
    guint32 crc = RS_CRC32_DFU_INIT;

    g_assert_cmphex(rs_crc32_dfu(crc, upload, sizeof upload), ==, 0xA63569F9);
    for (size_t i = 0; i < sizeof upload; i++)
        crc = rs_crc32_dfu(crc, upload + i, 1);
    g_assert_cmphex(crc, ==, 0xA63569F9);
    g_assert_cmphex(rs_crc32_dfu(RS_CRC32_DFU_INIT, NULL, 0), ==, RS_CRC32_DFU_INIT);
    /* The usual check value of CRC-32, not inverted. */
    g_assert_cmphex(~rs_crc32_dfu(RS_CRC32_DFU_INIT, (const guint8 *)"123456789", 9), ==,
                    0xCBF43926);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/image/valid", test_valid);
    g_test_add_func("/image/prefixes", test_prefixes);
    g_test_add_func("/image/others", test_others);
    g_test_add_func("/image/names", test_names);
    g_test_add_func("/crc32/dfu", test_crc32);
    return g_test_run();
}
