/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Binary property lists: one with every type that writers produce (made with Python's plistlib),
 * and hand-made ones that lie. */
#include <string.h>

#include "tests/unit/core/plist_render.h"

/* clang-format off */
static const guint8 every_type[] = {
    0x62, 0x70, 0x6c, 0x69, 0x73, 0x74, 0x30, 0x30, 0xdf, 0x10, 0x10, 0x01, 0x02, 0x03, 0x04, 0x05,
    0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,
    0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x23, 0x51, 0x62, 0x51, 0x66, 0x52,
    0x69, 0x31, 0x52, 0x69, 0x32, 0x52, 0x69, 0x34, 0x52, 0x69, 0x38, 0x53, 0x6e, 0x65, 0x67, 0x53,
    0x6d, 0x61, 0x78, 0x51, 0x72, 0x51, 0x64, 0x54, 0x64, 0x61, 0x74, 0x61, 0x51, 0x73, 0x55, 0x65,
    0x6d, 0x6f, 0x6a, 0x69, 0x51, 0x75, 0x51, 0x61, 0x51, 0x65, 0x09, 0x08, 0x10, 0x05, 0x11, 0x01,
    0x2c, 0x12, 0x00, 0x01, 0x11, 0x70, 0x13, 0x00, 0x00, 0x00, 0x01, 0x2a, 0x05, 0xf2, 0x00, 0x13,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x23, 0x3f, 0xf8, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x33, 0x41, 0xc5, 0xc8, 0x54, 0xa0, 0x80, 0x00, 0x00, 0x43, 0x00, 0xff, 0x10, 0x63,
    0x00, 0x68, 0x00, 0xe9, 0x00, 0xe9, 0x62, 0xd8, 0x3d, 0xde, 0x00, 0x80, 0x07, 0xa3, 0x20, 0x21,
    0x22, 0x10, 0x01, 0x51, 0x78, 0xa0, 0xd0, 0x08, 0x2b, 0x2d, 0x2f, 0x32, 0x35, 0x38, 0x3b, 0x3f,
    0x43, 0x45, 0x47, 0x4c, 0x4e, 0x54, 0x56, 0x58, 0x5a, 0x5b, 0x5c, 0x5e, 0x61, 0x66, 0x6f, 0x78,
    0x89, 0x92, 0x9b, 0x9f, 0xa6, 0xab, 0xad, 0xb1, 0xb3, 0xb5, 0xb6, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x24, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xb7,
};

/* The message that opens the reverse proxy's control connection (libimobiledevice fa0f791,
 * src/reverse_proxy.c). */
static const guint8 begin_ctrl[] = {
    0x62, 0x70, 0x6C, 0x69, 0x73, 0x74, 0x30, 0x30, 0xD2, 0x01, 0x02, 0x03, 0x04, 0x57, 0x43, 0x6F,
    0x6D, 0x6D, 0x61, 0x6E, 0x64, 0x5F, 0x10, 0x10, 0x43, 0x74, 0x72, 0x6C, 0x50, 0x72, 0x6F, 0x74,
    0x6F, 0x56, 0x65, 0x72, 0x73, 0x69, 0x6F, 0x6E, 0x59, 0x42, 0x65, 0x67, 0x69, 0x6E, 0x43, 0x74,
    0x72, 0x6C, 0x10, 0x02, 0x08, 0x0D, 0x15, 0x28, 0x32, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
    0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x34,
};
/* clang-format on */

enum { TRAILER = 32, OFFSET_SIZE = 6, REFERENCE_SIZE = 7, OBJECTS = 15, ROOT = 23, TABLE = 31 };

static void
assert_list(const void *bytes, size_t length, const char *expected,
            enum rs_plist_status expected_status)
{
    enum rs_plist_status status;
    g_autofree char *text = plist_render(bytes, length, &status);

    g_assert_cmpstr(text, ==, expected);
    g_assert_cmpint(status, ==, expected_status);
}

static void
test_valid(void)
{
    assert_list(begin_ctrl, sizeof begin_ctrl, "{Command=\"BeginCtrl\", CtrlProtoVersion=2}",
                RS_PLIST_END);
    assert_list(
        every_type, sizeof every_type,
        "{b=true, f=false, i1=5, i2=300, i4=70000, i8=5000000000, neg=-2, "
        "max=18446744073709551615, r=1.5, d=@730900801, data=<00ff10>, "
        "s=\"h\xC3\xA9\xC3\xA9\", emoji=\"\xF0\x9F\x98\x80\", u=#7, a=[1, \"x\", []], e={}}",
        RS_PLIST_END);
}

/* A cut list is never taken for a whole one: its trailer is elsewhere. */
static void
test_prefixes(void)
{
    for (size_t length = 0; length < sizeof every_type; length++) {
        enum rs_plist_status status;
        g_autofree char *text = plist_render(every_type, length, &status);

        if (length < 8 + TRAILER)
            g_assert_cmpint(status, ==, RS_PLIST_SHORT);
        else
            g_assert_cmpint(status, ==, RS_PLIST_BAD);
        g_assert_cmpstr(text, ==, "");
    }
}

/* A list of the given objects, one byte per offset and reference; free with g_free(). */
static guint8 *
make_list(const void *objects, size_t length, const guint8 *offsets, guint8 count, size_t *ret_size)
{
    GByteArray *list = g_byte_array_new();
    guint8 trailer[TRAILER] = { 0 };

    trailer[OFFSET_SIZE] = trailer[REFERENCE_SIZE] = 1;
    trailer[OBJECTS] = count;
    trailer[TABLE] = (guint8)(8 + length);
    g_byte_array_append(list, (const guint8 *)"bplist00", 8);
    g_byte_array_append(list, objects, (guint)length);
    g_byte_array_append(list, offsets, count);
    g_byte_array_append(list, trailer, sizeof trailer);
    *ret_size = list->len;
    return g_byte_array_free(list, FALSE);
}

/* The root object alone. */
static void
assert_object(const char *bytes, size_t length, const char *expected,
              enum rs_plist_status expected_status)
{
    static const guint8 offsets[] = { 8 };
    size_t size;
    g_autofree guint8 *list = make_list(bytes, length, offsets, 1, &size);

    assert_list(list, size, expected, expected_status);
}

#define OBJECT(bytes) (bytes), sizeof(bytes) - 1

static void
test_scalars(void)
{
    assert_object(OBJECT("\x00"), "null", RS_PLIST_END);
    assert_object(OBJECT("\x10\xFF"), "255", RS_PLIST_END);
    assert_object(OBJECT("\x13\x80\0\0\0\0\0\0\0"), "-9223372036854775808", RS_PLIST_END);
    assert_object(OBJECT("\x14\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"),
                  "-2", RS_PLIST_END);
    assert_object(OBJECT("\x14\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x05"), "5(cut)", RS_PLIST_END);
    assert_object(OBJECT("\x22\x3F\xC0\0\0"), "1.5", RS_PLIST_END);
    assert_object(OBJECT("\x83\x01\x02\x03\x04"), "#16909060", RS_PLIST_END);
    assert_object(OBJECT("\x5F\x10\x03"
                         "abc"),
                  "\"abc\"", RS_PLIST_END);
    assert_object(OBJECT("\x53"
                         "a\0b"),
                  "\"a b\"", RS_PLIST_END);
    assert_object(OBJECT("\x61\xD8\x3D"), "\"\xEF\xBF\xBD\"", RS_PLIST_END);
    assert_object(OBJECT("\x62\xD8\x3D\0A"),
                  "\"\xEF\xBF\xBD"
                  "A\"",
                  RS_PLIST_END);
    assert_object(OBJECT("\x40"), "<>", RS_PLIST_END);
    assert_object(OBJECT("\xC0"), "[]", RS_PLIST_END);
}

static void
test_malformed_objects(void)
{
    static const char *const objects[] = {
        "\x01",
        "\x0F",
        "\x10",
        "\x15zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "\x21zz",
        "\x22zzz",
        "\x32zzzz",
        "\x33zzzzzzz",
        "\x53zz",
        "\x5Fzz",
        "\x5F\x14zz",
        "\x5F\x10",
        "\x62zzz",
        "\x6F\x13\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFFzz",
        "\x4F\x13\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFz",
        "\x83zz",
        "\x88zzzzzzzzz",
        "\x70",
        "\x90",
        "\xE0",
        "\xF0",
        "\xA1",
        "\xA1z",
        "\xD1zz",
        "\xAF\x13\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFz",
        "\xDF\x13\x80zzzzzzzzz",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
        static const guint8 offsets[] = { 8 };
        enum rs_plist_status status;
        size_t size;
        g_autofree guint8 *list = make_list(objects[i], strlen(objects[i]), offsets, 1, &size);
        g_autofree char *text = plist_render(list, size, &status);

        g_assert_nonnull(text);
        g_assert_cmpint(status, ==, RS_PLIST_BAD);
    }
}

/* Each number of the trailer at values that point outside. */
static void
test_trailer(void)
{
    static const struct {
        size_t at;
        guint8 value;
    } lies[] = {
        { OFFSET_SIZE, 0 },    { OFFSET_SIZE, 9 },    { OFFSET_SIZE, 255 },
        { REFERENCE_SIZE, 0 }, { REFERENCE_SIZE, 9 }, { REFERENCE_SIZE, 255 },
        { OBJECTS, 0 },        { OBJECTS, 6 },        { OBJECTS - 7, 255 },
        { ROOT, 5 },           { ROOT - 7, 255 },     { TABLE, 7 },
        { TABLE, 0 },          { TABLE, 58 },         { TABLE, 255 },
        { TABLE - 7, 255 },
    };
    size_t trailer = sizeof begin_ctrl - TRAILER;

    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        guint8 list[sizeof begin_ctrl];

        memcpy(list, begin_ctrl, sizeof list);
        list[trailer + lies[i].at] = lies[i].value;
        assert_list(list, sizeof list, "", RS_PLIST_BAD);
    }
}

/* Every byte at its extremes: whatever comes out, nothing is read outside and it ends. */
static void
test_every_byte(void)
{
    for (size_t at = 8; at < sizeof every_type; at++) {
        for (unsigned value = 0; value < 256; value++) {
            guint8 list[sizeof every_type];
            enum rs_plist_status status;
            g_autofree char *text = NULL;

            memcpy(list, every_type, sizeof list);
            list[at] = (guint8)value;
            text = plist_render(list, sizeof list, &status);
            g_assert_cmpint(status, !=, RS_PLIST_OK);
            g_assert_cmpint(status, !=, RS_PLIST_SHORT);
        }
    }
}

static void
test_uniform(void)
{
    static const guint8 fills[] = { 0x00, 0xFF };

    for (size_t i = 0; i < G_N_ELEMENTS(fills); i++) {
        guint8 list[100];

        memset(list, fills[i], sizeof list);
        assert_list(list, sizeof list, "", RS_PLIST_BAD);
        memcpy(list, "bplist00", 8);
        assert_list(list, sizeof list, "", RS_PLIST_BAD);
    }
}

static struct rs_plist_event
first_event(const char *bytes, size_t length)
{
    static const guint8 offsets[] = { 8 };
    size_t size;
    g_autofree guint8 *list = make_list(bytes, length, offsets, 1, &size);
    struct rs_plist_event event = { .integer = 0 };
    struct rs_plist_parser parser;

    rs_plist_init(&parser, list, size);
    g_assert_cmpint(rs_plist_next(&parser, &event), ==, RS_PLIST_OK);
    return event;
}

/* What the rendered text does not show: the kind of an array, and the high half of an integer. */
static void
test_kinds(void)
{
    struct rs_plist_event event = first_event(OBJECT("\x14\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x05"));

    g_assert_true(event.is_cut);
    g_assert_cmpuint(event.high, ==, 2);
    g_assert_cmpuint(event.integer, ==, 5);
    g_assert_cmpint(first_event(OBJECT("\xA0")).array, ==, RS_PLIST_ARRAY);
    g_assert_cmpint(first_event(OBJECT("\xB0")).array, ==, RS_PLIST_ORDERED_SET);
    g_assert_cmpint(first_event(OBJECT("\xC0")).array, ==, RS_PLIST_SET);
}

/* A dict's key is a string and nothing else. */
static void
test_keys(void)
{
    static const guint8 offsets[] = { 8, 11 };
    size_t size;
    g_autofree guint8 *list = make_list(OBJECT("\xD1\x01\x01\x10\x05"), offsets, 2, &size);

    assert_list(list, size, "{", RS_PLIST_BAD);
}

/* An array that contains itself, directly and through another one. */
static void
test_cycles(void)
{
    static const guint8 one[] = { 8 }, two[] = { 8, 10 };
    size_t size;
    g_autofree guint8 *direct = make_list(OBJECT("\xA1\x00"), one, 1, &size);
    g_autofree guint8 *through = NULL;

    assert_list(direct, size, "[", RS_PLIST_CYCLE);
    through = make_list(OBJECT("\xA1\x01\xA1\x00"), two, 2, &size);
    assert_list(through, size, "[[", RS_PLIST_CYCLE);
}

/* Arrays of ten references to the next array: ten to the n-th values out of a few bytes. */
static void
test_explosion(void)
{
    enum { LEVELS = 15, WIDTH = 10 };
    guint8 objects[LEVELS * (WIDTH + 1) + 1], offsets[LEVELS + 1];
    size_t at = 0, size, count = 0;
    g_autofree guint8 *list = NULL;
    struct rs_plist_parser parser;
    struct rs_plist_event event;

    for (guint8 level = 0; level < LEVELS; level++) {
        offsets[level] = (guint8)(8 + at);
        objects[at++] = 0xA0 | WIDTH;
        memset(objects + at, level + 1, WIDTH);
        at += WIDTH;
    }
    offsets[LEVELS] = (guint8)(8 + at);
    objects[at++] = 0x09;
    list = make_list(objects, at, offsets, LEVELS + 1, &size);
    rs_plist_init(&parser, list, size);
    while (rs_plist_next(&parser, &event) == RS_PLIST_OK)
        count++;
    g_assert_cmpint(parser.status, ==, RS_PLIST_TOO_MANY);
    g_assert_cmpuint(count, ==, RS_PLIST_EVENTS_MAX);
}

/* One string referred to many times: the decoded text is bounded, not only the number of values. */
static void
test_content(void)
{
    enum { STRING = 100, REFERENCES = 100 };
    guint8 objects[3 + REFERENCES + 3 + STRING];
    static const guint8 offsets[] = { 8, 8 + 3 + REFERENCES };
    size_t size, content = 0;
    g_autofree guint8 *list = NULL;
    struct rs_plist_parser parser;
    struct rs_plist_event event;

    memcpy(objects, "\xAF\x10\x64", 3);
    memset(objects + 3, 1, REFERENCES);
    memcpy(objects + 3 + REFERENCES, "\x5F\x10\x64", 3);
    memset(objects + 3 + REFERENCES + 3, 'x', STRING);
    list = make_list(objects, sizeof objects, offsets, 2, &size);
    rs_plist_init(&parser, list, size);
    parser.content_left = 5000;
    while (rs_plist_next(&parser, &event) == RS_PLIST_OK)
        content += event.content_length;
    g_assert_cmpint(parser.status, ==, RS_PLIST_TOO_LONG);
    g_assert_cmpuint(content, ==, 5000);
}

static void
test_depth(void)
{
    for (guint8 depth = RS_PLIST_DEPTH_MAX; depth <= RS_PLIST_DEPTH_MAX + 1; depth++) {
        guint8 objects[2 * (RS_PLIST_DEPTH_MAX + 1)], offsets[RS_PLIST_DEPTH_MAX + 1];
        enum rs_plist_status status;
        g_autofree guint8 *list = NULL;
        g_autofree char *text = NULL;
        size_t size;

        for (guint8 i = 0; i < depth; i++) {
            offsets[i] = (guint8)(8 + 2 * i);
            objects[2 * i] = i + 1 < depth ? 0xA1 : 0xA0;
            objects[2 * i + 1] = (guint8)(i + 1);
        }
        list = make_list(objects, 2U * depth, offsets, depth, &size);
        text = plist_render(list, size, &status);
        g_assert_cmpint(status, ==, depth == RS_PLIST_DEPTH_MAX ? RS_PLIST_END : RS_PLIST_TOO_DEEP);
    }
}

/* Every value says where its bytes are. */
static void
test_places(void)
{
    static const size_t places[][2] = { { 8, 5 },   { 13, 8 }, { 40, 10 },
                                        { 21, 19 }, { 50, 2 }, { 8, 5 } };
    struct rs_plist_parser parser;
    struct rs_plist_event event;

    rs_plist_init(&parser, begin_ctrl, sizeof begin_ctrl);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_assert_cmpint(rs_plist_next(&parser, &event), ==, RS_PLIST_OK);
        g_assert_cmpuint(event.offset, ==, places[i][0]);
        g_assert_cmpuint(event.length, ==, places[i][1]);
    }
    g_assert_cmpint(rs_plist_next(&parser, &event), ==, RS_PLIST_END);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plist/binary/valid", test_valid);
    g_test_add_func("/plist/binary/prefixes", test_prefixes);
    g_test_add_func("/plist/binary/scalars", test_scalars);
    g_test_add_func("/plist/binary/malformed-objects", test_malformed_objects);
    g_test_add_func("/plist/binary/trailer", test_trailer);
    g_test_add_func("/plist/binary/every-byte", test_every_byte);
    g_test_add_func("/plist/binary/uniform", test_uniform);
    g_test_add_func("/plist/binary/keys", test_keys);
    g_test_add_func("/plist/binary/kinds", test_kinds);
    g_test_add_func("/plist/binary/cycles", test_cycles);
    g_test_add_func("/plist/binary/explosion", test_explosion);
    g_test_add_func("/plist/binary/content", test_content);
    g_test_add_func("/plist/binary/depth", test_depth);
    g_test_add_func("/plist/binary/places", test_places);
    return g_test_run();
}
