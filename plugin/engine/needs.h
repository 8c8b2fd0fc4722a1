/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a display filter cannot be true without, read from its text: fields that must be there, some
 * of them with a value. Most filters are false of most frames for want of one, which is told
 * without running them. What is not understood is taken to need nothing. Facts:
 * doc/wireshark-filter.adoc of Wireshark 4.0. */
#pragma once

#include <glib.h>

enum rs_need_kind {
    RS_NEED_NOTHING, /* or nobody knows what */
    RS_NEED_FIELD,   /* there, and with the value if one is given */
    RS_NEED_ALL,     /* of the parts */
    RS_NEED_ANY
};

typedef struct rs_need rs_need;
struct rs_need {
    enum rs_need_kind kind;
    gboolean is_all_there_is; /* of FIELD: no more than this is asked of it */
    char *field;
    char *value;        /* of FIELD, as it is written, without quotes; NULL: any will do */
    gboolean is_quoted; /* the value */
    GPtrArray *parts;   /* rs_need *, of ALL and ANY */
    void *mark;         /* of FIELD: for who holds it against a frame, NULL at first */
};

typedef gboolean (*rs_is_field_func)(const char *name);

/* Never NULL. A need of ALL or ANY has at least two parts. */
rs_need *rs_need_new(const char *filter, rs_is_field_func is_field);
void rs_need_free(rs_need *need);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_need, rs_need_free)
