/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The objects of an XPC message; see xpc.h. The byte length of a container is not relied upon:
 * some senders count its four bytes of count, some do not. */
#include "dissectors/core/xpc.h"

#include <string.h>

enum { ALIGNMENT = 4, UUID_BYTES = 16, OBJECT_BYTES_MIN = 4 };

void
rs_xpc_init(struct rs_xpc_parser *parser, const uint8_t *bytes, size_t length)
{
    memset(parser, 0, sizeof *parser);
    parser->bytes = bytes;
    parser->length = length;
}

/* What pads `size` bytes to a multiple of four; the last bytes of a message may lack theirs. */
static void
skip_padding(struct rs_cursor *cursor, size_t size)
{
    size_t padding = (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;

    rs_take_bytes(cursor, padding < rs_left(cursor) ? padding : rs_left(cursor));
}

static enum rs_xpc_status
take_key(struct rs_cursor *cursor, struct rs_xpc_event *event)
{
    const uint8_t *key = cursor->at;
    const uint8_t *end = rs_left(cursor) > 0 ? memchr(key, '\0', rs_left(cursor)) : NULL;

    if (end == NULL)
        return RS_XPC_SHORT;
    event->has_key = true;
    event->key_length = (size_t)(end - key);
    rs_take_bytes(cursor, event->key_length + 1);
    skip_padding(cursor, event->key_length + 1);
    return RS_XPC_OK;
}

/* u32 length and as many bytes. */
static void
take_counted(struct rs_cursor *cursor, struct rs_xpc_event *event)
{
    event->content_length = rs_take_le32(cursor);
    rs_take_bytes(cursor, event->content_length);
    skip_padding(cursor, event->content_length);
}

static void
take_number(struct rs_cursor *cursor, struct rs_xpc_event *event, size_t size)
{
    event->number = rs_take_le(cursor, size);
    event->content_length = size;
}

/* u32 length, u32 count; or, for a file transfer, u64 message and one object. */
static enum rs_xpc_status
take_container(struct rs_xpc_parser *parser, struct rs_cursor *cursor, struct rs_xpc_event *event)
{
    struct rs_xpc_level level = { .type = event->type, .count = 1 };

    if (event->type == RS_XPC_FILE_TRANSFER) {
        event->number = rs_take_le64(cursor);
    } else {
        rs_take_le32(cursor);
        level.count = rs_take_le32(cursor);
        event->number = level.count;
    }
    if (cursor->failed)
        return RS_XPC_SHORT;
    if (level.count > parser->length / OBJECT_BYTES_MIN)
        return RS_XPC_BAD;
    if (parser->depth == RS_XPC_DEPTH_MAX)
        return RS_XPC_TOO_DEEP;
    parser->level[parser->depth++] = level;
    return RS_XPC_OK;
}

#define TYPE_CASE(name, code, text) case (code):
static bool
is_type(uint32_t type)
{
    switch (type) {
        RS_XPC_TYPES(TYPE_CASE)
        return true;
    default:
        return false;
    }
}

/* The value behind the type. event->content_offset is where it begins. */
static enum rs_xpc_status
take_value(struct rs_xpc_parser *parser, struct rs_cursor *cursor, struct rs_xpc_event *event)
{
    switch (event->type) {
    case RS_XPC_NULL:
        break;
    case RS_XPC_BOOL:
    case RS_XPC_FD:
        take_number(cursor, event, 4);
        break;
    case RS_XPC_INT64:
    case RS_XPC_UINT64:
    case RS_XPC_DOUBLE:
    case RS_XPC_DATE:
    case RS_XPC_SHMEM:
        take_number(cursor, event, 8);
        break;
    case RS_XPC_DATA:
    case RS_XPC_STRING:
        event->content_offset += 4;
        take_counted(cursor, event);
        break;
    case RS_XPC_UUID:
        event->content_length = UUID_BYTES;
        rs_take_bytes(cursor, UUID_BYTES);
        break;
    case RS_XPC_ARRAY:
    case RS_XPC_DICTIONARY:
    case RS_XPC_FILE_TRANSFER:
        return take_container(parser, cursor, event);
    default:
        return is_type(event->type) ? RS_XPC_UNKNOWN : RS_XPC_BAD;
    }
    return cursor->failed ? RS_XPC_SHORT : RS_XPC_OK;
}

/* An object, with its key where it has one. */
static enum rs_xpc_status
take_object(struct rs_xpc_parser *parser, struct rs_xpc_event *event)
{
    struct rs_xpc_level *level = parser->depth > 0 ? &parser->level[parser->depth - 1] : NULL;
    enum rs_xpc_status status = RS_XPC_OK;
    struct rs_cursor cursor;

    if (parser->objects == RS_XPC_OBJECTS_MAX)
        return RS_XPC_TOO_MANY;
    rs_cursor_init(&cursor, parser->bytes, parser->length);
    rs_take_bytes(&cursor, parser->at);
    event->offset = parser->at;
    event->depth = parser->depth;
    event->index = level ? level->done : 0;
    event->key_offset = parser->at;
    if (level && level->type == RS_XPC_DICTIONARY)
        status = take_key(&cursor, event);
    if (status != RS_XPC_OK)
        return status;
    event->type = rs_take_le32(&cursor);
    if (cursor.failed)
        return RS_XPC_SHORT;
    event->content_offset = parser->length - rs_left(&cursor);
    status = take_value(parser, &cursor, event);
    if (status != RS_XPC_OK)
        return status;
    if (level)
        level->done++;
    parser->objects++;
    parser->at = parser->length - rs_left(&cursor);
    event->length = parser->at - event->offset;
    return RS_XPC_OK;
}

static void
end_container(struct rs_xpc_parser *parser, struct rs_xpc_event *event)
{
    const struct rs_xpc_level *level = &parser->level[--parser->depth];

    event->type = level->type;
    event->is_end = true;
    event->depth = parser->depth;
    event->offset = parser->at;
    event->number = level->count;
}

enum rs_xpc_status
rs_xpc_next(struct rs_xpc_parser *parser, struct rs_xpc_event *ret_event)
{
    struct rs_xpc_event event = { 0 };

    if (parser->status != RS_XPC_OK)
        return parser->status;
    if (parser->depth == 0 && parser->objects > 0) {
        parser->status = RS_XPC_END;
    } else if (parser->depth > 0 &&
               parser->level[parser->depth - 1].done == parser->level[parser->depth - 1].count) {
        end_container(parser, &event);
    } else {
        parser->status = take_object(parser, &event);
    }
    if (parser->status == RS_XPC_OK)
        *ret_event = event;
    return parser->status;
}
