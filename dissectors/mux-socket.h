/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Streams to a device that a program has through usbmuxd's socket: ordinary TCP connections which,
 * once usbmuxd has granted a Connect, carry what the same stream carries inside usbmux. */
#pragma once

#include "dissectors/apple-usb.h"

/* File scope. */
struct mux_socket {
    /* Stands for the device, as usbmuxd counts devices. What dissectors remember of it is not
     * shared with the attachment on the bus: a capture of both shows every message twice. */
    struct apple_usb_attach *attach;
    guint16 daemon_port; /* of usbmuxd's end of the connection */
    guint16 device_port;
};

/* The packet's TCP connection is a stream to this port of the device with that number. The packet
 * goes from usbmuxd to its client. First pass only. */
struct mux_socket *mux_socket_opened(packet_info *pinfo, guint32 device_id, guint16 device_port);

/* The stream the packet belongs to, or NULL. */
const struct mux_socket *mux_socket_of(const packet_info *pinfo);
