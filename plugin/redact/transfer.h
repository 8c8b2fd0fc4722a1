/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * USB transfers in packets. */
#pragma once

#include "dissectors/core/usbheader.h"
#include "plugin/redact/blocks.h"

struct rs_transfer {
    struct rs_usb_event event;
    guint8 *bytes; /* its payload */
    gsize captured;
    gsize length; /* on the wire */
};

/* FALSE for other packets, and for those without payload. */
gboolean rs_transfer_read(const struct rs_block *packet, struct rs_transfer *ret_transfer);
