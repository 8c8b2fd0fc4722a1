/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bounded reader over bytes from the wire. Reading past the end sets `failed`, which stays set;
 * every later read then gives zero, so that a parser may check once, after its last field. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a parser of core says about the bytes it was given. */
enum rs_status {
    RS_OK,
    RS_SHORT, /* the bytes end before the structure does: more may make it whole */
    RS_BAD    /* no continuation of these bytes is valid */
};

struct rs_cursor {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

static inline void
rs_cursor_init(struct rs_cursor *cursor, const uint8_t *bytes, size_t length)
{
    cursor->at = bytes;
    cursor->end = length > 0 ? bytes + length : bytes;
    cursor->failed = false;
}

static inline size_t
rs_left(const struct rs_cursor *cursor)
{
    return cursor->failed || cursor->at == NULL ? 0 : (size_t)(cursor->end - cursor->at);
}

/* The next `length` bytes, or NULL and `failed` when there are fewer. */
static inline const uint8_t *
rs_take_bytes(struct rs_cursor *cursor, size_t length)
{
    const uint8_t *bytes = cursor->at;

    if (cursor->failed || rs_left(cursor) < length) {
        cursor->failed = true;
        return NULL;
    }
    if (length > 0)
        cursor->at += length;
    return bytes;
}

static inline uint64_t
rs_take_be(struct rs_cursor *cursor, size_t size)
{
    const uint8_t *bytes = rs_take_bytes(cursor, size);
    uint64_t value = 0;

    for (size_t i = 0; bytes != NULL && i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

static inline uint64_t
rs_take_le(struct rs_cursor *cursor, size_t size)
{
    const uint8_t *bytes = rs_take_bytes(cursor, size);
    uint64_t value = 0;

    for (size_t i = size; bytes != NULL && i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

static inline uint8_t
rs_take_u8(struct rs_cursor *cursor)
{
    return (uint8_t)rs_take_be(cursor, 1);
}

static inline uint16_t
rs_take_be16(struct rs_cursor *cursor)
{
    return (uint16_t)rs_take_be(cursor, 2);
}

static inline uint32_t
rs_take_be32(struct rs_cursor *cursor)
{
    return (uint32_t)rs_take_be(cursor, 4);
}

static inline uint64_t
rs_take_be64(struct rs_cursor *cursor)
{
    return rs_take_be(cursor, 8);
}

static inline uint16_t
rs_take_le16(struct rs_cursor *cursor)
{
    return (uint16_t)rs_take_le(cursor, 2);
}

static inline uint32_t
rs_take_le32(struct rs_cursor *cursor)
{
    return (uint32_t)rs_take_le(cursor, 4);
}

static inline uint64_t
rs_take_le64(struct rs_cursor *cursor)
{
    return rs_take_le(cursor, 8);
}
