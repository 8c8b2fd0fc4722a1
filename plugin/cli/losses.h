/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was dropped while a rule waited may be what it waited for. */
#pragma once

#include <json-glib/json-glib.h>

/* Takes confidence from findings of an absence during which packets were dropped on an interface
 * (struct rs_interface *) of the kind that would have shown it, and says so in their sentence. The
 * root gives way to a fault that was plainly seen; where there is none, it stays with low
 * confidence. */
void rs_losses_doubt(JsonObject *report, const GPtrArray *interfaces);
