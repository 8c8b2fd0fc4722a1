/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Identifiers that Wireshark's dissectors and ours find in a capture. */
#pragma once

#include "plugin/cli/tshark.h"
#include "plugin/redact/identifiers.h"

/* Adds those of a file. FALSE with error set as rs_tshark_run() has it. */
gboolean rs_redact_collect(rs_tshark *tshark, const char *path, const char *name,
                           rs_identifiers *ids, GError **error);

/* How many of the one set are still in the other; those that are also pseudonyms do not count. */
guint rs_redact_common(const rs_identifiers *before, const rs_identifiers *after);
