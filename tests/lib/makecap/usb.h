/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Transfers as usbmon shows them: a submission and, later, its completion. One bus, one hub (its
 * root), one port in use at a time. Facts: drivers/usb/mon/mon_bin.c (Linux 6.1); USB 2.0 chapters
 * 9 and 11. */
#pragma once

#include "tests/lib/makecap/pcapng.h"

struct usb_transfer {
    guint8 address, endpoint; /* endpoint 0x80: IN */
    const guint8 *setup;      /* 8 bytes: a control transfer; NULL: bulk */
    const GByteArray *data;   /* what the host sends or the device answers */
    gint32 status;            /* 0 or a negative Linux errno */
    gint64 after_us;          /* from submission to completion; 0: one frame */
};

/* Both halves; time goes on by after_us. */
void usb_transfer(pcapng *file, const struct usb_transfer *transfer);

/* Only the one half: a transfer that is still waiting, or one that waited from before. */
void usb_submission(pcapng *file, const struct usb_transfer *transfer, guint64 id);
void usb_completion(pcapng *file, const struct usb_transfer *transfer, guint64 id);

/* A device appears on a port of the root hub and is enumerated; serial may be NULL. */
void usb_attach(pcapng *file, guint8 port, guint8 address, guint16 product, const char *serial);

/* The port is empty: the hub's status change, and the question that follows. */
void usb_leave(pcapng *file, guint8 port);
