/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Recognition of firmware images; see image.h. */
#include <string.h>

#include "dissectors/core/image-components.h"
#include "dissectors/core/image.h"

enum { FOURCC = 4, DER_IA5_STRING = 0x16, DER_SEQUENCE = 0x30, DER_LONG_LENGTH_MAX = 4 };

/* A container that begins with fixed bytes. */
struct magic {
    enum rs_image_kind kind;
    const char *bytes;
    size_t length;
};

#define MAGIC(kind, bytes)                                                                         \
    {                                                                                              \
        RS_IMAGE_##kind, (bytes), sizeof(bytes) - 1                                                \
    }
#define ZEROS_8 "\0\0\0\0\0\0\0\0"
static const struct magic magics[] = {
    MAGIC(IMG3, "3gmI"),
    MAGIC(IMG2, "2gmI"),
    MAGIC(S5L8900, "8900"),
    MAGIC(AEA1, "AEA1"),
    MAGIC(ZIP, "PK\x03\x04"),
    MAGIC(CPIO, "070707"),
    MAGIC(FTAB, "\x01\0\0\0\xFF\xFF\xFF\xFF" ZEROS_8 ZEROS_8 ZEROS_8),
    MAGIC(BINARY_PLIST, "bplist00"),
    MAGIC(XML_PLIST, "<?xml"),
    MAGIC(XML_PLIST, "<!DOCTYPE plist"),
    MAGIC(XML_PLIST, "<plist"),
};

/* Copies four characters when they are printable; `reversed` for containers that store them as a
 * little-endian number. */
static void
set_fourcc(struct rs_image *image, const uint8_t *bytes, size_t length, bool reversed)
{
    char fourcc[FOURCC + 1] = "";

    if (bytes == NULL || length == 0 || length > FOURCC)
        return;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = bytes[reversed ? length - 1 - i : i];

        if (byte < ' ' || byte > '~')
            return;
        fourcc[i] = (char)byte;
    }
    memcpy(image->fourcc, fourcc, sizeof fourcc);
}

/* u32 magic, full size, data size, offset of the signature, type; all little-endian. */
static void
read_img3(struct rs_cursor *cursor, struct rs_image *image)
{
    rs_take_le32(cursor);
    image->size = rs_take_le32(cursor);
    rs_take_le64(cursor);
    set_fourcc(image, rs_take_bytes(cursor, FOURCC), FOURCC, true);
}

/* 32 fixed bytes, u32 tag, "ftab". */
static enum rs_status
read_ftab(struct rs_cursor *cursor, struct rs_image *image)
{
    const uint8_t *tag, *magic;

    rs_take_bytes(cursor, 32);
    tag = rs_take_bytes(cursor, FOURCC);
    magic = rs_take_bytes(cursor, FOURCC);
    if (magic == NULL)
        return RS_SHORT;
    if (memcmp(magic, "ftab", FOURCC) != 0)
        return RS_BAD;
    set_fourcc(image, tag, FOURCC, false);
    return RS_OK;
}

static enum rs_status
read_magic(const uint8_t *bytes, size_t length, struct rs_image *image)
{
    enum rs_status status = RS_BAD;

    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        const struct magic *magic = &magics[i];
        size_t here = length < magic->length ? length : magic->length;
        struct rs_cursor cursor;

        if (here > 0 && memcmp(bytes, magic->bytes, here) != 0)
            continue;
        if (here < magic->length) {
            status = RS_SHORT;
            continue;
        }
        image->kind = magic->kind;
        rs_cursor_init(&cursor, bytes, length);
        if (magic->kind == RS_IMAGE_FTAB)
            return read_ftab(&cursor, image);
        if (magic->kind == RS_IMAGE_IMG3)
            read_img3(&cursor, image);
        return RS_OK;
    }
    return status;
}

/* Takes the tag and length of a DER value; RS_BAD when it is of another type. */
static enum rs_status
take_der(struct rs_cursor *cursor, uint8_t tag, uint64_t *ret_length)
{
    uint8_t found = rs_take_u8(cursor), first;

    if (cursor->failed)
        return RS_SHORT;
    if (found != tag)
        return RS_BAD;
    first = rs_take_u8(cursor);
    *ret_length = first;
    if (first >= 0x80) {
        if (first == 0x80 || first > 0x80 + DER_LONG_LENGTH_MAX)
            return RS_BAD;
        *ret_length = rs_take_be(cursor, first & 0x7FU);
    }
    return cursor->failed ? RS_SHORT : RS_OK;
}

/* Takes a string of at most four characters. */
static enum rs_status
take_der_fourcc(struct rs_cursor *cursor, const uint8_t **ret_text, size_t *ret_length)
{
    uint64_t length;
    enum rs_status status = take_der(cursor, DER_IA5_STRING, &length);

    if (status != RS_OK)
        return status;
    if (length == 0 || length > FOURCC)
        return RS_BAD;
    *ret_text = rs_take_bytes(cursor, (size_t)length);
    *ret_length = (size_t)length;
    return cursor->failed ? RS_SHORT : RS_OK;
}

/* The type of the image inside an IMG4: its first value is the IM4P. */
static void
read_type(struct rs_cursor *cursor, struct rs_image *image)
{
    const uint8_t *text;
    uint64_t inner;
    size_t length;

    if (image->kind == RS_IMAGE_IMG4 && (take_der(cursor, DER_SEQUENCE, &inner) != RS_OK ||
                                         take_der_fourcc(cursor, &text, &length) != RS_OK ||
                                         length != FOURCC || memcmp(text, "IM4P", FOURCC) != 0))
        return;
    if (take_der_fourcc(cursor, &text, &length) == RS_OK)
        set_fourcc(image, text, length, false);
}

/* SEQUENCE { IA5String "IMG4", "IM4P" or "IM4M", ... } */
static enum rs_status
read_image4(const uint8_t *bytes, size_t length, struct rs_image *image)
{
    static const enum rs_image_kind kinds[] = { RS_IMAGE_IMG4, RS_IMAGE_IM4P, RS_IMAGE_IM4M };
    struct rs_cursor cursor;
    const uint8_t *text;
    uint64_t content;
    size_t header, text_length;
    enum rs_status status;

    rs_cursor_init(&cursor, bytes, length);
    status = take_der(&cursor, DER_SEQUENCE, &content);
    if (status != RS_OK)
        return status;
    header = length - rs_left(&cursor);
    status = take_der_fourcc(&cursor, &text, &text_length);
    if (status != RS_OK)
        return status;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (text_length == FOURCC && memcmp(text, rs_image_kind_name(kinds[i]), FOURCC) == 0) {
            image->kind = kinds[i];
            image->size = header + content;
            if (kinds[i] != RS_IMAGE_IM4M)
                read_type(&cursor, image);
            return RS_OK;
        }
    }
    return RS_BAD;
}

enum rs_status
rs_image_recognise(const uint8_t *bytes, size_t length, struct rs_image *ret_image)
{
    struct rs_image image = { .kind = RS_IMAGE_NONE };
    enum rs_status status;

    if (length == 0)
        return RS_SHORT;
    /* A cpio archive begins with the same byte as a SEQUENCE. */
    status = read_magic(bytes, length, &image);
    if (status != RS_OK && bytes[0] == DER_SEQUENCE) {
        enum rs_status other = read_image4(bytes, length, &image);

        status = other != RS_BAD ? other : status;
    }
    if (status == RS_OK)
        *ret_image = image;
    return status;
}

#define KIND_NAME(name, text) text,
const char *
rs_image_kind_name(enum rs_image_kind kind)
{
    static const char *const names[] = { RS_IMAGE_KINDS(KIND_NAME) };

    return (unsigned)kind < RS_IMAGE_KIND_COUNT ? names[kind] : names[RS_IMAGE_NONE];
}

#define COMPONENT_ROW(fourcc, component) { (fourcc), (component) },
const char *
rs_image_component(const char *fourcc)
{
    static const struct {
        const char *fourcc, *component;
    } components[] = { RS_IMAGE_COMPONENTS(COMPONENT_ROW) };

    for (size_t i = 0; i < sizeof components / sizeof components[0]; i++) {
        if (strcmp(components[i].fourcc, fourcc) == 0)
            return components[i].component;
    }
    return NULL;
}
