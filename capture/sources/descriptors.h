/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records that make known what was plugged in before we looked. Wireshark learns what a device is
 * from its descriptors; the kernel keeps those in sysfs, so nobody has to be asked on the bus. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { RS_DESCRIPTORS_MAX = 4096 }; /* bytes of one device's descriptors that are taken */

#define RS_DESCRIPTORS_COMMENT                                                                     \
    "Not captured: made by the recorder from /sys/bus/usb/devices, for a device that was "         \
    "plugged in before the recording began"

/* Is given one packet: usbmon's header and what is behind it; original as it would have been. */
typedef void (*rs_descriptors_func)(void *data, const uint8_t *packet, uint32_t captured,
                                    uint32_t original);

/* Makes a request and an answer for the device descriptor, and for each configuration, of each
 * device on the bus. root: where sysfs is, "/sys". */
void rs_descriptors_tell(const char *root, unsigned bus, uint64_t now_ns, rs_descriptors_func func,
                         void *data);

/* The same for one device, from what its file "descriptors" holds. */
void rs_descriptors_of(unsigned bus, unsigned device, const uint8_t *bytes, size_t length,
                       uint64_t now_ns, rs_descriptors_func func, void *data);
