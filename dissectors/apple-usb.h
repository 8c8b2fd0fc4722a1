/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which device on the bus a packet belongs to. A USB address is handed out again after every
 * re-enumeration, so bus and address alone do not name a device: the attachment does. */
#pragma once

#include "dissectors/compat.h"

/* One stay of one device under one address, from SET_ADDRESS to the next SET_ADDRESS. */
struct apple_usb_attach {
    guint16 bus;
    guint8 address;
    guint32 generation;  /* 0 for a device whose enumeration is not in the capture */
    guint32 first_frame; /* of this generation; 0 for generation 0 */
    void *mux;           /* packet-usbmux.c's state of this attachment */
    void *service;       /* packet-lockdown.c's: what answers on port 62078 */
    void *iboot;         /* packet-iboot.c's state */
    void *dfu;           /* packet-appledfu.c's state */
    void *kis;           /* packet-kis.c's state */
    void *restored;      /* restored-status.c's: when the restore and its steps began */
};

/* Bus and device address of the non-host end of a USB packet. FALSE when pinfo holds no USB
 * address. */
gboolean apple_usb_endpoint(const packet_info *pinfo, guint16 *ret_bus, guint8 *ret_address);

/* TRUE when the transfer goes out. By the endpoint, not by the packet's addresses: on macOS what
 * goes out comes with the completion, whose source is the device. */
gboolean apple_usb_from_host(const rs_urb *urb);

/* A control transfer as all dissectors expect it: the request from bRequest on with the data that
 * goes out, or the data that came in. Other systems than Linux may record the data that goes out in
 * a frame of its own: NULL for the request whose data comes in a later frame, and there request and
 * data together. *ret_is_setup: the request, not the answer. Packet scope. */
tvbuff_t *apple_usb_control(tvbuff_t *tvb, packet_info *pinfo, const usb_trans_info_t *trans,
                            gboolean *ret_is_setup);

/* The attachment that (bus, address) meant at the given frame; made when there is none. File scope.
 */
struct apple_usb_attach *apple_usb_attach_at(guint16 bus, guint8 address, guint32 frame);

/* The attachment of the packet being dissected, or NULL when it has no USB address. Also valid
 * below usbmux, where pinfo's addresses are the synthetic ones of the stream, and on a stream
 * through usbmuxd's socket, where it is no attachment of the bus. */
struct apple_usb_attach *apple_usb_attach_of(const packet_info *pinfo);

/* Tells that `frame` gave the address to a newly enumerated device. Call in order of frames, on the
 * first pass only. */
void apple_usb_enumerated(guint16 bus, guint8 address, guint32 frame);
