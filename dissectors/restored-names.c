/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names for the numbers of restored-values.h. */

#include "dissectors/restored-names.h"

#include "dissectors/restored-values.h"

#define NAME_ROW(name) #name,
static const char *const message_names[] = { RESTORED_MESSAGES(NAME_ROW) };

#define VALUE_ROW(value, text) { (value), (text) },
static const value_string operation_vals[] = { RESTORED_OPERATIONS(VALUE_ROW){ 0, NULL } };
const value_string restored_checkpoint_vals[] = { RESTORED_CHECKPOINTS(VALUE_ROW){ 0, NULL } };
const val64_string restored_error_vals[] = { RESTORED_ERRORS(VALUE_ROW){ 0, NULL } };

const char *
restored_error_name(gint64 code)
{
    const char *name = try_val64_to_str((guint64)code, restored_error_vals);

    return name ? name : "a code without a known name";
}

const char *
restored_operation_name(const packet_info *pinfo, guint version, gint64 operation)
{
    gint64 code = operation;
    const char *name = NULL;

    if (version > 0 && version < RESTORED_OPERATIONS_VERSION && code > RESTORED_OPERATIONS_SAME &&
        code < G_MAXINT32)
        code++;
    if (code >= 0 && code <= G_MAXINT32)
        name = try_val_to_str((guint32)code, operation_vals);
    return name ? name : wmem_strdup_printf(pinfo->pool, "operation %" G_GINT64_FORMAT, operation);
}

const char *
restored_checkpoint_name(const packet_info *pinfo, gint64 id)
{
    const char *name = try_val_to_str((guint32)(id & 0xffff), restored_checkpoint_vals);

    return name ? name : wmem_strdup_printf(pinfo->pool, "step 0x%04x", (guint)(id & 0xffff));
}

gboolean
restored_knows_message(const char *type)
{
    for (guint i = 0; i < array_length(message_names); i++) {
        if (strcmp(message_names[i], type) == 0)
            return TRUE;
    }
    return FALSE;
}
