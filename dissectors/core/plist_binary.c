/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The binary property list ("bplist00"). Layout from the comment in Apple's CFBinaryPList.c:
 *
 *   "bplist00" | objects ... | offset table | trailer (32 bytes)
 *   trailer: 6 bytes unused | offset size | reference size | u64 objects | u64 root | u64 table
 *
 * Objects refer to each other by number, so a value may appear in several places and a hostile list
 * may refer to its own container: the stack of open containers is searched before one is opened. */
#include <string.h>

#include "dissectors/core/plist_private.h"

enum { HEADER_LENGTH = 8, TRAILER_LENGTH = 32, TRAILER_UNUSED = 6, REFERENCE_SIZE_MAX = 8 };

/* The high nibble of an object's marker byte. */
enum marker {
    MARKER_SIMPLE = 0x0,
    MARKER_INTEGER = 0x1,
    MARKER_REAL = 0x2,
    MARKER_DATE = 0x3,
    MARKER_DATA = 0x4,
    MARKER_ASCII = 0x5,
    MARKER_UTF16 = 0x6,
    MARKER_UID = 0x8,
    MARKER_ARRAY = 0xA,
    MARKER_ORDERED_SET = 0xB,
    MARKER_SET = 0xC,
    MARKER_DICT = 0xD
};

enum { SIMPLE_NULL = 0x0, SIMPLE_FALSE = 0x8, SIMPLE_TRUE = 0x9, COUNT_FOLLOWS = 0xF };

enum rs_plist_status
rs_plist_binary_init(struct rs_plist_parser *parser)
{
    struct rs_cursor cursor;
    uint64_t table, room;

    if (parser->length < HEADER_LENGTH + TRAILER_LENGTH)
        return RS_PLIST_SHORT;
    rs_cursor_init(&cursor, parser->bytes + parser->length - TRAILER_LENGTH, TRAILER_LENGTH);
    rs_take_bytes(&cursor, TRAILER_UNUSED);
    parser->offset_size = rs_take_u8(&cursor);
    parser->reference_size = rs_take_u8(&cursor);
    parser->objects = rs_take_be64(&cursor);
    parser->root = rs_take_be64(&cursor);
    table = rs_take_be64(&cursor);
    if (parser->offset_size == 0 || parser->offset_size > REFERENCE_SIZE_MAX ||
        parser->reference_size == 0 || parser->reference_size > REFERENCE_SIZE_MAX ||
        table < HEADER_LENGTH || table > parser->length - TRAILER_LENGTH)
        return RS_PLIST_BAD;
    room = parser->length - TRAILER_LENGTH - table;
    if (parser->objects > room / parser->offset_size || parser->root >= parser->objects)
        return RS_PLIST_BAD;
    parser->offset_table = (size_t)table;
    return RS_PLIST_OK;
}

/* A cursor over the object's bytes and all objects after it; false when it lies elsewhere. */
static bool
find_object(const struct rs_plist_parser *parser, uint64_t object, struct rs_cursor *ret_cursor)
{
    struct rs_cursor table;
    uint64_t offset;

    if (object >= parser->objects)
        return false;
    rs_cursor_init(&table,
                   parser->bytes + parser->offset_table + (size_t)object * parser->offset_size,
                   parser->offset_size);
    offset = rs_take_be(&table, parser->offset_size);
    if (offset < HEADER_LENGTH || offset >= parser->offset_table)
        return false;
    rs_cursor_init(ret_cursor, parser->bytes + offset, parser->offset_table - (size_t)offset);
    return true;
}

/* The count of a string, data or container: in the marker, or in an integer object after it. */
static uint64_t
take_count(struct rs_cursor *cursor, unsigned low)
{
    uint8_t marker;

    if (low != COUNT_FOLLOWS)
        return low;
    marker = rs_take_u8(cursor);
    if (marker >> 4 != MARKER_INTEGER || (marker & 0xF) > 3) {
        cursor->failed = true;
        return 0;
    }
    return rs_take_be(cursor, (size_t)1 << (marker & 0xF));
}

static void
take_integer(struct rs_cursor *cursor, unsigned low, struct rs_plist_event *event)
{
    uint64_t high = 0;

    event->type = RS_PLIST_INTEGER;
    if (low > 4) {
        cursor->failed = true;
        return;
    }
    if (low == 4)
        high = rs_take_be64(cursor);
    event->integer = rs_take_be(cursor, low < 3 ? (size_t)1 << low : 8);
    event->high = high;
    /* One, two and four bytes are unsigned; eight and sixteen have a sign. */
    if (low == 3)
        event->is_negative = event->integer >> 63 != 0;
    if (low == 4) {
        event->is_negative = high >> 63 != 0;
        event->is_cut =
            event->is_negative ? high != UINT64_MAX || event->integer >> 63 == 0 : high != 0;
    }
}

static double
take_double(struct rs_cursor *cursor, unsigned low)
{
    uint64_t bits = rs_take_be(cursor, (size_t)1 << low);
    uint32_t narrow_bits = (uint32_t)bits;
    double value;
    float narrow;

    if (low == 3) {
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    memcpy(&narrow, &narrow_bits, sizeof narrow);
    return (double)narrow;
}

static void
take_simple(struct rs_cursor *cursor, unsigned low, struct rs_plist_event *event)
{
    event->type = low == SIMPLE_NULL ? RS_PLIST_NULL : RS_PLIST_BOOLEAN;
    event->boolean = low == SIMPLE_TRUE;
    if (low != SIMPLE_NULL && low != SIMPLE_FALSE && low != SIMPLE_TRUE)
        cursor->failed = true;
}

/* Strings and data: `count` units of `unit` bytes, the last of the object. */
static void
take_content(struct rs_cursor *cursor, uint64_t count, unsigned unit, struct rs_plist_event *event)
{
    if (count > rs_left(cursor) / unit) {
        cursor->failed = true;
        return;
    }
    event->content_length = (size_t)count * unit;
    rs_take_bytes(cursor, event->content_length);
}

/* Everything that holds no other values. */
static void
take_leaf(struct rs_cursor *cursor, uint8_t marker, struct rs_plist_event *event)
{
    unsigned low = marker & 0xF;

    switch (marker >> 4) {
    case MARKER_SIMPLE:
        take_simple(cursor, low, event);
        break;
    case MARKER_INTEGER:
        take_integer(cursor, low, event);
        break;
    case MARKER_REAL:
    case MARKER_DATE:
        event->type = marker >> 4 == MARKER_REAL ? RS_PLIST_REAL : RS_PLIST_DATE;
        if (low == 3 || (low == 2 && event->type == RS_PLIST_REAL))
            event->real = take_double(cursor, low);
        else
            cursor->failed = true;
        break;
    case MARKER_DATA:
        event->type = RS_PLIST_DATA;
        event->coding = RS_PLIST_CODING_RAW;
        take_content(cursor, take_count(cursor, low), 1, event);
        break;
    case MARKER_ASCII:
        event->type = RS_PLIST_STRING;
        event->coding = RS_PLIST_CODING_UTF8;
        take_content(cursor, take_count(cursor, low), 1, event);
        break;
    case MARKER_UTF16:
        event->type = RS_PLIST_STRING;
        event->coding = RS_PLIST_CODING_UTF16BE;
        take_content(cursor, take_count(cursor, low), 2, event);
        break;
    case MARKER_UID:
        event->type = RS_PLIST_UID;
        if (low < REFERENCE_SIZE_MAX)
            event->integer = rs_take_be(cursor, low + 1U);
        else
            cursor->failed = true;
        break;
    default:
        cursor->failed = true;
        break;
    }
}

static bool
is_open(const struct rs_plist_parser *parser, uint64_t object)
{
    for (unsigned i = 0; i < parser->depth; i++) {
        if (parser->levels[i].object == object)
            return true;
    }
    return false;
}

static enum rs_plist_array
array_kind(uint8_t marker)
{
    switch (marker >> 4) {
    case MARKER_SET:
        return RS_PLIST_SET;
    case MARKER_ORDERED_SET:
        return RS_PLIST_ORDERED_SET;
    default:
        return RS_PLIST_ARRAY;
    }
}

static enum rs_plist_status
open_container(struct rs_plist_parser *parser, uint64_t object, uint8_t marker,
               struct rs_cursor *cursor, struct rs_plist_event *event)
{
    bool is_dict = marker >> 4 == MARKER_DICT;
    uint64_t count = take_count(cursor, marker & 0xF);
    const uint8_t *references = cursor->at;
    size_t size = parser->reference_size * (is_dict ? 2U : 1U);
    enum rs_plist_status status;

    if (cursor->failed || count > rs_left(cursor) / size)
        return RS_PLIST_BAD;
    if (is_open(parser, object))
        return RS_PLIST_CYCLE;
    rs_take_bytes(cursor, (size_t)count * size);
    event->length = (size_t)(cursor->at - parser->bytes) - event->offset;
    event->array = array_kind(marker);
    status = rs_plist_open(parser, is_dict, event);
    if (status == RS_PLIST_OK) {
        struct rs_plist_level *level = &parser->levels[parser->depth - 1];

        level->object = object;
        level->references = (size_t)(references - parser->bytes);
        level->count = (size_t)count;
    }
    return status;
}

static bool
is_container(uint8_t marker)
{
    switch (marker >> 4) {
    case MARKER_ARRAY:
    case MARKER_ORDERED_SET:
    case MARKER_SET:
    case MARKER_DICT:
        return true;
    default:
        return false;
    }
}

/* The event of an object: a key, a value, or the beginning of a container. */
static enum rs_plist_status
read_object(struct rs_plist_parser *parser, uint64_t object, bool is_key,
            struct rs_plist_event *event)
{
    struct rs_cursor cursor;
    uint8_t marker;

    if (!rs_plist_accept(parser, is_key) || !find_object(parser, object, &cursor))
        return RS_PLIST_BAD;
    event->offset = (size_t)(cursor.at - parser->bytes);
    marker = rs_take_u8(&cursor);
    if (is_container(marker))
        return is_key ? RS_PLIST_BAD : open_container(parser, object, marker, &cursor, event);
    take_leaf(&cursor, marker, event);
    if (cursor.failed)
        return RS_PLIST_BAD;
    event->length = (size_t)(cursor.at - parser->bytes) - event->offset;
    event->content_offset = event->offset + event->length - event->content_length;
    if (!is_key)
        return RS_PLIST_OK;
    if (event->type != RS_PLIST_STRING)
        return RS_PLIST_BAD;
    event->type = RS_PLIST_KEY;
    return RS_PLIST_OK;
}

/* The number of the object that the i-th reference of a container names. */
static uint64_t
reference_at(const struct rs_plist_parser *parser, const struct rs_plist_level *level, size_t i)
{
    struct rs_cursor cursor;

    rs_cursor_init(&cursor, parser->bytes + level->references + i * parser->reference_size,
                   parser->reference_size);
    return rs_take_be(&cursor, parser->reference_size);
}

enum rs_plist_status
rs_plist_binary_next(struct rs_plist_parser *parser, struct rs_plist_event *event)
{
    struct rs_plist_level *level;
    size_t i;

    if (parser->root_done)
        return RS_PLIST_END;
    if (parser->depth == 0)
        return read_object(parser, parser->root, false, event);
    level = &parser->levels[parser->depth - 1];
    if (level->is_dict && !level->has_key && level->next < level->count)
        return read_object(parser, reference_at(parser, level, level->next), true, event);
    if (level->next == level->count)
        return rs_plist_close(parser, level->offset + level->length, event);
    i = level->next++;
    /* All keys of a dict come before all its values. */
    if (level->is_dict)
        i += level->count;
    return read_object(parser, reference_at(parser, level, i), false, event);
}
