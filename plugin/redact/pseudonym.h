/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Keyed pseudonyms of the same shape, see identifiers.h. Each returns the caller's. */
#pragma once

#include "plugin/redact/identifiers.h"

/* Of upper case hexadecimal digits: a digit for a digit, a letter for a letter. */
char *rs_pseudonym_hex(const guint8 key[RS_ID_KEY_SIZE], const char *digits);

/* Of 16 of them, a number: as many digits in decimal, and as many bits. */
char *rs_pseudonym_ecid(const guint8 key[RS_ID_KEY_SIZE], const char *digits);

/* Of UTF-8, regardless of case: each character by one of as many bytes in UTF-8 and UTF-16. */
char *rs_pseudonym_text(const guint8 key[RS_ID_KEY_SIZE], const char *text);

/* Of digits that may end in a check digit: then these do, too. */
char *rs_pseudonym_phone(const guint8 key[RS_ID_KEY_SIZE], const char *text);

guint32 rs_pseudonym_address(const guint8 key[RS_ID_KEY_SIZE], guint32 address);

/* Of bytes from `from` to `length`, half a byte after the other, zero for zero and else never zero;
 * what stands before decides, too. */
void rs_pseudonym_nibbles(const guint8 key[RS_ID_KEY_SIZE], const guint8 *bytes, gsize length,
                          gsize from, guint8 *ret_now);

/* Hexadecimal digits to bytes. */
void rs_pseudonym_unhex(const char *digits, guint8 *ret_bytes);
