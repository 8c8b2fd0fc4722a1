/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What no capture shows is said aloud, with what to do about it, where the capture does not explain
 * the failure. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/knowledge/knowledge.h"

/* Warns of the causes that the number may stand for and that nothing on the wire tells. label: the
 * number; codes: const struct rs_known_code *, its meanings. */
void rs_unseen_of_number(const rs_knowledge *knowledge, const char *label, const GPtrArray *codes,
                         JsonObject *report);

/* The same for a restore whose end and whose root cause are not in the capture, without a number.
 */
void rs_unseen_of_failure(const rs_knowledge *knowledge, JsonObject *report);
