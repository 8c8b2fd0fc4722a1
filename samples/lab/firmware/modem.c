/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The modem's firmware (.bbfw). Layout of the archive: PKWARE's APPNOTE, 4.3.7, 4.3.12 and 4.3.16;
 * names and heads of the files in it: idevicerestore 1.0.0, src/restore.c and src/mbn.h. */
#include <string.h>

#include "dissectors/core/crc32.h"
#include "samples/lab/firmware/image.h"

enum {
    ZIP_LOCAL = 0x04034b50,
    ZIP_CENTRAL = 0x02014b50,
    ZIP_END = 0x06054b50,
    ZIP_VERSION = 20,
    DOS_DATE = 0x5721, /* 1 September 2023 */
    HEAD_LENGTH = 40,  /* of .mbn, version 1 */
    FILE_LENGTH = 6 * 1024,
};

/* Of which kind a modem is, and so how its files are called: Intel's, else Qualcomm's. */
static const struct {
    const char *prefix, *files[4];
} kinds[] = {
    { "ICE", { "restorepsi.bin", "psi_ram.bin", "SYS_SW.elf", NULL } },
    { "", { "restoresbl1.mbn", "sbl1.mbn", "qdsp6sw.mbn", NULL } },
};

static void
add_le(GByteArray *out, guint bytes, guint64 value)
{
    for (guint i = 0; i < bytes; i++, value >>= 8) {
        guint8 byte = (guint8)value;

        g_byte_array_append(out, &byte, 1);
    }
}

/* What local and central entry have in common, from the flags on. */
static void
add_entry(GByteArray *out, const char *name, const GByteArray *file)
{
    add_le(out, 4, 0); /* no flags, stored */
    add_le(out, 2, 0);
    add_le(out, 2, DOS_DATE);
    add_le(out, 4, ~rs_crc32_dfu(RS_CRC32_DFU_INIT, file->data, file->len));
    add_le(out, 4, file->len);
    add_le(out, 4, file->len);
    add_le(out, 2, strlen(name));
    add_le(out, 2, 0); /* no extra field */
}

static void
add_name(GByteArray *out, const char *name)
{
    g_byte_array_append(out, (const guint8 *)name, (guint)strlen(name));
}

static void
add_file(GByteArray *zip, GByteArray *directory, const char *name, const GByteArray *file)
{
    guint at = zip->len;

    add_le(zip, 4, ZIP_LOCAL);
    add_le(zip, 2, ZIP_VERSION);
    add_entry(zip, name, file);
    add_name(zip, name);
    g_byte_array_append(zip, file->data, file->len);

    add_le(directory, 4, ZIP_CENTRAL);
    add_le(directory, 2, ZIP_VERSION);
    add_le(directory, 2, ZIP_VERSION);
    add_entry(directory, name, file);
    add_le(directory, 8, 0); /* no comment, disk 0, not text */
    add_le(directory, 2, 0);
    add_le(directory, 4, at);
    add_name(directory, name);
}

/* A file of the archive with the head its kind has. */
static GByteArray *
file_of(const char *name, const char *build)
{
    g_autoptr(GByteArray) filler = lab_image_filler(name, build, FILE_LENGTH - HEAD_LENGTH);
    GByteArray *out = g_byte_array_new();
    guint start;

    if (g_str_has_suffix(name, ".mbn")) {
        add_le(out, 4, 10);
        add_le(out, 12, 0);
        add_le(out, 4, FILE_LENGTH - HEAD_LENGTH);
    } else if (g_str_has_suffix(name, ".bin")) {
        add_le(out, 8, G_GUINT64_CONSTANT(0x5548696cea00047d));
        add_le(out, 8, 0);
        add_le(out, 4, FILE_LENGTH);
    } else {
        add_le(out, 8, G_GUINT64_CONSTANT(0x00010101464c457f));
    }
    start = out->len;
    g_byte_array_set_size(out, HEAD_LENGTH);
    memset(out->data + start, 0, HEAD_LENGTH - start);
    g_byte_array_append(out, filler->data, filler->len);
    return out;
}

GByteArray *
lab_image_modem(const char *modem, const char *build)
{
    g_autoptr(GByteArray) directory = g_byte_array_new();
    GByteArray *zip = g_byte_array_new();
    guint kind = 0, n = 0, at;

    while (!g_str_has_prefix(modem, kinds[kind].prefix))
        kind++;
    for (; kinds[kind].files[n]; n++) {
        g_autoptr(GByteArray) file = file_of(kinds[kind].files[n], build);

        add_file(zip, directory, kinds[kind].files[n], file);
    }
    at = zip->len;
    g_byte_array_append(zip, directory->data, directory->len);
    add_le(zip, 4, ZIP_END);
    add_le(zip, 4, 0); /* disk 0, all on it */
    add_le(zip, 2, n);
    add_le(zip, 2, n);
    add_le(zip, 4, directory->len);
    add_le(zip, 4, at);
    add_le(zip, 2, 0);
    return zip;
}
