/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What of a USB transfer goes into the file. A restore sends gigabytes of filesystem through the
 * multiplexor to one port of the phone; nobody reads those but to check them against their
 * checksums. Everything else is kept: control transfers, answers, property lists, images for the
 * boot loader. */
#pragma once

#include <stdint.h>

enum {
    RS_PAYLOAD_SMART = -1, /* cuts the filesystem only */
    RS_PAYLOAD_ALL = -2,   /* cuts nothing */
    RS_PAYLOAD_KEPT = 96,  /* of a transfer the smart way cuts */
    RS_USBMON_HEADER = 64,
    RS_PAYLOAD_LONG = 4096, /* transfers up to here are never cut */
};

/* packet: usbmon's header of 64 bytes and `data` bytes of the transfer. rule: one of the above, or
 * how many bytes any large bulk transfer keeps. Gives how many of `data` to keep. */
uint32_t rs_payload_keep(const uint8_t *packet, uint32_t data, int rule);
