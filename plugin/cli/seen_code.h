/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The number that the user was shown, held against what a capture shows. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/knowledge/knowledge.h"

typedef struct rs_seen_code rs_seen_code;

/* Reads [DOMAIN:]NUMBER. NULL with error set (RS_EXIT_USAGE) when it is no number, or of a domain
 * nobody knows. The knowledge must outlive it. Immutable: threads may share it. */
rs_seen_code *rs_seen_code_new(const rs_knowledge *knowledge, const char *text, GError **error);
void rs_seen_code_free(rs_seen_code *seen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_seen_code, rs_seen_code_free)

/* Adds the member "number" to a report, puts first the rivals of the root that the number speaks
 * for, and warns where the number stands for something else than all that the capture shows. The
 * root itself stays: what a capture shows weighs more than a number that many causes share. */
void rs_seen_code_apply(const rs_seen_code *seen, JsonObject *report);
