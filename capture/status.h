/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the recorder says of itself while it works, and at the end. */
#pragma once

#include <glib.h>

#include "capture/collector.h"

/* One line, without its end: time, packets, bytes, losses. The caller's. */
char *rs_status_line(rs_collector *collector, const rs_output *output, gint64 elapsed_us);

/* A line for each interface with anything in it. The caller's. */
char *rs_status_table(rs_collector *collector);

/* What was lost, of all interfaces. */
guint64 rs_status_lost(rs_collector *collector);
