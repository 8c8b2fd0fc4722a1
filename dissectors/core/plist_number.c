/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers and dates in the text of XML property lists. Not strtod(): it depends on the locale and
 * wants a terminator. Forms from Apple's CFPropertyList.c and PropertyList-1.0.dtd. */
#include <math.h>
#include <strings.h>

#include "dissectors/core/plist_private.h"

enum { EXPONENT_MAX = 5000 }; /* beyond every double; keeps the sum of digits small */

/* The days from 1970-01-01 to 2001-01-01, where Apple's time begins. */
#define EPOCH_DAYS 11323

static void
trim(const uint8_t **text, size_t *length)
{
    while (*length > 0 && rs_plist_is_space((*text)[0])) {
        (*text)++;
        (*length)--;
    }
    while (*length > 0 && rs_plist_is_space((*text)[*length - 1]))
        (*length)--;
}

/* Takes a sign; true for '-'. */
static bool
take_sign(const uint8_t **text, size_t *length)
{
    bool is_negative = *length > 0 && (*text)[0] == '-';

    if (is_negative || (*length > 0 && (*text)[0] == '+')) {
        (*text)++;
        (*length)--;
    }
    return is_negative;
}

static unsigned
digit_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - (unsigned)'0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - (unsigned)'a' + 10 : 16;
}

static bool
is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

bool
rs_plist_parse_integer(const uint8_t *text, size_t length, uint64_t *ret_value,
                       bool *ret_is_negative)
{
    uint64_t value = 0;
    unsigned base = 10;
    bool is_negative;

    trim(&text, &length);
    is_negative = take_sign(&text, &length);
    if (length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
        base = 16;
        text += 2;
        length -= 2;
    }
    if (length == 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = digit_value(text[i]);

        if (digit >= base || value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    if (is_negative && value > (uint64_t)1 << 63)
        return false;
    *ret_value = is_negative ? 0 - value : value;
    *ret_is_negative = is_negative && value > 0;
    return true;
}

/* Digits of a decimal number: the first 19 that count, and the power of ten left over. */
struct decimal {
    uint64_t digits;
    long exponent;
    bool any;
};

static void
take_digits(const uint8_t **text, size_t *length, bool is_fraction, struct decimal *decimal)
{
    for (; *length > 0 && is_digit((*text)[0]); (*text)++, (*length)--) {
        decimal->any = true;
        if (decimal->digits <= (UINT64_MAX - 9) / 10) {
            decimal->digits = decimal->digits * 10 + digit_value((*text)[0]);
            decimal->exponent -= is_fraction;
        } else {
            decimal->exponent += !is_fraction;
        }
    }
}

/* Takes "e-12"; false when an 'e' has no number after it. */
static bool
take_exponent(const uint8_t **text, size_t *length, struct decimal *decimal)
{
    long exponent = 0;
    bool is_negative;

    if (*length == 0 || ((*text)[0] | 0x20) != 'e')
        return true;
    (*text)++;
    (*length)--;
    is_negative = take_sign(text, length);
    if (*length == 0)
        return false;
    for (; *length > 0 && is_digit((*text)[0]); (*text)++, (*length)--) {
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (long)digit_value((*text)[0]);
    }
    decimal->exponent += is_negative ? -exponent : exponent;
    return true;
}

static double
scale(const struct decimal *decimal)
{
    long double value = (long double)decimal->digits, power = 10.0L;
    bool is_small = decimal->exponent < 0;
    unsigned long left = (unsigned long)(is_small ? -decimal->exponent : decimal->exponent);

    if (decimal->digits == 0)
        return 0.0;
    if (left > EXPONENT_MAX)
        return is_small ? 0.0 : (double)INFINITY;
    for (; left > 0; left >>= 1, power *= power) {
        if (left & 1)
            value = is_small ? value / power : value * power;
    }
    return (double)value;
}

static bool
is_word(const uint8_t *text, size_t length, const char *word, size_t word_length)
{
    return length == word_length && strncasecmp((const char *)text, word, length) == 0;
}

bool
rs_plist_parse_real(const uint8_t *text, size_t length, double *ret_value)
{
    struct decimal decimal = { 0 };
    double value;
    bool is_negative;

    trim(&text, &length);
    is_negative = take_sign(&text, &length);
    if (is_word(text, length, "nan", 3)) {
        value = (double)NAN;
    } else if (is_word(text, length, "inf", 3) || is_word(text, length, "infinity", 8)) {
        value = (double)INFINITY;
    } else {
        take_digits(&text, &length, false, &decimal);
        if (length > 0 && text[0] == '.') {
            text++;
            length--;
            take_digits(&text, &length, true, &decimal);
        }
        if (!decimal.any || !take_exponent(&text, &length, &decimal) || length > 0)
            return false;
        value = scale(&decimal);
    }
    *ret_value = is_negative ? -value : value;
    return true;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar; the year begins in March, so that the
 * leap day is the last of it. */
static long
days_of(long year, long month, long day)
{
    long from_march = (month + 9) % 12;
    long y = month <= 2 ? year - 1 : year;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

bool
rs_plist_parse_date(const uint8_t *text, size_t length, double *ret_seconds)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    static const long highest[] = { 9999, 12, 31, 24, 59, 60 };
    long fields[6] = { 0 };
    unsigned field = 0;

    trim(&text, &length);
    if (length != sizeof form - 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (form[i] != 'd') {
            if (text[i] != (uint8_t)form[i])
                return false;
            field++;
        } else {
            if (!is_digit(text[i]))
                return false;
            fields[field] = fields[field] * 10 + (long)digit_value(text[i]);
        }
    }
    for (unsigned i = 0; i < 6; i++) {
        if (fields[i] > highest[i] || (fields[i] == 0 && i < 3))
            return false;
    }
    *ret_seconds = (double)((days_of(fields[0], fields[1], fields[2]) - EPOCH_DAYS) * 86400L +
                            fields[3] * 3600 + fields[4] * 60 + fields[5]);
    return true;
}
