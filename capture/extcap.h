/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What Wireshark asks of a program that records for it: doc/extcap.4 of Wireshark. */
#pragma once

#include "capture/options.h"

/* The answer to the question, to be printed; RS_EXTCAP_CAPTURE is none. The caller's. */
char *rs_extcap_answer(const struct rs_capture_options *options);

/* Is it the name of what we record? */
gboolean rs_extcap_has(const char *interface);
