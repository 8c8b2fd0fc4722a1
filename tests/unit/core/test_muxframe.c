/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmux headers and the framer. The packets are computed from the layout in usbmuxd 2efa75a,
 * src/device.c. */
#include <string.h>

#include <glib.h>

#include "dissectors/core/muxframe.h"

/* clang-format off */
static const guint8 version[] = {
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00,
};
static const guint8 setup[] = {
    0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x11, 0xFE, 0xED, 0xFA, 0xCE, 0x00, 0x00, 0xFF, 0xFF,
    0x07,
};
static const guint8 data[] = {
    0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x28, 0xFE, 0xED, 0xFA, 0xCE, 0x00, 0x03, 0x00, 0x01,
    0x00, 0x01, 0xF2, 0x7E, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x50, 0x10, 0x02, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xEC,
};
static const guint8 control[] = {
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x1D, 0xFE, 0xED, 0xFA, 0xCE, 0x00, 0x04, 0x00, 0x04,
    0x03, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x20, 0x74, 0x65, 0x78, 0x74,
};
static const guint8 version1_tcp[] = {
    0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x1C, 0x00, 0x01, 0xF2, 0x7E, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x50, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
};
/* clang-format on */

static void
assert_header(const guint8 *bytes, size_t length, struct rs_mux_header expected)
{
    struct rs_mux_header header = { 0 };

    g_assert_cmpint(rs_mux_read_header(bytes, length, &header), ==, RS_OK);
    g_assert_cmpuint(header.protocol, ==, expected.protocol);
    g_assert_cmpuint(header.length, ==, length);
    g_assert_cmpint(header.has_seq, ==, expected.has_seq);
    g_assert_cmpuint(header.magic, ==, expected.has_seq ? RS_MUX_MAGIC : 0);
    g_assert_cmpuint(header.tx_seq, ==, expected.tx_seq);
    g_assert_cmpuint(header.rx_seq, ==, expected.rx_seq);
    g_assert_cmpuint(header.size, ==, expected.has_seq ? 16 : 8);
}

static void
test_header_valid(void)
{
    assert_header(version, sizeof version, (struct rs_mux_header){ .protocol = RS_MUX_VERSION });
    assert_header(
        setup, sizeof setup,
        (struct rs_mux_header){ .protocol = RS_MUX_SETUP, .has_seq = true, .rx_seq = 0xFFFF });
    assert_header(data, sizeof data,
                  (struct rs_mux_header){
                      .protocol = RS_MUX_TCP, .has_seq = true, .tx_seq = 3, .rx_seq = 1 });
    assert_header(control, sizeof control,
                  (struct rs_mux_header){
                      .protocol = RS_MUX_CONTROL, .has_seq = true, .tx_seq = 4, .rx_seq = 4 });
    assert_header(version1_tcp, sizeof version1_tcp,
                  (struct rs_mux_header){ .protocol = RS_MUX_TCP });
}

/* Every prefix of a header is short, and what was there before stays. */
static void
test_header_prefixes(void)
{
    for (size_t length = 0; length < RS_MUX_HEADER_V2; length++) {
        g_autofree guint8 *copy = g_memdup2(data, length);
        struct rs_mux_header header = { .length = 7 };

        g_assert_cmpint(rs_mux_read_header(copy, length, &header), ==, RS_SHORT);
        g_assert_cmpuint(header.length, ==, 7);
    }
}

static void
test_header_out_of_range(void)
{
    static const guint32 lengths[] = {
        0, 7, 15, 16, RS_MUX_LENGTH_MAX, RS_MUX_LENGTH_MAX + 1, G_MAXUINT32
    };
    static const enum rs_status expected[] = {
        RS_BAD, RS_BAD, RS_OK, RS_OK, RS_OK, RS_BAD, RS_BAD
    };
    struct rs_mux_header header;
    guint8 bytes[sizeof data];

    memcpy(bytes, data, sizeof bytes);
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        guint32 length = GUINT32_TO_BE(lengths[i]);

        memcpy(bytes + 4, &length, sizeof length);
        g_assert_cmpint(rs_mux_read_header(bytes, sizeof bytes, &header), ==, expected[i]);
    }
    memcpy(bytes, data, sizeof bytes);
    for (guint protocol = 0; protocol < 256; protocol++) {
        gboolean known = protocol <= 2 || protocol == 6;

        bytes[3] = (guint8)protocol;
        g_assert_cmpint(rs_mux_read_header(bytes, sizeof bytes, &header), ==,
                        known ? RS_OK : RS_BAD);
    }
}

static void
test_header_uniform(void)
{
    guint8 bytes[64];
    struct rs_mux_header header;

    memset(bytes, 0x00, sizeof bytes);
    g_assert_cmpint(rs_mux_read_header(bytes, sizeof bytes, &header), ==, RS_BAD);
    memset(bytes, 0xFF, sizeof bytes);
    g_assert_cmpint(rs_mux_read_header(bytes, sizeof bytes, &header), ==, RS_BAD);
}

/* One transfer's slices as text: "0+40 of 40 [first last]; ..." with (packet offset). */
static char *
frame(struct rs_mux_framer *framer, const guint8 *bytes, guint32 captured, guint32 length)
{
    g_autofree guint8 *copy = g_memdup2(bytes, captured);
    GString *out = g_string_new(NULL);
    struct rs_mux_slice slice;
    uint32_t offset = 0;

    while (rs_mux_next_slice(framer, copy, captured, length, &offset, &slice)) {
        g_string_append_printf(out, "%s%u+%u", out->len > 0 ? "; " : "", slice.offset,
                               slice.length);
        if (!slice.unsynchronised)
            g_string_append_printf(out, " at %u/%u", slice.packet_offset, slice.packet_length);
        g_string_append_printf(out, "%s%s%s%s", slice.first ? " first" : "",
                               slice.last ? " last" : "", slice.broken ? " broken" : "",
                               slice.unsynchronised ? " unsynchronised" : "");
    }
    g_assert_cmpuint(offset, ==, length);
    return g_string_free(out, FALSE);
}

static void
assert_frame(struct rs_mux_framer *framer, const guint8 *bytes, guint32 captured, guint32 length,
             const char *expected)
{
    g_autofree char *text = frame(framer, bytes, captured, length);

    g_assert_cmpstr(text, ==, expected);
}

static void
test_framer_single(void)
{
    struct rs_mux_framer framer = { 0 };

    assert_frame(&framer, version, 20, 20, "0+20 at 0/20 first last");
    assert_frame(&framer, setup, 17, 17, "0+17 at 0/17 first last");
    assert_frame(&framer, NULL, 0, 0, ""); /* a zero-length packet */
    assert_frame(&framer, version1_tcp, 28, 28, "0+28 at 0/28 first last");
    g_assert_cmpuint(framer.expected, ==, 0);
}

static void
test_framer_several(void)
{
    struct rs_mux_framer framer = { 0 };
    guint8 urb[sizeof data + sizeof control + sizeof setup];

    memcpy(urb, data, sizeof data);
    memcpy(urb + sizeof data, control, sizeof control);
    memcpy(urb + sizeof data + sizeof control, setup, sizeof setup);
    assert_frame(&framer, urb, sizeof urb, sizeof urb,
                 "0+40 at 0/40 first last; 40+29 at 0/29 first last; 69+17 at 0/17 first last");
}

/* A packet over three transfers, with a zero-length one between, and another one behind it. */
static void
test_framer_long(void)
{
    struct rs_mux_framer framer = { 0 };
    guint8 urb[100] = { 0 };

    memcpy(urb, data, 16);
    urb[7] = 250;
    assert_frame(&framer, urb, 100, 100, "0+100 at 0/250 first");
    assert_frame(&framer, NULL, 0, 0, "");
    memset(urb, 0, sizeof urb);
    assert_frame(&framer, urb, 100, 100, "0+100 at 100/250");
    memcpy(urb + 50, data, sizeof data);
    assert_frame(&framer, urb, 90, 90, "0+50 at 200/250 last; 50+40 at 0/40 first last");
}

/* The capture kept only the beginning: the framer goes on by what was on the wire. */
static void
test_framer_cut(void)
{
    struct rs_mux_framer framer = { 0 };
    guint8 urb[64] = { 0 };

    memcpy(urb, data, 16);
    urb[6] = 1; /* 0x0128 = 296 bytes */
    assert_frame(&framer, urb, 64, 200, "0+200 at 0/296 first broken");
    memset(urb, 0, sizeof urb);
    assert_frame(&framer, urb, 64, 64, "0+64 at 200/296 broken");
    assert_frame(&framer, NULL, 0, 32, "0+32 at 264/296 last broken");
    assert_frame(&framer, data, 40, 40, "0+40 at 0/40 first last");
    /* Protocol and length were captured, the magic was not. */
    assert_frame(&framer, data, 8, 40, "0+40 at 0/40 first last broken");
    assert_frame(&framer, data, 7, 40, "0+40 broken unsynchronised");
}

/* The capture starts within a packet, or zeros follow one. */
static void
test_framer_unsynchronised(void)
{
    struct rs_mux_framer framer = { 0 };
    guint8 urb[60];

    memset(urb, 'x', sizeof urb);
    assert_frame(&framer, urb, 60, 60, "0+60 unsynchronised");
    assert_frame(&framer, data, 40, 40, "0+40 at 0/40 first last");
    memcpy(urb, data, sizeof data);
    assert_frame(&framer, urb, 60, 60, "0+40 at 0/40 first last; 40+20 unsynchronised");
    assert_frame(&framer, urb, 47, 47, "0+40 at 0/40 first last; 40+7 unsynchronised");
    memset(urb, 0, sizeof urb);
    assert_frame(&framer, urb, 60, 60, "0+60 unsynchronised");
    memset(urb, 0xFF, sizeof urb);
    assert_frame(&framer, urb, 60, 60, "0+60 unsynchronised");
}

/* Without a magic, more than a small number must speak for a header. */
static void
test_framer_version1(void)
{
    struct rs_mux_framer framer = { 0 };
    guint8 urb[28];

    memcpy(urb, version1_tcp, sizeof urb);
    urb[20] = 0x60; /* TCP options: never */
    assert_frame(&framer, urb, 28, 28, "0+28 unsynchronised");
    memcpy(urb, version, sizeof version);
    urb[7] = 21; /* VERSION has one length only */
    assert_frame(&framer, urb, 28, 28, "0+28 unsynchronised");
    memcpy(urb, version1_tcp, sizeof urb);
    urb[7] = 27; /* no room for the TCP header */
    assert_frame(&framer, urb, 28, 28, "0+28 unsynchronised");
}

/* A transfer is missing: the next packet's magic ends the wait for its rest. */
static void
test_framer_lost(void)
{
    struct rs_mux_framer framer = { 0 };
    guint8 urb[100] = { 0 };

    memcpy(urb, data, 16);
    urb[6] = 0x10;
    assert_frame(&framer, urb, 100, 100, "0+100 at 0/4136 first");
    assert_frame(&framer, control, 29, 29, "0+29 at 0/29 first last");
    g_assert_cmpuint(framer.expected, ==, 0);
}

static void
test_framer_reset(void)
{
    struct rs_mux_framer framer = { .expected = 100, .have = 16, .broken = true };

    rs_mux_framer_reset(&framer);
    assert_frame(&framer, data, 40, 40, "0+40 at 0/40 first last");
}

/* The longest packet, in transfers of 16384 bytes. */
static void
test_framer_longest(void)
{
    enum { URB = 16384 };
    struct rs_mux_framer framer = { 0 };
    g_autofree guint8 *urb = g_malloc0(URB);
    guint32 total = 0;

    memcpy(urb, data, 16);
    urb[5] = 0x10;
    urb[7] = 0;
    do {
        struct rs_mux_slice slice;
        uint32_t offset = 0;

        g_assert_true(rs_mux_next_slice(&framer, urb, URB, URB, &offset, &slice));
        g_assert_cmpuint(slice.packet_offset, ==, total);
        g_assert_cmpuint(slice.packet_length, ==, RS_MUX_LENGTH_MAX);
        total += slice.length;
        g_assert_cmpint(slice.last, ==, total == RS_MUX_LENGTH_MAX);
        memset(urb, 0, 16);
    } while (framer.expected > 0);
    g_assert_cmpuint(total, ==, RS_MUX_LENGTH_MAX);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mux/header/valid", test_header_valid);
    g_test_add_func("/mux/header/prefixes", test_header_prefixes);
    g_test_add_func("/mux/header/out-of-range", test_header_out_of_range);
    g_test_add_func("/mux/header/uniform", test_header_uniform);
    g_test_add_func("/mux/framer/single", test_framer_single);
    g_test_add_func("/mux/framer/several", test_framer_several);
    g_test_add_func("/mux/framer/long", test_framer_long);
    g_test_add_func("/mux/framer/cut", test_framer_cut);
    g_test_add_func("/mux/framer/unsynchronised", test_framer_unsynchronised);
    g_test_add_func("/mux/framer/version1", test_framer_version1);
    g_test_add_func("/mux/framer/lost", test_framer_lost);
    g_test_add_func("/mux/framer/reset", test_framer_reset);
    g_test_add_func("/mux/framer/longest", test_framer_longest);
    return g_test_run();
}
