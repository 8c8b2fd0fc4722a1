/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of the property list parser share; everybody else includes plist.h. */
#pragma once

#include "dissectors/core/plist.h"

/* XML as white space and as ignorable between elements; devices send raw control characters. */
static inline bool
rs_plist_is_space(uint8_t byte)
{
    return byte <= ' ';
}

/* Is the text at `at`? RS_SHORT: what is there is only the beginning of it. */
enum rs_status rs_plist_match(const uint8_t *bytes, size_t length, size_t at, const char *text);

/* The offset just after the next `text`; RS_SHORT when there is none. */
enum rs_status rs_plist_skip_past(const uint8_t *bytes, size_t length, const char *text,
                                  size_t *at);

/* As rs_plist_sniff(); RS_SHORT when the bytes are too few to tell. */
enum rs_status rs_plist_recognise(const uint8_t *bytes, size_t length,
                                  enum rs_plist_format *ret_format);

/* Is a key (or a value) allowed here? Keeps the alternation of keys and values in a dict. */
bool rs_plist_accept(struct rs_plist_parser *parser, bool is_key);

/* Opens a container and makes its BEGIN event; its place is event->offset and length. */
enum rs_plist_status rs_plist_open(struct rs_plist_parser *parser, bool is_dict,
                                   struct rs_plist_event *event);

/* Makes the END event of the innermost container, which ends before `end`. */
enum rs_plist_status rs_plist_close(struct rs_plist_parser *parser, size_t end,
                                    struct rs_plist_event *event);

void rs_plist_xml_init(struct rs_plist_parser *parser);
enum rs_plist_status rs_plist_xml_next(struct rs_plist_parser *parser,
                                       struct rs_plist_event *event);

enum rs_plist_status rs_plist_binary_init(struct rs_plist_parser *parser);
enum rs_plist_status rs_plist_binary_next(struct rs_plist_parser *parser,
                                          struct rs_plist_event *event);

/* Text of an <integer>, <real> or <date>; white space around it is allowed. False: malformed. */
bool rs_plist_parse_integer(const uint8_t *text, size_t length, uint64_t *ret_value,
                            bool *ret_is_negative);
bool rs_plist_parse_real(const uint8_t *text, size_t length, double *ret_value);
bool rs_plist_parse_date(const uint8_t *text, size_t length, double *ret_seconds);
