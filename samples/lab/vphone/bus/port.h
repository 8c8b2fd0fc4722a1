/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One port of the kernel's USB/IP host controller (vhci_hcd), seen from the device's side of the
 * wire (usbip protocol of the kernel's Documentation/usb/usbip_protocol.rst, without the import
 * handshake: the socket goes straight to sysfs). */
#pragma once

#include <glib.h>

#include "samples/lab/vphone/usb.h"

typedef struct {
    void (*submitted)(void *user, lab_urb_t *urb); /* takes over `urb` */
    /* The host gave `urb` up. It is still the receiver's; who holds it must forget it now: it is
     * freed on return. */
    void (*unlinked)(void *user, lab_urb_t *urb);
    void (*closed)(void *user); /* the kernel let go of the device, or never took it */
} lab_port_ops_t;

/* vhci counts the ports of all its controllers, which have two buses of 15 (VHCI_HC_PORTS of
 * Debian's kernel): the first of the next one is so much further. */
enum { LAB_PORTS_OF_BUS = 30 };

/* Plugs a high-speed device into vhci's port `number` (0..7, 30..37, ...); transfers come through
 * `ops` on the default main context. Retries for two seconds while the port is not free yet. */
lab_port_t *lab_port_plug(unsigned number, const lab_port_ops_t *ops, void *user, GError **error);
/* Takes it out; transfers still pending become -ESHUTDOWN in the kernel. No callback follows. The
 * transfers themselves are freed here: forget them before. */
void lab_port_unplug(lab_port_t *port);
/* The first half of lab_port_unplug(), for those in the midst of a transfer: off the bus at once,
 * no callback follows, but the transfers stay until lab_port_unplug(). */
void lab_port_cut(lab_port_t *port);

/* The bus number and the address the kernel gave the device, from sysfs; false while it has none.
 */
bool lab_port_address(const lab_port_t *port, unsigned *bus, unsigned *address);
/* The bus a port belongs to, even while nothing has an address there; false without vhci_hcd. */
bool lab_port_bus(unsigned number, unsigned *bus);
/* The transfers that wait, oldest first: NULL-terminated array to be freed with g_free(). */
lab_urb_t **lab_port_pending(const lab_port_t *port, int endpoint /* -1: every IN one */);
