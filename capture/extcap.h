/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What Wireshark asks of a program that records for it: doc/extcap.4 of Wireshark. */
#pragma once

#include "capture/options.h"

/* The answer to a question, to be printed. RS_EXTCAP_CAPTURE is none. */
const char *rs_extcap_answer(enum rs_extcap_question question);
