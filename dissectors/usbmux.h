/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the protocols inside usbmux need to know of it. */
#pragma once

#include "dissectors/apple-usb.h"

/* Dissector table of the device's TCP-like ports: dissector_add_uint(USBMUX_PORT_TABLE, 62078,
 * handle). Such a dissector is called below Wireshark's tcp with a struct tcpinfo * as data. */
#define USBMUX_PORT_TABLE "usbmux.port"

/* From `frame` on, new connections to this port of the device are given to handle (a port the
 * device announced: a DataPort, a ConnPort, the Port of StartService). First pass only. */
void usbmux_port_announced(struct apple_usb_attach *attach, guint16 port,
                           dissector_handle_t handle);

/* The dissector of a new connection to this port of the device; that of plain data when nobody
 * knows it. First pass only. */
dissector_handle_t usbmux_handle_for_port(struct apple_usb_attach *attach, guint16 port);

/* What usbmux_port_announced() named, or NULL. */
dissector_handle_t usbmux_announced_handle(struct apple_usb_attach *attach, guint16 port);

/* From here on the host sends gigabytes on this stream, to a dissector that takes them as they
 * come: its packets are not put together from the transfers they span. First pass only. */
void usbmux_stream_is_long(const packet_info *pinfo);

/* A dissector of a long stream was given a segment that starts at seq: TRUE when only *ret_length
 * bytes of it are in this frame. The rest will be passed with later ones. */
gboolean usbmux_rest_follows(guint32 seq, guint32 *ret_length);

/* TRUE when the packet goes from host to device. Valid below usbmux, as is the next, and on a
 * stream through usbmuxd's socket. */
gboolean usbmux_from_host(const packet_info *pinfo);

/* The device-side port of the stream the packet belongs to. */
guint16 usbmux_device_port(const packet_info *pinfo);

/* Puts the synthetic addresses of the attachment's host-device pair into pinfo (packet scope). */
void usbmux_set_addresses(packet_info *pinfo, const struct apple_usb_attach *attach,
                          gboolean from_host);
