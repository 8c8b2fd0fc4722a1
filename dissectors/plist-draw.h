/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The "plist" protocol's items, drawn by packet-apple_plist.c for plist-tree.c; nobody else needs
 * this header. */
#pragma once

#include "dissectors/plist-tree.h"
#include "dissectors/core/plist.h"

/* One plist being drawn. */
struct plist_drawing {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_item *item; /* the protocol's */
    proto_item *head; /* the format's, over what comes before the values */
    int offset;       /* of the plist */
    guint items;      /* how many were drawn */
    gboolean is_cut;  /* and there were more */
};

/* A value's place in the tree: the key's item and the number in an array are its label. */
struct plist_place {
    proto_tree *tree;
    const struct plist_value *key; /* NULL outside a dict */
    guint index;                   /* in an array */
    gboolean is_root;
};

/* Adds the protocol over the given bytes and returns its tree. */
proto_tree *plist_draw_begin(struct plist_drawing *drawing, proto_tree *tree, int offset,
                             int length, enum rs_plist_format format);

/* Adds one value; for a container, *ret_tree is where its values go. NULL when too many are drawn.
 */
proto_item *plist_draw_value(struct plist_drawing *drawing, const struct plist_place *place,
                             const struct plist_value *value, const struct rs_plist_event *event,
                             proto_tree **ret_tree);

/* Gives the bytes around the values to items: up to first, and from after to end. */
void plist_draw_around(struct plist_drawing *drawing, proto_tree *tree, int first, int after,
                       int end);

/* Says how the plist ended. */
void plist_draw_end(struct plist_drawing *drawing, enum rs_plist_status status);
