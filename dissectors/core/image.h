/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Firmware images by their first bytes: what container, which component, how long. Facts from
 * idevicerestore 405fcd1, src/img3.c, src/img4.c, src/ftab.c. */
#pragma once

#include "dissectors/core/cursor.h"

/* X(NAME, text) */
#define RS_IMAGE_KINDS(X)                                                                          \
    X(NONE, "data")                                                                                \
    X(IMG2, "IMG2")                                                                                \
    X(IMG3, "IMG3")                                                                                \
    X(IMG4, "IMG4") /* a personalised image */                                                     \
    X(IM4P, "IM4P") /* the same, unsigned */                                                       \
    X(IM4M, "IM4M") /* a ticket */                                                                 \
    X(S5L8900, "8900")                                                                             \
    X(AEA1, "AEA1") /* encrypted archive */                                                        \
    X(ZIP, "zip")                                                                                  \
    X(FTAB, "ftab")                                                                                \
    X(CPIO, "cpio")                                                                                \
    X(XML_PLIST, "XML plist")                                                                      \
    X(BINARY_PLIST, "binary plist")

#define RS_IMAGE_KIND_ENUM(name, text) RS_IMAGE_##name,
enum rs_image_kind { RS_IMAGE_KINDS(RS_IMAGE_KIND_ENUM) RS_IMAGE_KIND_COUNT };

struct rs_image {
    enum rs_image_kind kind;
    char fourcc[5]; /* the component's four characters; "" when not known (yet) */
    uint64_t size;  /* of the whole image as it declares itself, 0 when it does not */
};

/* RS_SHORT: too few bytes to tell; RS_BAD: none of the above. Both leave *ret_image alone.
 * Sixty-four bytes are always enough for all an image says. */
enum rs_status rs_image_recognise(const uint8_t *bytes, size_t length, struct rs_image *ret_image);

const char *rs_image_kind_name(enum rs_image_kind kind);

/* The component of four characters, "iBSS" for "ibss"; NULL for unknown ones. */
const char *rs_image_component(const char *fourcc);
