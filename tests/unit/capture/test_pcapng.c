/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Blocks, byte by byte. */
#include <glib.h>
#include <string.h>

#include "capture/writer/pcapng.h"
#include "tests/unit/capture/bytes.h"

static guint32
u32(const guint8 *at)
{
    guint32 value;

    memcpy(&value, at, sizeof value);
    return value;
}

static guint16
u16(const guint8 *at)
{
    guint16 value;

    memcpy(&value, at, sizeof value);
    return value;
}

/* Both lengths are there and agree, and nothing was written beyond. */
static void
check_block(const guint8 *block, size_t length, guint32 type)
{
    g_assert_cmpuint(length % 4, ==, 0);
    g_assert_cmphex(u32(block), ==, type);
    g_assert_cmpuint(u32(block + 4), ==, length);
    g_assert_cmpuint(u32(block + length - 4), ==, length);
    g_assert_cmphex(block[length], ==, 0xEE);
}

/* The value of an option, NULL when it is not there. */
static const guint8 *
option(const guint8 *block, size_t options_at, guint16 code, guint16 *ret_length)
{
    const guint8 *at = block + options_at, *end = block + u32(block + 4) - 4;

    while (at + 4 <= end && u16(at) != 0) {
        *ret_length = u16(at + 2);
        if (u16(at) == code)
            return at + 4;
        at += 4 + (*ret_length + 3) / 4 * 4;
    }
    return NULL;
}

static void
check_text(const guint8 *block, size_t options_at, guint16 code, const char *text)
{
    guint16 length = 0;
    const guint8 *value = option(block, options_at, code, &length);

    g_assert_nonnull(value);
    check_bytes(value, length, text, strlen(text));
}

static void
section(void)
{
    guint8 block[8192];
    size_t length;
    guint16 ignored;

    memset(block, 0xEE, sizeof block);
    length = rs_pcapng_section(block, "a machine", NULL, "restorecap");
    check_block(block, length, 0x0A0D0D0A);
    g_assert_cmphex(u32(block + 8), ==, 0x1A2B3C4D);
    g_assert_cmpuint(u16(block + 12), ==, 1);
    check_text(block, 24, 2, "a machine");
    g_assert_null(option(block, 24, 3, &ignored));
    check_text(block, 24, 4, "restorecap");
}

/* Texts of any length are cut, and the block stays within its bound. */
static void
long_texts(void)
{
    g_autofree char *text = g_strnfill(100000, 'x');
    g_autofree guint8 *block = (guint8 *)g_malloc(rs_pcapng_head_bound() + 1);
    const struct rs_interface interface = { text, text, text, 0, 1 };

    memset(block, 0xEE, rs_pcapng_head_bound() + 1);
    check_block(block, rs_pcapng_section(block, text, text, text), 0x0A0D0D0A);
    memset(block, 0xEE, rs_pcapng_head_bound() + 1);
    check_block(block, rs_pcapng_interface(block, &interface, text), 1);
}

static void
interface(void)
{
    const struct rs_interface of = { "eth0", "network interface", "tcp port 443", 96, 276 };
    guint8 block[8192];
    guint16 length = 0;
    const guint8 *value;

    memset(block, 0xEE, sizeof block);
    check_block(block, rs_pcapng_interface(block, &of, "Linux"), 1);
    g_assert_cmpuint(u16(block + 8), ==, 276);
    g_assert_cmpuint(u32(block + 12), ==, 96);
    check_text(block, 16, 2, "eth0");
    check_text(block, 16, 3, "network interface");
    check_text(block, 16, 12, "Linux");
    value = option(block, 16, 9, &length);
    check_bytes(value, length, "\x09", 1);
    value = option(block, 16, 11, &length);
    check_bytes(value, length, "\0tcp port 443", 13);
}

/* A packet of every length up to 64, with a head before it: both parts are there, padded. */
static void
packet(void)
{
    guint8 data[64], block[8192];

    for (guint i = 0; i < sizeof data; i++)
        data[i] = (guint8)(i + 1);
    for (guint32 rest = 0; rest <= sizeof data; rest++) {
        struct rs_record record = { .time_ns = 0x1122334455667788U,
                                    .data = data,
                                    .captured = rest + 3,
                                    .original = 5000,
                                    .head_length = 3,
                                    .head = { 'a', 'b', 'c' } };
        size_t length;

        memset(block, 0xEE, sizeof block);
        length = rs_pcapng_packet(block, 7, &record, 0);
        check_block(block, length, 6);
        g_assert_cmpuint(length, <=, rs_pcapng_record_bound(&record));
        g_assert_cmpuint(length, ==, 32 + (rest + 3 + 3) / 4 * 4);
        g_assert_cmpuint(u32(block + 8), ==, 7);
        g_assert_cmphex(u32(block + 12), ==, 0x11223344);
        g_assert_cmphex(u32(block + 16), ==, 0x55667788);
        g_assert_cmpuint(u32(block + 20), ==, rest + 3);
        g_assert_cmpuint(u32(block + 24), ==, 5000);
        check_bytes(block + 28, 3, "abc", 3);
        check_bytes(block + 31, rest, data, rest);
    }
}

static void
packet_options(void)
{
    guint8 data[4] = { 0 }, block[8192];
    const struct rs_record record = {
        .data = data, .captured = 4, .original = 4, .comment = "made"
    };
    const guint64 drops = 12345;
    guint16 length = 0;
    const guint8 *value;

    memset(block, 0xEE, sizeof block);
    check_block(block, rs_pcapng_packet(block, 0, &record, drops), 6);
    check_text(block, 32, 1, "made");
    value = option(block, 32, 4, &length);
    check_bytes(value, length, &drops, sizeof drops);
}

static void
others(void)
{
    const struct rs_counts counts = { .received = 10, .dropped = 3, .full = 2, .unpaired = 1 };
    const struct rs_record entry = { .data = (const guint8 *)"MESSAGE=x\n", .captured = 10 };
    guint8 block[8192];
    guint16 length = 0;
    guint64 number;

    memset(block, 0xEE, sizeof block);
    check_block(block, rs_pcapng_journal(block, &entry), 9);
    check_bytes(block + 8, 10, "MESSAGE=x\n", 10);
    memset(block, 0xEE, sizeof block);
    check_block(block, rs_pcapng_secrets(block, (const guint8 *)"keys\n", 5), 10);
    g_assert_cmphex(u32(block + 8), ==, 0x544C534B);
    g_assert_cmpuint(u32(block + 12), ==, 5);
    memset(block, 0xEE, sizeof block);
    check_block(block, rs_pcapng_statistics(block, 1, 100, 200, &counts, 8), 5);
    memcpy(&number, option(block, 20, 5, &length), sizeof number);
    g_assert_cmpuint(number, ==, 3);
    memcpy(&number, option(block, 20, 7, &length), sizeof number);
    g_assert_cmpuint(number, ==, 2);
    memcpy(&number, option(block, 20, 8, &length), sizeof number);
    g_assert_cmpuint(number, ==, 8);
    g_assert_nonnull(option(block, 20, 1, &length));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pcapng/section", section);
    g_test_add_func("/pcapng/long-texts", long_texts);
    g_test_add_func("/pcapng/interface", interface);
    g_test_add_func("/pcapng/packet", packet);
    g_test_add_func("/pcapng/packet-options", packet_options);
    g_test_add_func("/pcapng/others", others);
    return g_test_run();
}
