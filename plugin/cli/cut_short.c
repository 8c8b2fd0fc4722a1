/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Takes back what only the end of the capture said, when that end is not the recording's. */

#include "plugin/cli/cut_short.h"

#include "plugin/cli/root_review.h"
#include "plugin/knowledge/json_get.h"

static gboolean
is_flushed(JsonObject *finding)
{
    return rs_json_bool(finding, "flushed");
}

static gboolean
is_not_flushed(JsonObject *finding)
{
    return !is_flushed(finding);
}

void
rs_cut_short_doubt(JsonObject *report)
{
    static const struct rs_root_review review_of = { is_not_flushed, is_not_flushed, TRUE };
    JsonArray *findings = rs_json_array(report, "findings");

    for (guint i = 0; i < rs_json_length(findings); i++) {
        JsonObject *finding = rs_json_object_at(findings, i);

        if (is_flushed(finding) && g_str_equal(rs_json_string(finding, "severity"), "error"))
            json_object_set_string_member(finding, "severity", "warning");
    }
    rs_root_review_run(report, &review_of);
}
