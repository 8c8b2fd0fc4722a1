/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What passes a capture on to tshark while it is still being written. Bytes go in as they come and
 * out as tshark is to read them: the same, with a block of our own behind each interface statistics
 * block of a pcapng stream that tells the plugin how far the recorder's time has come. So it can
 * find an absence while no packet comes. */
#pragma once

#include "plugin/cli/pcapng_blocks.h"

/* The block: 8 bytes, microseconds since 1970. Its type is of the range for local use. */
#define RS_RELAY_TICK 0x80525354U

typedef struct rs_relay rs_relay;
rs_relay *rs_relay_new(void);
void rs_relay_free(rs_relay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_relay, rs_relay_free)

/* The next bytes of the capture, any number; appends to out. What is no pcapng, or none any more,
 * passes unchanged. */
void rs_relay_take(rs_relay *relay, const guint8 *bytes, gsize n, GByteArray *out);

/* No more will come. */
void rs_relay_end(rs_relay *relay, GByteArray *out);

/* As rs_pcapng_scan() tells it of a file; the relay's. */
const GPtrArray *rs_relay_interfaces(const rs_relay *relay);
