/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Takes back what only the end of the capture said, when that end is not the recording's. */

#include "plugin/cli/cut_short.h"

#include "plugin/knowledge/json_get.h"

static gboolean
is_flushed(JsonObject *finding)
{
    return json_object_has_member(finding, "flushed") &&
           json_object_get_boolean_member(finding, "flushed");
}

static gboolean
is_root_material(JsonObject *finding)
{
    return !is_flushed(finding) && !json_object_has_member(finding, "consequence_of") &&
           g_str_equal(rs_json_string(finding, "severity"), "error");
}

static gboolean
root_is_flushed(JsonObject *report)
{
    JsonNode *root = json_object_get_member(report, "root");

    return root && JSON_NODE_HOLDS_OBJECT(root) && is_flushed(json_node_get_object(root));
}

/* Puts findings[index] first and makes a copy of it the root. */
static void
enthrone(JsonObject *report, JsonArray *findings, guint index)
{
    g_autoptr(JsonNode) chosen = json_array_dup_element(findings, index);
    JsonArray *ordered = json_array_new();

    json_array_add_element(ordered, json_node_copy(chosen));
    for (guint i = 0; i < json_array_get_length(findings); i++)
        if (i != index)
            json_array_add_element(ordered, json_array_dup_element(findings, i));
    json_object_set_array_member(report, "findings", ordered);
    json_object_set_member(report, "root", g_steal_pointer(&chosen));
}

static void
choose_another(JsonObject *report, JsonArray *findings)
{
    for (guint i = 0; i < json_array_get_length(findings); i++) {
        if (is_root_material(json_array_get_object_element(findings, i))) {
            enthrone(report, findings, i);
            return;
        }
    }
    json_object_set_null_member(report, "root");
    json_object_set_string_member(report, "outcome", "cut-short");
}

void
rs_cut_short_doubt(JsonObject *report)
{
    JsonArray *findings = rs_json_array(report, "findings");
    gboolean was_flushed = root_is_flushed(report);

    for (guint i = 0; findings && i < json_array_get_length(findings); i++) {
        JsonObject *finding = json_array_get_object_element(findings, i);

        if (is_flushed(finding) && g_str_equal(rs_json_string(finding, "severity"), "error"))
            json_object_set_string_member(finding, "severity", "warning");
    }
    if (findings && was_flushed)
        choose_another(report, findings);
}
