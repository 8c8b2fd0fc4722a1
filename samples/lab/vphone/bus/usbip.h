/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The messages of USB/IP once a device is attached: 48-byte headers, all numbers big-endian, data
 * of OUT submissions and of IN replies behind them (Documentation/usb/usbip_protocol.rst of the
 * kernel). Bytes in, messages out; knows no socket. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    LAB_USBIP_CMD_SUBMIT = 1,
    LAB_USBIP_CMD_UNLINK = 2,
    LAB_USBIP_RET_SUBMIT = 3,
    LAB_USBIP_RET_UNLINK = 4,
    LAB_USBIP_HEADER = 48,
    LAB_USBIP_DATA_MAX = 4 * 1024 * 1024 /* of one transfer; usbmuxd's largest has 48 KiB */
};

typedef struct {
    uint32_t command; /* LAB_USBIP_CMD_SUBMIT or LAB_USBIP_CMD_UNLINK */
    uint32_t sequence;
    bool is_in;
    uint8_t endpoint; /* 0..15 */
    uint32_t length;  /* SUBMIT: of the transfer's buffer */
    uint8_t setup[8]; /* SUBMIT */
    uint32_t target;  /* UNLINK: the sequence number of what is given up */
} lab_usbip_message_t;

typedef struct {
    /* `data` holds message->length bytes for an OUT submission and is NULL otherwise. */
    void (*got)(void *user, const lab_usbip_message_t *message, const uint8_t *data);
    void *user;
    GByteArray *buffer; /* what is not a whole message yet */
} lab_usbip_reader_t;

void lab_usbip_reader_init(lab_usbip_reader_t *reader,
                           void (*got)(void *, const lab_usbip_message_t *, const uint8_t *),
                           void *user);
void lab_usbip_reader_clear(lab_usbip_reader_t *reader);
/* Takes bytes as they come, in any pieces. False when they are no USB/IP of the kind a host sends:
 * nothing after that can be understood. */
bool lab_usbip_read(lab_usbip_reader_t *reader, const uint8_t *bytes, size_t n);

/* The reply to a submission, to be followed by the data when it is IN, and to an unlink. */
void lab_usbip_ret_submit(uint8_t header[static LAB_USBIP_HEADER], uint32_t sequence,
                          int32_t status, uint32_t actual_length);
void lab_usbip_ret_unlink(uint8_t header[static LAB_USBIP_HEADER], uint32_t sequence,
                          int32_t status);
