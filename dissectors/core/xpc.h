/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XPC messages as RemoteXPC sends them: finding them in the chunks of a stream, and their objects
 * as a row of events. Facts: pymobiledevice3 62e2957, remote/xpc_message.py; go-ios 3ebc297,
 * ios/xpc/encoding.go.
 *
 *     u32 0x29b00b92 | u32 flags | u64 body length | u64 message number | body     little-endian
 *     body: u32 0x42133742 | u32 5 | object
 *     object: u32 type | value, padded to four bytes */
#pragma once

#include "dissectors/core/cursor.h"

#define RS_XPC_MAGIC 0x29B00B92U
#define RS_XPC_BODY_MAGIC 0x42133742U

enum {
    RS_XPC_HEADER = 24,
    RS_XPC_HEADER_SHORT = 16, /* without a number: an empty message of go-ios, alone in its chunk */
    RS_XPC_BODY_HEADER = 8,
    RS_XPC_LENGTH_MAX =
        16 << 20, /* of a message; the longest known, a handshake, has some 50 KiB */
    RS_XPC_DEPTH_MAX = 32,
    RS_XPC_OBJECTS_MAX = 1 << 16
};

struct rs_xpc_header {
    uint32_t flags;
    uint64_t body_length;
    bool has_number;
    uint64_t number;
    size_t size; /* of the header */
};

/* RS_BAD: no magic, or a length beyond the maximum. */
enum rs_status rs_xpc_read_header(const uint8_t *bytes, size_t length,
                                  struct rs_xpc_header *ret_header);

/* One direction of a stream. Zero-initialised means: no message under way. */
struct rs_xpc_framer {
    uint8_t head[RS_XPC_HEADER];
    uint32_t have;  /* how much of the message has passed */
    uint32_t total; /* its length, 0 until its header is whole */
};

/* A piece of a chunk that belongs to one message, or to none. */
struct rs_xpc_slice {
    uint32_t offset, length; /* in the chunk */
    uint32_t message_offset;
    bool first, last;
    bool unsynchronised; /* part of no message: other data, or its start was not captured */
};

/* Takes the next slice of a chunk; false when it is used up. *offset starts at 0. */
bool rs_xpc_next_slice(struct rs_xpc_framer *framer, const uint8_t *bytes, uint32_t length,
                       uint32_t *offset, struct rs_xpc_slice *ret_slice);

/* X(NAME, code, text) */
#define RS_XPC_TYPES(X)                                                                            \
    X(NULL, 0x1000, "null")                                                                        \
    X(BOOL, 0x2000, "boolean")                                                                     \
    X(INT64, 0x3000, "int64")                                                                      \
    X(UINT64, 0x4000, "uint64")                                                                    \
    X(DOUBLE, 0x5000, "double")                                                                    \
    X(POINTER, 0x6000, "pointer")                                                                  \
    X(DATE, 0x7000, "date")                                                                        \
    X(DATA, 0x8000, "data")                                                                        \
    X(STRING, 0x9000, "string")                                                                    \
    X(UUID, 0xA000, "UUID")                                                                        \
    X(FD, 0xB000, "file descriptor")                                                               \
    X(SHMEM, 0xC000, "shared memory")                                                              \
    X(MACH_SEND, 0xD000, "mach send right")                                                        \
    X(ARRAY, 0xE000, "array")                                                                      \
    X(DICTIONARY, 0xF000, "dictionary")                                                            \
    X(ERROR, 0x10000, "error")                                                                     \
    X(CONNECTION, 0x11000, "connection")                                                           \
    X(ENDPOINT, 0x12000, "endpoint")                                                               \
    X(SERIALIZER, 0x13000, "serializer")                                                           \
    X(PIPE, 0x14000, "pipe")                                                                       \
    X(MACH_RECV, 0x15000, "mach receive right")                                                    \
    X(BUNDLE, 0x16000, "bundle")                                                                   \
    X(SERVICE, 0x17000, "service")                                                                 \
    X(SERVICE_INSTANCE, 0x18000, "service instance")                                               \
    X(ACTIVITY, 0x19000, "activity")                                                               \
    X(FILE_TRANSFER, 0x1A000, "file transfer")

#define RS_XPC_TYPE_ENUM(name, code, text) RS_XPC_##name = (code),
enum rs_xpc_type { RS_XPC_TYPES(RS_XPC_TYPE_ENUM) };

enum rs_xpc_status {
    RS_XPC_OK,
    RS_XPC_END,     /* the object is whole */
    RS_XPC_SHORT,   /* the bytes end before it does */
    RS_XPC_BAD,     /* a key without an end, a count beyond the bytes, no such type */
    RS_XPC_UNKNOWN, /* a type whose layout nobody has described */
    RS_XPC_TOO_DEEP,
    RS_XPC_TOO_MANY
};

/* A value, or the end of a container. Places are in the bytes given to rs_xpc_init(). */
struct rs_xpc_event {
    uint32_t type; /* enum rs_xpc_type */
    bool is_end;
    unsigned depth; /* of the object that contains it: 0 for the root */
    uint32_t index; /* in its container */
    bool has_key;   /* in a dictionary */
    size_t offset,
        length; /* with the key and the type; of a container, what precedes its members */
    size_t key_offset, key_length;         /* without its NUL */
    size_t content_offset, content_length; /* of the value, without padding; a string's NUL too */
    uint64_t number; /* the bits of a number, date, double, boolean, descriptor; of a container its
                        count; of a file transfer its message */
};

struct rs_xpc_level {
    uint32_t type, count, done;
};

struct rs_xpc_parser {
    const uint8_t *bytes;
    size_t length, at;
    unsigned depth;
    uint32_t objects;
    enum rs_xpc_status status;
    struct rs_xpc_level level[RS_XPC_DEPTH_MAX];
};

/* The bytes begin with an object's type. */
void rs_xpc_init(struct rs_xpc_parser *parser, const uint8_t *bytes, size_t length);

/* RS_XPC_OK and an event, or why there are no more, again and again. */
enum rs_xpc_status rs_xpc_next(struct rs_xpc_parser *parser, struct rs_xpc_event *ret_event);
