/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --log: the restore tool's own log beside the capture. */
#pragma once

#include "plugin/sidelog/sidelog.h"

/* Reads it. NULL with error set (RS_EXIT_READ). */
rs_side_log *rs_cli_log_read(const rs_knowledge *knowledge, const char *path, GError **error);

/* Where no number was given, the one that a log of the report ended with is held against the
 * capture. */
void rs_cli_log_number(const rs_knowledge *knowledge, JsonObject *report);

/* Does a log tell of causes where the capture shows none? */
gboolean rs_cli_log_speaks(JsonObject *report);
