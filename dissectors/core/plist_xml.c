/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The XML property list. Elements from Apple's PropertyList-1.0.dtd, plus the <null/> some open
 * writers use. What stands around the values (prolog, DOCTYPE, <plist>) may be absent. Every step
 * moves forward through the input, so the work is linear. */
#include <string.h>

#include "dissectors/core/plist_private.h"

/* X(name): the elements. */
#define PLIST_ELEMENTS(X)                                                                          \
    X(plist)                                                                                       \
    X(dict)                                                                                        \
    X(array)                                                                                       \
    X(key)                                                                                         \
    X(string)                                                                                      \
    X(integer)                                                                                     \
    X(real)                                                                                        \
    X(true)                                                                                        \
    X(false)                                                                                       \
    X(data)                                                                                        \
    X(date)                                                                                        \
    X(null)

#define ELEMENT_ENUM(name) ELEMENT_##name,
enum element { PLIST_ELEMENTS(ELEMENT_ENUM) ELEMENT_COUNT };

#define ELEMENT_NAME(name) #name,
static const char *const element_names[] = { PLIST_ELEMENTS(ELEMENT_NAME) };

struct tag {
    size_t start, end; /* of <...> */
    size_t name, name_length;
    bool is_end;   /* </name> */
    bool is_empty; /* <name/> */
    enum element element;
};

void
rs_plist_xml_init(struct rs_plist_parser *parser)
{
    if (rs_plist_match(parser->bytes, parser->length, 0, "\xEF\xBB\xBF") == RS_OK)
        parser->at = 3;
}

static enum rs_plist_status
from_status(enum rs_status status)
{
    switch (status) {
    case RS_OK:
        return RS_PLIST_OK;
    case RS_SHORT:
        return RS_PLIST_SHORT;
    default:
        return RS_PLIST_BAD;
    }
}

static enum rs_plist_status
match_here(const struct rs_plist_parser *parser, const char *text)
{
    return from_status(rs_plist_match(parser->bytes, parser->length, parser->at, text));
}

static enum rs_plist_status
skip_past(struct rs_plist_parser *parser, const char *text)
{
    return from_status(rs_plist_skip_past(parser->bytes, parser->length, text, &parser->at));
}

static bool
ends_name(uint8_t byte)
{
    return rs_plist_is_space(byte) || byte == '/' || byte == '>' || byte == '<';
}

/* Moves past the '>' of a tag or declaration: quoted text and [...] may contain others. */
static enum rs_plist_status
skip_markup(const struct rs_plist_parser *parser, size_t *at)
{
    uint8_t quote = 0;
    bool in_subset = false;

    for (; *at < parser->length; (*at)++) {
        uint8_t byte = parser->bytes[*at];

        if (quote != 0) {
            if (byte == quote)
                quote = 0;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '[' || byte == ']') {
            in_subset = byte == '[';
        } else if (byte == '>' && !in_subset) {
            (*at)++;
            return RS_PLIST_OK;
        }
    }
    return RS_PLIST_SHORT;
}

static bool
find_element(const struct rs_plist_parser *parser, struct tag *tag)
{
    for (unsigned i = 0; i < ELEMENT_COUNT; i++) {
        if (strlen(element_names[i]) == tag->name_length &&
            memcmp(parser->bytes + tag->name, element_names[i], tag->name_length) == 0) {
            tag->element = (enum element)i;
            return true;
        }
    }
    return false;
}

/* Reads the tag at parser->at, which is a '<', and moves past it. */
static enum rs_plist_status
read_tag(struct rs_plist_parser *parser, struct tag *ret_tag)
{
    struct tag tag = { .start = parser->at, .name = parser->at + 1 };
    size_t at;
    enum rs_plist_status status;

    if (tag.name < parser->length && parser->bytes[tag.name] == '/') {
        tag.is_end = true;
        tag.name++;
    }
    at = tag.name;
    while (at < parser->length && !ends_name(parser->bytes[at]))
        at++;
    tag.name_length = at - tag.name;
    status = skip_markup(parser, &at);
    if (status != RS_PLIST_OK)
        return status;
    tag.end = at;
    tag.is_empty = parser->bytes[at - 2] == '/' && !tag.is_end;
    if (!find_element(parser, &tag))
        return RS_PLIST_BAD;
    parser->at = at;
    *ret_tag = tag;
    return RS_PLIST_OK;
}

static void
skip_space(struct rs_plist_parser *parser)
{
    while (parser->at < parser->length && rs_plist_is_space(parser->bytes[parser->at]))
        parser->at++;
}

/* Moves past what stands between elements, to the '<' of the next tag. */
static enum rs_plist_status
skip_to_tag(struct rs_plist_parser *parser)
{
    for (;;) {
        enum rs_plist_status status;

        skip_space(parser);
        if (parser->length - parser->at < 2)
            return parser->at < parser->length && parser->bytes[parser->at] != '<' ? RS_PLIST_BAD
                                                                                   : RS_PLIST_SHORT;
        if (parser->bytes[parser->at] != '<')
            return RS_PLIST_BAD;
        if (parser->bytes[parser->at + 1] == '?') {
            status = skip_past(parser, "?>");
        } else if (parser->bytes[parser->at + 1] == '!') {
            status = match_here(parser, "<!--");
            if (status == RS_PLIST_OK) {
                parser->at += strlen("<!--");
                status = skip_past(parser, "-->");
            } else if (status == RS_PLIST_BAD && parser->depth == 0) {
                status = skip_markup(parser, &parser->at);
            }
        } else {
            return RS_PLIST_OK;
        }
        if (status != RS_PLIST_OK)
            return status;
    }
}

/* Moves past the content of an element to the '<' of its end tag. */
static enum rs_plist_status
skip_content(struct rs_plist_parser *parser)
{
    for (;;) {
        const uint8_t *here = parser->bytes + parser->at;
        const uint8_t *found = NULL;
        enum rs_plist_status status;

        if (parser->at < parser->length)
            found = memchr(here, '<', parser->length - parser->at);
        if (found == NULL)
            return RS_PLIST_SHORT;
        parser->at += (size_t)(found - here);
        if (match_here(parser, "</") == RS_PLIST_OK)
            return RS_PLIST_OK;
        if (match_here(parser, "<![CDATA[") != RS_PLIST_BAD)
            status = skip_past(parser, "]]>");
        else if (match_here(parser, "<!--") == RS_PLIST_OK) {
            parser->at += strlen("<!--");
            status = skip_past(parser, "-->");
        } else {
            status = match_here(parser, "<!--");
        }
        if (status != RS_PLIST_OK)
            return status;
    }
}

static bool
is_base64(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = bytes[i];

        if (!(byte >= 'A' && byte <= 'Z') && !(byte >= 'a' && byte <= 'z') &&
            !(byte >= '0' && byte <= '9') && byte != '+' && byte != '/' && byte != '=' &&
            !rs_plist_is_space(byte))
            return false;
    }
    return true;
}

/* Turns the content of an element into its value; false when it is none of that type. */
static bool
read_value(const struct rs_plist_parser *parser, enum element element, struct rs_plist_event *event)
{
    const uint8_t *text = parser->bytes + event->content_offset;
    size_t length = event->content_length;

    event->coding = RS_PLIST_CODING_XML;
    switch (element) {
    case ELEMENT_key:
        event->type = RS_PLIST_KEY;
        return true;
    case ELEMENT_string:
        event->type = RS_PLIST_STRING;
        return true;
    case ELEMENT_integer:
        event->type = RS_PLIST_INTEGER;
        return rs_plist_parse_integer(text, length, &event->integer, &event->is_negative);
    case ELEMENT_real:
        event->type = RS_PLIST_REAL;
        return rs_plist_parse_real(text, length, &event->real);
    case ELEMENT_date:
        event->type = RS_PLIST_DATE;
        return rs_plist_parse_date(text, length, &event->real);
    case ELEMENT_true:
    case ELEMENT_false:
        event->type = RS_PLIST_BOOLEAN;
        event->boolean = element == ELEMENT_true;
        return length == 0;
    case ELEMENT_data:
        event->type = RS_PLIST_DATA;
        event->coding = RS_PLIST_CODING_BASE64;
        return is_base64(text, length);
    case ELEMENT_null:
        event->type = RS_PLIST_NULL;
        return length == 0;
    default:
        return false;
    }
}

/* An element that holds no others; parser->at is after its start tag. */
static enum rs_plist_status
read_leaf(struct rs_plist_parser *parser, const struct tag *tag, struct rs_plist_event *event)
{
    event->content_offset = parser->at;
    if (!tag->is_empty) {
        enum rs_plist_status status = skip_content(parser);
        struct tag end;

        event->content_length = parser->at - event->content_offset;
        if (status == RS_PLIST_OK)
            status = read_tag(parser, &end);
        if (status != RS_PLIST_OK)
            return status;
        if (end.element != tag->element)
            return RS_PLIST_BAD;
    }
    event->offset = tag->start;
    event->length = parser->at - tag->start;
    return read_value(parser, tag->element, event) ? RS_PLIST_OK : RS_PLIST_BAD;
}

static enum rs_plist_status
read_start(struct rs_plist_parser *parser, const struct tag *tag, struct rs_plist_event *event)
{
    if (!rs_plist_accept(parser, tag->element == ELEMENT_key))
        return RS_PLIST_BAD;
    if (tag->element != ELEMENT_dict && tag->element != ELEMENT_array)
        return read_leaf(parser, tag, event);
    event->offset = tag->start;
    event->length = tag->end - tag->start;
    parser->closing = tag->is_empty;
    return rs_plist_open(parser, tag->element == ELEMENT_dict, event);
}

static enum rs_plist_status
read_end(struct rs_plist_parser *parser, const struct tag *tag, struct rs_plist_event *event)
{
    if (parser->depth == 0 || (tag->element != ELEMENT_dict && tag->element != ELEMENT_array) ||
        parser->levels[parser->depth - 1].is_dict != (tag->element == ELEMENT_dict))
        return RS_PLIST_BAD;
    return rs_plist_close(parser, tag->end, event);
}

/* <plist> and </plist>: no event, but the latter is the end. */
static enum rs_plist_status
read_plist(struct rs_plist_parser *parser, const struct tag *tag)
{
    if (tag->is_end)
        return parser->in_plist && parser->root_done ? RS_PLIST_END : RS_PLIST_BAD;
    if (parser->in_plist || parser->depth > 0 || tag->is_empty)
        return RS_PLIST_BAD;
    parser->in_plist = true;
    return RS_PLIST_OK;
}

enum rs_plist_status
rs_plist_xml_next(struct rs_plist_parser *parser, struct rs_plist_event *event)
{
    struct tag tag;
    enum rs_plist_status status;

    if (parser->closing) {
        parser->closing = false;
        return rs_plist_close(parser, parser->at, event);
    }
    if (parser->root_done && !parser->in_plist)
        return RS_PLIST_END;
    do {
        status = skip_to_tag(parser);
        if (status == RS_PLIST_OK)
            status = read_tag(parser, &tag);
        if (status == RS_PLIST_OK && tag.element == ELEMENT_plist)
            status = read_plist(parser, &tag);
        if (status != RS_PLIST_OK)
            return status;
    } while (tag.element == ELEMENT_plist);
    return tag.is_end ? read_end(parser, &tag, event) : read_start(parser, &tag, event);
}
