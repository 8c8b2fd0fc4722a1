/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which interfaces a capture file records, what each lost, and when the recorder stopped: the facts
 * that Wireshark reads but does not hand to a plugin. */
#pragma once

#include <glib.h>

struct rs_interface {
    char *name;        /* "" when the file does not say; any bytes */
    const char *link;  /* short name of the link type, interned */
    guint64 dropped;   /* of its last statistics block */
    guint8 resolution; /* if_tsresol of a pcapng file: its time stamps' unit */
    gint64 offset_s;   /* if_tsoffset: added to them */
};

/* Walks over the blocks of a pcapng file, seeking over packets, or reads the header of a pcap file.
 * Stops quietly where the file is cut or damaged; of anything else (compressed, no capture) it
 * knows nothing. The array of struct rs_interface * is the caller's. The descriptor's position
 * stays where it is. `*ret_until_us` is the newest time that a statistics block tells, in
 * microseconds since 1970, 0 when none does: until then the recorder ran, packets or not. */
GPtrArray *rs_pcapng_scan(int fd, gint64 *ret_until_us);

/* The short name of a LINKTYPE_ number, "linktype-N" if it has none here. Interned. */
const char *rs_link_name(guint link_type);
