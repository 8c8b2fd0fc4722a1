/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pseudonyms keep the shape, and are the same for the same key only. */
#include <string.h>

#include <arpa/inet.h>
#include <glib.h>

#include "plugin/redact/identifiers.h"

static const guint8 key[RS_ID_KEY_SIZE] = { 1, 2, 3 }, other_key[RS_ID_KEY_SIZE] = { 9 };

/* The pseudonym of one text; the caller's. */
static char *
pseudonym(const guint8 *with, enum rs_id_kind kind, const char *text)
{
    g_autoptr(rs_identifiers) ids = rs_identifiers_new(with);
    const GPtrArray *list = rs_identifiers_list(ids);

    rs_identifiers_add_text(ids, kind, text);
    g_assert_cmpuint(list->len, >, 0);
    return g_strdup(((struct rs_identifier *)g_ptr_array_index(list, 0))->now);
}

static void
test_keyed(void)
{
    g_autofree char *once = pseudonym(key, RS_ID_SERIAL, "F2LXK0L00JC6");
    g_autofree char *again = pseudonym(key, RS_ID_SERIAL, "F2LXK0L00JC6");
    g_autofree char *other = pseudonym(other_key, RS_ID_SERIAL, "F2LXK0L00JC6");

    g_assert_cmpstr(once, ==, again);
    g_assert_cmpstr(once, !=, other);
    g_assert_cmpstr(once, !=, "F2LXK0L00JC6");
}

static void
test_shape(void)
{
    const char *was = "J\xc3\xbcrgen\xe2\x80\x99s phone-12";
    g_autofree char *now = pseudonym(key, RS_ID_NAME, was);

    g_assert_cmpuint(strlen(now), ==, strlen(was));
    g_assert_true(g_utf8_validate(now, -1, NULL));
    g_assert_cmpint(g_utf8_strlen(now, -1), ==, g_utf8_strlen(was, -1));
    g_assert_true(g_ascii_isupper(now[0]));
    g_assert_nonnull(strstr(now, "\xe2\x80\x99")); /* punctuation stays */
    g_assert_true(g_ascii_isdigit(now[strlen(now) - 1]));
    g_assert_null(strstr(now, "\xc3\xbc"));
}

/* Bits and decimal digits of an ECID stay, so that all its spellings are as long as before. */
static void
test_ecid(void)
{
    for (guint64 ecid = G_GUINT64_CONSTANT(0x1a2d3e4f5a6b7c); ecid > 0x10000000; ecid /= 3) {
        g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, ecid);
        g_autofree char *digits = pseudonym(key, RS_ID_ECID, text);
        const guint64 now = g_ascii_strtoull(digits, NULL, 16);
        g_autofree char *now_text = g_strdup_printf("%" G_GUINT64_FORMAT, now);

        g_assert_cmpuint(now, !=, ecid);
        g_assert_cmpuint(strlen(now_text), ==, strlen(text));
        g_assert_cmpuint(now >> 32 ? g_bit_storage(now >> 32) : 0, ==,
                         ecid >> 32 ? g_bit_storage(ecid >> 32) : 0);
    }
}

/* A UDID of today ends with the ECID, and so does its pseudonym. */
static void
test_udid(void)
{
    g_autofree char *udid = pseudonym(key, RS_ID_UDID, "00008015-001A2D3E4F5A6B7C");
    g_autofree char *ecid = pseudonym(key, RS_ID_ECID, "0x1a2d3e4f5a6b7c");

    g_assert_true(g_str_has_prefix(udid, "00008015"));
    g_assert_cmpstr(udid + 8, ==, ecid);
}

/* 490154203237518 is the example of TS 23.003's annex B. */
static void
test_imei(void)
{
    g_autofree char *now = pseudonym(key, RS_ID_PHONE, "490154203237518");
    guint sum = 0;

    for (guint i = 0; i < 15; i++) {
        const guint digit = (guint)(now[14 - i] - '0') << i % 2;

        sum += digit > 9 ? digit - 9 : digit;
    }
    g_assert_cmpstr(now, !=, "490154203237518");
    g_assert_cmpuint(sum % 10, ==, 0);
}

static void
test_mac(void)
{
    g_autofree char *now = pseudonym(key, RS_ID_MAC, "a4:83:e7:5a:6b:7c");

    g_assert_true(g_str_has_prefix(now, "A483E7")); /* the maker */
    g_assert_cmpstr(now, !=, "A483E75A6B7C");
}

/* No two addresses of a network get the same pseudonym, and it stays private and as long. */
static void
test_ipv4(void)
{
    g_autoptr(rs_identifiers) ids = rs_identifiers_new(key);
    gboolean seen[256] = { FALSE };

    for (guint i = 0; i < 256; i++) {
        const guint32 now = rs_pseudonym_ipv4(ids, 0xc0a80100 | i), last = now & 255;

        g_assert_cmphex(now >> 16, ==, 0xc0a8);
        g_assert_false(seen[last]);
        g_assert_true(last != i || i == 0 || i == 255);
        g_assert_cmpuint(last < 10 ? 1 : last < 100 ? 2 : 3, ==, i < 10 ? 1 : i < 100 ? 2 : 3);
        seen[last] = TRUE;
    }
}

/* One made of a hardware address goes along with it. */
static void
test_ipv6(void)
{
    static const guint8 was[16] = { 0xfe, 0x80, 0,    0,    0,    0,    0,    0,
                                    0xa6, 0x83, 0xe7, 0xff, 0xfe, 0x5a, 0x6b, 0x7c };
    g_autoptr(rs_identifiers) ids = rs_identifiers_new(key);
    g_autofree char *mac = pseudonym(key, RS_ID_MAC, "a4:83:e7:5a:6b:7c");
    char tail[7];
    guint8 now[16];

    rs_pseudonym_ipv6(ids, was, now);
    g_assert_cmpint(memcmp(now, was, 13), ==, 0);
    g_snprintf(tail, sizeof tail, "%02X%02X%02X", now[13], now[14], now[15]);
    g_assert_cmpstr(tail, ==, mac + 6);
}

/* Its text is searched for under every key, and what stands instead is as long and still reads as
 * an address of the same scope. */
static void
test_ipv6_text(void)
{
    static const guint8 was[16] = { 0xfe, 0x80, 0,    0,    0,    0,    0,    0,
                                    0x3e, 0x37, 0x86, 0xff, 0xfe, 0x00, 0x01, 0x01 };

    for (guint i = 0; i < 64; i++) {
        const guint8 a_key[RS_ID_KEY_SIZE] = { (guint8)i };
        g_autoptr(rs_identifiers) ids = rs_identifiers_new(a_key);
        const struct rs_identifier *id;
        guint8 now[16];

        rs_identifiers_add_ipv6(ids, was);
        g_assert_cmpuint(rs_identifiers_list(ids)->len, ==, 2);
        id = g_ptr_array_index(rs_identifiers_list(ids), 1);
        g_assert_cmpstr(id->was, ==, "fe80::3e37:86ff:fe00:101");
        g_assert_cmpstr(id->now, !=, id->was);
        g_assert_cmpuint(strlen(id->now), ==, strlen(id->was));
        g_assert_cmpint(inet_pton(AF_INET6, id->now, now), ==, 1);
        g_assert_cmpint(memcmp(now, was, 2), ==, 0);
    }
}

static void
test_passed_over(void)
{
    g_autoptr(rs_identifiers) ids = rs_identifiers_new(key);

    rs_identifiers_add_text(ids, RS_ID_NAME, "iPhone");
    rs_identifiers_add_text(ids, RS_ID_NAME, "");
    rs_identifiers_add_text(ids, RS_ID_NONCE, "0000000000000000");
    rs_identifiers_add_number(ids, RS_ID_ECID, 7);
    rs_identifiers_add_text(ids, RS_ID_NAME, "\xff\xfe");
    g_assert_cmpuint(rs_identifiers_list(ids)->len, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pseudonym/keyed", test_keyed);
    g_test_add_func("/pseudonym/shape", test_shape);
    g_test_add_func("/pseudonym/ecid", test_ecid);
    g_test_add_func("/pseudonym/udid", test_udid);
    g_test_add_func("/pseudonym/imei", test_imei);
    g_test_add_func("/pseudonym/mac", test_mac);
    g_test_add_func("/pseudonym/ipv4", test_ipv4);
    g_test_add_func("/pseudonym/ipv6", test_ipv6);
    g_test_add_func("/pseudonym/ipv6-text", test_ipv6_text);
    g_test_add_func("/pseudonym/passed-over", test_passed_over);
    return g_test_run();
}
