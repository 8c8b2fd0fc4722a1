/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checksums over what was redacted: right ones stay right, wrong ones wrong by as much. */
#pragma once

#include "plugin/redact/blocks.h"
#include "plugin/redact/streams.h"

/* Of IP, TCP, UDP and ICMP in a packet; was: the file as it was, now: as it is. */
void rs_checksums_packet(const struct rs_block *packet, const guint8 *was, const guint8 *now);

/* Of a DFU upload: the CRC in the suffix behind the image. */
void rs_checksums_dfu(const struct rs_block *packet, const guint8 *was, const guint8 *now,
                      GHashTable *uploads);
GHashTable *rs_checksums_uploads(void);
