/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property lists: events lie in the input, nest and alternate as promised, and decode to bounded,
 * valid text. */
#include <string.h>

#include "dissectors/core/plist.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 16 }; /* larger inputs reach nothing new and slow the search down */

/* What the events so far say about containers and keys. */
struct nesting {
    unsigned depth;
    bool is_dict[RS_PLIST_DEPTH_MAX];
    bool has_key[RS_PLIST_DEPTH_MAX];
};

static void
check_utf8(const uint8_t *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint8_t lead = text[at];
        size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

        CLAIM(lead >= ' ' || lead == '\t' || lead == '\n' || lead == '\r');
        CLAIM(lead < 0x80 || (lead >= 0xC2 && lead <= 0xF4));
        CLAIM(size <= length - at);
        for (size_t i = 1; i < size; i++)
            CLAIM((text[at + i] & 0xC0) == 0x80);
        at += size;
    }
}

static void
check_content(const struct rs_plist_parser *parser, const struct rs_plist_event *event)
{
    size_t length = rs_plist_decode(parser, event, NULL, 0);
    uint8_t *whole = malloc(length + 1), *half = malloc(length / 2 + 1);

    CLAIM(whole != NULL && half != NULL);
    CLAIM(event->content_offset <= parser->length);
    CLAIM(event->content_length <= parser->length - event->content_offset);
    CLAIM(length <= 3 * event->content_length);
    CLAIM(rs_plist_decode(parser, event, whole, length) == length);
    memset(half, 0, length / 2 + 1);
    CLAIM(rs_plist_decode(parser, event, half, length / 2) == length);
    if (event->type == RS_PLIST_DATA)
        CLAIM(memcmp(whole, half, length / 2) == 0);
    else
        check_utf8(whole, length);
    free(whole);
    free(half);
}

/* A value, or the beginning of one, is allowed where it stands. */
static void
check_place(struct nesting *nesting, bool is_key)
{
    unsigned level = nesting->depth - 1;

    if (nesting->depth == 0 || !nesting->is_dict[level]) {
        CLAIM(!is_key);
        return;
    }
    CLAIM(nesting->has_key[level] != is_key);
    nesting->has_key[level] = is_key;
}

static void
check_nesting(struct nesting *nesting, const struct rs_plist_event *event)
{
    switch (event->type) {
    case RS_PLIST_DICT_END:
    case RS_PLIST_ARRAY_END:
        CLAIM(nesting->depth > 0);
        nesting->depth--;
        CLAIM(!nesting->has_key[nesting->depth]);
        CLAIM(nesting->is_dict[nesting->depth] == (event->type == RS_PLIST_DICT_END));
        CLAIM(event->depth == nesting->depth);
        break;
    case RS_PLIST_DICT_BEGIN:
    case RS_PLIST_ARRAY_BEGIN:
        CLAIM(event->depth == nesting->depth);
        check_place(nesting, false);
        CLAIM(nesting->depth < RS_PLIST_DEPTH_MAX);
        nesting->is_dict[nesting->depth] = event->type == RS_PLIST_DICT_BEGIN;
        nesting->has_key[nesting->depth++] = false;
        break;
    default:
        CLAIM(event->depth == nesting->depth);
        check_place(nesting, event->type == RS_PLIST_KEY);
        break;
    }
}

static void
check_extent(const uint8_t *bytes, size_t size)
{
    size_t extent = SIZE_MAX;
    enum rs_status status = rs_plist_xml_extent(bytes, size, &extent);

    if (status != RS_OK) {
        CLAIM(extent == SIZE_MAX);
        return;
    }
    CLAIM(extent > 0 && extent <= size);
    CLAIM(bytes[extent - 1] == '>' || bytes[extent - 1] == '\n');
    CLAIM(rs_plist_sniff(bytes, size) == RS_PLIST_XML);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nesting nesting = { 0 };
    struct rs_plist_parser parser;
    struct rs_plist_event event;
    uint32_t events = 0;
    uint8_t *copy;

    if (size > INPUT_MAX)
        return 0;
    copy = malloc(size > 0 ? size : 1);
    CLAIM(copy != NULL);
    memcpy(copy, data, size);
    check_extent(copy, size);
    rs_plist_init(&parser, copy, size);
    while (rs_plist_next(&parser, &event) == RS_PLIST_OK) {
        CLAIM(++events <= RS_PLIST_EVENTS_MAX);
        CLAIM(event.offset <= size && event.length <= size - event.offset && event.length > 0);
        check_nesting(&nesting, &event);
        if (event.type == RS_PLIST_KEY || event.type == RS_PLIST_STRING ||
            event.type == RS_PLIST_DATA)
            check_content(&parser, &event);
    }
    CLAIM(parser.status == rs_plist_next(&parser, &event)); /* final */
    CLAIM(parser.status != RS_PLIST_END || (nesting.depth == 0 && events > 0));
    free(copy);
    return 0;
}
