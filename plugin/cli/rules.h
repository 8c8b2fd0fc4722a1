/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules in force, as the program sees them: parsed, not run. */
#pragma once

#include "plugin/engine/ruleset.h"

/* The shipped rules, then those of the user's folder and of one more file (both may be NULL).
 * Errors: RS_EXIT_READ when something cannot be read, RS_EXIT_USAGE for a mistake in a rule.
 * Free with rs_ruleset_free(). */
rs_ruleset *rs_rules_load(const char *folder, const char *file, GError **error);

/* By its id; NULL when there is none. Borrowed. */
const struct rs_rule *rs_rules_find(const rs_ruleset *ruleset, const char *id);

const char *rs_rules_severity(enum rs_severity severity);
const char *rs_rules_confidence(enum rs_confidence confidence);
