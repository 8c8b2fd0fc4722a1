/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Keys and records of TLS, and what stays of a key log. The secret and its key are those of the
 * server's handshake in RFC 8448, section 3. */
#include <string.h>

#include <glib.h>

#include "plugin/redact/key_log.h"
#include "plugin/redact/tls_cipher.h"

static const guint8 secret[] = { 0xb6, 0x7b, 0x7d, 0x69, 0x0c, 0xc1, 0x6c, 0x4e, 0x75, 0xe5, 0x42,
                                 0x13, 0xcb, 0x2d, 0x37, 0xb4, 0xe9, 0xc9, 0x12, 0xbc, 0xde, 0xd9,
                                 0x10, 0x5d, 0x42, 0xbe, 0xfd, 0x59, 0xd3, 0x91, 0xad, 0x38 };

static void
test_key(void)
{
    static const guint8 key[] = { 0x3f, 0xce, 0x51, 0x60, 0x09, 0xc2, 0x17, 0x27,
                                  0xd0, 0xf2, 0xe4, 0xe8, 0x6e, 0xe4, 0x03, 0xbc };
    static const guint8 iv[] = { 0x5d, 0x31, 0x3e, 0xb2, 0x67, 0x12,
                                 0x76, 0xee, 0x13, 0x00, 0x0b, 0x30 };
    struct rs_tls_key derived;

    rs_tls_key_13(rs_tls_suite_find(0x1301), secret, &derived);
    g_assert_cmpint(memcmp(derived.key, key, sizeof key), ==, 0);
    g_assert_cmpint(memcmp(derived.iv, iv, sizeof iv), ==, 0);
}

/* Closed, opened, and not with another number or when it was changed. */
static void
check_record(const struct rs_tls_key *key)
{
    guint8 record[100], closed[100];
    const gsize length = sizeof record;

    memset(record, 'a', length);
    memcpy(record, "\x17\x03\x03\x00\x5f", RS_TLS_HEADER);
    memcpy(closed, record, length);
    g_assert_true(rs_tls_close(key, 5, closed, length));
    g_assert_cmpint(memcmp(closed + 40, record + 40, 40), !=, 0);
    g_assert_false(rs_tls_open(key, 4, closed, length));
    g_assert_true(rs_tls_open(key, 5, closed, length));
    g_assert_cmpint(memcmp(closed, record, length - RS_TLS_TAG), ==, 0);
    g_assert_true(rs_tls_close(key, 5, closed, length));
    closed[length - 1] ^= 1;
    g_assert_false(rs_tls_open(key, 5, closed, length));
    g_assert_false(rs_tls_open(key, 5, closed, RS_TLS_HEADER));
}

static void
test_records(void)
{
    static const guint16 suites[] = { 0x1301, 0x1302, 0x1303, 0x009c, 0xc030, 0xcca8 };
    guint8 master[48] = { 7 }, random[RS_TLS_RANDOM] = { 8 };

    for (gsize i = 0; i < G_N_ELEMENTS(suites); i++) {
        const struct rs_tls_suite *suite = rs_tls_suite_find(suites[i]);
        struct rs_tls_key key = { .suite = NULL };

        g_assert_nonnull(suite);
        if (suite->is_13)
            rs_tls_key_13(suite, master, &key);
        else
            rs_tls_key_12(suite, master, random, random, i % 2 == 0, &key);
        check_record(&key);
    }
    g_assert_null(rs_tls_suite_find(0x002f)); /* has a MAC of its own */
}

static void
test_key_log(void)
{
    g_autoptr(rs_key_log) log = rs_key_log_new();
    g_autofree char *line = g_strdup_printf("CLIENT_RANDOM %064d %096d\n", 1, 2);
    g_autofree char *other = g_strdup_printf("CLIENT_RANDOM %064d %096d\r\n", 3, 4);
    g_autofree char *text = g_strconcat("# a comment\n", line, other, "nonsense", NULL);
    guint8 random[RS_TLS_RANDOM] = { 0 };
    struct rs_secrets *secrets;

    rs_key_log_add(log, text, strlen(text));
    random[RS_TLS_RANDOM - 1] = 1;
    secrets = rs_key_log_find(log, random);
    g_assert_nonnull(secrets);
    g_assert_cmpuint(secrets->size[RS_SECRET_MASTER], ==, 48);
    secrets->redone = TRUE;
    g_assert_cmpuint(rs_key_log_scrub(log, text, strlen(text)), ==, 3);
    g_assert_nonnull(strstr(text, line));
    g_assert_null(strstr(text, "04"));
    g_assert_null(strstr(text, "comment"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tls/key", test_key);
    g_test_add_func("/tls/records", test_records);
    g_test_add_func("/tls/key-log", test_key_log);
    return g_test_run();
}
