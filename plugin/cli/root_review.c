/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Change of the root. */
#include "plugin/cli/root_review.h"

#include "plugin/knowledge/json_get.h"

/* The place of the first finding of that attempt that may, or -1. */
static int
find_successor(JsonArray *findings, gint64 attempt, const struct rs_root_review *review)
{
    for (guint i = 0; i < rs_json_length(findings); i++) {
        JsonObject *finding = rs_json_object_at(findings, i);

        if (rs_json_int(finding, "attempt") == attempt &&
            !json_object_has_member(finding, "consequence_of") &&
            g_str_equal(rs_json_string(finding, "severity"), "error") &&
            review->may_be_root(finding))
            return (int)i;
    }
    return -1;
}

/* Puts findings[index] first. */
static void
put_first(JsonObject *report, JsonArray *findings, guint index)
{
    JsonArray *ordered = json_array_new();

    json_array_add_element(ordered, json_array_dup_element(findings, index));
    for (guint i = 0; i < json_array_get_length(findings); i++)
        if (i != index)
            json_array_add_element(ordered, json_array_dup_element(findings, i));
    json_object_set_array_member(report, "findings", ordered);
}

/* of: the report, or one of its attempts. The new root's place, or -1. */
static int
review_one(JsonObject *of, JsonArray *findings, gint64 attempt, const struct rs_root_review *review)
{
    JsonObject *root = rs_json_object(of, "root");
    int successor;

    if (!root || review->holds(root))
        return -1;
    successor = find_successor(findings, attempt, review);
    if (successor >= 0) {
        json_object_set_member(of, "root", json_array_dup_element(findings, (guint)successor));
    } else if (review->may_be_empty) {
        json_object_set_null_member(of, "root");
        json_object_set_string_member(of, "outcome", "cut-short");
    }
    return successor;
}

void
rs_root_review_run(JsonObject *report, const struct rs_root_review *review)
{
    JsonArray *findings = rs_json_array(report, "findings");
    JsonArray *attempts = rs_json_array(report, "attempts");
    const gint64 own = rs_json_int(rs_json_object(report, "root"), "attempt");
    int first;

    for (guint i = 0; i < rs_json_length(attempts); i++)
        review_one(rs_json_object_at(attempts, i), findings, i + 1, review);
    first = review_one(report, findings, own, review);
    if (first > 0)
        put_first(report, findings, (guint)first);
}
