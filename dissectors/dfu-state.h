/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What DFU requests mean and what a device in DFU mode has been sent so far: packet-appledfu.c's
 * knowledge without its drawing. */
#pragma once

#include "dissectors/apple-usb.h"
#include "dissectors/boot-upload.h"

enum {
    DFU_SETUP_LENGTH = 7, /* bRequest, wValue, wIndex, wLength */
    DFU_SUFFIX_LENGTH = 16,
    DFU_SUFFIX_CRC_OFFSET = 12
};

/* X(NAME, bRequest). Source: USB DFU 1.1, section 3. */
#define DFU_REQUESTS(X)                                                                            \
    X(DETACH, 0)                                                                                   \
    X(DNLOAD, 1)                                                                                   \
    X(UPLOAD, 2)                                                                                   \
    X(GETSTATUS, 3)                                                                                \
    X(CLRSTATUS, 4)                                                                                \
    X(GETSTATE, 5)                                                                                 \
    X(ABORT, 6)

#define DFU_REQUEST_ENUM(name, value) DFU_##name = (value),
enum { DFU_REQUESTS(DFU_REQUEST_ENUM) };

/* What the first pass learned about one frame. */
struct dfu_frame {
    struct boot_upload *upload; /* this block belongs to it */
    guint64 offset;
    guint32 crc;    /* computed over the image and its suffix */
    guint32 length; /* of the block's image bytes */
    guint16 expected_block;
    gboolean first;
    gboolean has_suffix;
    gboolean crc_known;
    gboolean out_of_order;
    struct boot_upload *finished; /* this empty DNLOAD ends it */
};

/* A DFU class request in its right direction. */
gboolean dfu_is_request(const usb_trans_info_t *trans);

/* The data of this DNLOAD ends with Apple's suffix. */
gboolean dfu_ends_with_suffix(tvbuff_t *tvb);

/* Keeps the books of the device for one DNLOAD (setup and data in tvb) and fills *frame; on the
 * first pass only, in order of frames. */
void dfu_track_download(struct apple_usb_attach *attach, const packet_info *pinfo, tvbuff_t *tvb,
                        const usb_trans_info_t *trans, struct dfu_frame *frame);
