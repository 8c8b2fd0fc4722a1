/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads capture headers of USB transfers; see usbheader.h for the sources. */

#include "dissectors/core/usbheader.h"

#include <string.h>

/* Linux errno values as they appear on the wire of usbmon, whatever this machine calls them.
 * Source: Linux Documentation/driver-api/usb/error-codes.rst. */
#define USB_STATUS(X)                                                                              \
    X(ENOENT, -2)                                                                                  \
    X(EXDEV, -18)                                                                                  \
    X(ENODEV, -19)                                                                                 \
    X(EPIPE, -32)                                                                                  \
    X(ETIME, -62)                                                                                  \
    X(ENOSR, -63)                                                                                  \
    X(ECOMM, -70)                                                                                  \
    X(EPROTO, -71)                                                                                 \
    X(EOVERFLOW, -75)                                                                              \
    X(EILSEQ, -84)                                                                                 \
    X(ECONNRESET, -104)                                                                            \
    X(ESHUTDOWN, -108)                                                                             \
    X(ETIMEDOUT, -110)                                                                             \
    X(EHOSTUNREACH, -113)                                                                          \
    X(EINPROGRESS, -115)                                                                           \
    X(EREMOTEIO, -121)

#define STATUS_CASE(name, value)                                                                   \
    case (value):                                                                                  \
        return #name;

const char *
rs_usb_status_name(int32_t status)
{
    switch (status) {
        USB_STATUS(STATUS_CASE)
    default:
        return "";
    }
}

/* USBD_STATUS of Windows -> the Linux errno of the same class. Source: usb.h of the Windows SDK
 * (names). */
static const struct {
    uint32_t usbd;
    int32_t status;
} usbd_classes[] = {
    { 0xC0000001, -84 },  { 0xC0000002, -71 }, { 0xC0000003, -71 },  { 0xC0000004, -32 },
    { 0xC0000005, -62 },  { 0xC0000006, -71 }, { 0xC0000007, -71 },  { 0xC0000008, -75 },
    { 0xC0000009, -121 }, { 0xC000000C, -70 }, { 0xC000000D, -63 },  { 0xC0000011, -71 },
    { 0xC0000012, -75 },  { 0xC0000030, -32 }, { 0xC0006000, -110 }, { 0xC0007000, -108 },
    { 0xC0010000, -2 },
};

static int32_t
status_of_usbd(uint32_t usbd)
{
    if (usbd < 0x80000000U) /* success and pending */
        return 0;
    for (size_t i = 0; i < sizeof usbd_classes / sizeof usbd_classes[0]; i++)
        if (usbd_classes[i].usbd == usbd)
            return usbd_classes[i].status;
    return -71;
}

static void
read_setup(const uint8_t *p, struct rs_usb_setup *ret_setup)
{
    ret_setup->request_type = p[0];
    ret_setup->request = p[1];
    ret_setup->value = (uint16_t)((unsigned)p[2] | (unsigned)p[3] << 8);
    ret_setup->index = (uint16_t)((unsigned)p[4] | (unsigned)p[5] << 8);
    ret_setup->length = (uint16_t)((unsigned)p[6] | (unsigned)p[7] << 8);
}

/*  0 u64 id         8 u8 'S' 'C' 'E'   9 u8 transfer  10 u8 endpoint  11 u8 device
 * 12 u16 bus       14 u8 flag_setup   15 u8 flag_data 16 s64 seconds  24 s32 microseconds
 * 28 s32 status    32 u32 urb length  36 u32 captured 40 u8 setup[8]  (48 .. 63: mmapped only) */
static enum rs_status
read_usbmon(size_t header_bytes, const uint8_t *bytes, size_t length,
            struct rs_usb_event *ret_event)
{
    struct rs_usb_event e = { .data_offset = header_bytes };
    char type;

    if (length < header_bytes)
        return RS_SHORT;
    memcpy(&e.id, bytes, 8);
    type = (char)bytes[8];
    if ((type != 'S' && type != 'C' && type != 'E') || bytes[9] > RS_USB_BULK)
        return RS_BAD;
    e.is_submission = type == 'S';
    e.transfer = (enum rs_usb_transfer)bytes[9];
    e.endpoint = bytes[10];
    e.address = bytes[11];
    memcpy(&e.bus, bytes + 12, 2);
    memcpy(&e.status, bytes + 28, 4);
    memcpy(&e.length, bytes + 32, 4);
    if (e.is_submission)
        e.status = 0;
    e.has_setup = e.is_submission && e.transfer == RS_USB_CONTROL && bytes[14] == 0;
    if (e.has_setup)
        read_setup(bytes + 40, &e.setup);
    e.data_length = length - header_bytes;
    *ret_event = e;
    return RS_OK;
}

/*  0 u16 header length   2 u64 IRP id   10 u32 USBD_STATUS   14 u16 function   16 u8 info (bit 0:
 * completion) 17 u16 bus   19 u16 device   21 u8 endpoint   22 u8 transfer   23 u32 data length 27
 * u8 control stage */
static enum rs_status
read_usbpcap(const uint8_t *bytes, size_t length, struct rs_usb_event *ret_event)
{
    struct rs_usb_event e = { 0 };
    uint16_t header_bytes, device;
    uint32_t usbd;

    if (length < 27)
        return RS_SHORT;
    memcpy(&header_bytes, bytes, 2);
    if (header_bytes < 27 || header_bytes > length || bytes[22] > RS_USB_BULK)
        return RS_BAD;
    memcpy(&e.id, bytes + 2, 8);
    memcpy(&usbd, bytes + 10, 4);
    e.is_submission = (bytes[16] & 1) == 0;
    memcpy(&e.bus, bytes + 17, 2);
    memcpy(&device, bytes + 19, 2);
    e.address = (uint8_t)device;
    e.endpoint = bytes[21];
    e.transfer = (enum rs_usb_transfer)bytes[22];
    memcpy(&e.length, bytes + 23, 4);
    e.status = e.is_submission ? 0 : status_of_usbd(usbd);
    e.data_offset = header_bytes;
    e.data_length = length - header_bytes;
    if (e.transfer == RS_USB_CONTROL && header_bytes >= 28 && bytes[27] == 0 &&
        e.data_length >= 8) {
        e.has_setup = e.is_submission;
        read_setup(bytes + header_bytes, &e.setup);
        e.data_offset += 8;
        e.data_length -= 8;
    }
    *ret_event = e;
    return RS_OK;
}

enum rs_status
rs_usb_read_header(enum rs_usb_link link, const uint8_t *bytes, size_t length,
                   struct rs_usb_event *ret_event)
{
    switch (link) {
    case RS_USB_LINUX:
        return read_usbmon(48, bytes, length, ret_event);
    case RS_USB_LINUX_MMAPPED:
        return read_usbmon(64, bytes, length, ret_event);
    case RS_USB_USBPCAP:
        return read_usbpcap(bytes, length, ret_event);
    }
    return RS_BAD;
}
