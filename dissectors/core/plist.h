/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A pull parser for property lists, XML and binary ("bplist00"). It gives one event per value, each
 * with its place in the input, and never copies: strings and data are decoded on demand into the
 * caller's memory. Formats: Apple's public CFBinaryPList.c comment and PropertyList-1.0.dtd. */
#pragma once

#include "dissectors/core/cursor.h"

enum {
    RS_PLIST_DEPTH_MAX = 64,
    /* Objects of a binary plist may be shared, so that a few bytes can stand for any number of
     * values. Both limits are far above what a restore sends (some thousand values). */
    RS_PLIST_EVENTS_MAX = 1 << 17,
    RS_PLIST_CONTENT_FACTOR = 64,        /* all strings and data together, per byte of input ... */
    RS_PLIST_CONTENT_EXTRA_MAX = 1 << 24 /* ... and never more than this above its size */
};

enum rs_plist_format { RS_PLIST_NONE, RS_PLIST_XML, RS_PLIST_BINARY };

enum rs_plist_status {
    RS_PLIST_OK,       /* an event was given */
    RS_PLIST_END,      /* the plist is complete */
    RS_PLIST_SHORT,    /* the bytes end before the plist does */
    RS_PLIST_BAD,      /* not a plist, or not from here on */
    RS_PLIST_CYCLE,    /* a container of a binary plist contains itself */
    RS_PLIST_TOO_DEEP, /* containers nested deeper than RS_PLIST_DEPTH_MAX */
    RS_PLIST_TOO_MANY, /* more values than the limit above */
    RS_PLIST_TOO_LONG  /* more content than the limits above */
};

enum rs_plist_type {
    RS_PLIST_DICT_BEGIN,
    RS_PLIST_DICT_END,
    RS_PLIST_ARRAY_BEGIN, /* also the binary format's sets */
    RS_PLIST_ARRAY_END,
    RS_PLIST_KEY,
    RS_PLIST_STRING,
    RS_PLIST_INTEGER,
    RS_PLIST_REAL,
    RS_PLIST_BOOLEAN,
    RS_PLIST_DATA,
    RS_PLIST_DATE,
    RS_PLIST_UID,
    RS_PLIST_NULL
};

/* What kind of ARRAY it is; XML has but one. */
enum rs_plist_array { RS_PLIST_ARRAY, RS_PLIST_SET, RS_PLIST_ORDERED_SET };

/* How the content of a key, string or data is written. */
enum rs_plist_coding {
    RS_PLIST_CODING_RAW,    /* data of a binary plist */
    RS_PLIST_CODING_BASE64, /* data of an XML plist */
    RS_PLIST_CODING_XML,    /* UTF-8 with entities, CDATA sections and comments */
    RS_PLIST_CODING_UTF8,   /* ASCII strings of a binary plist; other bytes are read as UTF-8 */
    RS_PLIST_CODING_UTF16BE
};

/* In a dict, every value follows a key. */
struct rs_plist_event {
    enum rs_plist_type type;
    unsigned depth; /* containers around the value; BEGIN and END of one container are equal */
    /* The value's bytes. XML: the whole element; for BEGIN only its start tag. Binary: the object,
     * which for a container is its marker and references. */
    size_t offset, length;
    /* KEY, STRING, DATA: what rs_plist_decode() decodes. */
    size_t content_offset, content_length;
    enum rs_plist_coding coding;
    uint64_t integer;          /* INTEGER (two's complement), UID */
    bool is_negative;          /* INTEGER */
    bool is_cut;               /* INTEGER of 128 bits: `integer` has only the low 64 of them, ... */
    uint64_t high;             /* ... and this the others */
    enum rs_plist_array array; /* ARRAY_BEGIN */
    bool boolean;              /* BOOLEAN */
    double real;               /* REAL; DATE: seconds since 2001-01-01 00:00:00 UTC */
};

struct rs_plist_level {
    size_t offset, length; /* of the container */
    bool is_dict;
    bool has_key;    /* a key was given and its value is next */
    uint64_t object; /* the rest is the binary parser's */
    size_t references;
    size_t count, next;
};

/* Holds no resources; no member but `format`, `status` and `offset_table` is the caller's
 * business. */
struct rs_plist_parser {
    const uint8_t *bytes;
    size_t length;
    enum rs_plist_format format;
    enum rs_plist_status status; /* of the last rs_plist_next(); all but RS_PLIST_OK are final */
    unsigned depth;
    uint32_t events;
    size_t content_left;
    bool root_done;
    struct rs_plist_level levels[RS_PLIST_DEPTH_MAX];
    /* XML */
    size_t at;
    bool in_plist;
    bool closing; /* the innermost container was an empty element: its END is next */
    /* binary */
    size_t offset_table; /* after all values */
    unsigned offset_size, reference_size;
    uint64_t objects, root;
};

/* What the bytes look like from their beginning; white space before XML is allowed. */
enum rs_plist_format rs_plist_sniff(const uint8_t *bytes, size_t length);

/* The bytes must outlive the parser. */
void rs_plist_init(struct rs_plist_parser *parser, const uint8_t *bytes, size_t length);

/* The next event; *ret_event is untouched unless RS_PLIST_OK is returned. */
enum rs_plist_status rs_plist_next(struct rs_plist_parser *parser,
                                   struct rs_plist_event *ret_event);

/* Decodes the content of a KEY, STRING or DATA event into at most `size` bytes of `buffer`, without
 * a terminator, and returns how many bytes the whole takes. Strings come out as valid UTF-8 without
 * control characters other than tab, line feed and carriage return (others become spaces, as
 * Apple's receivers do); a character that does not fit is left out with all that follow. */
size_t rs_plist_decode(const struct rs_plist_parser *parser, const struct rs_plist_event *event,
                       uint8_t *buffer, size_t size);

/* How many bytes the XML plist at the start of the buffer takes, up to its </plist> and one line
 * feed after it. RS_SHORT: there is no </plist> yet. RS_BAD: no XML plist starts here. For
 * protocols that send plists without a length. */
enum rs_status rs_plist_xml_extent(const uint8_t *bytes, size_t length, size_t *ret_extent);
