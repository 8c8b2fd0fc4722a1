/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * USB/IP messages of an attached device. Layout: Documentation/usb/usbip_protocol.rst of the
 * kernel: 0 command   4 sequence   8 device   12 direction (1: IN)   16 endpoint SUBMIT:     20
 * flags  24 length  28 start frame  32 packets (isochronous)  36 interval  40 setup UNLINK:     20
 * sequence of the submission RET_SUBMIT: 20 status  24 actual length  28 start frame  32 packets 36
 * errors RET_UNLINK: 20 status */
#include "samples/lab/vphone/bus/usbip.h"

#include <string.h>

enum {
    AT_COMMAND = 0,
    AT_SEQUENCE = 4,
    AT_DIRECTION = 12,
    AT_ENDPOINT = 16,
    AT_STATUS = 20,
    AT_TARGET = 20,
    AT_LENGTH = 24,
    AT_PACKETS = 32,
    AT_SETUP = 40
};

static uint32_t
get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void
put_u32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}

void
lab_usbip_reader_init(lab_usbip_reader_t *reader,
                      void (*got)(void *, const lab_usbip_message_t *, const uint8_t *), void *user)
{
    reader->got = got;
    reader->user = user;
    reader->buffer = g_byte_array_new();
}

void
lab_usbip_reader_clear(lab_usbip_reader_t *reader)
{
    g_byte_array_unref(reader->buffer);
    reader->buffer = NULL;
}

/* No isochronous endpoint is on the phone: `packets` is 0, or -1 from some kernels. */
static bool
read_submit(lab_usbip_message_t *message, const uint8_t *header)
{
    uint32_t packets = get_u32(header + AT_PACKETS);

    message->length = get_u32(header + AT_LENGTH);
    memcpy(message->setup, header + AT_SETUP, sizeof(message->setup));
    return message->length <= LAB_USBIP_DATA_MAX && (packets == 0 || packets == UINT32_MAX);
}

static bool
read_header(lab_usbip_message_t *message, const uint8_t *header)
{
    uint32_t direction = get_u32(header + AT_DIRECTION);
    uint32_t endpoint = get_u32(header + AT_ENDPOINT);

    memset(message, 0, sizeof(*message));
    message->command = get_u32(header + AT_COMMAND);
    message->sequence = get_u32(header + AT_SEQUENCE);
    if (direction > 1 || endpoint > 15)
        return false;
    message->is_in = direction == 1;
    message->endpoint = (uint8_t)endpoint;
    if (message->command == LAB_USBIP_CMD_SUBMIT)
        return read_submit(message, header);
    message->target = get_u32(header + AT_TARGET);
    return message->command == LAB_USBIP_CMD_UNLINK;
}

bool
lab_usbip_read(lab_usbip_reader_t *reader, const uint8_t *bytes, size_t n)
{
    size_t done = 0;
    bool ok = true;

    g_byte_array_append(reader->buffer, bytes, (guint)n);
    while (reader->buffer->len - done >= LAB_USBIP_HEADER) {
        const uint8_t *header = reader->buffer->data + done;
        lab_usbip_message_t message;
        size_t data = 0;

        ok = read_header(&message, header);
        if (!ok)
            break;
        if (message.command == LAB_USBIP_CMD_SUBMIT && !message.is_in)
            data = message.length;
        if (reader->buffer->len - done - LAB_USBIP_HEADER < data)
            break;
        reader->got(reader->user, &message, data ? header + LAB_USBIP_HEADER : NULL);
        done += LAB_USBIP_HEADER + data;
    }
    g_byte_array_remove_range(reader->buffer, 0, (guint)done);
    return ok;
}

void
lab_usbip_ret_submit(uint8_t header[static LAB_USBIP_HEADER], uint32_t sequence, int32_t status,
                     uint32_t actual_length)
{
    memset(header, 0, LAB_USBIP_HEADER);
    put_u32(header + AT_COMMAND, LAB_USBIP_RET_SUBMIT);
    put_u32(header + AT_SEQUENCE, sequence);
    put_u32(header + AT_STATUS, (uint32_t)status);
    put_u32(header + AT_LENGTH, actual_length);
}

void
lab_usbip_ret_unlink(uint8_t header[static LAB_USBIP_HEADER], uint32_t sequence, int32_t status)
{
    memset(header, 0, LAB_USBIP_HEADER);
    put_u32(header + AT_COMMAND, LAB_USBIP_RET_UNLINK);
    put_u32(header + AT_SEQUENCE, sequence);
    put_u32(header + AT_STATUS, (uint32_t)status);
}
