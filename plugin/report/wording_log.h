/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What reports for people say of a log. All texts may hold bytes of it: whoever prints them escapes
 * them. */
#pragma once

#include <json-glib/json-glib.h>

/* Rows of one log, the sentence about it first, then lines of it and what they may mean; char *. */
GPtrArray *rs_wording_log(JsonObject *log);
