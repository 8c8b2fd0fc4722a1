/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Patterns are found by their first four bytes, looked up in a bitmap and then in a hash table. */
#include <string.h>

#include "plugin/redact/matcher.h"

enum {
    BITMAP_BITS = 1 << 20,
    CUT_MIN = 8, /* bytes of a pattern at the end of a row that are taken for it */
    RING = 8,    /* bytes to look back to: the first ones of a pattern and the one before */
};

struct rs_matcher {
    gboolean skips_space;
    GHashTable *by_start; /* guint32 -> GPtrArray of struct rs_pattern, longest first */
    guint8 bitmap[BITMAP_BITS / 8];
};

/* A place in a row of pieces; piece == n_pieces is its end. */
struct place {
    const struct rs_piece *pieces;
    gsize n_pieces, piece, offset;
};

static void
pattern_free(gpointer data)
{
    struct rs_pattern *pattern = data;

    g_free((gpointer)(guintptr)pattern->was);
    g_free((gpointer)(guintptr)pattern->now);
    g_free(pattern);
}

static void
patterns_free(gpointer data)
{
    g_ptr_array_unref(data);
}

rs_matcher *
rs_matcher_new(gboolean skips_space)
{
    rs_matcher *matcher = g_new0(rs_matcher, 1);

    matcher->skips_space = skips_space;
    matcher->by_start = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, patterns_free);
    return matcher;
}

void
rs_matcher_free(rs_matcher *matcher)
{
    if (!matcher)
        return;
    g_hash_table_unref(matcher->by_start);
    g_free(matcher);
}

static guint32
start_of(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

static guint
slot_of(guint32 start)
{
    return (start * 2654435761U) >> 12; /* Knuth's multiplier; 20 bits are left */
}

static gboolean
same_edge(const struct rs_pattern_edge *a, const struct rs_pattern_edge *b)
{
    return a->mask == b->mask && a->was == b->was;
}

static gboolean
is_known(const GPtrArray *patterns, const struct rs_pattern *pattern)
{
    for (guint i = 0; i < patterns->len; i++) {
        const struct rs_pattern *other = g_ptr_array_index(patterns, i);

        if (other->length == pattern->length && same_edge(&other->head, &pattern->head) &&
            same_edge(&other->tail, &pattern->tail) &&
            memcmp(other->was, pattern->was, pattern->length) == 0)
            return TRUE;
    }
    return FALSE;
}

void
rs_matcher_add(rs_matcher *matcher, const struct rs_pattern *pattern)
{
    struct rs_pattern *copy;
    GPtrArray *patterns;
    guint32 start;
    guint at = 0;

    if (pattern->length < RS_PATTERN_MIN)
        return;
    start = start_of(pattern->was);
    patterns = g_hash_table_lookup(matcher->by_start, GUINT_TO_POINTER(start));
    if (!patterns) {
        patterns = g_ptr_array_new_with_free_func(pattern_free);
        g_hash_table_insert(matcher->by_start, GUINT_TO_POINTER(start), patterns);
    }
    if (is_known(patterns, pattern))
        return;
    copy = g_memdup2(pattern, sizeof *pattern);
    copy->was = g_memdup2(pattern->was, pattern->length);
    copy->now = g_memdup2(pattern->now, pattern->length);
    while (at < patterns->len &&
           ((struct rs_pattern *)g_ptr_array_index(patterns, at))->length >= copy->length)
        at++;
    g_ptr_array_insert(patterns, (gint)at, copy);
    matcher->bitmap[slot_of(start) / 8] |= (guint8)(1 << slot_of(start) % 8);
}

static inline gboolean
is_space(guint8 byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/* A byte as it was, and where it is to be. */
struct spot {
    const guint8 *was;
    guint8 *now;
};

/* The next byte that counts; FALSE, and was NULL, at the end. */
static gboolean
next_spot(const rs_matcher *matcher, struct place *place, struct spot *ret_spot)
{
    while (place->piece < place->n_pieces) {
        const struct rs_piece *piece = &place->pieces[place->piece];

        while (place->offset < piece->length) {
            const gsize at = place->offset++;

            if (matcher->skips_space && is_space(piece->was[at]))
                continue;
            *ret_spot = (struct spot){ piece->was + at, piece->now + at };
            return TRUE;
        }
        place->piece++;
        place->offset = 0;
    }
    *ret_spot = (struct spot){ NULL, NULL };
    return FALSE;
}

static gboolean
is_base64(guint8 byte)
{
    return g_ascii_isalnum((char)byte) || byte == '+' || byte == '/';
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static guint8
base64_value(guint8 byte)
{
    return is_base64(byte) ? (guint8)(strchr(base64_digits, byte) - base64_digits) : 0;
}

static gboolean
edge_fits(const struct rs_pattern_edge *edge, const struct spot *spot)
{
    return edge->mask == 0 || (spot->was && is_base64(*spot->was) &&
                               (base64_value(*spot->was) & edge->mask) == edge->was);
}

static void
write_edge(const struct rs_pattern_edge *edge, const struct spot *spot)
{
    if (edge->mask)
        *spot->now = (guint8)base64_digits[(base64_value(*spot->now) & ~edge->mask) | edge->now];
}

/* May this byte stand beside the pattern? */
static gboolean
neighbour_fits(const struct rs_pattern *pattern, const guint8 *byte)
{
    if (!byte)
        return TRUE;
    if (pattern->flags & RS_PATTERN_ALONE && (g_ascii_isalnum((char)*byte) || *byte >= 0x80))
        return FALSE;
    return !(pattern->flags & (RS_PATTERN_NUMBER | RS_PATTERN_DOTTED)) ||
           !g_ascii_isdigit((char)*byte);
}

/* Behind "10.0.0.1" there must not be ".5"; a full stop may. */
static gboolean
goes_on_dotted(const struct rs_pattern *pattern, const rs_matcher *matcher,
               const struct spot *first, struct place behind)
{
    struct spot second;

    return pattern->flags & RS_PATTERN_DOTTED && first->was && *first->was == '.' &&
           next_spot(matcher, &behind, &second) && g_ascii_isdigit((char)*second.was);
}

/* The bytes seen last. */
struct trail {
    struct spot spots[RING];
    gsize n;       /* seen since the last match */
    guint at;      /* where the next one goes */
    guint32 start; /* the last four as a number */
};

static inline void
trail_add(struct trail *trail, const guint8 *was, guint8 *now)
{
    trail->spots[trail->at % RING] = (struct spot){ was, now };
    trail->at++;
    trail->n++;
    trail->start = trail->start << 8 | *was;
}

/* The byte seen so many before the newest one. */
static const struct spot *
trail_back(const struct trail *trail, guint back)
{
    return &trail->spots[(trail->at - 1 - back) % RING];
}

/* Does the pattern, whose first four bytes are those of the trail, stand here? Then *place is
 * behind it. */
static gboolean
stands_here(const rs_matcher *matcher, const struct rs_pattern *pattern, const struct trail *trail,
            struct place *place)
{
    const struct spot before = trail->n > RS_PATTERN_MIN ? *trail_back(trail, RS_PATTERN_MIN)
                                                         : (struct spot){ NULL, NULL };
    struct place at = *place, behind;
    struct spot spot;

    for (gsize i = RS_PATTERN_MIN; i < pattern->length; i++) {
        if (!next_spot(matcher, &at, &spot) || *spot.was != pattern->was[i])
            return FALSE;
    }
    behind = at;
    next_spot(matcher, &behind, &spot);
    if (!neighbour_fits(pattern, before.was) || !neighbour_fits(pattern, spot.was) ||
        goes_on_dotted(pattern, matcher, &spot, behind) || !edge_fits(&pattern->head, &before) ||
        !edge_fits(&pattern->tail, &spot))
        return FALSE;
    *place = at;
    return TRUE;
}

/* TRUE when it was not written there before, for another row with the same bytes. */
static gboolean
write_byte(const struct spot *spot, guint8 byte)
{
    const gboolean is_new = *spot->now != byte;

    *spot->now = byte;
    return is_new;
}

static gboolean
replace(const rs_matcher *matcher, const struct rs_pattern *pattern, const struct trail *trail,
        struct place place)
{
    gboolean is_new = FALSE;
    struct spot spot;

    write_edge(&pattern->head, trail_back(trail, RS_PATTERN_MIN));
    for (guint i = 0; i < RS_PATTERN_MIN; i++)
        is_new |= write_byte(trail_back(trail, RS_PATTERN_MIN - 1 - i), pattern->now[i]);
    for (gsize i = RS_PATTERN_MIN; i < pattern->length && next_spot(matcher, &place, &spot); i++)
        is_new |= write_byte(&spot, pattern->now[i]);
    if (next_spot(matcher, &place, &spot))
        write_edge(&pattern->tail, &spot);
    return is_new;
}

/* Does the row end in the middle of the pattern? A packet may have been cut there. */
static gboolean
is_cut_here(const rs_matcher *matcher, const struct rs_pattern *pattern, struct place place)
{
    struct spot spot;

    for (gsize i = RS_PATTERN_MIN; i < pattern->length; i++) {
        if (!next_spot(matcher, &place, &spot))
            return i >= CUT_MIN && pattern->flags == 0 && pattern->head.mask == 0;
        if (*spot.was != pattern->was[i])
            return FALSE;
    }
    return FALSE;
}

/* Writes over the part that is there, unless another row knew better. */
static void
replace_cut(const rs_matcher *matcher, const struct rs_pattern *pattern, const struct trail *trail,
            struct place place)
{
    struct spot spot = *trail_back(trail, RS_PATTERN_MIN - 1);
    gsize i = 0;

    do {
        if (*spot.now == *spot.was)
            *spot.now = pattern->now[i];
        i++;
        if (i < RS_PATTERN_MIN)
            spot = *trail_back(trail, (guint)(RS_PATTERN_MIN - 1 - i));
    } while (i < RS_PATTERN_MIN || (i < pattern->length && next_spot(matcher, &place, &spot)));
}

static guint
try_here(const rs_matcher *matcher, struct trail *trail, struct place *place, gboolean replaces,
         guint64 *counts)
{
    const GPtrArray *patterns =
        g_hash_table_lookup(matcher->by_start, GUINT_TO_POINTER(trail->start));

    for (guint i = 0; patterns && i < patterns->len; i++) {
        const struct rs_pattern *pattern = g_ptr_array_index(patterns, i);
        const struct place before = *place;

        if (!stands_here(matcher, pattern, trail, place))
            continue;
        if (!replaces || replace(matcher, pattern, trail, before))
            counts[pattern->kind]++;
        trail->n = 0;
        return 1;
    }
    for (guint i = 0; replaces && patterns && i < patterns->len; i++) {
        const struct rs_pattern *pattern = g_ptr_array_index(patterns, i);

        if (is_cut_here(matcher, pattern, *place)) {
            replace_cut(matcher, pattern, trail, *place);
            return 0;
        }
    }
    return 0;
}

/* Goes on to where a pattern may begin: its first four bytes are the newest of the trail. FALSE at
 * the end. Most bytes of a capture see nothing but this loop. */
static gboolean
next_candidate(const rs_matcher *matcher, struct trail *trail, struct place *place)
{
    for (; place->piece < place->n_pieces; place->piece++, place->offset = 0) {
        const struct rs_piece *piece = &place->pieces[place->piece];

        for (gsize at = place->offset; at < piece->length; at++) {
            const guint8 byte = piece->was[at];
            guint slot;

            if (matcher->skips_space && is_space(byte))
                continue;
            trail_add(trail, piece->was + at, piece->now + at);
            slot = slot_of(trail->start);
            if (matcher->bitmap[slot / 8] & 1 << slot % 8 && trail->n >= RS_PATTERN_MIN) {
                place->offset = at + 1;
                return TRUE;
            }
        }
    }
    return FALSE;
}

guint
rs_matcher_run(const rs_matcher *matcher, const struct rs_piece *pieces, gsize n_pieces,
               gboolean replaces, guint64 *counts)
{
    struct place place = { pieces, n_pieces, 0, 0 };
    struct trail trail = { .n = 0 };
    guint found = 0;

    while (next_candidate(matcher, &trail, &place))
        found += try_here(matcher, &trail, &place, replaces, counts);
    return found;
}
