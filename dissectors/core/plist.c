/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the XML and the binary property list parser have in common; see plist.h. */
#include <string.h>

#include "dissectors/core/plist_private.h"

enum rs_status
rs_plist_match(const uint8_t *bytes, size_t length, size_t at, const char *text)
{
    size_t wanted = strlen(text);
    size_t left = at < length ? length - at : 0;
    size_t here = left < wanted ? left : wanted;

    if (here > 0 && memcmp(bytes + at, text, here) != 0)
        return RS_BAD;
    return here == wanted ? RS_OK : RS_SHORT;
}

enum rs_status
rs_plist_skip_past(const uint8_t *bytes, size_t length, const char *text, size_t *at)
{
    const uint8_t *found;

    if (*at >= length)
        return RS_SHORT;
    found = memmem(bytes + *at, length - *at, text, strlen(text));
    if (found == NULL)
        return RS_SHORT;
    *at = (size_t)(found - bytes) + strlen(text);
    return RS_OK;
}

/* The most that all strings and data together may be. */
static size_t
content_limit(size_t length)
{
    if (length > (size_t)RS_PLIST_CONTENT_EXTRA_MAX / RS_PLIST_CONTENT_FACTOR)
        return length < SIZE_MAX - RS_PLIST_CONTENT_EXTRA_MAX
                   ? length + (size_t)RS_PLIST_CONTENT_EXTRA_MAX
                   : SIZE_MAX;
    return length * RS_PLIST_CONTENT_FACTOR;
}

void
rs_plist_init(struct rs_plist_parser *parser, const uint8_t *bytes, size_t length)
{
    enum rs_plist_format format;

    memset(parser, 0, sizeof *parser);
    parser->bytes = bytes;
    parser->length = length;
    parser->content_left = content_limit(length);
    switch (rs_plist_recognise(bytes, length, &format)) {
    case RS_SHORT:
        parser->status = RS_PLIST_SHORT;
        return;
    case RS_BAD:
        parser->status = RS_PLIST_BAD;
        return;
    case RS_OK:
        break;
    }
    parser->format = format;
    if (format == RS_PLIST_XML)
        rs_plist_xml_init(parser);
    else
        parser->status = rs_plist_binary_init(parser);
}

bool
rs_plist_accept(struct rs_plist_parser *parser, bool is_key)
{
    struct rs_plist_level *level;

    if (parser->root_done)
        return false;
    if (parser->depth == 0)
        return !is_key;
    level = &parser->levels[parser->depth - 1];
    if (!level->is_dict)
        return !is_key;
    if (level->has_key == is_key)
        return false;
    level->has_key = is_key;
    return true;
}

enum rs_plist_status
rs_plist_open(struct rs_plist_parser *parser, bool is_dict, struct rs_plist_event *event)
{
    if (parser->depth == RS_PLIST_DEPTH_MAX)
        return RS_PLIST_TOO_DEEP;
    event->type = is_dict ? RS_PLIST_DICT_BEGIN : RS_PLIST_ARRAY_BEGIN;
    parser->levels[parser->depth++] = (struct rs_plist_level){
        .offset = event->offset,
        .length = event->length,
        .is_dict = is_dict,
    };
    return RS_PLIST_OK;
}

enum rs_plist_status
rs_plist_close(struct rs_plist_parser *parser, size_t end, struct rs_plist_event *event)
{
    const struct rs_plist_level *level;

    if (parser->depth == 0 || parser->levels[parser->depth - 1].has_key)
        return RS_PLIST_BAD;
    level = &parser->levels[--parser->depth];
    event->type = level->is_dict ? RS_PLIST_DICT_END : RS_PLIST_ARRAY_END;
    event->offset = level->offset;
    event->length = end - level->offset;
    event->depth = parser->depth;
    return RS_PLIST_OK;
}

/* Is the event the end of a value that is no part of another one? */
static bool
ends_root(const struct rs_plist_event *event)
{
    return event->depth == 0 && event->type != RS_PLIST_DICT_BEGIN &&
           event->type != RS_PLIST_ARRAY_BEGIN;
}

enum rs_plist_status
rs_plist_next(struct rs_plist_parser *parser, struct rs_plist_event *ret_event)
{
    struct rs_plist_event event = { .depth = parser->depth };

    if (parser->status != RS_PLIST_OK)
        return parser->status;
    if (parser->format == RS_PLIST_XML)
        parser->status = rs_plist_xml_next(parser, &event);
    else
        parser->status = rs_plist_binary_next(parser, &event);
    if (parser->status != RS_PLIST_OK)
        return parser->status;
    if (parser->events >= RS_PLIST_EVENTS_MAX)
        return parser->status = RS_PLIST_TOO_MANY;
    if (event.content_length > parser->content_left)
        return parser->status = RS_PLIST_TOO_LONG;
    parser->events++;
    parser->content_left -= event.content_length;
    if (ends_root(&event))
        parser->root_done = true;
    *ret_event = event;
    return RS_PLIST_OK;
}
