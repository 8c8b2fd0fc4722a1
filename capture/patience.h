/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An end to waiting for a disk, or a reader of a pipe, that takes nothing any more. */
#pragma once

#include <glib.h>

#include "capture/writer/output.h"

typedef struct rs_patience rs_patience;

/* From now on until it is freed: when nothing more could be written for ten seconds, says so and
 * ends the process with RS_CAPTURE_WRITE. What was written stays readable. */
rs_patience *rs_patience_new(const rs_output *output);
void rs_patience_free(rs_patience *patience);
