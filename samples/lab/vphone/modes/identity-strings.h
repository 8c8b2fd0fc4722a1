/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The strings by which a phone in DFU or recovery mode says who it is. To be freed with g_free().
 */
#pragma once

#include "samples/lab/vphone/phone.h"

/* "CPID:8015 CPRV:11 ..." as the serial number of `mode`; `stage` is of the boot chain. */
char *lab_serial_string(const lab_identity_t *id, lab_mode_t mode, unsigned stage);
/* "NONC:... SNON:...", string 1. */
char *lab_nonce_string(const lab_identity_t *id, lab_mode_t mode);
