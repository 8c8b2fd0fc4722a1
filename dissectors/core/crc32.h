/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The checksum at the end of a DFU upload: CRC-32 without the final inversion. Facts from
 * libirecovery 04d04f7, src/libirecovery.c. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define RS_CRC32_DFU_INIT UINT32_C(0xFFFFFFFF)

/* Continues a checksum that began as RS_CRC32_DFU_INIT over more bytes. */
uint32_t rs_crc32_dfu(uint32_t crc, const uint8_t *bytes, size_t length);
