/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the modes before the system tell and read: image types and the strings of a phone. */
#include <string.h>

#include "samples/lab/vphone/modes/identity-strings.h"
#include "samples/lab/vphone/modes/image.h"

static const uint8_t img4[] = {
    0x30, 0x83, 0x01, 0x02, 0x03, 0x16, 4,   'I', 'M', 'G', '4', /* its payload follows */
    0x30, 0x82, 0x01, 0x02, 0x16, 4,    'I', 'M', '4', 'P', 0x16, 4, 'i', 'b', 'e', 'c',
};
static const uint8_t im4p[] = {
    0x30, 40, 0x16, 4, 'I', 'M', '4', 'P', 0x16, 4, 'r', 'k', 'r', 'n'
};
static const uint8_t im4m[] = { 0x30, 0x81, 0x90, 0x16, 4, 'I', 'M', '4', 'M', 2, 1, 0 };
static const uint8_t img3[] = { '3', 'g', 'm', 'I', 0, 1, 0,   0,   0,   1,
                                0,   0,   0,   1,   0, 0, 's', 's', 'b', 'i' };

static const lab_model_t d221 = { "d221",  "iPhone10,6",          "D221AP", 0x8015, 0x0e,
                                  "t8015", "iBoot-3332.0.0.1.23", 0x12a8 };
static const lab_model_t n71 = { "n71",   "iPhone8,1",          "N71AP", 0x8000, 0x04,
                                 "s8000", "iBoot-2234.0.0.3.3", 0x12a8 };

/* The type is known as soon as its last character is there, and not before. */
static void
check_type(const uint8_t *data, size_t n, size_t needed, const char *expected)
{
    for (size_t length = 0; length <= n; length++) {
        g_autofree uint8_t *exact = g_memdup2(data, length);
        char type[5] = "none";

        g_assert_cmpint(lab_image_type(exact, length, type), ==, length >= needed);
        g_assert_cmpstr(type, ==, length >= needed ? expected : "none");
    }
}

static void
test_types(void)
{
    check_type(img4, sizeof img4, sizeof img4, "ibec");
    check_type(im4p, sizeof im4p, sizeof im4p, "rkrn");
    check_type(im4m, sizeof im4m, 9, "IM4M");
    check_type(img3, sizeof img3, sizeof img3, "ibss");
}

/* A length of more bytes than there are, a string of another length, a format nobody knows. */
static void
test_no_types(void)
{
    static const struct {
        size_t at;
        uint8_t value;
    } spoiled[] = { { 0, 0x31 }, { 1, 0xff }, { 6, 5 }, { 10, '5' }, { 11, 0x31 }, { 19, 'R' } };
    char type[5];

    for (size_t i = 0; i < G_N_ELEMENTS(spoiled); i++) {
        g_autofree uint8_t *data = g_memdup2(img4, sizeof img4);

        data[spoiled[i].at] = spoiled[i].value;
        g_assert_false(lab_image_type(data, sizeof img4, type));
    }
}

static void
test_head(void)
{
    lab_image_head_t head = { .n = 0 };
    uint8_t much[2 * LAB_IMAGE_HEAD] = { 0 };
    char type[5];

    for (size_t i = 0; i < sizeof img4; i++)
        lab_image_head_add(&head, img4 + i, 1);
    lab_image_head_add(&head, much, sizeof much);
    lab_image_head_add(&head, much, sizeof much);
    g_assert_cmpuint(head.n, ==, LAB_IMAGE_HEAD);
    g_assert_true(lab_image_type(head.bytes, head.n, type));
    g_assert_cmpstr(type, ==, "ibec");
}

static void
check_serial(const lab_identity_t *id, lab_mode_t mode, unsigned stage, const char *expected)
{
    g_autofree char *serial = lab_serial_string(id, mode, stage);

    g_assert_cmpstr(serial, ==, expected);
}

static void
test_serials(void)
{
    lab_identity_t id = { .model = &d221, .ecid = 0x001a2d3e4f5a6b7c, .serial = "F2LXK0ABJCLF" };

    check_serial(&id, LAB_MODE_DFU, 0,
                 "CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0E ECID:001A2D3E4F5A6B7C IBFL:3C "
                 "SRTG:[iBoot-3332.0.0.1.23]");
    check_serial(&id, LAB_MODE_RECOVERY, 0,
                 "CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0E ECID:001A2D3E4F5A6B7C IBFL:3D "
                 "SRNM:[F2LXK0ABJCLF]");
    check_serial(&id, LAB_MODE_RECOVERY, 1,
                 "CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0E ECID:001A2D3E4F5A6B7C IBFL:3C "
                 "SRNM:[F2LXK0ABJCLF]");
    check_serial(&id, LAB_MODE_PORT_DFU, 0,
                 "CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0E ECID:001A2D3E4F5A6B7C IBFL:3C "
                 "PREV:01");
    id.model = &n71;
    check_serial(&id, LAB_MODE_WTF, 0,
                 "CPID:8000 CPRV:20 CPFM:03 SCEP:01 BDID:04 IBFL:1C SRTG:[iBoot-2234.0.0.3.3]");
}

static void
test_nonces(void)
{
    lab_identity_t id = { .ap_nonce = { 0xab, [31] = 0x01 }, .sep_nonce = { 0xcd, [19] = 0x02 } };
    g_autofree char *plain = lab_nonce_string(&id, LAB_MODE_RECOVERY);
    g_autofree char *reversed = lab_nonce_string(&id, LAB_MODE_PORT_DFU);

    g_assert_true(g_str_has_prefix(plain, "NONC:AB00"));
    g_assert_true(g_str_has_suffix(plain, "01 SNON:CD00000000000000000000000000000000000002"));
    g_assert_true(g_str_has_prefix(reversed, "NONC:0100"));
    g_assert_true(g_str_has_suffix(reversed, "AB SNON:02000000000000000000000000000000000000CD"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/modes/image/types", test_types);
    g_test_add_func("/lab/modes/image/no-types", test_no_types);
    g_test_add_func("/lab/modes/image/head", test_head);
    g_test_add_func("/lab/modes/serials", test_serials);
    g_test_add_func("/lab/modes/nonces", test_nonces);
    return g_test_run();
}
