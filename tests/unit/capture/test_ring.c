/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ring between two threads. */
#include <glib.h>
#include <string.h>

#include "capture/ring.h"
#include "tests/unit/capture/bytes.h"

enum { SIZE = 1 << 16, N = 200000 };

static gboolean
put(rs_ring *ring, const void *bytes, size_t length)
{
    void *room = rs_ring_room(ring, length);

    if (!room)
        return FALSE;
    memcpy(room, bytes, length);
    rs_ring_put(ring, length);
    return TRUE;
}

/* What is put in comes out, in order and no sooner. */
static void
order(void)
{
    g_autoptr(rs_ring) ring = rs_ring_new(SIZE);
    const void *message;
    size_t length = 0;

    g_assert_null(rs_ring_peek(ring, &length));
    g_assert_true(put(ring, "one", 3));
    g_assert_true(put(ring, "second", 6));
    message = rs_ring_peek(ring, &length);
    check_bytes(message, length, "one", 3);
    rs_ring_drop(ring);
    message = rs_ring_peek(ring, &length);
    check_bytes(message, length, "second", 6);
    rs_ring_drop(ring);
    g_assert_null(rs_ring_peek(ring, &length));
    g_assert_cmpuint(rs_ring_used(ring), ==, 0);
}

/* A full ring takes no more and keeps what it has; with room again it takes again. */
static void
full(void)
{
    g_autoptr(rs_ring) ring = rs_ring_new(SIZE);
    char bytes[1000] = { 'x' };
    size_t length, n = 0, came = 0;

    while (put(ring, bytes, sizeof bytes))
        n++;
    g_assert_cmpuint(n, ==, SIZE / 1008);
    g_assert_null(rs_ring_room(ring, SIZE));
    for (const char *message; (message = (const char *)rs_ring_peek(ring, &length)); came++) {
        check_bytes(message, length, bytes, sizeof bytes);
        rs_ring_drop(ring);
    }
    g_assert_cmpuint(came, ==, n);
    g_assert_true(put(ring, bytes, sizeof bytes));
    g_assert_nonnull(rs_ring_peek(ring, &length));
}

/* A message may be put in shorter than room was asked for. */
static void
shorter(void)
{
    g_autoptr(rs_ring) ring = rs_ring_new(SIZE);
    const void *message;
    size_t length;

    memcpy(rs_ring_room(ring, 5000), "abc", 3);
    rs_ring_put(ring, 3);
    g_assert_true(put(ring, "next", 4));
    message = rs_ring_peek(ring, &length);
    check_bytes(message, length, "abc", 3);
    rs_ring_drop(ring);
    message = rs_ring_peek(ring, &length);
    check_bytes(message, length, "next", 4);
}

/* Each message begins with its number, and has a length that follows from it. */
static size_t
length_of(guint32 number)
{
    return sizeof number + number * 7919 % 3000;
}

static void *
produce(void *data)
{
    rs_ring *ring = (rs_ring *)data;

    for (guint32 i = 0; i < N;) {
        guint8 *room = (guint8 *)rs_ring_room(ring, length_of(i));

        if (!room) {
            g_thread_yield();
            continue;
        }
        memset(room, (int)(i & 0xFF), length_of(i));
        memcpy(room, &i, sizeof i);
        rs_ring_put(ring, length_of(i));
        i++;
    }
    return NULL;
}

static void
threads(void)
{
    g_autoptr(rs_ring) ring = rs_ring_new(SIZE);
    GThread *producer = g_thread_new("produce", produce, ring);

    for (guint32 i = 0; i < N;) {
        size_t length;
        const guint8 *message = (const guint8 *)rs_ring_peek(ring, &length);
        guint32 number;

        if (!message) {
            g_thread_yield();
            continue;
        }
        memcpy(&number, message, sizeof number);
        g_assert_cmpuint(number, ==, i);
        g_assert_cmpuint(length, ==, length_of(i));
        g_assert_true(length == sizeof i || message[length - 1] == (i & 0xFF));
        rs_ring_drop(ring);
        i++;
    }
    g_thread_join(producer);
}

/* An empty ring begins anew, so that a large one that is kept empty does not use all its memory. */
static void
restarts(void)
{
    g_autoptr(rs_ring) ring = rs_ring_new(64 << 20);
    const void *first = rs_ring_room(ring, 1 << 20);
    size_t length;
    gboolean again = FALSE;

    for (int i = 0; i < 40; i++) {
        const void *room = rs_ring_room(ring, 1 << 20);

        g_assert_true((const char *)room < (const char *)first + (33 << 20));
        again = again || (i > 0 && room == first);
        rs_ring_put(ring, 1 << 20);
        g_assert_nonnull(rs_ring_peek(ring, &length));
        rs_ring_drop(ring);
    }
    g_assert_true(again);
}

/* Wherever an empty ring is, half of it can be filled with nobody looking. */
static void
stands_still(void)
{
    enum { MESSAGE = 500 };

    for (int before = 0; before < 2 * SIZE / MESSAGE; before++) {
        g_autoptr(rs_ring) ring = rs_ring_new(SIZE);
        size_t length;
        int n = 0;

        for (int i = 0; i < before; i++) {
            g_assert_nonnull(rs_ring_room(ring, MESSAGE));
            rs_ring_put(ring, MESSAGE);
            g_assert_nonnull(rs_ring_peek(ring, &length));
            rs_ring_drop(ring);
        }
        for (; rs_ring_room(ring, MESSAGE); n++)
            rs_ring_put(ring, MESSAGE);
        g_assert_cmpint((n + 1) * (MESSAGE + 8), >=, SIZE / 2);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ring/order", order);
    g_test_add_func("/ring/full", full);
    g_test_add_func("/ring/shorter", shorter);
    g_test_add_func("/ring/threads", threads);
    g_test_add_func("/ring/restarts", restarts);
    g_test_add_func("/ring/stands-still", stands_still);
    return g_test_run();
}
