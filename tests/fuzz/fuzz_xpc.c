/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XPC: the input is a row of chunks, each {u8 length, bytes}, and the same bytes are read as
 * objects. Slices cover each chunk, events lie in the input and nest. */
#include <string.h>

#include "dissectors/core/xpc.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 16 }; /* larger inputs reach nothing new and slow the search down */

/* How much of the message under way the slices told. */
static uint32_t
check_slice(const struct rs_xpc_slice *slice, uint32_t expected, uint32_t have)
{
    CLAIM(slice->offset == expected && slice->length > 0);
    if (slice->unsynchronised) {
        CLAIM(!slice->first && !slice->last);
        return 0;
    }
    CLAIM(slice->message_offset == have);
    CLAIM(slice->first == (have == 0));
    return slice->last ? 0 : have + slice->length;
}

static void
check_chunks(const uint8_t *data, size_t size)
{
    struct rs_xpc_framer framer = { 0 };
    struct rs_xpc_slice slice;
    struct rs_cursor cursor;
    uint32_t have = 0;

    rs_cursor_init(&cursor, data, size);
    while (rs_left(&cursor) > 1) {
        uint32_t length = rs_take_u8(&cursor), offset = 0, expected = 0;
        uint8_t *copy;

        if (length > rs_left(&cursor))
            length = (uint32_t)rs_left(&cursor);
        copy = malloc(length > 0 ? length : 1);
        CLAIM(copy != NULL);
        memcpy(copy, rs_take_bytes(&cursor, length), length);
        while (rs_xpc_next_slice(&framer, copy, length, &offset, &slice)) {
            have = check_slice(&slice, expected, have);
            expected += slice.length;
            CLAIM(offset == expected && framer.have == have);
        }
        CLAIM(offset == length);
        free(copy);
    }
}

static void
check_event(const struct rs_xpc_event *event, unsigned *depth, size_t size)
{
    CLAIM(event->offset <= size && event->length <= size - event->offset);
    CLAIM(event->depth < RS_XPC_DEPTH_MAX + 1);
    if (event->is_end) {
        CLAIM(*depth > 0);
        CLAIM(event->depth == --*depth);
        return;
    }
    CLAIM(event->depth == *depth && event->length >= 4);
    CLAIM(event->content_offset <= size && event->content_length <= size - event->content_offset);
    CLAIM(!event->has_key ||
          (event->key_offset < size && event->key_length < size - event->key_offset));
    if (event->type == RS_XPC_ARRAY || event->type == RS_XPC_DICTIONARY ||
        event->type == RS_XPC_FILE_TRANSFER)
        ++*depth;
}

static void
check_objects(const uint8_t *bytes, size_t size)
{
    struct rs_xpc_parser parser;
    struct rs_xpc_event event;
    unsigned depth = 0;
    uint32_t objects = 0;

    rs_xpc_init(&parser, bytes, size);
    while (rs_xpc_next(&parser, &event) == RS_XPC_OK) {
        check_event(&event, &depth, size);
        objects += !event.is_end;
        CLAIM(objects <= RS_XPC_OBJECTS_MAX);
    }
    CLAIM(parser.status == rs_xpc_next(&parser, &event)); /* final */
    CLAIM(parser.status != RS_XPC_END || (depth == 0 && objects > 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rs_xpc_header header;
    uint8_t *copy;

    if (size > INPUT_MAX)
        return 0;
    copy = malloc(size > 0 ? size : 1);
    CLAIM(copy != NULL);
    memcpy(copy, data, size);
    if (rs_xpc_read_header(copy, size, &header) == RS_OK)
        CLAIM(header.size <= size && header.body_length < RS_XPC_LENGTH_MAX);
    check_objects(copy, size);
    free(copy);
    check_chunks(data, size);
    return 0;
}
