/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ethernet over a device's USB cable; see packet-applencm.c. */
#pragma once

#include "dissectors/compat.h"

/* Is this a block of NCM? Devices send them through pipes beside those of the multiplexor. */
gboolean applencm_is_block(tvbuff_t *tvb);
