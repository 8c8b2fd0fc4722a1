/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two restores side by side: where they part, how long each step took, the root of the bad one and
 * what the good one did there. */
#include "plugin/report/report_compare.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/layout.h"
#include "plugin/report/wording.h"

enum { LABEL_COLUMNS = 16, DURATION_SIZE = 32 };

static JsonObject *
step_at(JsonObject *comparison, gint64 index)
{
    JsonArray *steps = rs_json_array(comparison, "steps");

    return index >= 0 && index < rs_json_length(steps) ? rs_json_object_at(steps, (guint)index)
                                                       : NULL;
}

/* The index in a member that may be null; -1 then. */
static gint64
index_of(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && JSON_NODE_HOLDS_VALUE(node) ? rs_json_int(object, name) : -1;
}

static void
write_side(struct rs_layout *layout, const char *label, JsonObject *side)
{
    JsonArray *modes = rs_json_array(side, "modes");
    g_autoptr(GString) way = g_string_new(NULL);
    const char *ecid = rs_json_string(side, "ecid");

    for (guint i = 0; i < rs_json_length(modes); i++)
        g_string_append_printf(way, "%s%s", i ? " -> " : ", mode ", rs_json_string_at(modes, i));
    rs_layout_rowf(layout, label, 4, "%s: %s", rs_json_string(side, "file"),
                   rs_wording_outcome(side));
    rs_layout_rowf(layout, "", 4, "%s%s%s%s",
                   *rs_json_string(side, "product") ? rs_json_string(side, "product") : "device",
                   *ecid ? ", ECID " : "", ecid, way->str);
}

static double
duration_of(JsonObject *step, const char *side)
{
    return rs_json_double(rs_json_object(step, side), "duration_s");
}

/* How the bad one differs in a step. The caller's. */
static char *
describe(JsonObject *step, JsonObject *next)
{
    const char *kind = rs_json_string(step, "kind");
    const double good_s = duration_of(step, "good");

    if (g_str_equal(kind, "failed"))
        return g_strdup("the bad one fails here");
    if (g_str_equal(kind, "ended"))
        return next && rs_json_object(next, "good")
                   ? g_strdup_printf("the bad one ends here, the good one goes on with '%s'",
                                     rs_json_string(next, "name"))
                   : g_strdup("the bad one ends here, without having completed");
    if (g_str_equal(kind, "missing"))
        return g_strdup("the bad one never does this");
    if (g_str_equal(kind, "extra"))
        return g_strdup("the good one never does this");
    return good_s > 0 ? g_strdup_printf("the bad one takes %.1f times as long",
                                        duration_of(step, "bad") / good_s)
                      : g_strdup("the bad one takes much longer");
}

static void
write_parting(struct rs_layout *layout, JsonObject *comparison)
{
    const gint64 index = index_of(comparison, "parting");
    JsonObject *step = step_at(comparison, index);
    JsonObject *span = rs_json_object(step, "bad");
    g_autofree char *text = step ? describe(step, step_at(comparison, index + 1)) : NULL;
    const char *whose = span ? "of the bad one" : "of the good one";

    g_string_append_c(layout->out, '\n');
    if (!step) {
        rs_layout_row(layout, "  they part", 4, "nowhere");
        return;
    }
    if (!span)
        span = rs_json_object(step, "good");
    rs_layout_rowf(layout, "  they part", 4, "in '%s', from frame %" G_GINT64_FORMAT " %s on: %s",
                   rs_json_string(step, "name"), rs_json_int(span, "first_frame"), whose, text);
}

static void
print_duration(char *out, JsonObject *step, const char *side)
{
    if (rs_json_object(step, side))
        g_snprintf(out, DURATION_SIZE, "%.3f s", duration_of(step, side));
    else
        g_strlcpy(out, "-", DURATION_SIZE);
}

static const char *
mark_of(JsonObject *step)
{
    const char *kind = rs_json_string(step, "kind");

    return g_str_equal(kind, "same") || g_str_equal(kind, "start") ? "" : kind;
}

static void
write_steps(struct rs_layout *layout, JsonObject *comparison)
{
    const gint64 parting = index_of(comparison, "parting");
    const guint n = rs_json_length(rs_json_array(comparison, "steps"));

    rs_layout_rowf(layout, "  steps", 0, "%-14s %12s %12s", "", "good", "bad");
    for (guint i = 0; i < n; i++) {
        JsonObject *step = step_at(comparison, i);
        char good[DURATION_SIZE], bad[DURATION_SIZE];
        g_autofree char *line = NULL;

        print_duration(good, step, "good");
        print_duration(bad, step, "bad");
        line = g_strdup_printf("%-14s %12s %12s  %s%s", rs_json_string(step, "name"), good, bad,
                               mark_of(step), i == parting ? " <- they part" : "");
        rs_layout_row(layout, "", 0, g_strchomp(line));
    }
}

/* What the good one did at the step where the bad one broke. */
static void
write_good_there(struct rs_layout *layout, JsonObject *comparison, JsonObject *root)
{
    const gint64 index = index_of(root, "step");
    JsonObject *step = step_at(comparison, index);
    JsonObject *next = step_at(comparison, index + 1);
    JsonObject *span = rs_json_object(step, "good");
    const gboolean goes_on = rs_json_object(next, "good") != NULL;

    if (span)
        rs_layout_rowf(layout, "  good there", 4,
                       "'%s' in %.3f s, frames %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "%s%s%s",
                       rs_json_string(step, "name"), duration_of(step, "good"),
                       rs_json_int(span, "first_frame"), rs_json_int(span, "last_frame"),
                       goes_on ? ", then '" : "", goes_on ? rs_json_string(next, "name") : "",
                       goes_on ? "'" : "");
    else
        rs_layout_row(layout, "  good there", 4, "was never in this phase");
    if (index_of(root, "good_frame") >= 0)
        rs_layout_rowf(layout, "", 4, "the same was seen in its frame %" G_GINT64_FORMAT,
                       rs_json_int(root, "good_frame"));
}

static void
write_root(struct rs_layout *layout, JsonObject *comparison)
{
    JsonObject *root = rs_json_object(comparison, "root");

    g_string_append_c(layout->out, '\n');
    if (!root)
        return;
    rs_layout_rowf(layout, "  bad root", 4, "frame %" G_GINT64_FORMAT ", %.1f s: %s",
                   rs_json_int(root, "frame"), rs_json_double(root, "time_s"),
                   rs_json_string(root, "says"));
    rs_layout_rowf(layout, "", 4, "%s [%s]", rs_json_string(root, "title"),
                   rs_json_string(root, "cause"));
    write_good_there(layout, comparison, root);
}

static void
write_hosts(struct rs_layout *layout, JsonObject *comparison)
{
    JsonArray *hosts = rs_json_array(comparison, "hosts");

    for (guint i = 0; i < rs_json_length(hosts); i++) {
        JsonObject *host = rs_json_object_at(hosts, i);
        const char *good = rs_json_string(host, "good");
        const char *bad = rs_json_string(host, "bad");

        rs_layout_rowf(layout, i ? "" : "  hosts", 4, "%s: good %s, bad %s",
                       rs_json_string(host, "name"), *good ? good : "never asked",
                       *bad ? bad : "never asked");
    }
}

char *
rs_report_compare(JsonObject *comparison, gboolean colour)
{
    struct rs_layout layout = { g_string_new(NULL), colour, LABEL_COLUMNS };
    JsonObject *good = rs_json_object(comparison, "good");

    write_side(&layout, "good", good);
    write_side(&layout, "bad", rs_json_object(comparison, "bad"));
    if (!g_str_equal(rs_json_string(good, "outcome"), "completed"))
        rs_layout_row(&layout, "  warning", 4, "the good one did not complete");
    write_parting(&layout, comparison);
    write_steps(&layout, comparison);
    write_root(&layout, comparison);
    write_hosts(&layout, comparison);
    return g_string_free(layout.out, FALSE);
}
