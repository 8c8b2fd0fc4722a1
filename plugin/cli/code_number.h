/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Arithmetic of error numbers: the same fault is shown as different numbers in different places. */
#pragma once

#include <glib.h>

/* Reads decimal, negative and 0x hexadecimal; hexadecimal of 32 bits with the top bit set, and such
 * decimals, are the negative number they stand for (0xE8000015 = -402653163), likewise 64 bits.
 * FALSE when the text is no number. */
gboolean rs_code_parse(const char *text, gint64 *ret_code);

/* What a number of one domain is made of in another. */
struct rs_code_origin {
    const char *domain;        /* of the number as shown */
    const char *origin_domain; /* of the number behind it */
    gint64 origin_code;
    const char *how; /* "3100 + TSS STATUS" */
};

/* Fills in what is behind a number, at most RS_ORIGINS_MAX; returns how many. */
enum { RS_ORIGINS_MAX = 4 };
guint rs_code_origins(gint64 code, struct rs_code_origin ret_origins[RS_ORIGINS_MAX]);
