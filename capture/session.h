/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One recording from its beginning to its end. */
#pragma once

#include "capture/options.h"

/* Gives the status to end with; says on stderr what there is to say. */
int rs_session_run(const struct rs_capture_options *options);
