/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `-z restore,live`: one line of JSON on standard output for each thing that happens, while the
 * capture is read; the report follows at the end. live.schema.json describes the lines. */
#pragma once

#include "plugin/tracker/tracker.h"

/* Tells from now on. */
void rs_live_start(void);

/* A frame was observed and is about to be shown to the rules; note is NULL when it is none of a
 * restore's. Nothing unless started. */
void rs_live_observe(const struct rs_note *note, gint64 time_us, guint32 frame);

/* Makes a file of ours tell how time goes on where no packet comes: see plugin/cli/relay.h. Call
 * once, while plugins are registered. */
void rs_live_register_ticks(void);
