/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a dissected packet to an observation for the tracker, and from fields to text for the
 * engine. */
#pragma once

#include "dissectors/compat.h"

#include "plugin/tracker/tracker.h"

/* Appends the hfids the tracker's facts need to wanted (GArray of int). */
void rs_extract_wanted(GArray *wanted);

/* Appends every hfid of a field's name. FALSE when there is no such field. */
gboolean rs_extract_want_field(GArray *wanted, const char *field);

/* Takes out what stands in it twice. */
void rs_extract_once(GArray *wanted);

/* FALSE when frames of this link type (WTAP_ENCAP_...) are no transfers of a bus. */
gboolean rs_extract_usb_link(int encapsulation, enum rs_usb_link *ret_link);

/* What the packet says. Valid until the packet is done with; allocated from pinfo->pool. */
const struct rs_observation *rs_extract(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* First value of a field in the tree as text, or NULL; allocated from pool. */
char *rs_extract_text(wmem_allocator_t *pool, proto_tree *tree, const header_field_info *field);

/* The number in an item, booleans included; 0 when it is none. */
gint64 rs_extract_number(const field_info *finfo);
