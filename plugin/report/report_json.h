/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis as the JSON object "restorescope.diagnosis/1"; schema.json is its contract. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/knowledge/knowledge.h"
#include "plugin/report/diagnosis.h"

#define RS_DIAGNOSIS_SCHEMA "restorescope.diagnosis/1"

/* At most this many remedies are told; more is not advice any more. */
enum { RS_REMEDIES_MAX = 6 };

/* At most this many streams inside usbmux and failed transfers are listed. */
enum { RS_STREAMS_MAX = 500, RS_USB_ERRORS_MAX = 500 };

/* Builds the object. "file" and "interfaces" stay empty: only the reader of the file knows them.
 * Without knowledge (NULL) titles and remedies are missing. Free with json_object_unref(). */
JsonObject *rs_report_json(const struct rs_diagnosis *diagnosis, const rs_knowledge *knowledge);

/* One finding as it stands in a report; first_time_us is what times count from. wait: what it
 * waited for, or NULL. Free with json_object_unref(). */
JsonObject *rs_report_json_finding(const struct rs_ranked *ranked, const struct rs_wait *wait,
                                   gint64 first_time_us, const rs_knowledge *knowledge);

/* One line of JSON, numbers in their shortest form (40.9, not 40.899999999999999), without the
 * line's end. The caller's. */
char *rs_json_line(JsonObject *object);
