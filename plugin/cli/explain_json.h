/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Codes, causes and rules as the JSON object "restorescope.explanation/1". */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/cli/explain.h"

#define RS_EXPLANATION_SCHEMA "restorescope.explanation/1"

/* What the same word explains in words. NULL when nothing is known of it. Free with
 * json_object_unref(). */
JsonObject *rs_explain_json(const struct rs_explain *explain, const char *word);
