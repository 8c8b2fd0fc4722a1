/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Looks for fields in a tree; see the header. */

#include "dissectors/tree-fields.h"

int
tree_fields_want(GArray *wanted, const char *field)
{
    const header_field_info *info = proto_registrar_get_byname(field);

    if (!info)
        return -1;
    g_array_append_val(wanted, info->id);
    return info->id;
}

GPtrArray *
tree_fields(proto_tree *tree, int field)
{
    GPtrArray *found = tree && field >= 0 ? proto_get_finfo_ptr_array(tree, field) : NULL;

    return found && found->len > 0 ? found : NULL;
}

const char *
tree_fields_text(const packet_info *pinfo, GPtrArray *fields, guint index)
{
    const field_info *finfo = (const field_info *)g_ptr_array_index(fields, index);

    return fvalue_to_string_repr(pinfo->pool, RS_FVALUE(finfo), FTREPR_DISPLAY,
                                 finfo->hfinfo->display & FIELD_DISPLAY_E_MASK);
}

const char *
tree_field_text(const packet_info *pinfo, proto_tree *tree, int field)
{
    GPtrArray *found = tree_fields(tree, field);

    return found ? tree_fields_text(pinfo, found, 0) : NULL;
}

gboolean
tree_field_is_set(proto_tree *tree, int field)
{
    GPtrArray *found = tree_fields(tree, field);

    return found &&
           fvalue_get_uinteger64(RS_FVALUE((const field_info *)g_ptr_array_index(found, 0))) != 0;
}
