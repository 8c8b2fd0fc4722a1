/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds many byte patterns in a row of pieces of memory, and writes others over them. */
#pragma once

#include <glib.h>

/* Bytes that lie one behind the other on some wire, as they were and as they are to be. What was is
 * searched, so that a pseudonym is never taken for an identifier. */
struct rs_piece {
    const guint8 *was;
    guint8 *now; /* may be the same memory when nothing is replaced */
    gsize length;
};

enum rs_pattern_flags {
    RS_PATTERN_ALONE = 1 << 0,  /* no letter or digit may stand before or behind */
    RS_PATTERN_NUMBER = 1 << 1, /* no digit may */
    RS_PATTERN_DOTTED = 1 << 2, /* nor a dot with a digit */
};

/* In base64 the characters at both ends may be shared with neighbours; then `head` and `tail` are
 * the bits of them that are ours. */
struct rs_pattern_edge {
    guint8 mask, was, now; /* of six bits; mask 0: no shared character */
};

struct rs_pattern {
    const guint8 *was;
    const guint8 *now;
    gsize length;
    guint flags;
    guint kind; /* to count by */
    struct rs_pattern_edge head, tail;
};

enum { RS_PATTERN_MIN = 4 }; /* bytes */

typedef struct rs_matcher rs_matcher;

/* skips_space: white space in the bytes counts for nothing, as in base64. */
rs_matcher *rs_matcher_new(gboolean skips_space);
void rs_matcher_free(rs_matcher *matcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_matcher, rs_matcher_free)

/* Copies the pattern. Shorter ones than RS_PATTERN_MIN are ignored, and so is one that is there
 * already. */
void rs_matcher_add(rs_matcher *matcher, const struct rs_pattern *pattern);

/* Searches the row, the longest pattern first in each place. With `replaces` writes what shall
 * stand there. Adds to counts[kind] what was not replaced before. Returns how many were found. */
guint rs_matcher_run(const rs_matcher *matcher, const struct rs_piece *pieces, gsize n_pieces,
                     gboolean replaces, guint64 *counts);
