/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmon's header: the kernel's Documentation/usb/usbmon.rst, "Raw binary format". A packet of the
 * multiplexor is one transfer: usbmuxd 1.1.1, src/device.c; port 12345: idevicerestore 1.0.0,
 * src/asr.h. */
#include <stdbool.h>
#include <string.h>

#include "capture/payload.h"

enum {
    BULK = 3,
    TYPE_AT = 8,
    TRANSFER_AT = 9,
    ENDPOINT_AT = 10,
    IN = 0x80,
    MUX_HEADER = 16,
    MUX_AND_TCP = MUX_HEADER + 20,
    FILESYSTEM_PORT = 12345,
};

static bool
is_filesystem(const uint8_t *data, uint32_t length)
{
    /* Protocol 6, any length, the magic of a multiplexor packet. */
    static const uint8_t tcp[4] = { 0, 0, 0, 6 }, magic[4] = { 0xFE, 0xED, 0xFA, 0xCE };
    const uint8_t *port = data + MUX_HEADER + 2;

    return length >= MUX_AND_TCP && memcmp(data, tcp, sizeof tcp) == 0 &&
           memcmp(data + 8, magic, sizeof magic) == 0 &&
           ((unsigned)port[0] << 8 | port[1]) == FILESYSTEM_PORT;
}

uint32_t
rs_payload_keep(const uint8_t *packet, uint32_t data, int rule)
{
    uint32_t kept = RS_PAYLOAD_KEPT;

    if (rule == RS_PAYLOAD_ALL || packet[TRANSFER_AT] != BULK || data <= RS_PAYLOAD_LONG)
        return data;
    if (rule >= 0)
        kept = (uint32_t)rule;
    else if (packet[TYPE_AT] != 'S' || (packet[ENDPOINT_AT] & IN) ||
             !is_filesystem(packet + RS_USBMON_HEADER, data))
        return data;
    return kept < data ? kept : data;
}
