/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Image4 files: The Apple Wiki, "IMG4 File Format". Trailer of a disk image: its public
 * descriptions
 * ("koly" block of UDIF); only what says how large the image is has a meaning here. */
#include "samples/lab/firmware/image.h"

#include <string.h>

enum {
    DER_OCTETS = 0x04,
    DER_IA5 = 0x16,
    DER_SEQUENCE = 0x30,
    TYPE_LENGTH = 4,
    KOLY_LENGTH = 512,
    KOLY_VERSION = 4,
    SECTOR = 512,
};

GByteArray *
lab_image_filler(const char *name, const char *build, gsize length)
{
    GByteArray *out = g_byte_array_sized_new((guint)length + 128);

    while (out->len < length) {
        g_autofree char *line = g_strdup_printf("%s %s %08x\n", name, build, out->len);

        g_byte_array_append(out, (const guint8 *)line, (guint)strlen(line));
    }
    return g_byte_array_set_size(out, (guint)length);
}

static void
add_head(GByteArray *out, guint8 tag, gsize length)
{
    guint8 head[6] = { tag };
    guint n = 0;

    for (gsize rest = length; length >= 0x80 && rest > 0; rest >>= 8)
        n++;
    head[1] = (guint8)(n > 0 ? 0x80 | n : length);
    for (guint i = 0; i < n; i++)
        head[2 + i] = (guint8)(length >> 8 * (n - 1 - i));
    g_byte_array_append(out, head, 2 + n);
}

static void
add_text(GByteArray *out, const char *text)
{
    add_head(out, DER_IA5, strlen(text));
    g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

GByteArray *
lab_image_im4p(const char *fourcc, const char *version, GByteArray *payload)
{
    g_autoptr(GByteArray) body = g_byte_array_sized_new(payload->len + 128);
    GByteArray *out = g_byte_array_sized_new(payload->len + 160);

    add_text(body, "IM4P");
    add_text(body, fourcc);
    add_text(body, version);
    add_head(body, DER_OCTETS, payload->len);
    g_byte_array_append(body, payload->data, payload->len);
    g_byte_array_unref(payload);
    add_head(out, DER_SEQUENCE, body->len);
    g_byte_array_append(out, body->data, body->len);
    return out;
}

gboolean
lab_image_retype(GByteArray *im4p, const char *fourcc)
{
    static const guint8 before[] = { DER_IA5, 4, 'I', 'M', '4', 'P', DER_IA5, TYPE_LENGTH };
    guint at = im4p->len < 2 || im4p->data[1] < 0x80 ? 2 : 2 + (im4p->data[1] & 0x7f);

    if (im4p->len < at + sizeof before + TYPE_LENGTH || im4p->data[0] != DER_SEQUENCE ||
        memcmp(im4p->data + at, before, sizeof before) != 0)
        return FALSE;
    memcpy(im4p->data + at + sizeof before, fourcc, TYPE_LENGTH);
    return TRUE;
}

static void
put_be(guint8 *at, guint bytes, guint64 value)
{
    for (guint i = 0; i < bytes; i++)
        at[i] = (guint8)(value >> 8 * (bytes - 1 - i));
}

GByteArray *
lab_image_disk(const char *name, const char *build, gsize length)
{
    gsize held = length - MIN(length, KOLY_LENGTH);
    GByteArray *out = lab_image_filler(name, build, held);
    guint8 koly[KOLY_LENGTH] = { 'k', 'o', 'l', 'y' };

    put_be(koly + 4, 4, KOLY_VERSION);
    put_be(koly + 8, 4, KOLY_LENGTH);
    put_be(koly + 12, 4, 1);              /* flattened */
    put_be(koly + 32, 8, held);           /* length of the data that begins at 0 */
    put_be(koly + 56, 4, 1);              /* first segment */
    put_be(koly + 60, 4, 1);              /* of one */
    put_be(koly + 488, 4, 1);             /* of a device, not of a partition */
    put_be(koly + 492, 8, held / SECTOR); /* sectors */
    g_byte_array_append(out, koly, (guint)(length - held));
    return out;
}

void
lab_image_spoil(GByteArray *file)
{
    for (guint i = file->len / 4; i < file->len - file->len / 4; i += 16)
        file->data[i] ^= 0x5a;
}
