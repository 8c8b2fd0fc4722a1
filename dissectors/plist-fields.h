/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property list values as protocol fields: one table row per key of a message. */
#pragma once

#include "dissectors/plist-tree.h"

/* A key of a dict and the field that shows it. The field's own type says how the value is read. */
struct plist_field {
    const char *key;
    int *hf;
};

/* Adds the fields whose keys the dict has. */
void plist_fields_add(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo,
                      const struct plist_value *dict, const struct plist_field *fields,
                      guint count);

/* Adds one value to one field; NULL when there is no value or its type does not fit the field. */
proto_item *plist_field_add(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo, int hf,
                            const struct plist_value *value);

/* Adds an integer to a string field in hexadecimal, as people write an ECID: "0x1a2b". */
proto_item *plist_hex_add(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo, int hf,
                          const struct plist_value *value);

/* A value on one line: "17", "true", "{5 keys}", "32 bytes". Packet scope. */
const char *plist_value_text(const packet_info *pinfo, const struct plist_value *value);

/* The dict under `key`, or NULL. */
const struct plist_value *plist_dict_dict(const struct plist_value *dict, const char *key);

/* "512 bytes", "12.0 KiB", "2.0 MiB". Packet scope. */
const char *size_text(const packet_info *pinfo, guint64 bytes);
