/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two restores side by side as the JSON object "restorescope.comparison/1";
 * comparison.schema.json is its contract. */
#pragma once

#include <json-glib/json-glib.h>

#define RS_COMPARISON_SCHEMA "restorescope.comparison/1"

/* A step is slow when it takes this many times as long as the good one, unless told otherwise. */
enum { RS_COMPARISON_TIMES = 3 };

/* Compares two diagnoses: their phases in order, their hosts, and the root of the bad one with what
 * the good one did at that step. Free with json_object_unref(). */
JsonObject *rs_comparison_json(JsonObject *good, JsonObject *bad, double times);
