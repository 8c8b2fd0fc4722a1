/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Both positions only grow; their place in memory is their rest by the size. A message is a word
 * with its length and then its bytes, in one piece: what does not fit before the end is preceded by
 * a filler. An empty ring that is past its middle is filled up to its end likewise, so that it
 * begins anew at memory it has used already: should the consumer stand still just then, half of the
 * ring is still there. */
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "capture/ring.h"

enum {
    HEAD = 8, /* the word in front of a message */
    LINE = 64,
    FILLER = 1,
};

struct rs_ring {
    uint8_t *bytes;
    size_t size;
    /* The producer's line, and what it last saw of the other. */
    _Alignas(LINE) atomic_size_t head;
    size_t room_at, seen_tail;
    /* The consumer's. */
    _Alignas(LINE) atomic_size_t tail;
    size_t seen_head, current;
};

rs_ring *
rs_ring_new(size_t bytes)
{
    rs_ring *ring = (rs_ring *)g_aligned_alloc0(1, sizeof *ring, LINE);

    g_assert(bytes >= 4096 && (bytes & (bytes - 1)) == 0);
    ring->size = bytes;
    ring->bytes = (uint8_t *)mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (ring->bytes == MAP_FAILED)
        g_error("no address space for a ring of %zu bytes", bytes);
    return ring;
}

void
rs_ring_free(rs_ring *ring)
{
    if (!ring)
        return;
    munmap(ring->bytes, ring->size);
    g_aligned_free(ring);
}

static size_t
padded(size_t length)
{
    return HEAD + ((length + 7) & ~(size_t)7);
}

static void
put_word(rs_ring *ring, size_t at, uint64_t length, unsigned filler)
{
    const uint64_t word = length << 1 | filler;

    memcpy(ring->bytes + (at & (ring->size - 1)), &word, sizeof word);
}

/* Are `bytes` free behind `head`? Asks the consumer only when it seems not. */
static gboolean
is_free(rs_ring *ring, size_t head, size_t bytes)
{
    if (head + bytes - ring->seen_tail <= ring->size)
        return TRUE;
    ring->seen_tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return head + bytes - ring->seen_tail <= ring->size;
}

void *
rs_ring_room(rs_ring *ring, size_t length)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    const size_t need = padded(length), offset = head & (ring->size - 1);
    const size_t to_end = ring->size - offset;
    gboolean restart = to_end < need;

    if (offset >= ring->size / 2 && !restart && need <= ring->size / 2) {
        ring->seen_tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
        restart = ring->seen_tail == head;
    }
    if (need > ring->size || !is_free(ring, head, need + (restart ? to_end : 0)))
        return NULL;
    if (restart) {
        put_word(ring, head, to_end - HEAD, FILLER);
        head += to_end;
        atomic_store_explicit(&ring->head, head, memory_order_release);
    }
    ring->room_at = head;
    return ring->bytes + (head & (ring->size - 1)) + HEAD;
}

void
rs_ring_put(rs_ring *ring, size_t length)
{
    put_word(ring, ring->room_at, length, 0);
    atomic_store_explicit(&ring->head, ring->room_at + padded(length), memory_order_release);
}

const void *
rs_ring_peek(rs_ring *ring, size_t *ret_length)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    uint64_t word;

    for (;;) {
        if (tail == ring->seen_head)
            ring->seen_head = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail == ring->seen_head)
            return NULL;
        memcpy(&word, ring->bytes + (tail & (ring->size - 1)), sizeof word);
        if (!(word & FILLER))
            break;
        tail += padded((size_t)(word >> 1));
        atomic_store_explicit(&ring->tail, tail, memory_order_release);
    }
    ring->current = padded((size_t)(word >> 1));
    *ret_length = (size_t)(word >> 1);
    return ring->bytes + (tail & (ring->size - 1)) + HEAD;
}

void
rs_ring_drop(rs_ring *ring)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    atomic_store_explicit(&ring->tail, tail + ring->current, memory_order_release);
}

size_t
rs_ring_used(const rs_ring *ring)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);

    return atomic_load_explicit(&ring->head, memory_order_acquire) - tail;
}

size_t
rs_ring_size(const rs_ring *ring)
{
    return ring->size;
}
