/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From stanzas to events and rules. Private to plugin/engine. */
#pragma once

#include "plugin/engine/rule_body.h"
#include "plugin/engine/ruleset_scan.h"

enum { RS_MAX_RULES = 1024 };

/* A rule and its inside, in one piece. */
struct rs_rule_full {
    struct rs_rule rule;
    struct rs_rule_body body;
};

struct rs_ruleset {
    struct rs_arena arena;
    GPtrArray *events;         /* struct rs_event * */
    GPtrArray *rules;          /* struct rs_rule_full * */
    GHashTable *event_by_name; /* borrowed name to struct rs_event * */
    GHashTable *rule_by_id;    /* borrowed id to struct rs_rule * */
    guint n_texts;
    gboolean linked;
};

/* Fill a definition in from its stanza; names and positions are the caller's. */
gboolean rs_parse_event(struct rs_arena *arena, const struct rs_stanza *stanza,
                        struct rs_event *event, GError **error);
gboolean rs_parse_rule(struct rs_arena *arena, const struct rs_stanza *stanza, struct rs_rule *rule,
                       struct rs_rule_body *body, GError **error);

/* What a stanza fills in; event or rule and body. */
struct rs_target {
    struct rs_event *event;
    const char *const *by, *const *with, *const *frame; /* of the event */
    const struct rs_where *by_where, *with_where, *frame_where;
    struct rs_rule *rule;
    struct rs_rule_body *body;
};

/* A key of a stanza and what reads its value. */
struct rs_key {
    const char *name;
    gboolean (*parse)(struct rs_scan *scan, struct rs_target *target);
    gboolean is_required;
};

/* Every key is known, every required key is there, every value parses. */
gboolean rs_parse_entries(struct rs_arena *arena, const struct rs_stanza *stanza,
                          const struct rs_key *keys, guint n_keys, struct rs_target *target,
                          GError **error);

/* One value each; ruleset_clause.c and ruleset_says.c. */
gboolean rs_parse_sequence(struct rs_scan *scan, struct rs_rule_body *body);
gboolean rs_parse_until(struct rs_scan *scan, struct rs_rule_body *body);
gboolean rs_parse_unless(struct rs_scan *scan, struct rs_rule_body *body);
gboolean rs_parse_culprit(struct rs_scan *scan, struct rs_rule_body *body);
const struct rs_says *rs_parse_says(struct rs_scan *scan);

/* A list of fields, or `none` for an empty one. */
const char *const *rs_parse_fields(struct rs_scan *scan, const struct rs_where **ret_wheres);
