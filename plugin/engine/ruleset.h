/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rules as data: parsing of *.rules files. The language is documented in plugin/rules/README.md. */
#pragma once

#include <glib.h>

/* Where something stands in a rule file; line and column count from 1. */
struct rs_where {
    const char *file;
    guint line, column;
};

/* An [event NAME] stanza. */
struct rs_event_def {
    const char *name;
    const char *filter;        /* a Wireshark display filter */
    const char *says;          /* sentence used as evidence, or NULL */
    const char *const *by;     /* fields that key it (default key of a rule), NULL-terminated */
    const char *frame;         /* the field that names the frame it stands for; NULL: its own */
    const char *const *fields; /* by, then with, then the standard fields below; NULL-terminated */
    guint n_fields;
    guint index;           /* 0 .. rs_ruleset_n_events()-1 */
    struct rs_where where; /* of the filter's text */
};

/* Where a byte of the event's filter stood, and the n-th of its fields: for who compiles filters.
 */
struct rs_where rs_event_filter_where(const struct rs_event_def *event, gsize offset);
struct rs_where rs_event_field_where(const struct rs_event_def *event, guint field);

/* Every event carries these, whether it lists them or not. */
#define RS_FIELD_SESSION "restore.session"
#define RS_FIELD_PHASE "restore.phase"
#define RS_FIELD_MODE "restore.device.mode"
#define RS_FIELD_DEVICE "restore.device"

enum rs_severity { RS_NOTE, RS_WARNING, RS_ERROR };
enum rs_confidence { RS_LOW, RS_MEDIUM, RS_HIGH };

struct rs_code {
    const char *domain;
    gint64 code;
};

struct rs_rival {
    const char *cause;
    const char *test;
};

/* A [rule ID] stanza. */
struct rs_rule {
    const char *id;
    const char *cause; /* id of a cause of the knowledge base */
    enum rs_severity severity;
    enum rs_confidence confidence;
    const char *says; /* as written, or NULL */
    /* Rule ids (or "prefix-*") whose findings are consequences of this one's; NULL-terminated. */
    const char *const *explains;
    const struct rs_code *codes;
    guint n_codes;
    const struct rs_rival *rivals;
    guint n_rivals;
    guint index;
    struct rs_where where;
    const struct rs_rule_body *body; /* the sequence and its conditions; private to the engine */
};

/* Does the rule rest on something that was not seen? */
gboolean rs_rule_awaits_absence(const struct rs_rule *rule);

#define RS_RULES_ERROR (rs_rules_error_quark())
GQuark rs_rules_error_quark(void);
enum rs_rules_error { RS_RULES_ERROR_SYNTAX, RS_RULES_ERROR_READ, RS_RULES_ERROR_REFERENCE };

typedef struct rs_ruleset rs_ruleset;
rs_ruleset *rs_ruleset_new(void);
void rs_ruleset_free(rs_ruleset *ruleset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_ruleset, rs_ruleset_free)

/* Adds one file, all *.rules of a folder (sorted by name), or a text. A stanza whose name an
 * earlier text used replaces the older one. Error messages read "FILE:LINE:COLUMN: reason"; the
 * column counts characters. After an error the ruleset is only good for freeing. */
gboolean rs_ruleset_add_file(rs_ruleset *ruleset, const char *path, GError **error);
gboolean rs_ruleset_add_dir(rs_ruleset *ruleset, const char *path, GError **error);
gboolean rs_ruleset_add_text(rs_ruleset *ruleset, const char *file, const char *text, gsize length,
                             GError **error);

/* Resolves the names rules use; after this nothing may be added. FALSE when a rule names an unknown
 * event, field or rule. */
gboolean rs_ruleset_link(rs_ruleset *ruleset, GError **error);

enum { RS_MAX_EVENTS = 1024 }; /* of all files of rules together */
guint rs_ruleset_n_events(const rs_ruleset *ruleset);
const struct rs_event_def *rs_ruleset_event(const rs_ruleset *ruleset, guint index);
guint rs_ruleset_n_rules(const rs_ruleset *ruleset);
const struct rs_rule *rs_ruleset_rule(const rs_ruleset *ruleset, guint index);
