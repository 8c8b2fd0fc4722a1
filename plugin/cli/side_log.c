/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The log that was named, and what a log's numbers are worth. */
#include "plugin/cli/side_log.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/seen_code.h"
#include "plugin/knowledge/json_get.h"

rs_side_log *
rs_cli_log_read(const rs_knowledge *knowledge, const char *path, GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autoptr(rs_side_log) log = rs_side_log_new(knowledge, RS_SIDE_FILE, name);
    g_autoptr(GError) cause = NULL;

    if (rs_side_log_read(log, path, &cause))
        return g_steal_pointer(&log);
    g_set_error_literal(error, RS_CLI_ERROR, RS_EXIT_READ, cause->message);
    return NULL;
}

/* The number that the last log with one ended with, as "DOMAIN:NUMBER"; NULL when there is none. */
static char *
number_of(JsonObject *report, JsonObject **ret_log)
{
    JsonArray *logs = rs_json_array(report, "logs");

    for (guint i = rs_json_length(logs); i-- > 0;) {
        JsonObject *log = rs_json_object_at(logs, i);
        JsonArray *codes = rs_json_array(log, "codes");
        JsonObject *code = rs_json_length(codes) ? rs_json_object_at(codes, 0) : NULL;

        if (!code || g_str_equal(rs_json_string(log, "fits"), "other-device"))
            continue;
        *ret_log = code;
        return g_strdup_printf("%s:%" G_GINT64_FORMAT, rs_json_string(code, "domain"),
                               rs_json_int(code, "code"));
    }
    return NULL;
}

void
rs_cli_log_number(const rs_knowledge *knowledge, JsonObject *report)
{
    JsonObject *code = NULL;
    g_autofree char *text = number_of(report, &code);
    g_autoptr(rs_seen_code) seen = text ? rs_seen_code_new(knowledge, text, NULL) : NULL;

    /* of a restore that went well it tells of nothing but an earlier one */
    if (!seen || g_str_equal(rs_json_string(report, "outcome"), "completed"))
        return;
    rs_seen_code_apply(seen, report);
    json_object_set_string_member(rs_json_object(report, "number"), "from", "log");
}

gboolean
rs_cli_log_speaks(JsonObject *report)
{
    JsonArray *logs = rs_json_array(report, "logs");

    for (guint i = 0; i < rs_json_length(logs); i++) {
        if (g_str_equal(rs_json_string(rs_json_object_at(logs, i), "fits"), "alone"))
            return TRUE;
    }
    return FALSE;
}
