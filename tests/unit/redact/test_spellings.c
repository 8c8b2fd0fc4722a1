/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each way of writing an identifier is found, and read back as the pseudonym. */
#include <string.h>

#include <glib.h>

#include "plugin/redact/spellings.h"

static const guint8 key[RS_ID_KEY_SIZE] = { 4, 5, 6 };

struct fixture {
    rs_identifiers *ids;
    struct rs_spellings spellings;
};

static void
set_up(struct fixture *fixture, enum rs_id_kind kind, const char *text)
{
    fixture->ids = rs_identifiers_new(key);
    rs_identifiers_add_text(fixture->ids, kind, text);
    rs_spellings_init(&fixture->spellings, fixture->ids, FALSE);
}

static void
tear_down(struct fixture *fixture)
{
    rs_spellings_clear(&fixture->spellings);
    rs_identifiers_free(fixture->ids);
}

static const char *
now_of(const struct fixture *fixture)
{
    return ((struct rs_identifier *)g_ptr_array_index(rs_identifiers_list(fixture->ids), 0))->now;
}

/* Bytes after the replacement; the caller's. */
static guint8 *
redact(const struct fixture *fixture, const void *bytes, gsize length, guint *ret_found)
{
    guint8 *now = g_memdup2(bytes, length);
    const struct rs_piece piece = { bytes, now, length };
    guint64 counts[RS_N_ID_KINDS] = { 0 };

    *ret_found = rs_spellings_run(&fixture->spellings, &piece, 1, TRUE, counts);
    return now;
}

static void
assert_found(const struct fixture *fixture, const char *text)
{
    guint found;
    g_autofree guint8 *now = redact(fixture, text, strlen(text) + 1, &found);

    g_assert_cmpuint(found, ==, 1);
    g_assert_cmpuint(strlen((const char *)now), ==, strlen(text));
}

static void
test_ecid(void)
{
    static const char *const texts[] = { "0x1a2d3e4f5a6b7c", "ECID:001A2D3E4F5A6B7C",
                                         "7368095037025148", "37333638303935303337303235313438" };
    static const guint8 big[] = { 2, 7, 0x1a, 0x2d, 0x3e, 0x4f, 0x5a, 0x6b, 0x7c };
    static const guint8 little[] = { 0x7c, 0x6b, 0x5a, 0x4f, 0x3e, 0x2d, 0x1a, 0 };
    struct fixture fixture;
    guint found;

    set_up(&fixture, RS_ID_ECID, "7368095037025148");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_found(&fixture, texts[i]);
    g_free(redact(&fixture, big, sizeof big, &found));
    g_assert_cmpuint(found, ==, 1);
    g_free(redact(&fixture, little, sizeof little, &found));
    g_assert_cmpuint(found, ==, 1);
    g_free(redact(&fixture, "173680950370251489", 18, &found)); /* another number */
    g_assert_cmpuint(found, ==, 0);
    tear_down(&fixture);
}

/* In base64 at all places of a group, beside foreign bytes that stay. */
static void
test_base64(void)
{
    struct fixture fixture;

    set_up(&fixture, RS_ID_NONCE, "26988ccaf816cb4fe7a3061285c155a5c8215bad");
    for (gsize before = 0; before < 4; before++) {
        guint8 raw[32];
        const gsize total = before + 20 + 3;
        g_autofree char *text = NULL;
        g_autofree guint8 *now = NULL, *back = NULL;
        guint found;
        gsize size;

        memset(raw, 0xee, sizeof raw);
        memcpy(raw + before,
               "\x26\x98\x8c\xca\xf8\x16\xcb\x4f\xe7\xa3\x06\x12\x85\xc1\x55\xa5"
               "\xc8\x21\x5b\xad",
               20);
        text = g_base64_encode(raw, total);
        now = redact(&fixture, text, strlen(text) + 1, &found);
        g_assert_cmpuint(found, ==, 1);
        back = g_base64_decode((const char *)now, &size);
        g_assert_cmpuint(size, ==, total);
        for (gsize i = 0; i < total; i++) {
            g_autofree char *digits = g_strdup_printf("%02X", back[i]);
            const gboolean is_own = i >= before && i < before + 20;

            g_assert_cmpint(memcmp(digits, is_own ? now_of(&fixture) + 2 * (i - before) : "EE", 2),
                            ==, 0);
        }
    }
    tear_down(&fixture);
}

static void
test_udid(void)
{
    static const char *const texts[] = { "00008015-001A2D3E4F5A6B7C", "00008015001A2D3E4F5A6B7C",
                                         "00008015-001a2d3e4f5a6b7c" };
    struct fixture fixture;

    set_up(&fixture, RS_ID_UDID, texts[0]);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_found(&fixture, texts[i]);
    tear_down(&fixture);
}

static void
test_nonce(void)
{
    static const char *const texts[] = { "NONC:26988CCAF816CB4F", "26988ccaf816cb4f",
                                         "26 98 8c ca f8 16 cb 4f ", "26:98:8C:CA:F8:16:CB:4F" };
    struct fixture fixture;

    set_up(&fixture, RS_ID_NONCE, "26988ccaf816cb4f");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_found(&fixture, texts[i]);
    tear_down(&fixture);
}

static void
test_name(void)
{
    static const char *const texts[] = {
        "Tom & Jo's phone",
        "<string>Tom &amp; Jo&apos;s phone</string>",
        "?n=Tom%20%26%20Jo's%20phone",
        "?n=Tom%20%26%20Jo%27s%20phone",
        "Tom-&-Jos-phone.local",
        "TOM & JO'S PHONE",
    };
    static const guint16 wide[] = { 'T',  'o', 'm', ' ', '&', ' ', 'J', 'o',
                                    '\'', 's', ' ', 'p', 'h', 'o', 'n', 'e' };
    struct fixture fixture;
    guint found;

    set_up(&fixture, RS_ID_NAME, "Tom & Jo's phone");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_found(&fixture, texts[i]);
    g_free(redact(&fixture, wide, sizeof wide, &found));
    g_assert_cmpuint(found, ==, 1);
    tear_down(&fixture);
}

/* Three letters are a name only where nothing else is. */
static void
test_tiny(void)
{
    struct fixture fixture;
    guint found;

    set_up(&fixture, RS_ID_NAME, "Bob");
    assert_found(&fixture, "<string>Bob</string>");
    g_free(redact(&fixture, "Bobsleigh", 9, &found));
    g_assert_cmpuint(found, ==, 0);
    tear_down(&fixture);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spellings/ecid", test_ecid);
    g_test_add_func("/spellings/base64", test_base64);
    g_test_add_func("/spellings/udid", test_udid);
    g_test_add_func("/spellings/nonce", test_nonce);
    g_test_add_func("/spellings/name", test_name);
    g_test_add_func("/spellings/tiny", test_tiny);
    return g_test_run();
}
