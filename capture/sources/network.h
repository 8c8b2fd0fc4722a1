/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A network interface, read from the kernel's own ring (packet(7), TPACKET_V3): packets stay there
 * until they are put into the file, and are copied once. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "capture/record.h"

struct rs_network_options {
    const char *name;
    const char *filter;   /* in libpcap's language, NULL for none */
    uint32_t snap_length; /* 0: RS_RECORD_DATA_MAX */
    unsigned ring_mib;
};

/* NULL and an error (RS_CAPTURE_SOURCE, or RS_CAPTURE_USAGE for a wrong filter). */
rs_source *rs_network_new(const struct rs_network_options *options, GError **error);
