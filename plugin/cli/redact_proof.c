/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Comparing two verdicts. */
#include "plugin/cli/redact_proof.h"

#include "plugin/knowledge/json_get.h"

static const char *const texts[] = { "rule",  "cause",      "severity",
                                     "phase", "confidence", "consequence_of" };

/* What counts of a finding, on one line; sentences hold addresses. */
static char *
finding_line(JsonObject *finding)
{
    GString *line = g_string_new(NULL);

    if (!finding)
        return g_string_free(line, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_string_append_printf(line, "%s%s", i ? " " : "", rs_json_string(finding, texts[i]));
    g_string_append_printf(line, " in frame %" G_GINT64_FORMAT,
                           json_object_get_int_member_with_default(finding, "frame", 0));
    return g_string_free(line, FALSE);
}

static JsonObject *
root_of(JsonObject *report)
{
    JsonNode *root = json_object_get_member(report, "root");

    return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static char *
difference(const char *what, const char *before, const char *after)
{
    return g_strdup_printf("%s was \"%s\" and is now \"%s\"", what, before, after);
}

static guint
n_findings(JsonObject *report)
{
    JsonArray *findings = rs_json_array(report, "findings");

    return findings ? json_array_get_length(findings) : 0;
}

static char *
nth_line(JsonObject *report, guint i)
{
    JsonArray *findings = rs_json_array(report, "findings");

    return finding_line(i < n_findings(report) ? json_array_get_object_element(findings, i) : NULL);
}

static char *
findings_difference(JsonObject *before, JsonObject *after)
{
    const guint n = MAX(n_findings(before), n_findings(after));

    for (guint i = 0; i < n; i++) {
        g_autofree char *first = nth_line(before, i);
        g_autofree char *second = nth_line(after, i);

        if (!g_str_equal(first, second))
            return difference("a finding", first, second);
    }
    return NULL;
}

char *
rs_redact_difference(JsonObject *before, JsonObject *after)
{
    const char *was = rs_json_string(before, "outcome"), *is = rs_json_string(after, "outcome");
    g_autofree char *root_was = finding_line(root_of(before));
    g_autofree char *root_is = finding_line(root_of(after));

    if (!g_str_equal(was, is))
        return difference("the outcome", was, is);
    if (!g_str_equal(root_was, root_is))
        return difference("the root cause", root_was, root_is);
    return findings_difference(before, after);
}

char *
rs_redact_verdict(JsonObject *report)
{
    JsonObject *root = root_of(report);

    if (!root)
        return g_strdup(rs_json_string(report, "outcome"));
    return g_strdup_printf("%s, %s in frame %" G_GINT64_FORMAT, rs_json_string(report, "outcome"),
                           rs_json_string(root, "rule"),
                           json_object_get_int_member_with_default(root, "frame", 0));
}
