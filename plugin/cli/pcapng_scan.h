/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which interfaces a capture file records, what each lost, and when the recorder stopped: the facts
 * that Wireshark reads but does not hand to a plugin. */
#pragma once

#include "plugin/cli/pcapng_blocks.h"

/* Walks over the blocks of a pcapng file, seeking over packets, or reads the header of a pcap file.
 * Stops quietly where the file is cut or damaged; of anything else (compressed, no capture) it
 * knows nothing. The array of struct rs_interface * is the caller's. The descriptor's position
 * stays where it is. `*ret_until_us` is the newest time that a statistics block tells, in
 * microseconds since 1970, 0 when none does: until then the recorder ran, packets or not. */
GPtrArray *rs_pcapng_scan(int fd, gint64 *ret_until_us);
