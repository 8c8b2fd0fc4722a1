/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From an identifier to byte patterns. */
#include <string.h>

#include "plugin/redact/spellings.h"

#include "plugin/redact/pseudonym.h"

enum {
    RAW_MIN = 6,   /* bytes; shorter ones stand in innocent places */
    ALONE_MAX = 7, /* characters; such a text must be a word of its own */
    UUID_DIGITS = 32,
    UDID_DIGITS = 24,
    UDID_DASH = 8, /* digits before it */
    MAC_DIGITS = 12,
    ECID_TEXT_MIN = 8,
    BASE64_MIN = 6, /* bytes */
};

/* Where patterns of one identifier go. */
struct speller {
    struct rs_spellings *to;
    guint kind;
};

static void
add_bytes(const struct speller *speller, const void *was, const void *now, gsize length,
          guint flags)
{
    const struct rs_pattern pattern = {
        .was = was, .now = now, .length = length, .flags = flags, .kind = speller->kind
    };

    rs_matcher_add(speller->to->plain, &pattern);
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Six bits of the bytes, from bit number `bit` on; what is outside of them is zero. */
static guint8
six_bits(const guint8 *bytes, gsize length, gssize bit)
{
    guint8 value = 0;

    for (gssize i = bit; i < bit + 6; i++) {
        value = (guint8)(value << 1);
        if (i >= 0 && (gsize)i < 8 * length)
            value = (guint8)(value | (bytes[i / 8] >> (7 - i % 8) & 1));
    }
    return value;
}

static struct rs_pattern_edge
edge_at(const guint8 *was, const guint8 *now, gsize length, gssize bit)
{
    struct rs_pattern_edge edge = { 0, six_bits(was, length, bit), six_bits(now, length, bit) };

    for (gssize i = bit; i < bit + 6; i++)
        edge.mask = (guint8)(edge.mask << 1 | (i >= 0 && (gsize)i < 8 * length));
    return edge;
}

/* As base64 has them when `shift` bytes of a group of three stand before. */
static void
add_base64(const struct speller *speller, const guint8 *was, const guint8 *now, gsize length,
           guint shift)
{
    const gsize total = shift + length;
    const gsize first = (shift * 8 + 5) / 6, end = total * 8 / 6;
    const gssize before = (gssize)shift * 8;
    g_autofree guint8 *was_text = g_malloc(end), *now_text = g_malloc(end);
    struct rs_pattern pattern = { .length = end - first, .kind = speller->kind };

    for (gsize i = first; i < end; i++) {
        const gssize bit = (gssize)i * 6 - before;

        was_text[i - first] = (guint8)base64_digits[six_bits(was, length, bit)];
        now_text[i - first] = (guint8)base64_digits[six_bits(now, length, bit)];
    }
    pattern.was = was_text;
    pattern.now = now_text;
    if (shift)
        pattern.head = edge_at(was, now, length, (gssize)(first - 1) * 6 - before);
    if (total * 8 % 6)
        pattern.tail = edge_at(was, now, length, (gssize)end * 6 - before);
    rs_matcher_add(speller->to->base64, &pattern);
}

static void
add_base64_all(const struct speller *speller, const void *was, const void *now, gsize length)
{
    for (guint shift = 0; length >= BASE64_MIN && shift < 3; shift++)
        add_base64(speller, was, now, length, shift);
}

static void
add_utf16(const struct speller *speller, const char *was, const char *now)
{
    glong n_was = 0, n_now = 0;
    g_autofree gunichar2 *wide_was = g_utf8_to_utf16(was, -1, NULL, &n_was, NULL);
    g_autofree gunichar2 *wide_now = g_utf8_to_utf16(now, -1, NULL, &n_now, NULL);

    if (!wide_was || !wide_now || n_was != n_now)
        return;
    for (int order = 0; order < 2; order++) {
        add_bytes(speller, wide_was, wide_now, (gsize)n_was * sizeof *wide_was, 0);
        for (glong i = 0; i < n_was; i++) {
            wide_was[i] = GUINT16_SWAP_LE_BE(wide_was[i]);
            wide_now[i] = GUINT16_SWAP_LE_BE(wide_now[i]);
        }
    }
}

/* The digits of bytes in lower or upper case, with a separator after each two of them ('\0': none).
 */
static char *
to_hex(const char *bytes, gsize length, gboolean upper, char separator)
{
    GString *out = g_string_sized_new(3 * length);

    for (gsize i = 0; i < length; i++) {
        if (i > 0 && separator)
            g_string_append_c(out, separator);
        g_string_append_printf(out, upper ? "%02X" : "%02x", (guint)(guint8)bytes[i]);
    }
    return g_string_free(out, FALSE);
}

static void
add_dump(const struct speller *speller, const char *was, const char *now, gsize length)
{
    for (int upper = 0; upper < 2; upper++) {
        g_autofree char *hex_was = to_hex(was, length, upper, '\0');
        g_autofree char *hex_now = to_hex(now, length, upper, '\0');

        add_bytes(speller, hex_was, hex_now, strlen(hex_was), 0);
    }
}

/* One reading of a text, in all encodings. */
static void
add_encodings(const struct speller *speller, const char *was, const char *now, guint flags)
{
    const gsize length = strlen(was);

    if (length != strlen(now))
        return;
    add_bytes(speller, was, now, length, flags);
    add_utf16(speller, was, now);
    add_base64_all(speller, was, now, length);
    if (length >= RAW_MIN)
        add_dump(speller, was, now, length);
}

/* As it is, and in capital and small letters. */
static void
add_cases(const struct speller *speller, const char *was, const char *now, guint flags)
{
    g_autofree char *upper_was = g_ascii_strup(was, -1), *upper_now = g_ascii_strup(now, -1);
    g_autofree char *lower_was = g_ascii_strdown(was, -1), *lower_now = g_ascii_strdown(now, -1);

    add_encodings(speller, was, now, flags);
    add_encodings(speller, upper_was, upper_now, flags);
    add_encodings(speller, lower_was, lower_now, flags);
}

/* Property lists leave an apostrophe as it is, other writers of XML do not. */
static char *
in_markup(const char *text, const char *apostrophe)
{
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p; p++) {
        if (*p == '&')
            g_string_append(out, "&amp;");
        else if (*p == '<')
            g_string_append(out, "&lt;");
        else if (*p == '>')
            g_string_append(out, "&gt;");
        else if (*p == '\'')
            g_string_append(out, apostrophe);
        else
            g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

/* As markup and as an address of the web have it. */
static void
add_escaped(const struct speller *speller, const char *was, const char *now)
{
    static const char *const apostrophes[] = { "'", "&apos;", "&#39;" }, *const allowed[] = { "",
                                                                                              "'" };

    for (gsize i = 0; i < G_N_ELEMENTS(apostrophes); i++) {
        g_autofree char *xml_was = in_markup(was, apostrophes[i]);
        g_autofree char *xml_now = in_markup(now, apostrophes[i]);

        if (!g_str_equal(xml_was, was))
            add_encodings(speller, xml_was, xml_now, 0);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(allowed); i++) {
        g_autofree char *uri_was = g_uri_escape_string(was, allowed[i], FALSE);
        g_autofree char *uri_now = g_uri_escape_string(now, allowed[i], FALSE);

        if (!g_str_equal(uri_was, was))
            add_encodings(speller, uri_was, uri_now, 0);
    }
}

/* "Bob's iPhone" is Bobs-iPhone.local in its network. */
static char *
host_of(const char *name)
{
    g_autoptr(GString) host = g_string_new(NULL);

    for (const char *p = name; *p; p++) {
        if (*p == ' ')
            g_string_append_c(host, '-');
        else if (*p != '\'' && strncmp(p, "\xe2\x80\x99", 3) != 0)
            g_string_append_c(host, *p);
        else
            p += *p == '\'' ? 0 : 2;
    }
    return g_strdup(host->str);
}

/* Too short to be looked for by itself: where nothing else is, in property lists, in names of files
 * and in journals. */
static void
add_tiny(const struct speller *speller, const char *was, const char *now)
{
    static const char *const around[] = { "><", "//", "\\\\", "=\n", "\"\"" };

    for (gsize i = 0; i < G_N_ELEMENTS(around); i++) {
        g_autofree char *whole_was = g_strdup_printf("%c%s%c", around[i][0], was, around[i][1]);
        g_autofree char *whole_now = g_strdup_printf("%c%s%c", around[i][0], now, around[i][1]);

        add_encodings(speller, whole_was, whole_now, 0);
    }
}

/* "10.0.2.15" as the name server is asked whose it is: 15.2.0.10.in-addr.arpa, each label behind
 * its length. */
static GString *
reverse_name(const char *address)
{
    g_auto(GStrv) octets = g_strsplit(address, ".", -1);
    GString *name = g_string_new(NULL);

    for (guint i = g_strv_length(octets); i > 0; i--) {
        g_string_append_c(name, (char)strlen(octets[i - 1]));
        g_string_append(name, octets[i - 1]);
    }
    g_string_append(name, "\x07in-addr");
    return name;
}

static void
add_reverse(const struct speller *speller, const struct rs_identifier *id)
{
    g_autoptr(GString) was = reverse_name(id->was), now = reverse_name(id->now);

    add_bytes(speller, was->str, now->str, MIN(was->len, now->len), 0);
}

static void
spell_text(const struct speller *speller, const struct rs_identifier *id)
{
    g_autofree char *host_was = host_of(id->was), *host_now = host_of(id->now);
    const gsize length = strlen(id->was);
    guint flags = length <= ALONE_MAX ? RS_PATTERN_ALONE : 0;

    if (id->kind == RS_ID_IPV4)
        flags = RS_PATTERN_NUMBER | RS_PATTERN_DOTTED;
    if (id->kind == RS_ID_IPV4)
        add_reverse(speller, id);
    else if (strspn(id->was, "0123456789") == length)
        flags |= RS_PATTERN_NUMBER;
    if (length < RS_PATTERN_MIN)
        add_tiny(speller, id->was, id->now);
    add_cases(speller, id->was, id->now, flags);
    add_escaped(speller, id->was, id->now);
    if (id->kind == RS_ID_NAME && !g_str_equal(host_was, id->was))
        add_cases(speller, host_was, host_now, flags);
}

/* Hexadecimal digits with dashes after those of `places`, which ends with 0. */
static char *
dashed(const char *digits, const guint8 *places)
{
    GString *out = g_string_new(NULL);

    for (gsize i = 0; digits[i]; i++) {
        if (*places && i == *places) {
            g_string_append_c(out, '-');
            places++;
        }
        g_string_append_c(out, digits[i]);
    }
    return g_string_free(out, FALSE);
}

static void
add_dashed(const struct speller *speller, const struct rs_identifier *id, gsize length)
{
    static const guint8 uuid[] = { 8, 12, 16, 20, 0 }, udid[] = { UDID_DASH, 0 };
    const guint8 *places = length == UUID_DIGITS ? uuid : length == UDID_DIGITS ? udid : NULL;
    g_autofree char *was = places ? dashed(id->was, places) : NULL;
    g_autofree char *now = places ? dashed(id->now, places) : NULL;

    if (places)
        add_cases(speller, was, now, 0);
}

static void
add_separated(const struct speller *speller, const char *was, const char *now, gsize length,
              const char *separators)
{
    for (const char *separator = separators; *separator; separator++) {
        g_autofree char *text_was = to_hex(was, length, FALSE, *separator);
        g_autofree char *text_now = to_hex(now, length, FALSE, *separator);

        add_cases(speller, text_was, text_now, 0);
    }
}

static void
spell_hex(const struct speller *speller, const struct rs_identifier *id)
{
    const gsize digits = strlen(id->was), length = digits / 2;
    g_autofree guint8 *was = g_malloc(length + 1), *now = g_malloc(length + 1);

    rs_pseudonym_unhex(id->was, was);
    rs_pseudonym_unhex(id->now, now);
    if (id->kind != RS_ID_IPV6)
        add_cases(speller, id->was, id->now, 0);
    add_dashed(speller, id, digits);
    add_separated(speller, (const char *)was, (const char *)now, length,
                  digits == MAC_DIGITS ? ":-" : ": ");
    if (length < RAW_MIN)
        return;
    add_bytes(speller, was, now, length, 0);
    add_base64_all(speller, was, now, length);
}

static void
spell_number(const struct speller *speller, const struct rs_identifier *id)
{
    const guint64 was = g_ascii_strtoull(id->was, NULL, 16);
    const guint64 now = g_ascii_strtoull(id->now, NULL, 16);
    const gsize zeros = strspn(id->was, "0"), skipped = zeros / 2;
    const guint64 big_was = GUINT64_TO_BE(was), big_now = GUINT64_TO_BE(now);
    const guint64 little_was = GUINT64_TO_LE(was), little_now = GUINT64_TO_LE(now);
    g_autofree char *decimal_was = g_strdup_printf("%" G_GUINT64_FORMAT, was);
    g_autofree char *decimal_now = g_strdup_printf("%" G_GUINT64_FORMAT, now);

    add_encodings(speller, decimal_was, decimal_now, RS_PATTERN_NUMBER);
    if (strlen(id->was) - zeros >= ECID_TEXT_MIN)
        add_cases(speller, id->was + zeros, id->now + zeros, 0);
    if (sizeof was - skipped < RAW_MIN)
        return;
    add_bytes(speller, (const guint8 *)&big_was + skipped, (const guint8 *)&big_now + skipped,
              sizeof was - skipped, 0);
    add_bytes(speller, &little_was, &little_now, sizeof was - skipped, 0);
    add_base64_all(speller, (const guint8 *)&big_was + skipped, (const guint8 *)&big_now + skipped,
                   sizeof was - skipped);
}

static void
spell(struct rs_spellings *spellings, const struct rs_identifier *id)
{
    const struct speller speller = { spellings, id->kind };

    if (id->form == RS_ID_TEXT)
        spell_text(&speller, id);
    else if (id->form == RS_ID_HEX)
        spell_hex(&speller, id);
    else
        spell_number(&speller, id);
}

void
rs_spellings_init(struct rs_spellings *spellings, const rs_identifiers *ids, gboolean unambiguous)
{
    const GPtrArray *list = rs_identifiers_list(ids);
    g_autoptr(GHashTable) pseudonyms = g_hash_table_new(g_str_hash, g_str_equal);

    spellings->plain = rs_matcher_new(FALSE);
    spellings->base64 = rs_matcher_new(TRUE);
    for (guint i = 0; i < list->len; i++)
        g_hash_table_add(pseudonyms, ((struct rs_identifier *)g_ptr_array_index(list, i))->now);
    for (guint i = 0; i < list->len; i++) {
        const struct rs_identifier *id = g_ptr_array_index(list, i);

        if (!unambiguous || !g_hash_table_contains(pseudonyms, id->was))
            spell(spellings, id);
    }
}

void
rs_spellings_clear(struct rs_spellings *spellings)
{
    g_clear_pointer(&spellings->plain, rs_matcher_free);
    g_clear_pointer(&spellings->base64, rs_matcher_free);
}

guint
rs_spellings_run(const struct rs_spellings *spellings, const struct rs_piece *pieces,
                 gsize n_pieces, gboolean replaces, guint64 *counts)
{
    return rs_matcher_run(spellings->plain, pieces, n_pieces, replaces, counts) +
           rs_matcher_run(spellings->base64, pieces, n_pieces, replaces, counts);
}
