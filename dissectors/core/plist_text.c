/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Decoding of strings and data of property lists; see rs_plist_decode(). */
#include <string.h>

#include "dissectors/core/plist_private.h"

enum { REPLACEMENT = 0xFFFD, UNICODE_MAX = 0x10FFFF, ENTITY_LENGTH_MAX = 10 };

/* Takes decoded bytes, counts all of them and keeps those that fit. */
struct sink {
    uint8_t *buffer;
    size_t size, total;
    bool full;
};

static void
put(struct sink *sink, const uint8_t *bytes, size_t length)
{
    if (!sink->full && sink->size - sink->total >= length)
        memcpy(sink->buffer + sink->total, bytes, length);
    else
        sink->full = true;
    sink->total += length;
}

static void
put_character(struct sink *sink, uint32_t c)
{
    uint8_t bytes[4];
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

    if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
        c = ' ';
    for (size_t i = length; i > 1; i--) {
        bytes[i - 1] = (uint8_t)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    bytes[0] = (uint8_t)(leads[length] | c);
    put(sink, bytes, length);
}

static bool
is_character(uint32_t c)
{
    return c <= UNICODE_MAX && (c < 0xD800 || c > 0xDFFF);
}

/* The character at the start of UTF-8 text and how many bytes it takes; one replacement character
 * for each byte that is part of none. */
static size_t
take_utf8(const uint8_t *text, size_t length, uint32_t *ret_character)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint8_t lead = text[0];
    size_t size = lead < 0x80 ? 1 : lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t c = size == 1 ? lead : lead & (0x7FU >> size);

    *ret_character = REPLACEMENT;
    if (size == 0 || size > length || lead > 0xF4)
        return 1;
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 1;
        c = c << 6 | (text[i] & 0x3FU);
    }
    if (c < smallest[size] || !is_character(c))
        return 1;
    *ret_character = c;
    return size;
}

static void
put_utf8(struct sink *sink, const uint8_t *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t c;

        at += take_utf8(text + at, length - at, &c);
        put_character(sink, c);
    }
}

static void
put_utf16(struct sink *sink, const uint8_t *text, size_t length)
{
    struct rs_cursor cursor;

    rs_cursor_init(&cursor, text, length);
    while (rs_left(&cursor) >= 2) {
        uint32_t c = rs_take_be16(&cursor);
        struct rs_cursor ahead = cursor;

        if (c >= 0xD800 && c <= 0xDBFF) {
            uint32_t low = rs_take_be16(&ahead);

            if (low >= 0xDC00 && low <= 0xDFFF) {
                c = 0x10000 + ((c - 0xD800) << 10 | (low - 0xDC00));
                cursor = ahead;
            }
        }
        put_character(sink, is_character(c) ? c : REPLACEMENT);
    }
}

/* The value of "#65" or "#x41". */
static bool
parse_reference(const uint8_t *text, size_t length, uint32_t *ret_character)
{
    bool is_hex = length > 2 && (text[1] == 'x' || text[1] == 'X');
    uint32_t base = is_hex ? 16 : 10, c = 0;
    size_t at = is_hex ? 2 : 1;

    if (length < 2)
        return false;
    for (; at < length; at++) {
        uint8_t byte = text[at] | 0x20; /* lower case; digits have that bit */
        uint32_t digit = byte >= '0' && byte <= '9'   ? byte - (uint32_t)'0'
                         : byte >= 'a' && byte <= 'f' ? byte - (uint32_t)'a' + 10
                                                      : base;

        if (digit >= base)
            return false;
        c = c * base + digit;
        if (c > UNICODE_MAX)
            return false;
    }
    *ret_character = is_character(c) ? c : REPLACEMENT;
    return true;
}

/* The character an entity stands for, and how many bytes it takes; 0 when it is none we know. */
static size_t
take_entity(const uint8_t *text, size_t length, uint32_t *ret_character)
{
    static const struct {
        const char *name;
        char character;
    } names[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' } };
    size_t room = length < ENTITY_LENGTH_MAX + 2 ? length : ENTITY_LENGTH_MAX + 2;
    const uint8_t *end = memchr(text, ';', room);
    size_t size;

    if (end == NULL || end == text + 1)
        return 0;
    size = (size_t)(end - text) - 1;
    text++;
    if (text[0] == '#')
        return parse_reference(text, size, ret_character) ? size + 2 : 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i].name) == size && memcmp(names[i].name, text, size) == 0) {
            *ret_character = (uint8_t)names[i].character;
            return size + 2;
        }
    }
    return 0;
}

/* How far a section that begins at text goes, and which part of it is text. */
static size_t
take_section(const uint8_t *text, size_t length, struct sink *sink)
{
    static const char cdata[] = "<![CDATA[";
    size_t start = strlen(cdata), at = start;

    if (rs_plist_match(text, length, 0, cdata) == RS_OK) {
        if (rs_plist_skip_past(text, length, "]]>", &at) != RS_OK)
            return length;
        put_utf8(sink, text + start, at - strlen("]]>") - start);
        return at;
    }
    at = strlen("<!--");
    return rs_plist_skip_past(text, length, "-->", &at) == RS_OK ? at : length;
}

static void
put_xml(struct sink *sink, const uint8_t *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t c;
        size_t size = 0;

        if (text[at] == '<') {
            at += take_section(text + at, length - at, sink);
            continue;
        }
        if (text[at] == '&')
            size = take_entity(text + at, length - at, &c);
        if (size == 0)
            size = take_utf8(text + at, length - at, &c);
        at += size;
        put_character(sink, c);
    }
}

static int
base64_value(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

static void
put_base64(struct sink *sink, const uint8_t *text, size_t length)
{
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t i = 0; i < length && text[i] != '='; i++) {
        int value = base64_value(text[i]);

        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            uint8_t byte = (uint8_t)(bits >> (count -= 8));

            put(sink, &byte, 1);
        }
    }
}

size_t
rs_plist_decode(const struct rs_plist_parser *parser, const struct rs_plist_event *event,
                uint8_t *buffer, size_t size)
{
    struct sink sink = { .buffer = buffer, .size = size, .full = size == 0 };
    const uint8_t *content = parser->bytes + event->content_offset;
    size_t length = event->content_length;

    if (length == 0)
        return 0;
    switch (event->coding) {
    case RS_PLIST_CODING_RAW:
        sink.total = length;
        if (size > 0)
            memcpy(buffer, content, length < size ? length : size);
        break;
    case RS_PLIST_CODING_BASE64:
        put_base64(&sink, content, length);
        break;
    case RS_PLIST_CODING_XML:
        put_xml(&sink, content, length);
        break;
    case RS_PLIST_CODING_UTF8:
        put_utf8(&sink, content, length);
        break;
    case RS_PLIST_CODING_UTF16BE:
        put_utf16(&sink, content, length);
        break;
    }
    return sink.total;
}
