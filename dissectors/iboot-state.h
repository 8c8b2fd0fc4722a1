/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What iBoot's transfers mean and what a device in recovery mode has been sent so far:
 * packet-iboot.c's knowledge without its drawing. */
#pragma once

#include "dissectors/apple-usb.h"
#include "dissectors/boot-upload.h"

enum { IBOOT_SETUP_LENGTH = 7 }; /* bRequest, wValue, wIndex, wLength */

/* X(NAME, value, text shown). Source: libirecovery, the request of each transfer. */
#define IBOOT_KINDS(X)                                                                             \
    X(COMMAND, 1, "command")                                                                       \
    X(READ, 2, "read reply")                                                                       \
    X(REPLY, 3, "reply")                                                                           \
    X(UPLOAD_START, 4, "upload start")                                                             \
    X(UPLOAD_DATA, 5, "upload data")                                                               \
    X(NOTIFY, 6, "notify")                                                                         \
    X(RESET_COUNTERS, 7, "reset counters")                                                         \
    X(CONSOLE, 8, "console")

#define IBOOT_KIND_ENUM(name, value, text) IBOOT_##name = (value),
enum iboot_kind { IBOOT_NONE, IBOOT_KINDS(IBOOT_KIND_ENUM) };

/* A command of iBoot that a restore uses. */
struct iboot_verb {
    const char *name;
    gboolean uses_image;  /* acts on what was uploaded last */
    gboolean leaves;      /* the device disconnects */
    gboolean distinctive; /* enough to know iBoot by, where the enumeration was not captured */
};

/* What the first pass learned about one frame. */
struct iboot_frame {
    struct boot_upload *upload; /* this frame carries a piece of it */
    guint64 offset;             /* of the piece */
    const char *whole_sha1;     /* the piece completes the declared size */
    gboolean first;             /* the piece is the first */
    gboolean whole;             /* the piece completes the declared size */
    struct boot_upload *ended;  /* this frame ends it */
    struct boot_upload *used;   /* this command makes use of it */
    guint32 asked_in;           /* this reply answers that command */
    const char *asked;
};

/* Which of iBoot's transfers this is; IBOOT_NONE leaves it to Wireshark. *tvb may be replaced,
 * see apple_usb_control(). *ret_is_setup: the bytes begin with the setup. */
enum iboot_kind iboot_classify(const rs_urb *urb, packet_info *pinfo, tvbuff_t **tvb,
                               gboolean *ret_is_setup);

/* The verb a command line begins with, or NULL. */
const struct iboot_verb *iboot_find_verb(const char *command);

/* A command that only iBoot knows, written exactly as hosts write it. */
gboolean iboot_is_distinctive(tvbuff_t *tvb, const packet_info *pinfo,
                              const usb_trans_info_t *trans);

/* Keeps the books of the device and fills *frame; on the first pass only, in order of frames. */
void iboot_track(struct apple_usb_attach *attach, const packet_info *pinfo, tvbuff_t *tvb,
                 enum iboot_kind kind, const char *text, struct iboot_frame *frame);
