/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The serial string of DFU, WTF, recovery and KIS mode ("CPID:8015 CPRV:11 ... SRTG:[iBoot-1]") and
 * the product it names. Facts from libirecovery 04d04f7, src/libirecovery.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* X(TAG, member, hexadecimal digits at most, meaning) */
#define RS_SERIAL_NUMBERS(X)                                                                       \
    X(CPID, chip_id, 8, "chip")                                                                    \
    X(CPRV, chip_revision, 8, "chip revision")                                                     \
    X(CPFM, fuse_mode, 8, "fuse mode: bit 0 secure, 1 production")                                 \
    X(SCEP, security_epoch, 8, "security epoch")                                                   \
    X(BDID, board_id, 8, "board")                                                                  \
    X(ECID, ecid, 16, "exclusive chip id; absent in WTF mode")                                     \
    X(IBFL, iboot_flags, 8, "iBoot flags: 0x04 Image4-aware ...")

/* X(TAG, member, characters at most, meaning): in brackets but for the nonces, which stand in
 * string descriptor 1. SRTG is there in the DFU mode of the ROM, not in that of an iBSS. */
#define RS_SERIAL_TEXTS(X)                                                                         \
    X(SRNM, serial_number, 31, "printed on the case")                                              \
    X(IMEI, imei, 31, "IMEI")                                                                      \
    X(SRTG, rom_tag, 63, "version of the ROM")                                                     \
    X(PWND, exploit, 31, "added by exploits")                                                      \
    X(NONC, ap_nonce, 128, "hexadecimal")                                                          \
    X(SNON, sep_nonce, 128, "hexadecimal")

#define RS_SERIAL_NUMBER_MEMBER(tag, member, digits, meaning) uint64_t member;
#define RS_SERIAL_TEXT_MEMBER(tag, member, size, meaning) char member[(size) + 1];
struct rs_serial {
    bool has_chip, has_board, has_ecid; /* the tags CPID, BDID, ECID */
    RS_SERIAL_NUMBERS(RS_SERIAL_NUMBER_MEMBER)
    RS_SERIAL_TEXTS(RS_SERIAL_TEXT_MEMBER) /* "" when absent */
};

struct rs_product {
    uint32_t chip_id, board_id;
    const char *identifier; /* "iPhone10,6" */
    const char *board;      /* "d221ap" */
};

/* Reads the tags of a string; false when it has none of the above. Unknown tags are ignored, and
 * so are values that are no number or too long. */
bool rs_serial_parse(const char *text, struct rs_serial *ret_serial);

/* The product of these numbers; NULL for an unknown one. */
const struct rs_product *rs_product_find(uint64_t chip_id, uint64_t board_id);

/* Its identifier, or NULL. */
const char *rs_product_identifier(uint64_t chip_id, uint64_t board_id);

/* "A11" for 0x8015; NULL for an unknown chip. */
const char *rs_chip_name(uint64_t chip_id);
