/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The relay: whatever pieces a capture comes in, it passes whole, with ticks where a recorder says
 * how far it is. */
#include <string.h>

#include "plugin/cli/relay.h"

enum { SECONDS = 1700000000, PIECES_MAX = 40, MUTATIONS = 3000 };
#define US(seconds) ((gint64)(seconds)*G_USEC_PER_SEC)

static void
put32(GByteArray *file, guint32 value, gboolean swapped)
{
    const guint32 stored = swapped ? GUINT32_SWAP_LE_BE(value) : value;

    g_byte_array_append(file, (const guint8 *)&stored, sizeof stored);
}

static void
put_block(GByteArray *file, guint32 type, const guint32 *words, guint n, gboolean swapped)
{
    put32(file, type, swapped);
    put32(file, 12 + 4 * n, swapped);
    for (guint i = 0; i < n; i++)
        put32(file, words[i], swapped);
    put32(file, 12 + 4 * n, swapped);
}

static void
put_section(GByteArray *file, gboolean swapped)
{
    const guint32 section[] = { 0x1a2b3c4d, 0, 0xffffffff, 0xffffffff };
    const guint32 interface[] = { swapped ? 1 << 16 : 1, 0 }; /* ethernet */

    put_block(file, RS_BLOCK_SECTION, section, 4, swapped);
    put_block(file, RS_BLOCK_INTERFACE, interface, 2, swapped);
}

/* Statistics of interface 0 at that time, with so many drops. */
static void
put_statistics(GByteArray *file, gint64 time_us, guint32 dropped, gboolean swapped)
{
    enum { IFDROP = 5, LENGTH = 8 };
    const guint32 code = swapped ? IFDROP << 16 | LENGTH : LENGTH << 16 | IFDROP;
    const guint32 words[] = { 0,
                              (guint32)((guint64)time_us >> 32),
                              (guint32)time_us,
                              code,
                              swapped ? 0 : dropped,
                              swapped ? dropped : 0 };

    put_block(file, RS_BLOCK_STATISTICS, words, G_N_ELEMENTS(words), swapped);
}

static void
put_packet(GByteArray *file, guint n_words, gboolean swapped)
{
    g_autofree guint32 *words = g_new0(guint32, n_words);

    put_block(file, 6, words, n_words, swapped);
}

static void
put_tick(GByteArray *file, gint64 time_us, gboolean swapped)
{
    const guint64 stored = swapped ? GUINT64_SWAP_LE_BE((guint64)time_us) : (guint64)time_us;

    put32(file, RS_RELAY_TICK, swapped);
    put32(file, 20, swapped);
    g_byte_array_append(file, (const guint8 *)&stored, sizeof stored);
    put32(file, 20, swapped);
}

/* What comes out when it goes in by pieces of that size. */
static GByteArray *
pass(rs_relay *relay, const GByteArray *file, guint piece)
{
    GByteArray *out = g_byte_array_new();

    for (guint at = 0; at < file->len; at += piece)
        rs_relay_take(relay, file->data + at, MIN(piece, file->len - at), out);
    rs_relay_end(relay, out);
    return out;
}

static void
assert_same(const GByteArray *got, const GByteArray *wanted)
{
    g_assert_cmpuint(got->len, ==, wanted->len);
    g_assert_true(wanted->len == 0 || memcmp(got->data, wanted->data, wanted->len) == 0);
}

/* Behind statistics stands how far time has come, less what may still be late; at the end, all. */
static void
check_ticks(gboolean swapped)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GByteArray) wanted = g_byte_array_new();

    put_section(file, swapped);
    put_packet(file, 20, swapped);
    put_statistics(file, US(SECONDS), 0, swapped);
    g_byte_array_append(wanted, file->data, file->len);
    put_tick(wanted, US(SECONDS) - 250000, swapped);
    put_packet(file, 300, swapped);
    put_packet(wanted, 300, swapped);
    put_statistics(file, US(SECONDS + 1), 7, swapped);
    put_statistics(wanted, US(SECONDS + 1), 7, swapped);
    put_tick(wanted, US(SECONDS + 1) - 250000, swapped);
    put_tick(wanted, US(SECONDS + 1), swapped);
    for (guint piece = 1; piece < PIECES_MAX; piece++) {
        g_autoptr(rs_relay) relay = rs_relay_new();
        g_autoptr(GByteArray) got = pass(relay, file, piece);
        const struct rs_interface *interface;

        assert_same(got, wanted);
        g_assert_cmpuint(rs_relay_interfaces(relay)->len, ==, 1);
        interface = g_ptr_array_index(rs_relay_interfaces(relay), 0);
        g_assert_cmpuint(interface->dropped, ==, 7);
        g_assert_cmpuint(interface->losses->len, ==, 1);
        g_assert_cmpint(g_array_index(interface->losses, struct rs_loss, 0).from_us, ==,
                        US(SECONDS));
    }
}

static void
test_ticks(void)
{
    check_ticks(FALSE);
    check_ticks(TRUE);
}

/* A capture that brings our block with it cannot set the clock. */
static void
test_forged(void)
{
    g_autoptr(rs_relay) relay = rs_relay_new();
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GByteArray) wanted = g_byte_array_new();
    g_autoptr(GByteArray) got = NULL;

    put_section(file, FALSE);
    put_section(wanted, FALSE);
    put_tick(file, US(SECONDS), FALSE);
    put_packet(file, 20, FALSE);
    put_packet(wanted, 20, FALSE);
    got = pass(relay, file, 9);
    assert_same(got, wanted);
}

/* What is no pcapng, or is one no more, passes as it is; so does what ends in a block. */
static void
test_foreign(void)
{
    static const guint8 pcap[] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0,
                                   0,    0,    0,    0,    4, 0, 1, 0, 0, 0, 9, 9, 9 };
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autoptr(GByteArray) broken = g_byte_array_new();

    g_byte_array_append(file, pcap, sizeof pcap);
    put_section(broken, FALSE);
    put_packet(broken, 20, FALSE);
    g_byte_array_append(broken, pcap, sizeof pcap);
    for (guint cut = 0; cut <= broken->len; cut++) {
        g_autoptr(rs_relay) relay = rs_relay_new();
        g_autoptr(GByteArray) begun = g_byte_array_new();
        g_autoptr(GByteArray) got = NULL;

        g_byte_array_append(begun, broken->data, cut);
        got = pass(relay, begun, 5);
        assert_same(got, begun);
    }
    for (guint piece = 1; piece < sizeof pcap; piece++) {
        g_autoptr(rs_relay) relay = rs_relay_new();
        g_autoptr(GByteArray) got = pass(relay, file, piece);
        const struct rs_interface *interface = g_ptr_array_index(rs_relay_interfaces(relay), 0);

        assert_same(got, file);
        g_assert_cmpstr(interface->link, ==, "ethernet");
    }
}

/* Damage changes what is passed by no more than ticks, and never its end. */
static void
test_mutations(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    g_autoptr(GByteArray) file = g_byte_array_new();

    put_section(file, FALSE);
    put_packet(file, 20, FALSE);
    put_statistics(file, US(SECONDS), 1, FALSE);
    put_packet(file, 20, FALSE);
    for (guint i = 0; i < MUTATIONS; i++) {
        g_autoptr(rs_relay) relay = rs_relay_new();
        g_autoptr(GByteArray) damaged = g_byte_array_new();
        g_autoptr(GByteArray) got = NULL;

        g_byte_array_append(damaged, file->data, file->len);
        for (guint j = 0; j < 3; j++)
            damaged->data[g_rand_int_range(random, 0, (gint)file->len)] =
                (guint8)g_rand_int_range(random, 0, 256);
        got = pass(relay, damaged, (guint)g_rand_int_range(random, 1, 64));
        g_assert_cmpuint(got->len, >=, damaged->len);
        g_assert_cmpuint(got->len, <=, damaged->len + 2 * 20);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/relay/ticks", test_ticks);
    g_test_add_func("/relay/forged", test_forged);
    g_test_add_func("/relay/foreign", test_foreign);
    g_test_add_func("/relay/mutations", test_mutations);
    return g_test_run();
}
