/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Questions are read, or refused, whatever their bytes are; answers are what RFC 1035 says. */
#include "samples/lab/apple/dnswire.h"

#include <string.h>

#include <glib.h>

/* "GS.apple.com", type A, as a resolver sends it. */
static const uint8_t question[] = { 0x12, 0x34, 0x01, 0x00, 0,   1, 0,   0,   0,   0,
                                    0,    0,    2,    'G',  'S', 5, 'a', 'p', 'p', 'l',
                                    'e',  3,    'c',  'o',  'm', 0, 0,   1,   0,   1 };

static void
test_question(void)
{
    apple_dns_query_t q;

    g_assert_true(apple_dns_parse(question, sizeof question, &q));
    g_assert_cmphex(q.id, ==, 0x1234);
    g_assert_cmphex(q.flags, ==, 0x0100);
    g_assert_cmpstr(q.name, ==, "gs.apple.com");
    g_assert_cmpuint(q.type, ==, APPLE_DNS_A);
    g_assert_cmpuint(q.class, ==, 1);
    g_assert_true(q.question == question + 12);
    g_assert_cmpuint(q.question_length, ==, sizeof question - 12);
}

/* Every prefix is refused, and nothing is written for it. */
static void
test_short(void)
{
    for (size_t length = 0; length < sizeof question; length++) {
        g_autofree uint8_t *copy = g_memdup2(question, length);
        apple_dns_query_t q = { .id = 7 };

        g_assert_false(apple_dns_parse(copy, length, &q));
        g_assert_cmpuint(q.id, ==, 7);
    }
}

/* An answer, no question, two questions, a pointer in place of a label, a label of 64 bytes. */
static void
test_wrong(void)
{
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = { { 2, 0x81 }, { 5, 0 }, { 5, 2 }, { 12, 0xc0 }, { 12, 64 }, { 21, 0xff } };

    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree uint8_t *copy = g_memdup2(question, sizeof question);
        apple_dns_query_t q;

        copy[changes[i].at] = changes[i].value;
        g_assert_false(apple_dns_parse(copy, sizeof question, &q));
    }
}

/* A name of 255 characters is one, a longer one is none. */
static void
test_long_name(void)
{
    uint8_t message[12 + 5 * 64 + 5] = { 0 };
    apple_dns_query_t q;
    size_t at = 12;

    message[5] = 1;
    for (int i = 0; i < 3; i++) {
        message[at] = 63;
        memset(message + at + 1, 'x', 63);
        at += 64;
    }
    message[at] = 62;
    memset(message + at + 1, 'y', 62);
    g_assert_true(apple_dns_parse(message, at + 63 + 5, &q));
    g_assert_cmpuint(strlen(q.name), ==, 3 * 64 + 62);
    message[at] = 63;
    memset(message + at + 1, 'y', 63);
    message[at + 64] = 1;
    message[at + 65] = 'z';
    g_assert_false(apple_dns_parse(message, at + 66 + 5, &q));
}

static size_t
answer(const apple_dns_answer_t *a, uint8_t out[APPLE_DNS_UDP_MAX])
{
    apple_dns_query_t q;

    g_assert_true(apple_dns_parse(question, sizeof question, &q));
    return apple_dns_write(&q, a, out);
}

static void
expect(const uint8_t *got, const void *wanted, size_t length)
{
    g_assert_cmpint(memcmp(got, wanted, length), ==, 0);
}

static void
test_address(void)
{
    static const uint8_t record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 20, 0, 4, 17, 171, 47, 81 };
    uint8_t out[APPLE_DNS_UDP_MAX];
    size_t n = answer(&(apple_dns_answer_t){ .has_address = true, .address = 0x11ab2f51 }, out);

    g_assert_cmpuint(n, ==, sizeof question + sizeof record);
    expect(out, question, 2);
    g_assert_cmphex(out[2], ==, 0x81); /* an answer, recursion desired */
    g_assert_cmphex(out[3], ==, 0x80); /* recursion available, no error */
    expect(out + 4, "\0\1\0\1\0\0\0\0", 8);
    expect(out + 12, question + 12, sizeof question - 12);
    expect(out + sizeof question, record, sizeof record);
}

/* The address belongs to the alias, by a pointer to its name in the CNAME. */
static void
test_alias(void)
{
    static const uint8_t cname[] = { 0xc0, 12, 0,   5, 0,   1, 0,    0,  0, 20, 0,
                                     5,    1,  'b', 1, 'c', 0, 0xc0, 42, 0, 1 };
    uint8_t out[APPLE_DNS_UDP_MAX];
    size_t n = answer(&(apple_dns_answer_t){ .alias = "b.c", .has_address = true }, out);

    g_assert_cmpuint(n, ==, sizeof question + 17 + 16);
    g_assert_cmphex(out[7], ==, 2);
    expect(out + sizeof question, cname, sizeof cname);
}

static void
test_no_such_name(void)
{
    uint8_t out[APPLE_DNS_UDP_MAX];
    size_t n =
        answer(&(apple_dns_answer_t){ .rcode = APPLE_DNS_NXDOMAIN, .has_authority = true }, out);
    size_t soa = sizeof question;

    g_assert_cmphex(out[3], ==, 0x83);
    g_assert_cmphex(out[7], ==, 0);
    g_assert_cmphex(out[9], ==, 1);
    g_assert_cmphex(out[soa + 3], ==, 6);
    g_assert_cmpuint((size_t)out[soa + 10] << 8 | out[soa + 11], ==, n - soa - 12);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/dnswire/question", test_question);
    g_test_add_func("/lab/dnswire/short", test_short);
    g_test_add_func("/lab/dnswire/wrong", test_wrong);
    g_test_add_func("/lab/dnswire/long-name", test_long_name);
    g_test_add_func("/lab/dnswire/address", test_address);
    g_test_add_func("/lab/dnswire/alias", test_alias);
    g_test_add_func("/lab/dnswire/no-such-name", test_no_such_name);
    return g_test_run();
}
