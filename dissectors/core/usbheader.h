/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The header a capture puts before each USB transfer: Linux usbmon (link types 189 and 220),
 * Windows USBPcap (249) and macOS (266), brought to one form. Wireshark shows these fields but
 * calls no dissector for a transfer without payload, and those are the ones that tell of errors.
 * Facts: drivers/usb/mon/mon_bin.c (Linux 6.1); the USBPcap capture format document; the author of
 * 266 on the mailing list tcpdump-workers, December 2016. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissectors/core/cursor.h"

enum rs_usb_link { RS_USB_LINUX, RS_USB_LINUX_MMAPPED, RS_USB_USBPCAP, RS_USB_DARWIN };

enum rs_usb_transfer { RS_USB_ISO, RS_USB_INTERRUPT, RS_USB_CONTROL, RS_USB_BULK };

struct rs_usb_setup {
    uint8_t request_type, request;
    uint16_t value, index, length;
};

struct rs_usb_event {
    uint64_t id;        /* pairs a submission with its completion */
    bool is_submission; /* else a completion */
    enum rs_usb_transfer transfer;
    uint8_t endpoint; /* bit 7: IN */
    uint16_t bus;
    uint8_t address;
    int32_t status;  /* of a completion: 0 or a negative Linux errno, translated where needed */
    uint32_t length; /* bytes asked for (submission) or moved (completion) */
    bool has_setup;
    struct rs_usb_setup setup;
    size_t data_offset; /* where captured payload starts */
    size_t data_length; /* captured payload bytes */
};

/* bytes: a whole captured frame, usbmon's in host byte order as Wireshark's reader leaves it. */
enum rs_status rs_usb_read_header(enum rs_usb_link link, const uint8_t *bytes, size_t length,
                                  struct rs_usb_event *ret_event);

/* "EPROTO" for -71 and so on; "" for a status without a name. */
const char *rs_usb_status_name(int32_t status);
