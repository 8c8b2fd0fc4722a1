/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What many diagnoses add up to: how many of each outcome and cause. */
#pragma once

#include <json-glib/json-glib.h>

#define RS_SUMMARY_SCHEMA "restorescope.summary/1"

/* Not thread-safe. It grows with the number of causes, not of files. */
typedef struct rs_summary rs_summary;
rs_summary *rs_summary_new(void);
void rs_summary_free(rs_summary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_summary, rs_summary_free)

/* Counts the diagnosis of one file, or a file that has none. */
void rs_summary_add(rs_summary *summary, JsonObject *report);
void rs_summary_add_failure(rs_summary *summary, const char *file);

/* The object that summary.schema.json describes; free with json_object_unref(). */
JsonObject *rs_summary_json(const rs_summary *summary);

/* The same as a table. The caller's. */
char *rs_summary_text(const rs_summary *summary);
