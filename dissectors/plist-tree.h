/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property lists in epan: draws a plist under a tree and hands its values to the caller. Parsing is
 * core/plist.h's; this file only turns its events into items and values. */
#pragma once

#include "dissectors/compat.h"

enum { PLIST_HEAD_MAX = 64 };

enum plist_type {
    PLIST_DICT,
    PLIST_ARRAY,
    PLIST_STRING,
    PLIST_INTEGER,
    PLIST_REAL,
    PLIST_BOOLEAN,
    PLIST_DATA,
    PLIST_DATE,
    PLIST_UID,
    PLIST_NULL
};

/* A value of a parsed plist; lives as long as the packet. Children of a dict carry their key. */
struct plist_value {
    enum plist_type type;
    const char *key;     /* NULL outside a dict */
    const char *string;  /* PLIST_STRING: UTF-8, NUL-terminated, at most 4 MiB */
    gint64 integer;      /* PLIST_INTEGER, PLIST_UID: also 2^64-1 as -1, as Apple writes -1 */
    gboolean boolean;    /* PLIST_BOOLEAN */
    double real;         /* PLIST_REAL; PLIST_DATE: seconds since 2001-01-01 UTC */
    const guint8 *data;  /* PLIST_DATA: decoded bytes, NULL when over 64 KiB */
    guint32 data_length; /* PLIST_DATA: decoded length */
    const guint8 *head;  /* PLIST_DATA: its first bytes, at most PLIST_HEAD_MAX */
    guint32 head_length;
    int offset, length; /* its bytes in the tvb given to plist_tree_add() */
    const struct plist_value *first_child, *next;
};

/* Parses length bytes (-1: to the end) at offset and adds the "plist" protocol to tree. NULL when
 * the bytes are no plist at all (nothing is added) or break before the first value; otherwise a
 * broken plist gives its values up to the break. Every break has an expert info. */
const struct plist_value *plist_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                         int offset, int length);

/* Look-ups in a dict; all return NULL or FALSE when dict is NULL, no dict, or has no such key of
 * that type. */
const struct plist_value *plist_dict_get(const struct plist_value *dict, const char *key);
const char *plist_dict_string(const struct plist_value *dict, const char *key);
gboolean plist_dict_integer(const struct plist_value *dict, const char *key, gint64 *ret_value);
gboolean plist_dict_boolean(const struct plist_value *dict, const char *key, gboolean *ret_value);
