/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pseudonyms from HMAC-SHA-256. The check digit of an IMEI: TS 23.003, annex B. */
#include <string.h>

#include "plugin/redact/pseudonym.h"

enum {
    BLOCK = 32, /* bytes of one HMAC */
    TRIES = 1000,
    IMEI_DIGITS = 15,
};

/* Bytes without end, that depend on a key, a purpose and a value. */
struct dice {
    const guint8 *key;
    const char *purpose;
    const guint8 *value;
    gsize length;
    guint32 round;
    guint8 block[BLOCK];
    gsize used;
};

static struct dice
dice_new(const guint8 *key, const char *purpose, gconstpointer value, gsize length)
{
    return (struct dice){ key, purpose, value, length, 0, { 0 }, BLOCK };
}

static guint8
throw_byte(struct dice *dice)
{
    if (dice->used == BLOCK) {
        g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, dice->key, RS_ID_KEY_SIZE);
        gsize size = BLOCK;

        g_hmac_update(hmac, (const guchar *)dice->purpose, (gssize)strlen(dice->purpose) + 1);
        g_hmac_update(hmac, (const guchar *)&dice->round, sizeof dice->round);
        g_hmac_update(hmac, dice->value, (gssize)dice->length);
        g_hmac_get_digest(hmac, dice->block, &size);
        dice->round++;
        dice->used = 0;
    }
    return dice->block[dice->used++];
}

static guint
throw_below(struct dice *dice, guint below)
{
    const guint wide = (guint)throw_byte(dice) << 8 | throw_byte(dice);

    return wide % below;
}

/* An upper case hexadecimal digit of the same class. */
static char
throw_hex(struct dice *dice, char digit)
{
    return g_ascii_isdigit(digit) ? (char)('0' + throw_below(dice, 10))
                                  : (char)('A' + throw_below(dice, 6));
}

char *
rs_pseudonym_hex(const guint8 key[RS_ID_KEY_SIZE], const char *digits)
{
    struct dice dice = dice_new(key, "hex", digits, strlen(digits));
    char *now = g_strdup(digits);

    for (char *p = now; *p; p++)
        *p = throw_hex(&dice, *p);
    return now;
}

static guint
bits_of(guint64 value)
{
    guint bits = 0;

    for (; value; value >>= 1)
        bits++;
    return bits;
}

static guint
decimals_of(guint64 value)
{
    guint digits = 1;

    for (; value > 9; value /= 10)
        digits++;
    return digits;
}

char *
rs_pseudonym_ecid(const guint8 key[RS_ID_KEY_SIZE], const char *digits)
{
    struct dice dice = dice_new(key, "ecid", digits, strlen(digits));
    const guint64 was = g_ascii_strtoull(digits, NULL, 16);
    char *now = g_strdup(digits);

    for (guint i = 0; i < TRIES; i++) {
        guint64 value;

        for (gsize j = strspn(digits, "0"); now[j]; j++)
            now[j] = throw_hex(&dice, digits[j]);
        value = g_ascii_strtoull(now, NULL, 16);
        if (value != was && bits_of(value) == bits_of(was) &&
            decimals_of(value) == decimals_of(was))
            break;
    }
    return now;
}

/* Characters that take one to four bytes in UTF-8: what stands for a letter of each. */
static gunichar
throw_letter(struct dice *dice, gunichar letter)
{
    if (letter < 0x80 && g_ascii_isdigit((char)letter))
        return '0' + throw_below(dice, 10);
    if (letter < 0x80)
        return (g_ascii_isupper((char)letter) ? 'A' : 'a') + throw_below(dice, 26);
    if (letter < 0x800)
        return (g_unichar_isupper(letter) ? 0x410 : 0x430) + throw_below(dice, 32);
    return (letter < 0x10000 ? 0x4e00 : 0x20000) + throw_below(dice, 0x5000);
}

/* What has a meaning of its own in text: punctuation. Pictures tell, too. */
static gboolean
is_kept(gunichar letter)
{
    return letter < 0x80 ? !g_ascii_isalnum((char)letter) : g_unichar_ispunct(letter);
}

char *
rs_pseudonym_text(const guint8 key[RS_ID_KEY_SIZE], const char *text)
{
    g_autofree char *folded = g_utf8_strup(text, -1);
    struct dice dice = dice_new(key, "text", folded, strlen(folded));
    GString *now = g_string_sized_new(strlen(text));

    for (const char *p = text; *p; p += g_utf8_skip[(guchar)*p]) {
        const gunichar letter = g_utf8_get_char(p);

        g_string_append_unichar(now, is_kept(letter) ? letter : throw_letter(&dice, letter));
    }
    return g_string_free(now, FALSE);
}

/* Luhn's sum over digits, the last one being the check digit. */
static guint
luhn_sum(const char *digits)
{
    const gsize n = strlen(digits);
    guint sum = 0;

    for (gsize i = 0; i < n; i++) {
        const guint digit = (guint)g_ascii_digit_value(digits[n - 1 - i]);
        const guint value = i % 2 ? digit * 2 : digit;

        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10;
}

char *
rs_pseudonym_phone(const guint8 key[RS_ID_KEY_SIZE], const char *text)
{
    char *now = rs_pseudonym_text(key, text);

    if (strlen(text) == IMEI_DIGITS && strspn(text, "0123456789") == IMEI_DIGITS &&
        luhn_sum(text) == 0) {
        now[IMEI_DIGITS - 1] = '0';
        now[IMEI_DIGITS - 1] = (char)('0' + (10 - luhn_sum(now)) % 10);
    }
    return now;
}

/* One byte of an address among those of as many decimal digits, in a shuffle that depends on the
 * bytes before it: no two have the same pseudonym, none its own. 0 and 255 are the network's. */
static guint8
shuffle_octet(const guint8 *key, const guint8 *address, gsize place)
{
    const guint8 octet = address[place];
    const guint first = octet < 10 ? 1 : octet < 100 ? 10 : 100;
    const guint last = octet < 10 ? 9 : octet < 100 ? 99 : 254;
    guint8 cards[256];
    struct dice dice = dice_new(key, octet < 10 ? "1" : octet < 100 ? "2" : "3", address, place);

    if (octet == 0 || octet == 255)
        return octet;
    for (guint i = first; i <= last; i++)
        cards[i] = (guint8)i;
    for (guint i = last; i > first; i--) {
        const guint other = first + throw_below(&dice, i - first); /* never itself: Sattolo */
        const guint8 card = cards[i];

        cards[i] = cards[other];
        cards[other] = card;
    }
    return cards[octet];
}

/* Bytes that tell what kind of network it is. */
static gsize
kept_octets(const guint8 *address)
{
    return (address[0] == 192 && address[1] == 168) || address[0] == 172 || address[0] == 169 ||
                   address[0] == 100
               ? 2
               : 1;
}

guint32
rs_pseudonym_address(const guint8 key[RS_ID_KEY_SIZE], guint32 address)
{
    const guint8 was[] = { (guint8)(address >> 24), (guint8)(address >> 16), (guint8)(address >> 8),
                           (guint8)address };
    guint32 now = 0;

    for (gsize i = 0; i < sizeof was; i++)
        now = now << 8 | (i < kept_octets(was) ? was[i] : shuffle_octet(key, was, i));
    return now;
}

void
rs_pseudonym_nibbles(const guint8 key[RS_ID_KEY_SIZE], const guint8 *bytes, gsize length,
                     gsize from, guint8 *ret_now)
{
    struct dice dice = dice_new(key, "ipv6", bytes, length);

    for (gsize i = from; i < length; i++) {
        const guint high = bytes[i] >> 4 ? 1 + throw_below(&dice, 15) : 0;
        const guint low = bytes[i] & 15 ? 1 + throw_below(&dice, 15) : 0;

        ret_now[i] = (guint8)(high << 4 | low);
    }
}

void
rs_pseudonym_unhex(const char *digits, guint8 *ret_bytes)
{
    for (gsize i = 0; digits[2 * i] && digits[2 * i + 1]; i++)
        ret_bytes[i] = (guint8)(g_ascii_xdigit_value(digits[2 * i]) << 4 |
                                g_ascii_xdigit_value(digits[2 * i + 1]));
}
