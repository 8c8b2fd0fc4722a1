/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See pcapng.h. */
#include "tests/lib/makecap/pcapng.h"

#include "tests/lib/makecap/bytes.h"

enum {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_FRAME = 6,
    BYTE_ORDER_MAGIC = 0x1A2B3C4D,
    OPTION_NAME = 2,
    LINK_ETHERNET = 1,
    LINK_USBMON = 220,
    SNAP_LENGTH = 262144,
    FRAME_STEP_US = 1000,
};

#define EPOCH_US (G_GINT64_CONSTANT(1704110400) * G_USEC_PER_SEC)

struct pcapng {
    GByteArray *out;
    gint64 time_us;
    guint32 frames;
    guint32 snap;
};

/* type, length, body, padding, length */
static void
add_block(pcapng *file, guint32 type, const GByteArray *body)
{
    guint32 length = (guint32)(12 + (body->len + 3) / 4 * 4);

    put_le32(file->out, type);
    put_le32(file->out, length);
    put_bytes(file->out, body->data, body->len);
    put_zeros(file->out, length - 12 - body->len);
    put_le32(file->out, length);
}

static void
add_option(GByteArray *body, guint16 code, const void *value, guint length)
{
    put_le16(body, code);
    put_le16(body, (guint16)length);
    put_bytes(body, value, length);
    put_zeros(body, (4 - length % 4) % 4);
}

static void
add_interface(pcapng *file, guint16 link, const char *name)
{
    g_autoptr(GByteArray) body = g_byte_array_new();

    put_le16(body, link);
    put_le16(body, 0);
    put_le32(body, SNAP_LENGTH);
    add_option(body, OPTION_NAME, name, (guint)strlen(name));
    put_le32(body, 0); /* end of options */
    add_block(file, BLOCK_INTERFACE, body);
}

pcapng *
pcapng_new(void)
{
    g_autoptr(GByteArray) section = g_byte_array_new();
    pcapng *file = g_new0(pcapng, 1);

    file->out = g_byte_array_new();
    put_le32(section, BYTE_ORDER_MAGIC);
    put_le32(section, 1);          /* version 1.0 */
    put_le32(section, 0xFFFFFFFF); /* length unknown */
    put_le32(section, 0xFFFFFFFF);
    add_block(file, BLOCK_SECTION, section);
    add_interface(file, LINK_USBMON, "usbmon1");
    add_interface(file, LINK_ETHERNET, "eth0");
    return file;
}

void
pcapng_free(pcapng *file)
{
    if (!file)
        return;
    g_byte_array_unref(file->out);
    g_free(file);
}

gint64
pcapng_now(const pcapng *file)
{
    return file->time_us;
}

void
pcapng_set_time(pcapng *file, gint64 time_us)
{
    file->time_us = time_us;
}

gint64
pcapng_epoch_us(const pcapng *file)
{
    return EPOCH_US + file->time_us;
}

static void
add_time(const pcapng *file, GByteArray *body)
{
    guint64 time_us = (guint64)pcapng_epoch_us(file);

    put_le32(body, (guint32)(time_us >> 32));
    put_le32(body, (guint32)time_us);
}

void
pcapng_set_snap(pcapng *file, guint32 bytes)
{
    file->snap = bytes;
}

guint32
pcapng_frame(pcapng *file, enum interface interface, const GByteArray *bytes)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    guint32 kept = file->snap > 0 ? MIN(bytes->len, file->snap) : bytes->len;

    put_le32(body, interface);
    add_time(file, body);
    put_le32(body, kept);
    put_le32(body, bytes->len);
    put_bytes(body, bytes->data, kept);
    add_block(file, BLOCK_FRAME, body);
    file->time_us += FRAME_STEP_US;
    return ++file->frames;
}

gboolean
pcapng_save(const pcapng *file, const char *path, GError **error)
{
    return g_file_set_contents(path, (const char *)file->out->data, (gssize)file->out->len, error);
}
