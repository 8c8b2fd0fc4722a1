/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An id is the address of the kernel's request, which serves again and again. The table forgets: an
 * id takes the place of one with the same hash. */
#include "capture/sources/pairs.h"

enum { PLACES = 1 << 13 };

struct rs_pairs {
    struct {
        uint64_t id;
        gboolean is_open;
    } places[PLACES];
};

rs_pairs *
rs_pairs_new(void)
{
    return g_new0(rs_pairs, 1);
}

void
rs_pairs_free(rs_pairs *pairs)
{
    g_free(pairs);
}

gboolean
rs_pairs_see(rs_pairs *pairs, uint64_t id, uint8_t type)
{
    const size_t place = (size_t)((id >> 4) * 0x9E3779B97F4A7C15U >> 51);
    const gboolean opens = type == 'S';
    gboolean is_missing = FALSE;

    if (pairs->places[place].id == id)
        is_missing = pairs->places[place].is_open == opens;
    pairs->places[place].id = id;
    pairs->places[place].is_open = opens;
    return is_missing;
}
