/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The checksum of DFU uploads; see crc32.h. */
#include "dissectors/core/crc32.h"

/* What a nibble does to the checksum: the reflected polynomial 0xEDB88320 applied four times. */
static const uint32_t nibbles[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
};

uint32_t
rs_crc32_dfu(uint32_t crc, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ nibbles[crc & 0xF];
        crc = crc >> 4 ^ nibbles[crc & 0xF];
    }
    return crc;
}
