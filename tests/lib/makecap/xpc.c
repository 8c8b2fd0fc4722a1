/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See xpc.h. Numbers become unsigned integers, and signed ones when they are negative. */
#include "tests/lib/makecap/xpc.h"

#include "tests/lib/makecap/bytes.h"

enum { FRAME_MAX = 1024 };

static void
put_padded(GByteArray *out, const void *bytes, gsize length)
{
    put_bytes(out, bytes, length);
    put_zeros(out, (4 - length % 4) % 4);
}

static void put_object(GByteArray *out, const struct value *value);

/* The length counts the four bytes of the count. */
static void
put_members(GByteArray *out, const struct value *value)
{
    g_autoptr(GByteArray) members = g_byte_array_new();
    guint step = value->kind == VALUE_DICT ? 2 : 1;

    for (guint i = 0; i < value->members->len; i++) {
        const struct value *member = g_ptr_array_index(value->members, i);

        if (value->kind == VALUE_DICT && i % 2 == 0)
            put_padded(members, member->text, strlen(member->text) + 1);
        else
            put_object(members, member);
    }
    put_le32(out, value->kind == VALUE_DICT ? 0xf000 : 0xe000);
    put_le32(out, 4 + members->len);
    put_le32(out, value->members->len / step);
    put_bytes(out, members->data, members->len);
}

static void
put_object(GByteArray *out, const struct value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
        put_le32(out, 0x9000);
        put_le32(out, (guint32)strlen(value->text) + 1);
        put_padded(out, value->text, strlen(value->text) + 1);
        break;
    case VALUE_NUMBER:
        put_le32(out, value->number < 0 ? 0x3000 : 0x4000);
        put_le64(out, (guint64)value->number);
        break;
    case VALUE_BOOLEAN:
        put_le32(out, 0x2000);
        put_le32(out, value->number != 0);
        break;
    case VALUE_DATA:
        put_le32(out, 0x8000);
        put_le32(out, value->data->len);
        put_padded(out, value->data->data, value->data->len);
        break;
    case VALUE_LIST:
    case VALUE_DICT:
        put_members(out, value);
        break;
    }
}

void
xpc_write(const struct xpc_message *message, GByteArray *out)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_autoptr(GByteArray) whole = g_byte_array_new();

    if (message->value) {
        put_le32(body, 0x42133742);
        put_le32(body, 5);
        put_object(body, message->value);
    }
    put_le32(whole, 0x29b00b92);
    put_le32(whole, message->flags);
    put_le64(whole, body->len);
    put_le64(whole, message->number);
    put_bytes(whole, body->data, body->len);
    for (guint done = 0; done < whole->len; done += FRAME_MAX) {
        guint length = MIN(whole->len - done, FRAME_MAX);

        put_8(out, 0);
        put_be16(out, length);
        put_be16(out, 0); /* DATA, no flags */
        put_be32(out, message->stream);
        put_bytes(out, whole->data + done, length);
    }
}
