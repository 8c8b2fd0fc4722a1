/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * USB transfers, whatever the operating system. */
#include "plugin/redact/transfer.h"

static gboolean
usb_link(guint link, enum rs_usb_link *ret_link)
{
    switch (link) {
    case RS_LINK_USB_LINUX:
        *ret_link = RS_USB_LINUX;
        return TRUE;
    case RS_LINK_USB_LINUX_MMAPPED:
        *ret_link = RS_USB_LINUX_MMAPPED;
        return TRUE;
    case RS_LINK_USBPCAP:
        *ret_link = RS_USB_USBPCAP;
        return TRUE;
    case RS_LINK_USB_DARWIN:
        *ret_link = RS_USB_DARWIN;
        return TRUE;
    default:
        return FALSE;
    }
}

gboolean
rs_transfer_read(const struct rs_block *packet, struct rs_transfer *ret_transfer)
{
    struct rs_usb_event event;
    enum rs_usb_link link;

    if (!packet->data || !usb_link(packet->link, &link) ||
        rs_usb_read_header(link, packet->data, packet->captured, &event) != RS_OK ||
        event.data_length == 0 || event.data_offset > packet->captured ||
        event.data_length > packet->captured - event.data_offset)
        return FALSE;
    ret_transfer->event = event;
    ret_transfer->bytes = packet->data + event.data_offset;
    ret_transfer->captured = event.data_length;
    ret_transfer->length = MAX(event.length, event.data_length);
    return TRUE;
}
