/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opens what is to be recorded: what was asked for, or what concerns a restore. */
#pragma once

#include <glib.h>

#include "capture/options.h"
#include "capture/record.h"

/* What could not be opened and is not vital is told in notes, of strings. The list is of rs_source,
 * which are the caller's. NULL and an error (RS_CAPTURE_SOURCE, RS_CAPTURE_USAGE). */
GPtrArray *rs_sources_open(const struct rs_capture_options *options, GPtrArray *notes,
                           GError **error);
