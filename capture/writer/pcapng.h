/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * pcapng blocks, from values to bytes: no files, no allocation. Each function writes one block to a
 * buffer that has at least the bytes its _bound() says, and gives its length, a multiple of 4.
 * Format: draft-ietf-opsawg-pcapng; in this machine's byte order, as the format allows. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "capture/record.h"

enum { RS_PCAPNG_TEXT_MAX = 1024 }; /* bytes of one string; longer ones are cut */

/* Section header. Any of the strings may be NULL. */
size_t rs_pcapng_section(uint8_t *to, const char *hardware, const char *os,
                         const char *application);

/* Interface description, time stamps in nanoseconds. */
size_t rs_pcapng_interface(uint8_t *to, const struct rs_interface *interface, const char *os);

/* Any of the two above fits. */
size_t rs_pcapng_head_bound(void);

/* Enhanced packet. drops: lost since the packet before on this interface; 0 leaves it out. */
size_t rs_pcapng_packet(uint8_t *to, uint32_t interface, const struct rs_record *record,
                        uint64_t drops);

/* systemd journal export, with the record's data as the entry. */
size_t rs_pcapng_journal(uint8_t *to, const struct rs_record *record);

/* Decryption secrets: lines of a TLS key log. */
size_t rs_pcapng_secrets(uint8_t *to, const uint8_t *lines, uint32_t length);

/* What any block with this record takes at most. */
size_t rs_pcapng_record_bound(const struct rs_record *record);

/* Interface statistics: counts from start_ns to now_ns; written: packets that are in the file. */
size_t rs_pcapng_statistics(uint8_t *to, uint32_t interface, uint64_t start_ns, uint64_t now_ns,
                            const struct rs_counts *counts, uint64_t written);
