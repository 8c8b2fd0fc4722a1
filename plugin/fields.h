/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a frame has of the fields that the filters of events name: read once from its tree, asked
 * for by all of them. */
#pragma once

#include "dissectors/compat.h"

#include "plugin/engine/ruleset.h"

enum { RS_EVENT_WORDS = RS_MAX_EVENTS / 64 };

/* Something that a frame may have: a field, or a field with a value. */
struct rs_mark {
    guint64 held_in;                /* the last frame that had it, as rs_fields counts */
    guint64 events[RS_EVENT_WORDS]; /* worth a look then */
};

struct rs_field {
    const header_field_info *info; /* the first of its name */
    struct rs_mark mark;
    GPtrArray *tests; /* of values */
    guint64 told_in;  /* the frame that `text` is of */
    const char *text;
};

typedef struct rs_fields rs_fields;
rs_fields *rs_fields_new(void);
void rs_fields_free(rs_fields *fields);

/* NULL: there is no field of this name. */
struct rs_field *rs_fields_get(rs_fields *fields, const char *name);

/* The field with this value, as a filter has it; NULL when only Wireshark can tell. */
struct rs_mark *rs_fields_value(struct rs_field *field, const char *value, gboolean is_quoted);

/* Puts an event behind it. */
void rs_fields_guard(rs_fields *fields, struct rs_mark *mark, guint event);

/* The next frame. */
void rs_fields_begin(rs_fields *fields);

/* What its tree has. */
void rs_fields_read(rs_fields *fields, proto_tree *tree);

/* A field it has although nobody looks for it in the tree. text: its value, of the frame. */
void rs_fields_add(rs_fields *fields, struct rs_field *field, const char *text);

gboolean rs_fields_has(const rs_fields *fields, const struct rs_mark *mark);

/* The events behind all that it has, as bits of so many words. */
const guint64 *rs_fields_events(const rs_fields *fields, guint *ret_n_words);

/* The text of a field in it, from the pool; NULL when it has none. */
const char *rs_fields_text(const rs_fields *fields, struct rs_field *field, proto_tree *tree,
                           wmem_allocator_t *pool);
