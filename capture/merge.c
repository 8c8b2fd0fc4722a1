/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The oldest of the first records goes on when nothing older can come: when each live source has
 * something, or when it has waited long enough. Two exceptions: a stamp from the future, which a
 * step of the clock leaves behind, and a source that is running full, go on at once. As long as one
 * source has the oldest record the others are not looked at. */
#include <stdbool.h>

#include "capture/merge.h"

enum { MAX_SOURCES = 256 };
static const uint64_t WAIT_NS = (uint64_t)RS_MERGE_WAIT_MS * 1000000U;
static const uint64_t FUTURE_NS = 1000000000U; /* beyond now: no clock is that far off by itself */

struct slot {
    rs_source *source;
    bool has_first;
    struct rs_record first;
};

struct rs_merge {
    unsigned n;
    struct slot slots[MAX_SOURCES];
};

rs_merge *
rs_merge_new(void)
{
    return g_new0(rs_merge, 1);
}

void
rs_merge_free(rs_merge *merge)
{
    g_free(merge);
}

unsigned
rs_merge_add(rs_merge *merge, rs_source *source)
{
    g_assert(merge->n < MAX_SOURCES);
    merge->slots[merge->n].source = source;
    return merge->n++;
}

static bool
look(struct slot *slot)
{
    if (!slot->has_first)
        slot->has_first = slot->source->ops->peek(slot->source, &slot->first);
    return slot->has_first;
}

/* What is not newer than the result goes on. */
static uint64_t
watermark(rs_merge *merge, uint64_t now_ns, bool everything)
{
    bool waits = false, pressed = false;

    for (unsigned i = 0; i < merge->n; i++) {
        rs_source *source = merge->slots[i].source;

        if (!look(&merge->slots[i]))
            waits = waits || source->ops->is_live(source);
        else
            pressed = pressed || source->ops->is_pressed(source);
    }
    return everything || pressed || !waits ? UINT64_MAX : now_ns - WAIT_NS;
}

/* The slot with the oldest record, and the time of the oldest of the others. */
static struct slot *
oldest(rs_merge *merge, uint64_t *ret_next_ns)
{
    struct slot *found = NULL;

    *ret_next_ns = UINT64_MAX;
    for (unsigned i = 0; i < merge->n; i++) {
        struct slot *slot = &merge->slots[i];

        if (!slot->has_first)
            continue;
        if (!found || slot->first.time_ns < found->first.time_ns) {
            if (found)
                *ret_next_ns = found->first.time_ns;
            found = slot;
        } else if (slot->first.time_ns < *ret_next_ns) {
            *ret_next_ns = slot->first.time_ns;
        }
    }
    return found;
}

/* Hands on what the slot has up to the limit. Gives FALSE when there is to be an end. */
static bool
run_slot(rs_merge *merge, struct slot *slot, uint64_t limit_ns, uint64_t now_ns, size_t *left,
         rs_merge_func func, void *data)
{
    const unsigned number = (unsigned)(slot - merge->slots);
    rs_source *source = slot->source;
    bool more = true;

    while (more && *left > 0 && look(slot) &&
           (slot->first.time_ns <= limit_ns || slot->first.time_ns > now_ns + FUTURE_NS)) {
        more = func(data, number, &slot->first);
        source->ops->consume(source);
        slot->has_first = false;
        (*left)--;
    }
    return more && *left > 0;
}

size_t
rs_merge_run(rs_merge *merge, uint64_t now_ns, gboolean everything, size_t max, rs_merge_func func,
             void *data)
{
    size_t left = max;
    bool more = true;

    while (more) {
        const uint64_t until_ns = watermark(merge, now_ns, everything);
        uint64_t next_ns;
        struct slot *slot = oldest(merge, &next_ns);

        if (!slot || (slot->first.time_ns > until_ns && slot->first.time_ns <= now_ns + FUTURE_NS))
            break;
        more = run_slot(merge, slot, MIN(until_ns, next_ns), now_ns, &left, func, data);
    }
    return max - left;
}
