/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Serial strings, products, and USB product ids. The DFU string is of a real device, as
 * libirecovery 04d04f7 prints it. */
#include <string.h>

#include <glib.h>

#include "dissectors/core/serial.h"
#include "dissectors/core/usb-ids.h"

static const char dfu[] = "CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:00 ECID:00022D3C10981026 IBFL:1C "
                          "SRTG:[iBoot-1992.0.0.1.19]";

static void
test_dfu(void)
{
    struct rs_serial serial;

    g_assert_true(rs_serial_parse(dfu, &serial));
    g_assert_true(serial.has_chip && serial.has_board && serial.has_ecid);
    g_assert_cmphex(serial.chip_id, ==, 0x7000);
    g_assert_cmphex(serial.chip_revision, ==, 0x11);
    g_assert_cmphex(serial.fuse_mode, ==, 3);
    g_assert_cmphex(serial.security_epoch, ==, 1);
    g_assert_cmphex(serial.board_id, ==, 0);
    g_assert_cmphex(serial.ecid, ==, G_GUINT64_CONSTANT(0x00022D3C10981026));
    g_assert_cmphex(serial.iboot_flags, ==, 0x1C);
    g_assert_cmpstr(serial.rom_tag, ==, "iBoot-1992.0.0.1.19");
    g_assert_cmpstr(serial.serial_number, ==, "");
}

static void
test_others(void)
{
    struct rs_serial serial;

    g_assert_true(rs_serial_parse("CPID:8960 SRNM:[AB CD] IMEI:[012] PWND:[x]", &serial));
    g_assert_cmpstr(serial.serial_number, ==, "AB CD");
    g_assert_cmpstr(serial.imei, ==, "012");
    g_assert_cmpstr(serial.exploit, ==, "x");
    g_assert_false(serial.has_ecid);
    g_assert_true(rs_serial_parse("NONC:78377B52 SNON:9162e870", &serial));
    g_assert_cmpstr(serial.ap_nonce, ==, "78377B52");
    g_assert_cmpstr(serial.sep_nonce, ==, "9162e870");
    g_assert_false(serial.has_chip);
}

/* Every prefix has the tags that are whole in it, and no others. */
static void
test_prefixes(void)
{
    for (size_t length = 0; length < strlen(dfu); length++) {
        g_autofree char *text = g_strndup(dfu, length);
        struct rs_serial serial = { .fuse_mode = 77 };

        g_assert_cmpint(rs_serial_parse(text, &serial), ==, length > 5);
        if (length <= 5) {
            g_assert_cmpuint(serial.fuse_mode, ==, 77); /* untouched */
        } else {
            g_assert_true(serial.has_chip);
            g_assert_cmpint(serial.has_ecid, ==, length > (size_t)(strstr(dfu, "ECID:") - dfu) + 5);
            g_assert_cmpstr(serial.rom_tag, ==, "");
        }
    }
}

/* Values that are empty, no number or too long are as if they were absent. */
static void
test_out_of_range(void)
{
    static const char *const texts[] = {
        "",
        " ",
        "CPID",
        "CPID:",
        "CPID: ",
        "CPID:xyz",
        "CPID:123456789",
        "ECID:00000000000000001",
        "ECID:[",
        "ECID:[]",
        "SRTG:[no end",
        "IMEI:[01234567890123456789012345678901]",
        "XPID:8015",
        "C004K7ABCDEF",
        "00008030-001A2D3E4F5A6B7C",
        ":::::",
        "[[[[]]]]",
        "CPID=8015",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct rs_serial serial;

        g_assert_false(rs_serial_parse(texts[i], &serial));
    }
}

static void
test_products(void)
{
    const struct rs_product *product = rs_product_find(0x8015, 0x0E);

    g_assert_nonnull(product);
    g_assert_cmpstr(product->identifier, ==, "iPhone10,6");
    g_assert_cmpstr(product->board, ==, "d221ap");
    g_assert_cmpstr(rs_product_identifier(0x7000, 0x04), ==, "iPhone7,1");
    g_assert_cmpstr(rs_product_identifier(0xFE01, 0x90), ==, "iPhone99,11");
    g_assert_null(rs_product_identifier(0x8015, 0xFF));
    g_assert_null(rs_product_identifier(G_MAXUINT64, 0));
    g_assert_cmpstr(rs_chip_name(0x8015), ==, "A11");
    g_assert_cmpstr(rs_chip_name(0x8960), ==, "A7");
    g_assert_null(rs_chip_name(0));
}

/* The mode of every product id, by exclusion: ranges end where the table says. */
static void
test_modes(void)
{
    unsigned counts[RS_USB_MODE_COUNT] = { 0 };

    for (unsigned pid = 0; pid <= G_MAXUINT16; pid++)
        counts[rs_usb_mode_of(RS_USB_VENDOR_APPLE, (guint16)pid)]++;
    g_assert_cmpuint(counts[RS_USB_MUX], ==, 32 + 5 + 1);
    g_assert_cmpuint(counts[RS_USB_RECOVERY], ==, 4);
    g_assert_cmpuint(counts[RS_USB_DFU], ==, 1);
    g_assert_cmpuint(counts[RS_USB_WTF], ==, 1);
    g_assert_cmpuint(counts[RS_USB_PORT_DFU], ==, 1);
    g_assert_cmpuint(counts[RS_USB_KIS], ==, 1);
    g_assert_cmpint(rs_usb_mode_of(0x05AC, 0x12A8), ==, RS_USB_MUX);
    g_assert_cmpint(rs_usb_mode_of(0x05AC, 0x1281), ==, RS_USB_RECOVERY);
    g_assert_cmpint(rs_usb_mode_of(0x05AC, 0x1227), ==, RS_USB_DFU);
    g_assert_cmpint(rs_usb_mode_of(0x05AC, 0x1222), ==, RS_USB_WTF);
    g_assert_cmpint(rs_usb_mode_of(0x05AC, 0xF014), ==, RS_USB_PORT_DFU);
    g_assert_cmpint(rs_usb_mode_of(0x05AC, 0x1881), ==, RS_USB_KIS);
    g_assert_cmpint(rs_usb_mode_of(0x1D6B, 0x12A8), ==, RS_USB_UNKNOWN);
    g_assert_cmpstr(rs_usb_mode_name(RS_USB_PORT_DFU), ==, "port-dfu");
    g_assert_cmpstr(rs_usb_mode_name((enum rs_usb_mode)99), ==, "unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/serial/dfu", test_dfu);
    g_test_add_func("/serial/others", test_others);
    g_test_add_func("/serial/prefixes", test_prefixes);
    g_test_add_func("/serial/out-of-range", test_out_of_range);
    g_test_add_func("/serial/products", test_products);
    g_test_add_func("/usb-ids/modes", test_modes);
    return g_test_run();
}
