/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sentences with {fields}: the `says` of events and rules. */
#pragma once

#include "plugin/engine/ruleset.h"

enum rs_says_kind {
    RS_SAYS_TEXT,
    RS_SAYS_FIELD,   /* {tcp.stream} or {tcp.stream|none} */
    RS_SAYS_ELAPSED, /* {elapsed} */
    RS_SAYS_COUNT,   /* {count} */
    RS_SAYS_ENDED,   /* {ended} */
};

struct rs_says_part {
    enum rs_says_kind kind;
    const char *text;     /* the text itself, or the field's name */
    const char *fallback; /* what stands for an absent value; NULL: "?" */
    struct rs_where where;
};

struct rs_says {
    const struct rs_says_part *parts;
    guint n_parts;
};

/* Where a sentence gets its values from. */
struct rs_says_source {
    const char *(*field)(const void *data, const char *name); /* NULL when absent */
    const void *data;
    gint64 elapsed_us;
    guint count;
    gboolean flushed;
};

/* Appended to the sentence of a flushed finding that does not say {ended} itself. */
#define RS_SAYS_ENDED_TEXT "the capture ended while waiting"

gboolean rs_says_uses(const struct rs_says *says, enum rs_says_kind kind);

/* Fills the sentence in. Values come from the wire: they are made valid UTF-8 on one line and cut
 * to a readable length. The caller frees the result. */
char *rs_says_render(const struct rs_says *says, const struct rs_says_source *source);

/* "350 ms", "21.0 s". The caller frees the result. */
char *rs_says_time(gint64 time_us);
