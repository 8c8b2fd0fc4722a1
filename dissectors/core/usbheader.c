/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads capture headers of USB transfers; see usbheader.h for the sources. */

#include "dissectors/core/usbheader.h"

#include <string.h>

/* Linux errno values as they appear on the wire of usbmon, whatever this machine calls them.
 * Source: Linux Documentation/driver-api/usb/error-codes.rst. */
#define USB_STATUS(X)                                                                              \
    X(ENOENT, -2)                                                                                  \
    X(EIO, -5)                                                                                     \
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

/* A status of another system and the Linux errno of the same class. */
struct status_class {
    uint32_t theirs;
    int32_t status;
};

/* USBD_STATUS of Windows. Source: usb.h of the Windows SDK. TIMEOUT is the deadline a program set
 * for its request, which Linux shows as a request taken back. */
static const struct status_class usbd_classes[] = {
    { 0x80000900, -121 }, /* ERROR_SHORT_TRANSFER */
    { 0xC0000001, -84 },  /* CRC */
    { 0xC0000002, -71 },  /* BTSTUFF */
    { 0xC0000003, -71 },  /* DATA_TOGGLE_MISMATCH */
    { 0xC0000004, -32 },  /* STALL_PID */
    { 0xC0000005, -62 },  /* DEV_NOT_RESPONDING */
    { 0xC0000006, -71 },  /* PID_CHECK_FAILURE */
    { 0xC0000007, -71 },  /* UNEXPECTED_PID */
    { 0xC0000008, -75 },  /* DATA_OVERRUN */
    { 0xC0000009, -121 }, /* DATA_UNDERRUN */
    { 0xC000000C, -70 },  /* BUFFER_OVERRUN */
    { 0xC000000D, -63 },  /* BUFFER_UNDERRUN */
    { 0xC0000011, -71 },  /* XACT_ERROR */
    { 0xC0000012, -75 },  /* BABBLE_DETECTED */
    { 0xC0000030, -32 },  /* ENDPOINT_HALTED */
    { 0xC0006000, -2 },   /* TIMEOUT */
    { 0xC0007000, -108 }, /* DEVICE_GONE */
    { 0xC0010000, -2 },   /* CANCELED */
};

/* IOReturn of macOS. Sources: IOReturn.h; USB.h of IOUSBFamily, whose 0xE00040nn repeat the
 * completion codes of OHCI; IOUSBHostFamilyDefinitions.h. The time-outs are a program's, as above.
 */
static const struct status_class ioreturn_classes[] = {
    { 0xE00002C0, -19 },  /* kIOReturnNoDevice */
    { 0xE00002D6, -2 },   /* kIOReturnTimeout */
    { 0xE00002D9, -108 }, /* kIOReturnNotAttached */
    { 0xE00002E7, -121 }, /* kIOReturnUnderrun: less than a packet */
    { 0xE00002E8, -75 },  /* kIOReturnOverrun: more than a packet, or than the buffer */
    { 0xE00002EB, -2 },   /* kIOReturnAborted */
    { 0xE00002ED, -62 },  /* kIOReturnNotResponding */
    { 0xE0004001, -84 },  /* kIOUSBCRCErr */
    { 0xE0004002, -71 },  /* kIOUSBBitstufErr */
    { 0xE0004003, -71 },  /* kIOUSBDataToggleErr */
    { 0xE0004006, -71 },  /* kIOUSBPIDCheckErr */
    { 0xE0004007, -71 },  /* kIOUSBWrongPIDErr */
    { 0xE000400C, -70 },  /* kIOUSBBufferOverrunErr */
    { 0xE000400D, -63 },  /* kIOUSBBufferUnderrunErr */
    { 0xE000404F, -32 },  /* kIOUSBPipeStalled */
    { 0xE0004051, -2 },   /* kIOUSBTransactionTimeout */
    { 0xE0005000, -32 },  /* kUSBHostReturnPipeStalled */
};

/* What is in no table says nothing of cable or device, and counts as "other". */
static int32_t
class_of(const struct status_class *classes, size_t count, uint32_t theirs)
{
    for (size_t i = 0; i < count; i++)
        if (classes[i].theirs == theirs)
            return classes[i].status;
    return -5; /* EIO */
}

static int32_t
status_of_usbd(uint32_t usbd)
{
    if (usbd < 0x80000000U) /* success and pending */
        return 0;
    return class_of(usbd_classes, sizeof usbd_classes / sizeof usbd_classes[0], usbd);
}

static int32_t
status_of_ioreturn(uint32_t ioreturn)
{
    if (ioreturn == 0)
        return 0;
    return class_of(ioreturn_classes, sizeof ioreturn_classes / sizeof ioreturn_classes[0],
                    ioreturn);
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

static uint32_t
le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The low two bits of an endpoint descriptor's bmAttributes, as usbmon numbers them. */
static const enum rs_usb_transfer transfer_of_attributes[] = { RS_USB_CONTROL, RS_USB_ISO,
                                                               RS_USB_BULK, RS_USB_INTERRUPT };

/*  0 u16 version    2 u8 header length   3 u8 0 submission, 1 completion   4 u32 data length
 *  8 u32 IOReturn  12 u32 iso frames    16 u64 id           24 u32 location, bus in the top byte
 * 28 u8 speed      29 u8 device         30 u8 endpoint      31 u8 endpoint type
 *
 * A submission carries no data but a control transfer's setup; what goes out comes with the
 * completion too. */
static enum rs_status
read_darwin(const uint8_t *bytes, size_t length, struct rs_usb_event *ret_event)
{
    struct rs_usb_event e = { 0 };

    if (length < 32)
        return RS_SHORT;
    if (bytes[2] < 32 || bytes[2] > length || bytes[3] > 1 || bytes[31] > 3)
        return RS_BAD;
    e.id = (uint64_t)le32(bytes + 20) << 32 | le32(bytes + 16);
    e.is_submission = bytes[3] == 0;
    e.transfer = transfer_of_attributes[bytes[31]];
    e.endpoint = bytes[30];
    e.bus = bytes[27];
    e.address = bytes[29];
    e.status = e.is_submission ? 0 : status_of_ioreturn(le32(bytes + 8));
    e.length = le32(bytes + 4);
    e.data_offset = bytes[2];
    e.data_length = length - e.data_offset;
    e.has_setup = e.is_submission && e.transfer == RS_USB_CONTROL && e.data_length >= 8;
    if (e.has_setup) {
        read_setup(bytes + e.data_offset, &e.setup);
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
    case RS_USB_DARWIN:
        return read_darwin(bytes, length, ret_event);
    }
    return RS_BAD;
}
