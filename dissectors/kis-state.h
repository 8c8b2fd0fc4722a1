/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is remembered of a device in KIS: which reply answers which request, which transfer goes on
 * with a request, and the image on its way. Kept by frame. */
#pragma once

#include "dissectors/apple-usb.h"
#include "dissectors/boot-upload.h"

/* X(NAME, value, text): a portal has its own pair of pipes. */
#define KIS_PORTALS(X)                                                                             \
    X(CONFIG, 0x01, "CONFIG")                                                                      \
    X(RSM, 0x10, "RSM")

#define KIS_PORTAL_ENUM(name, value, text) KIS_PORTAL_##name = (value),
enum kis_portal { KIS_PORTALS(KIS_PORTAL_ENUM) };

/* X(NAME, value, portal, arguments, text) */
#define KIS_INDEXES(X)                                                                             \
    X(ENABLE_A, 0x00a, CONFIG, 1, "enable A")                                                      \
    X(UPLOAD, 0x00d, RSM, 3, "upload")                                                             \
    X(ENABLE_B, 0x014, CONFIG, 1, "enable B")                                                      \
    X(GET_INFO, 0x100, RSM, 0, "get info")                                                         \
    X(BOOT_IMAGE, 0x103, RSM, 1, "boot image")

#define KIS_INDEX_ENUM(name, value, portal, arguments, text) KIS_##name = (value),
enum kis_index { KIS_INDEXES(KIS_INDEX_ENUM) };

enum {
    KIS_HEADER_BYTES = 12,
    KIS_TRAILER_BYTES = 8, /* of a reply: size and status */
    KIS_ADDRESS_OFFSET = 12,
    KIS_LENGTH_OFFSET = 20,
    KIS_CHUNK_OFFSET = 24,
    KIS_CHUNK_MAX = 0x4000
};

struct kis_header {
    guint8 portal, arguments;
    guint16 index, reply_words;
    guint32 request_bytes; /* behind the header; of a reply, as it repeats the header */
    guint32 total;         /* bytes of the whole request, or the least of a reply */
};

/* File scope, as all below. */
struct kis_exchange {
    guint32 question, answer; /* frames; answer is 0 while there is none */
    nstime_t asked;
    gboolean is_write; /* of one value */
};

struct kis_frame {
    struct kis_exchange *exchange;
    struct boot_upload *upload; /* this frame has bytes of it, or boots it */
    guint32 length;             /* of its bytes here */
    guint32 rest_of;            /* the frame whose request goes on here, or 0 */
    gboolean first;             /* the image starts here */
    gboolean out_of_order;      /* other bytes of the image were due */
};

/* Fills *ret_header when a request or reply starts here. */
gboolean kis_read_header(tvbuff_t *tvb, gboolean from_host, struct kis_header *ret_header);

/* Only what KIS is known to be used for, as long as it must be: told from any other bytes. */
gboolean kis_is_distinctive(tvbuff_t *tvb, gboolean from_host);

/* First pass: what this transfer on the pipes numbered `endpoint` is to those before it. */
void kis_track(struct apple_usb_attach *attach, const packet_info *pinfo, tvbuff_t *tvb,
               guint8 endpoint, gboolean from_host, struct kis_frame *frame);
