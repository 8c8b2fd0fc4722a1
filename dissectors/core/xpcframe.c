/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XPC messages in the chunks of a stream; see xpc.h. A chunk is the payload of an HTTP/2 DATA
 * frame, which flow control may cut anywhere. */
#include <string.h>

#include "dissectors/core/xpc.h"

enum rs_status
rs_xpc_read_header(const uint8_t *bytes, size_t length, struct rs_xpc_header *ret_header)
{
    struct rs_xpc_header header = { .size = RS_XPC_HEADER_SHORT };
    struct rs_cursor cursor;
    uint32_t magic;

    rs_cursor_init(&cursor, bytes, length);
    magic = rs_take_le32(&cursor);
    if (cursor.failed)
        return RS_SHORT;
    if (magic != RS_XPC_MAGIC)
        return RS_BAD;
    header.flags = rs_take_le32(&cursor);
    header.body_length = rs_take_le64(&cursor);
    if (cursor.failed)
        return RS_SHORT;
    if (header.body_length > RS_XPC_LENGTH_MAX - RS_XPC_HEADER)
        return RS_BAD;
    header.number = rs_take_le64(&cursor);
    header.has_number = !cursor.failed;
    if (header.has_number)
        header.size = RS_XPC_HEADER;
    else if (header.body_length > 0)
        return RS_SHORT;
    *ret_header = header;
    return RS_OK;
}

/* Adds to the header under way; false when it is none. */
static bool
take_head(struct rs_xpc_framer *framer, const uint8_t *bytes, uint32_t length)
{
    uint32_t missing = RS_XPC_HEADER - framer->have, taken = length < missing ? length : missing;
    struct rs_xpc_header header;
    enum rs_status status;

    memcpy(framer->head + framer->have, bytes, taken);
    status = rs_xpc_read_header(framer->head, framer->have + taken, &header);
    if (status == RS_OK)
        framer->total = (uint32_t)(header.size + header.body_length);
    return status != RS_BAD;
}

bool
rs_xpc_next_slice(struct rs_xpc_framer *framer, const uint8_t *bytes, uint32_t length,
                  uint32_t *offset, struct rs_xpc_slice *ret_slice)
{
    struct rs_xpc_slice slice = { .offset = *offset };
    uint32_t left;

    if (*offset >= length)
        return false;
    left = length - *offset;
    slice.length = left;
    if (framer->total == 0 && !take_head(framer, bytes + *offset, left)) {
        *framer = (struct rs_xpc_framer){ 0 };
        slice.unsynchronised = true;
    } else {
        slice.first = framer->have == 0;
        slice.message_offset = framer->have;
        if (framer->total > 0 && framer->total - framer->have <= left) {
            slice.length = framer->total - framer->have;
            slice.last = true;
        }
        framer->have += slice.length;
        if (slice.last)
            *framer = (struct rs_xpc_framer){ 0 };
    }
    *offset += slice.length;
    *ret_slice = slice;
    return true;
}
