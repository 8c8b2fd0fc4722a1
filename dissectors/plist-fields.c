/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property list values as protocol fields. Knows no protocol. */

#include "dissectors/plist-fields.h"

#include <epan/to_str.h>

static guint
count_children(const struct plist_value *value)
{
    guint count = 0;

    for (const struct plist_value *child = value->first_child; child; child = child->next)
        count++;
    return count;
}

const char *
size_text(const packet_info *pinfo, guint64 bytes)
{
    if (bytes < 1024)
        return wmem_strdup_printf(pinfo->pool, "%u bytes", (guint)bytes);
    if (bytes < 1024 * 1024)
        return wmem_strdup_printf(pinfo->pool, "%.1f KiB", (double)bytes / 1024);
    return wmem_strdup_printf(pinfo->pool, "%.1f MiB", (double)bytes / (1024 * 1024));
}

const char *
plist_value_text(const packet_info *pinfo, const struct plist_value *value)
{
    switch (value->type) {
    case PLIST_STRING:
        return value->string ? value->string : "";
    case PLIST_INTEGER:
    case PLIST_UID:
        return wmem_strdup_printf(pinfo->pool, "%" G_GINT64_FORMAT, value->integer);
    case PLIST_BOOLEAN:
        return value->boolean ? "true" : "false";
    case PLIST_REAL:
    case PLIST_DATE:
        return wmem_strdup_printf(pinfo->pool, "%g", value->real);
    case PLIST_DATA:
        if (value->data && value->data_length > 0 && value->data_length <= 64)
            return bytes_to_str(pinfo->pool, value->data, value->data_length);
        return size_text(pinfo, value->data_length);
    case PLIST_DICT:
        return wmem_strdup_printf(pinfo->pool, "{%u keys}", count_children(value));
    case PLIST_ARRAY:
        return wmem_strdup_printf(pinfo->pool, "[%u values]", count_children(value));
    case PLIST_NULL:
        break;
    }
    return "null";
}

const struct plist_value *
plist_dict_dict(const struct plist_value *dict, const char *key)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    return value && value->type == PLIST_DICT ? value : NULL;
}

static gboolean
integer_of(const struct plist_value *value, gint64 *ret_integer)
{
    if (value->type == PLIST_INTEGER || value->type == PLIST_UID)
        *ret_integer = value->integer;
    else if (value->type == PLIST_BOOLEAN)
        *ret_integer = value->boolean;
    else
        return FALSE;
    return TRUE;
}

static proto_item *
add_integer(proto_tree *tree, tvbuff_t *tvb, int offset, int length, int hf, gint64 integer)
{
    switch (proto_registrar_get_ftype(hf)) {
    case FT_BOOLEAN:
        return proto_tree_add_boolean(tree, hf, tvb, offset, length, integer != 0);
    case FT_INT64:
        return proto_tree_add_int64(tree, hf, tvb, offset, length, integer);
    case FT_UINT64:
        return proto_tree_add_uint64(tree, hf, tvb, offset, length, (guint64)integer);
    case FT_UINT16:
        if (integer < 0 || integer > G_MAXUINT16)
            return NULL;
        return proto_tree_add_uint(tree, hf, tvb, offset, length, (guint32)integer);
    case FT_UINT32:
        if (integer < 0 || integer > G_MAXUINT32)
            return NULL;
        return proto_tree_add_uint(tree, hf, tvb, offset, length, (guint32)integer);
    default:
        return NULL;
    }
}

/* A value's bytes, or none when they are not in this tvb. */
static void
place_of(tvbuff_t *tvb, const struct plist_value *value, int *ret_offset, int *ret_length)
{
    gboolean is_here = tvb_bytes_exist(tvb, value->offset, value->length);

    *ret_offset = is_here ? value->offset : 0;
    *ret_length = is_here ? value->length : 0;
}

proto_item *
plist_hex_add(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo, int hf,
              const struct plist_value *value)
{
    int offset, length;
    gint64 integer;

    if (!value || !integer_of(value, &integer))
        return NULL;
    place_of(tvb, value, &offset, &length);
    return proto_tree_add_string(tree, hf, tvb, offset, length,
                                 wmem_strdup_printf(pinfo->pool, "0x%" PRIx64, (guint64)integer));
}

proto_item *
plist_field_add(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo, int hf,
                const struct plist_value *value)
{
    int offset, length;
    gint64 integer;

    if (!value)
        return NULL;
    place_of(tvb, value, &offset, &length);
    if (proto_registrar_get_ftype(hf) == FT_STRING)
        return proto_tree_add_string(tree, hf, tvb, offset, length, plist_value_text(pinfo, value));
    return integer_of(value, &integer) ? add_integer(tree, tvb, offset, length, hf, integer) : NULL;
}

void
plist_fields_add(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo,
                 const struct plist_value *dict, const struct plist_field *fields, guint count)
{
    for (guint i = 0; i < count; i++)
        plist_field_add(tree, tvb, pinfo, *fields[i].hf, plist_dict_get(dict, fields[i].key));
}
