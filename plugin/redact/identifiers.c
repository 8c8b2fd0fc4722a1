/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The set of identifiers. UDIDs since 2018 are chip id, dash and ECID: protocols of libirecovery
 * and usbmuxd show all three spellings. */
#include <arpa/inet.h>
#include <string.h>

#include "plugin/redact/identifiers.h"

#include "plugin/redact/pseudonym.h"

enum {
    TEXT_MIN = 2, /* bytes */
    HEX_MIN = 8,  /* digits */
    MAC_DIGITS = 12,
    ECID_DIGITS = 16,
    ECID_MIN = 0x10000000, /* smaller ones would be found in innocent places */
    CHIP_DIGITS = 8,
};

struct rs_identifiers {
    guint8 key[RS_ID_KEY_SIZE];
    GPtrArray *list;
    GHashTable *known; /* "form text" */
};

/* Names that say nothing about anybody. */
static const char *const common[] = {
    "iPhone",    "iPad",          "iPod touch", "iPod",      "root",   "mobile", "usbmuxd",
    "localhost", "Shared",        "Public",     "Default",   "user",   "users",  "admin",
    "guest",     "administrator", "test",       "localuser", "debian", "ubuntu",
};

const char *
rs_id_kind_text(enum rs_id_kind kind)
{
#define KIND_TEXT(name, text) text,
    static const char *const texts[] = { RS_ID_KINDS(KIND_TEXT) };

    return kind < RS_N_ID_KINDS ? texts[kind] : "";
}

static void
identifier_free(gpointer data)
{
    struct rs_identifier *id = data;

    g_free(id->was);
    g_free(id->now);
    g_free(id);
}

rs_identifiers *
rs_identifiers_new(const guint8 key[RS_ID_KEY_SIZE])
{
    rs_identifiers *ids = g_new0(rs_identifiers, 1);

    memcpy(ids->key, key, RS_ID_KEY_SIZE);
    ids->list = g_ptr_array_new_with_free_func(identifier_free);
    ids->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return ids;
}

void
rs_identifiers_free(rs_identifiers *ids)
{
    if (!ids)
        return;
    g_ptr_array_unref(ids->list);
    g_hash_table_unref(ids->known);
    memset(ids->key, 0, sizeof ids->key);
    g_free(ids);
}

const GPtrArray *
rs_identifiers_list(const rs_identifiers *ids)
{
    return ids->list;
}

/* FALSE when it is there already. */
static gboolean
is_new(rs_identifiers *ids, enum rs_id_form form, const char *text)
{
    return g_hash_table_add(ids->known, g_strdup_printf("%d %s", (int)form, text));
}

/* now: given away. */
static gboolean
append(rs_identifiers *ids, enum rs_id_kind kind, enum rs_id_form form, const char *was, char *now)
{
    struct rs_identifier *id = g_new(struct rs_identifier, 1);

    *id = (struct rs_identifier){ kind, form, g_strdup(was), now };
    g_ptr_array_add(ids->list, id);
    return ids->list->len < RS_ID_MAX;
}

/* Of what is shorter than 256 bits all digits would be the same in an empty one, or a mask. */
static gboolean
is_plain(const char *text)
{
    return strspn(text, (const char[]){ text[0], '\0' }) == strlen(text);
}

static char *
hex_pseudonym(const rs_identifiers *ids, enum rs_id_kind kind, const char *text, gsize length)
{
    char *now;

    if (length == CHIP_DIGITS + ECID_DIGITS && g_str_has_prefix(text, "0000")) {
        g_autofree char *ecid = rs_pseudonym_ecid(ids->key, text + CHIP_DIGITS);

        now = g_strdup(text);
        memcpy(now + CHIP_DIGITS, ecid, ECID_DIGITS);
        return now;
    }
    now = rs_pseudonym_hex(ids->key, text);
    if (kind == RS_ID_MAC && length == MAC_DIGITS)
        memcpy(now, text, strchr("2367ABEF", text[1]) ? 2 : MAC_DIGITS / 2);
    return now;
}

/* digits: upper case, no separators; given away. */
static gboolean
add_hex(rs_identifiers *ids, enum rs_id_kind kind, char *digits)
{
    g_autofree char *text = digits;
    const gsize length = strlen(text);

    if (length < HEX_MIN || length > RS_ID_LENGTH_MAX || is_plain(text) ||
        ids->list->len >= RS_ID_MAX || !is_new(ids, RS_ID_HEX, text))
        return ids->list->len < RS_ID_MAX;
    append(ids, kind, RS_ID_HEX, text, hex_pseudonym(ids, kind, text, length));
    if (length == CHIP_DIGITS + ECID_DIGITS && g_str_has_prefix(text, "0000"))
        return rs_identifiers_add_number(ids, RS_ID_ECID,
                                         g_ascii_strtoull(text + CHIP_DIGITS, NULL, 16));
    return ids->list->len < RS_ID_MAX;
}

/* Its digits when it is nothing but hexadecimal digits and what people put between them. */
static char *
hex_digits(const char *text)
{
    g_autoptr(GString) digits = g_string_new(NULL);

    for (const char *p = text; *p; p++) {
        if (g_ascii_isxdigit(*p))
            g_string_append_c(digits, g_ascii_toupper(*p));
        else if (!strchr("-: ", *p))
            return NULL;
    }
    return digits->len % 2 == 0 ? g_strdup(digits->str) : NULL;
}

static gboolean
is_hex_kind(enum rs_id_kind kind)
{
    return kind == RS_ID_UDID || kind == RS_ID_NONCE || kind == RS_ID_HOST || kind == RS_ID_MAC;
}

static gboolean
is_common(const char *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(common); i++) {
        if (g_ascii_strcasecmp(common[i], text) == 0)
            return TRUE;
    }
    return is_plain(text);
}

gboolean
rs_identifiers_add_text(rs_identifiers *ids, enum rs_id_kind kind, const char *text)
{
    const gsize length = strlen(text);
    char *digits = is_hex_kind(kind) ? hex_digits(text) : NULL;

    if (digits)
        return add_hex(ids, kind, digits);
    if (kind == RS_ID_ECID)
        return rs_identifiers_add_number(
            ids, kind, g_ascii_strtoull(text, NULL, strncmp(text, "0x", 2) == 0 ? 16 : 10));
    if (length < TEXT_MIN || length > RS_ID_LENGTH_MAX || is_common(text) ||
        !g_utf8_validate(text, -1, NULL) || ids->list->len >= RS_ID_MAX ||
        !is_new(ids, RS_ID_TEXT, text))
        return ids->list->len < RS_ID_MAX;
    return append(ids, kind, RS_ID_TEXT, text,
                  kind == RS_ID_PHONE ? rs_pseudonym_phone(ids->key, text)
                                      : rs_pseudonym_text(ids->key, text));
}

gboolean
rs_identifiers_add_bytes(rs_identifiers *ids, enum rs_id_kind kind, const guint8 *bytes,
                         gsize length)
{
    GString *digits;

    if (length > RS_ID_LENGTH_MAX / 2)
        return ids->list->len < RS_ID_MAX;
    digits = g_string_sized_new(2 * length);
    for (gsize i = 0; i < length; i++)
        g_string_append_printf(digits, "%02X", bytes[i]);
    return add_hex(ids, kind, g_string_free(digits, FALSE));
}

gboolean
rs_identifiers_add_number(rs_identifiers *ids, enum rs_id_kind kind, guint64 number)
{
    g_autofree char *text = g_strdup_printf("%016" G_GINT64_MODIFIER "X", number);

    if (number < ECID_MIN || number == G_MAXUINT64 || ids->list->len >= RS_ID_MAX ||
        !is_new(ids, RS_ID_NUMBER, text))
        return ids->list->len < RS_ID_MAX;
    return append(ids, kind, RS_ID_NUMBER, text, rs_pseudonym_ecid(ids->key, text));
}

guint32
rs_pseudonym_ipv4(const rs_identifiers *ids, guint32 address)
{
    return rs_pseudonym_address(ids->key, address);
}

/* Bytes 8 to 15 of an address that was made of a hardware address: RFC 4291, appendix A. */
static gboolean
is_eui64(const guint8 *address)
{
    return address[11] == 0xff && address[12] == 0xfe;
}

static void
eui64_pseudonym(const rs_identifiers *ids, const guint8 *address, guint8 *ret_now)
{
    char digits[MAC_DIGITS + 1];
    g_autofree char *now = NULL;
    guint8 mac[MAC_DIGITS / 2];

    g_snprintf(digits, sizeof digits, "%02X%02X%02X%02X%02X%02X", address[8] ^ 2, address[9],
               address[10], address[13], address[14], address[15]);
    now = hex_pseudonym(ids, RS_ID_MAC, digits, MAC_DIGITS);
    rs_pseudonym_unhex(now, mac);
    memcpy(ret_now + 8, (const guint8[]){ mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe }, 5);
    memcpy(ret_now + 13, mac + 3, 3);
}

void
rs_pseudonym_ipv6(const rs_identifiers *ids, const guint8 address[16], guint8 ret_now[16])
{
    const gboolean is_link_local = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;

    memcpy(ret_now, address, 16);
    if (!is_link_local)
        rs_pseudonym_nibbles(ids->key, address, 8, 2, ret_now);
    if (is_eui64(address))
        eui64_pseudonym(ids, address, ret_now);
    else
        rs_pseudonym_nibbles(ids->key, address, 16, 8, ret_now);
}

static char *
ipv4_text(guint32 address)
{
    return g_strdup_printf("%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                           address & 255);
}

gboolean
rs_identifiers_add_ipv4(rs_identifiers *ids, guint32 address)
{
    g_autofree char *text = ipv4_text(address);

    if (ids->list->len >= RS_ID_MAX || !is_new(ids, RS_ID_TEXT, text))
        return ids->list->len < RS_ID_MAX;
    return append(ids, RS_ID_IPV4, RS_ID_TEXT, text, ipv4_text(rs_pseudonym_ipv4(ids, address)));
}

static char *
ipv6_digits(const guint8 *address)
{
    GString *digits = g_string_sized_new(32);

    for (gsize i = 0; i < 16; i++)
        g_string_append_printf(digits, "%02X", address[i]);
    return g_string_free(digits, FALSE);
}

/* The text of an address for `was`, and as long. `now` is that of its pseudonym; where a zero of a
 * hardware address came or went it is longer or shorter, and other digits stand in the text. */
static char *
ipv6_text(const rs_identifiers *ids, const char *was, const char *now)
{
    g_autoptr(GString) digits = g_string_new(NULL);
    g_autofree char *others = NULL;
    char *text = g_strdup(strlen(now) == strlen(was) ? now : was), *next;

    if (g_str_equal(text, now))
        return text;
    for (const char *p = was; *p; p++)
        if (*p != ':')
            g_string_append_c(digits, g_ascii_toupper(*p));
    others = rs_pseudonym_hex(ids->key, digits->str);
    next = others + strcspn(was, ":");
    for (char *p = text + strcspn(was, ":"); *p; p++)
        if (*p != ':')
            *p = g_ascii_tolower(*next++);
    return text;
}

gboolean
rs_identifiers_add_ipv6(rs_identifiers *ids, const guint8 address[16])
{
    g_autofree char *digits = ipv6_digits(address);
    char was[INET6_ADDRSTRLEN] = "", text[INET6_ADDRSTRLEN] = "";
    guint8 now[16];

    if (ids->list->len >= RS_ID_MAX || !is_new(ids, RS_ID_HEX, digits))
        return ids->list->len < RS_ID_MAX;
    rs_pseudonym_ipv6(ids, address, now);
    append(ids, RS_ID_IPV6, RS_ID_HEX, digits, ipv6_digits(now));
    if (inet_ntop(AF_INET6, address, was, sizeof was) &&
        inet_ntop(AF_INET6, now, text, sizeof text))
        return append(ids, RS_ID_IPV6, RS_ID_TEXT, was, ipv6_text(ids, was, text));
    return ids->list->len < RS_ID_MAX;
}
