/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading the words of a value: names, times, numbers, "texts", lists. Private to plugin/engine.
 * Every function that returns FALSE or NULL has set the scan's error. */
#pragma once

#include "plugin/engine/ruleset_lines.h"

/* What all strings and arrays of a ruleset live in, until it is freed. */
struct rs_arena {
    GStringChunk *strings;
    GPtrArray *blocks;
};

/* Takes the elements of an array over. With none of them, still not NULL. */
void *rs_arena_take(struct rs_arena *arena, GArray *array);

/* A place in a value. */
struct rs_scan {
    struct rs_arena *arena;
    const struct rs_entry *entry;
    const char *file;
    const char *at;
    GError **error;
};

struct rs_scan rs_scan_init(struct rs_arena *arena, const struct rs_entry *entry, GError **error);

/* Where a character of the value stood in its file. */
struct rs_where rs_scan_where(const struct rs_scan *scan, const char *at);
gboolean rs_scan_fail(const struct rs_scan *scan, const char *at, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* These move on over what they find, and over white space before it. */
gboolean rs_scan_at_end(struct rs_scan *scan);
gboolean rs_scan_char(struct rs_scan *scan, char c);
gboolean rs_scan_word(struct rs_scan *scan, const char *word);

/* These fail when it is not there. what: "an event", as in "expected an event". */
const char *rs_scan_name(struct rs_scan *scan, const char *what, struct rs_where *ret_where);
gboolean rs_scan_time(struct rs_scan *scan, gint64 *ret_us);
gboolean rs_scan_number(struct rs_scan *scan, guint max, guint *ret_number);
const char *rs_scan_quoted(struct rs_scan *scan);
gboolean rs_scan_end(struct rs_scan *scan);

/* names, separated by commas, to a NULL-terminated array; wheres may be NULL. With `star`, a name
 * may end in '*'; with `bang`, begin with '!'. */
enum rs_scan_list_flags { RS_SCAN_PLAIN, RS_SCAN_STAR = 1, RS_SCAN_BANG = 2 };
const char *const *rs_scan_list(struct rs_scan *scan, const char *what, int flags,
                                const struct rs_where **ret_wheres);
