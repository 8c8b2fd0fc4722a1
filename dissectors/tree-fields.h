/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fields of other dissectors, read out of the tree of a packet: for post-dissectors, which say with
 * tree_fields_want() what they will look for. */
#pragma once

#include "dissectors/compat.h"

/* The field's number; also kept as one of those `wanted`. -1 when Wireshark has no such field. */
int tree_fields_want(GArray *wanted, const char *field);

/* The field's first value in the tree as text, for the life of the packet; NULL when it has none.
 */
const char *tree_field_text(const packet_info *pinfo, proto_tree *tree, int field);

/* Is its first value yes? FALSE when there is none; as text this differs between versions. */
gboolean tree_field_is_set(proto_tree *tree, int field);

/* All its values, or NULL. */
GPtrArray *tree_fields(proto_tree *tree, int field);
const char *tree_fields_text(const packet_info *pinfo, GPtrArray *fields, guint index);
