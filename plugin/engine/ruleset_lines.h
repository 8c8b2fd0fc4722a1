/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A rule file as stanzas of `key = value`, each character of a value knowing where it stood.
 * Private to plugin/engine. */
#pragma once

#include "plugin/engine/ruleset.h"

enum {
    RS_MAX_TEXT = 1 << 20, /* bytes of a rule file */
    RS_MAX_LINE = 4096,    /* bytes of a line */
    RS_MAX_ENTRIES = 32,   /* keys of a stanza */
};

/* `key = value`; the value's lines are joined by one space each, comments taken out. */
struct rs_entry {
    char *key;
    struct rs_where where; /* of the key */
    GString *text;
    GArray *parts;   /* struct rs_entry_part */
    gboolean quoted; /* while reading: inside a "string" */
};

/* Where the part of a value that begins at offset stood. */
struct rs_entry_part {
    gsize offset;
    guint line, column;
};

/* `[kind name]` and its entries. */
struct rs_stanza {
    char *kind;
    char *name;
    struct rs_where kind_where, name_where;
    GPtrArray *entries; /* struct rs_entry * */
};

/* Reads a whole text. file is borrowed by every rs_where and must outlive the result. The array
 * frees its stanzas. */
GPtrArray *rs_ruleset_read_lines(const char *file, const char *text, gsize length, GError **error);

/* Sets "FILE:LINE:COLUMN: reason" and returns FALSE. */
gboolean rs_rules_fail(GError **error, enum rs_rules_error code, const struct rs_where *where,
                       const char *format, ...) G_GNUC_PRINTF(4, 5);
