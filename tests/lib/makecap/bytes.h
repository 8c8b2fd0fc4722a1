/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers into bytes, little and big endian. */
#pragma once

#include <glib.h>
#include <string.h>

static inline void
put_bytes(GByteArray *out, const void *bytes, gsize length)
{
    if (length > 0)
        g_byte_array_append(out, bytes, (guint)length);
}

static inline void
put_zeros(GByteArray *out, gsize count)
{
    guint before = out->len;

    g_byte_array_set_size(out, (guint)(before + count));
    if (count > 0)
        memset(out->data + before, 0, count);
}

static inline void
put_8(GByteArray *out, guint value)
{
    guint8 byte = (guint8)value;

    put_bytes(out, &byte, 1);
}

static inline void
put_le16(GByteArray *out, guint value)
{
    put_8(out, value & 0xff);
    put_8(out, value >> 8);
}

static inline void
put_le32(GByteArray *out, guint32 value)
{
    put_le16(out, value & 0xffff);
    put_le16(out, value >> 16);
}

static inline void
put_le64(GByteArray *out, guint64 value)
{
    put_le32(out, (guint32)value);
    put_le32(out, (guint32)(value >> 32));
}

static inline void
put_be16(GByteArray *out, guint value)
{
    put_8(out, value >> 8);
    put_8(out, value & 0xff);
}

static inline void
put_be32(GByteArray *out, guint32 value)
{
    put_be16(out, value >> 16);
    put_be16(out, value & 0xffff);
}

static inline void
put_be64(GByteArray *out, guint64 value)
{
    put_be32(out, (guint32)(value >> 32));
    put_be32(out, (guint32)value);
}
