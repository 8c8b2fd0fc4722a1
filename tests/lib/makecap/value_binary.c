/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Binary property lists: objects one after the other, then a table of where each begins, then a
 * trailer. References and offsets take two bytes here. Facts: libplist 2.2, src/bplist.c. */
#include <string.h>

#include "tests/lib/makecap/bytes.h"
#include "tests/lib/makecap/value.h"

enum { MAX_OBJECTS = 1024 };

struct table {
    const struct value *objects[MAX_OBJECTS];
    guint count;
};

/* Numbers the objects, members right after their container's own number is given. */
static void
collect(const struct value *value, struct table *table)
{
    g_assert(table->count < MAX_OBJECTS);
    table->objects[table->count++] = value;
    for (guint i = 0; value->members && i < value->members->len; i++)
        collect(g_ptr_array_index(value->members, i), table);
}

static guint
number_of(const struct table *table, const struct value *value)
{
    for (guint i = 0; i < table->count; i++)
        if (table->objects[i] == value)
            return i;
    g_assert_not_reached();
}

/* A marker byte with the length in its low half, or after it when that is too small. */
static void
put_marker(GByteArray *out, guint type, gsize length)
{
    put_8(out, type << 4 | (guint)MIN(length, 15));
    if (length >= 15) {
        put_8(out, 0x11);
        put_be16(out, (guint)length);
    }
}

static void
put_references(GByteArray *out, const struct value *value, const struct table *table)
{
    guint step = value->kind == VALUE_DICT ? 2 : 1;

    put_marker(out, value->kind == VALUE_DICT ? 0xd : 0xa, value->members->len / step);
    for (guint first = 0; first < step; first++)
        for (guint i = first; i < value->members->len; i += step)
            put_be16(out, number_of(table, g_ptr_array_index(value->members, i)));
}

static void
put_object(GByteArray *out, const struct value *value, const struct table *table)
{
    switch (value->kind) {
    case VALUE_TEXT:
        put_marker(out, 5, strlen(value->text));
        put_bytes(out, value->text, strlen(value->text));
        break;
    case VALUE_NUMBER:
        put_8(out, 0x13);
        put_be64(out, (guint64)value->number);
        break;
    case VALUE_BOOLEAN:
        put_8(out, value->number ? 0x09 : 0x08);
        break;
    case VALUE_DATA:
        put_marker(out, 4, value->data->len);
        put_bytes(out, value->data->data, value->data->len);
        break;
    case VALUE_LIST:
    case VALUE_DICT:
        put_references(out, value, table);
        break;
    }
}

void
value_write_binary(const struct value *value, GByteArray *out)
{
    g_autofree struct table *table = g_new0(struct table, 1);
    g_autoptr(GByteArray) offsets = g_byte_array_new();
    guint start = out->len;
    guint table_at;

    collect(value, table);
    put_bytes(out, "bplist00", 8);
    for (guint i = 0; i < table->count; i++) {
        put_be16(offsets, out->len - start);
        put_object(out, table->objects[i], table);
    }
    table_at = out->len - start;
    put_bytes(out, offsets->data, offsets->len);
    put_zeros(out, 6);
    put_8(out, 2); /* bytes of an offset */
    put_8(out, 2); /* bytes of a reference */
    put_be64(out, table->count);
    put_be64(out, 0); /* the first object is the root */
    put_be64(out, table_at);
}
