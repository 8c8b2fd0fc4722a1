/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading of JSON whose shape is not to be trusted: what is missing or of another type reads as
 * empty instead of ending the program. */
#pragma once

#include <json-glib/json-glib.h>

/* "" when the member is missing or no string. Borrowed from the object. */
const char *rs_json_string(JsonObject *object, const char *name);
gint64 rs_json_int(JsonObject *object, const char *name);
double rs_json_double(JsonObject *object, const char *name);
gboolean rs_json_bool(JsonObject *object, const char *name);

/* NULL when the member is missing or of another type. Borrowed. */
JsonArray *rs_json_array(JsonObject *object, const char *name);
JsonObject *rs_json_object(JsonObject *object, const char *name);

/* 0 for a NULL array, so that it can stand in a loop's condition. */
guint rs_json_length(JsonArray *array);

/* The element as an object or a string; NULL, "" when it is something else. Borrowed. */
JsonObject *rs_json_object_at(JsonArray *array, guint index);
const char *rs_json_string_at(JsonArray *array, guint index);

/* Parses a file's or a line's top-level object. The caller's. */
JsonObject *rs_json_load(const char *path, GError **error);
JsonObject *rs_json_parse(const char *text, gssize length, GError **error);
