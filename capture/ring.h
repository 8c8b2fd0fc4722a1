/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A ring of bytes between one thread that puts messages in and one that takes them out, without a
 * lock. Memory is touched as it is used: a ring that is kept empty stays small. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rs_ring rs_ring;

/* bytes: a power of two of at least a page. Never fails: the memory is only promised. */
rs_ring *rs_ring_new(size_t bytes);
void rs_ring_free(rs_ring *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_ring, rs_ring_free)

/* The producer: room for a message of `length` bytes, aligned to 8, or NULL when the ring is full.
 * It is the consumer's after rs_ring_put(), which may be given less than was asked for. */
void *rs_ring_room(rs_ring *ring, size_t length);
void rs_ring_put(rs_ring *ring, size_t length);

/* The consumer: the oldest message, NULL when there is none; it stays until rs_ring_drop(). */
const void *rs_ring_peek(rs_ring *ring, size_t *ret_length);
void rs_ring_drop(rs_ring *ring);

/* How many bytes wait, and how many may. */
size_t rs_ring_used(const rs_ring *ring);
size_t rs_ring_size(const rs_ring *ring);
