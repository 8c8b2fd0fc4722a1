/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XPC headers, the framer and the objects. The messages are computed from the layout in
 * pymobiledevice3 62e2957, remote/xpc_message.py. */
#include <string.h>

#include <glib.h>

#include "dissectors/core/xpc.h"

/* clang-format off */
/* An empty message, and one whose object is {"a": true}. */
static const guint8 empty[] = {
    0x92, 0x0B, 0xB0, 0x29, 0x01, 0x00, 0x40, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
    0x07, 0, 0, 0, 0, 0, 0, 0x80,
};
static const guint8 message[] = {
    0x92, 0x0B, 0xB0, 0x29, 0x01, 0x01, 0x01, 0x00, 0x20, 0, 0, 0, 0, 0, 0, 0,
    0x02, 0, 0, 0, 0, 0, 0, 0,
    0x42, 0x37, 0x13, 0x42, 0x05, 0, 0, 0,
    0x00, 0xF0, 0, 0, 0x10, 0, 0, 0, 0x01, 0, 0, 0,
    'a', 0, 0, 0, 0x00, 0x20, 0, 0, 0x01, 0, 0, 0,
};
/* [null, -1, "hé", <010203>, 1.5, UUID, file transfer of message 9 {"s": 5}, {}] */
static const guint8 objects[] = {
    0x00, 0xE0, 0, 0, 0, 0, 0, 0, 0x08, 0, 0, 0,
    0x00, 0x10, 0, 0,
    0x00, 0x30, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0x00, 0x90, 0, 0, 0x04, 0, 0, 0, 'h', 0xC3, 0xA9, 0,
    0x00, 0x80, 0, 0, 0x03, 0, 0, 0, 1, 2, 3, 0,
    0x00, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F,
    0x00, 0xA0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    0x00, 0xA0, 0x01, 0, 0x09, 0, 0, 0, 0, 0, 0, 0,
    0x00, 0xF0, 0, 0, 0x14, 0, 0, 0, 0x01, 0, 0, 0,
    's', 0, 0, 0, 0x00, 0x40, 0, 0, 0x05, 0, 0, 0, 0, 0, 0, 0,
    0x00, 0xF0, 0, 0, 0x04, 0, 0, 0, 0x00, 0, 0, 0,
};
/* clang-format on */

static void
test_header_valid(void)
{
    struct rs_xpc_header header = { 0 };

    g_assert_cmpint(rs_xpc_read_header(empty, sizeof empty, &header), ==, RS_OK);
    g_assert_cmphex(header.flags, ==, 0x400001);
    g_assert_cmpuint(header.body_length, ==, 0);
    g_assert_true(header.has_number);
    g_assert_cmphex(header.number, ==, G_GUINT64_CONSTANT(0x8000000000000007));
    g_assert_cmpuint(header.size, ==, RS_XPC_HEADER);
    g_assert_cmpint(rs_xpc_read_header(message, sizeof message, &header), ==, RS_OK);
    g_assert_cmpuint(header.body_length, ==, sizeof message - RS_XPC_HEADER);
}

/* An empty message may end before its number; no other may. */
static void
test_header_prefixes(void)
{
    for (size_t length = 0; length < RS_XPC_HEADER; length++) {
        struct rs_xpc_header header = { .flags = 99 };

        g_assert_cmpint(rs_xpc_read_header(message, length, &header), ==, RS_SHORT);
        g_assert_cmpuint(header.flags, ==, 99);
        if (length < RS_XPC_HEADER_SHORT) {
            g_assert_cmpint(rs_xpc_read_header(empty, length, &header), ==, RS_SHORT);
            continue;
        }
        g_assert_cmpint(rs_xpc_read_header(empty, length, &header), ==, RS_OK);
        g_assert_false(header.has_number);
        g_assert_cmpuint(header.size, ==, RS_XPC_HEADER_SHORT);
    }
}

static void
test_header_out_of_range(void)
{
    struct rs_xpc_header header;
    guint8 bytes[sizeof message];

    for (guint i = 0; i < 4; i++) {
        memcpy(bytes, message, sizeof bytes);
        bytes[i] ^= 1;
        g_assert_cmpint(rs_xpc_read_header(bytes, sizeof bytes, &header), ==, RS_BAD);
    }
    memcpy(bytes, message, sizeof bytes);
    bytes[11] = 1; /* 16 MiB: too long with its header */
    bytes[8] = 0;
    g_assert_cmpint(rs_xpc_read_header(bytes, sizeof bytes, &header), ==, RS_BAD);
    bytes[8] = 0xE8; /* as long as may be */
    bytes[9] = bytes[10] = 0xFF;
    bytes[11] = 0;
    g_assert_cmpint(rs_xpc_read_header(bytes, sizeof bytes, &header), ==, RS_OK);
    bytes[15] = 0x80;
    g_assert_cmpint(rs_xpc_read_header(bytes, sizeof bytes, &header), ==, RS_BAD);
}

static void
assert_slice(struct rs_xpc_framer *framer, const guint8 *bytes, guint32 length, guint32 *offset,
             struct rs_xpc_slice expected)
{
    struct rs_xpc_slice slice;

    g_assert_true(rs_xpc_next_slice(framer, bytes, length, offset, &slice));
    g_assert_cmpuint(slice.offset, ==, expected.offset);
    g_assert_cmpuint(slice.length, ==, expected.length);
    g_assert_cmpuint(slice.message_offset, ==, expected.message_offset);
    g_assert_cmpint(slice.first, ==, expected.first);
    g_assert_cmpint(slice.last, ==, expected.last);
    g_assert_cmpint(slice.unsynchronised, ==, expected.unsynchronised);
}

static void
assert_used_up(struct rs_xpc_framer *framer, const guint8 *bytes, guint32 length, guint32 offset)
{
    struct rs_xpc_slice slice;

    g_assert_cmpuint(offset, ==, length);
    g_assert_false(rs_xpc_next_slice(framer, bytes, length, &offset, &slice));
}

/* Two messages in one chunk. */
static void
test_framer_several(void)
{
    struct rs_xpc_framer framer = { 0 };
    guint8 bytes[sizeof message + sizeof empty];
    guint32 offset = 0;

    memcpy(bytes, message, sizeof message);
    memcpy(bytes + sizeof message, empty, sizeof empty);
    assert_slice(&framer, bytes, sizeof bytes, &offset,
                 (struct rs_xpc_slice){ .length = sizeof message, .first = true, .last = true });
    assert_slice(
        &framer, bytes, sizeof bytes, &offset,
        (struct rs_xpc_slice){
            .offset = sizeof message, .length = sizeof empty, .first = true, .last = true });
    assert_used_up(&framer, bytes, sizeof bytes, offset);
}

/* Cut anywhere, also within its header, a message is found again. */
static void
test_framer_cut(void)
{
    for (guint32 cut = 1; cut < sizeof message; cut++) {
        struct rs_xpc_framer framer = { 0 };
        guint32 offset = 0;

        assert_slice(&framer, message, cut, &offset,
                     (struct rs_xpc_slice){ .length = cut, .first = true });
        assert_used_up(&framer, message, cut, offset);
        offset = 0;
        assert_slice(&framer, message + cut, sizeof message - cut, &offset,
                     (struct rs_xpc_slice){
                         .length = sizeof message - cut, .message_offset = cut, .last = true });
        assert_used_up(&framer, message + cut, sizeof message - cut, offset);
        g_assert_cmpuint(framer.have, ==, 0);
    }
}

/* What is no message takes the rest of the chunk; the next chunk starts anew. */
static void
test_framer_unsynchronised(void)
{
    struct rs_xpc_framer framer = { 0 };
    guint32 offset = 0;

    assert_slice(&framer, message + 4, 30, &offset,
                 (struct rs_xpc_slice){ .length = 30, .unsynchronised = true });
    offset = 0;
    assert_slice(&framer, message, sizeof message, &offset,
                 (struct rs_xpc_slice){ .length = sizeof message, .first = true, .last = true });
}

/* Without a number, when nothing follows in the chunk. */
static void
test_framer_short_header(void)
{
    struct rs_xpc_framer framer = { 0 };
    guint32 offset = 0;

    assert_slice(
        &framer, empty, RS_XPC_HEADER_SHORT, &offset,
        (struct rs_xpc_slice){ .length = RS_XPC_HEADER_SHORT, .first = true, .last = true });
}

static void
assert_event(struct rs_xpc_parser *parser, guint32 type, guint depth, guint64 number)
{
    struct rs_xpc_event event;

    g_assert_cmpint(rs_xpc_next(parser, &event), ==, RS_XPC_OK);
    g_assert_cmphex(event.type, ==, type);
    g_assert_cmpuint(event.depth, ==, depth);
    g_assert_cmphex(event.number, ==, number);
}

static void
assert_content(struct rs_xpc_parser *parser, guint32 type, guint32 index, const void *bytes,
               size_t length)
{
    struct rs_xpc_event event;

    g_assert_cmpint(rs_xpc_next(parser, &event), ==, RS_XPC_OK);
    g_assert_cmphex(event.type, ==, type);
    g_assert_cmpuint(event.index, ==, index);
    g_assert_false(event.has_key);
    g_assert_cmpuint(event.content_length, ==, length);
    g_assert_cmpint(memcmp(parser->bytes + event.content_offset, bytes, length), ==, 0);
}

static void
test_objects(void)
{
    struct rs_xpc_parser parser;
    struct rs_xpc_event event;

    rs_xpc_init(&parser, objects, sizeof objects);
    assert_event(&parser, RS_XPC_ARRAY, 0, 8);
    assert_event(&parser, RS_XPC_NULL, 1, 0);
    assert_event(&parser, RS_XPC_INT64, 1, G_MAXUINT64);
    assert_content(&parser, RS_XPC_STRING, 2, "h\xC3\xA9", 4);
    assert_content(&parser, RS_XPC_DATA, 3, "\1\2\3", 3);
    assert_event(&parser, RS_XPC_DOUBLE, 1, G_GUINT64_CONSTANT(0x3FF8000000000000));
    assert_content(&parser, RS_XPC_UUID, 5, objects + 68, 16);
    assert_event(&parser, RS_XPC_FILE_TRANSFER, 1, 9);
    assert_event(&parser, RS_XPC_DICTIONARY, 2, 1);
    g_assert_cmpint(rs_xpc_next(&parser, &event), ==, RS_XPC_OK);
    g_assert_true(event.has_key);
    g_assert_cmpuint(event.key_length, ==, 1);
    g_assert_cmpint(objects[event.key_offset], ==, 's');
    g_assert_cmpuint(event.number, ==, 5);
    for (int i = 0; i < 2; i++) { /* the dictionary's end, the file transfer's */
        g_assert_cmpint(rs_xpc_next(&parser, &event), ==, RS_XPC_OK);
        g_assert_true(event.is_end);
    }
    assert_event(&parser, RS_XPC_DICTIONARY, 1, 0);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(rs_xpc_next(&parser, &event), ==, RS_XPC_OK);
        g_assert_true(event.is_end);
    }
    g_assert_cmpuint(event.offset, ==, sizeof objects);
    g_assert_cmpint(rs_xpc_next(&parser, &event), ==, RS_XPC_END);
    g_assert_cmpint(rs_xpc_next(&parser, &event), ==, RS_XPC_END);
}

/* Each prefix ends as one that is too short, but for the last that lacks only its padding. */
static void
test_objects_prefixes(void)
{
    for (size_t length = 0; length < sizeof objects; length++) {
        guint8 *copy = g_memdup2(objects, length);
        struct rs_xpc_parser parser;
        struct rs_xpc_event event;

        rs_xpc_init(&parser, copy, length);
        while (rs_xpc_next(&parser, &event) == RS_XPC_OK)
            g_assert_cmpuint(event.offset + event.length, <=, length);
        /* The count of the array asks for eight objects of at least four bytes. */
        g_assert_cmpint(parser.status, ==,
                        length >= 12 && length < 8 * 4 ? RS_XPC_BAD : RS_XPC_SHORT);
        g_free(copy);
    }
}

static enum rs_xpc_status
status_of(const guint8 *bytes, size_t length)
{
    struct rs_xpc_parser parser;
    struct rs_xpc_event event;

    rs_xpc_init(&parser, bytes, length);
    while (rs_xpc_next(&parser, &event) == RS_XPC_OK)
        ;
    return parser.status;
}

static void
test_objects_types(void)
{
    static const guint8 pointer[] = { 0x00, 0x60, 0, 0 };
    static const guint8 none[] = { 0x01, 0x60, 0, 0 };
    static const guint8 key_without_end[] = { 0x00, 0xF0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 'a', 'b' };
    static const guint8 many[] = { 0x00, 0xE0, 0, 0, 8, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF };
    static const guint8 unpadded[] = { 0x00, 0x80, 0, 0, 1, 0, 0, 0, 7 };

    g_assert_cmpint(status_of(pointer, sizeof pointer), ==, RS_XPC_UNKNOWN);
    g_assert_cmpint(status_of(none, sizeof none), ==, RS_XPC_BAD);
    g_assert_cmpint(status_of(key_without_end, sizeof key_without_end), ==, RS_XPC_SHORT);
    g_assert_cmpint(status_of(many, sizeof many), ==, RS_XPC_BAD);
    g_assert_cmpint(status_of(unpadded, sizeof unpadded), ==, RS_XPC_END);
    g_assert_cmpint(status_of(NULL, 0), ==, RS_XPC_SHORT);
}

/* Arrays in arrays, to the greatest depth and one beyond. */
static void
test_objects_depth(void)
{
    static const guint8 array[] = { 0x00, 0xE0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0 };
    GByteArray *bytes = g_byte_array_new();

    for (int i = 0; i < RS_XPC_DEPTH_MAX; i++)
        g_byte_array_append(bytes, array, sizeof array);
    g_byte_array_append(bytes, (const guint8 *)"\0\x10\0\0", 4);
    g_assert_cmpint(status_of(bytes->data, bytes->len), ==, RS_XPC_END);
    g_byte_array_prepend(bytes, array, sizeof array);
    g_assert_cmpint(status_of(bytes->data, bytes->len), ==, RS_XPC_TOO_DEEP);
    g_byte_array_unref(bytes);
}

/* One object more than are allowed: the array is one of them. */
static void
test_objects_count(void)
{
    guint8 head[] = { 0x00, 0xE0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0 };
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_append(bytes, head, sizeof head);
    for (int i = 0; i < RS_XPC_OBJECTS_MAX; i++)
        g_byte_array_append(bytes, (const guint8 *)"\0\x10\0\0", 4);
    g_assert_cmpint(status_of(bytes->data, bytes->len), ==, RS_XPC_END);
    memcpy(bytes->data + 8, "\0\0\1", 3);
    g_assert_cmpint(status_of(bytes->data, bytes->len), ==, RS_XPC_TOO_MANY);
    g_byte_array_unref(bytes);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xpc/header/valid", test_header_valid);
    g_test_add_func("/xpc/header/prefixes", test_header_prefixes);
    g_test_add_func("/xpc/header/out-of-range", test_header_out_of_range);
    g_test_add_func("/xpc/framer/several", test_framer_several);
    g_test_add_func("/xpc/framer/cut", test_framer_cut);
    g_test_add_func("/xpc/framer/unsynchronised", test_framer_unsynchronised);
    g_test_add_func("/xpc/framer/short-header", test_framer_short_header);
    g_test_add_func("/xpc/objects/every-layout", test_objects);
    g_test_add_func("/xpc/objects/prefixes", test_objects_prefixes);
    g_test_add_func("/xpc/objects/types", test_objects_types);
    g_test_add_func("/xpc/objects/depth", test_objects_depth);
    g_test_add_func("/xpc/objects/count", test_objects_count);
    return g_test_run();
}
