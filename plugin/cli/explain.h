/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Codes, causes and rules in words. */
#pragma once

#include "plugin/engine/ruleset.h"
#include "plugin/knowledge/knowledge.h"
#include "plugin/report/layout.h"

/* What there is to explain from, and where to. */
struct rs_explain {
    const rs_knowledge *knowledge;
    const rs_ruleset *ruleset;
    struct rs_layout layout;
};

/* Every domain a number means something in, and what it is made of. FALSE when it means nothing. */
gboolean rs_explain_number(struct rs_explain *explain, gint64 code);

/* Is it a name of the code's, whole and in any case? */
gboolean rs_explain_has_name(const struct rs_known_code *code, const char *name);

/* Codes by a name of theirs, whole and in any case ("EPROTO"). FALSE when none has it. */
gboolean rs_explain_code_name(struct rs_explain *explain, const char *name);

/* A cause, a rule. FALSE when there is none of that id. */
gboolean rs_explain_cause(struct rs_explain *explain, const char *id);
gboolean rs_explain_rule(struct rs_explain *explain, const char *id);

/* The list's items with ", " between them. The caller's. */
char *rs_explain_join(const char *const *list);
