/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All the ways in which an identifier is written. */
#pragma once

#include "plugin/redact/identifiers.h"
#include "plugin/redact/matcher.h"

struct rs_spellings {
    rs_matcher *plain;  /* text, UTF-16, bytes */
    rs_matcher *base64; /* as in XML property lists, with line breaks */
};

/* unambiguous: without identifiers that are also another one's pseudonym (in a small network an
 * address may be). */
void rs_spellings_init(struct rs_spellings *spellings, const rs_identifiers *ids,
                       gboolean unambiguous);
void rs_spellings_clear(struct rs_spellings *spellings);

/* Searches the row in both ways, see rs_matcher_run(). */
guint rs_spellings_run(const struct rs_spellings *spellings, const struct rs_piece *pieces,
                       gsize n_pieces, gboolean replaces, guint64 *counts);
