/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis for people: outcome, the cause first with its frame, evidence by frame, what followed
 * from it, what else it could be and how to tell, and what to do. */
#include "plugin/report/report_text.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/layout.h"
#include "plugin/report/wording.h"
#include "plugin/report/wording_log.h"

/* Findings that a person is told; more is noise. */
enum { LABEL_COLUMNS = 16, ROWS_MAX = 20 };

static enum rs_ink
outcome_ink(JsonObject *report)
{
    const char *name = rs_json_string(report, "outcome");

    if (g_str_equal(name, "completed"))
        return RS_GREEN;
    return g_str_equal(name, "failed") ? RS_RED : RS_YELLOW;
}

static void
write_outcome(struct rs_layout *layout, JsonObject *report)
{
    g_autofree char *file = rs_layout_clean(rs_json_string(report, "file"));
    g_autofree char *place = rs_wording_place(report);
    g_autofree char *clean = rs_layout_clean(place);

    rs_layout_ink(layout, RS_BOLD, *file ? file : "capture");
    g_string_append(layout->out, ": ");
    rs_layout_ink(layout, outcome_ink(report), rs_wording_outcome(report));
    g_string_append_printf(layout->out, "%s\n", clean);
}

static void
write_facts(struct rs_layout *layout, JsonObject *report)
{
    g_autofree char *device = rs_wording_device(report);

    if (*device)
        rs_layout_row(layout, "  device", 0, device);
    rs_layout_rowf(layout, "  capture", 0, "%" G_GINT64_FORMAT " frames in %.1f s",
                   rs_json_int(report, "frames"), rs_json_double(report, "duration_s"));
}

/* Several tries in one capture: each has its verdict; the rest of the report is about one. */
static void
write_attempts(struct rs_layout *layout, JsonObject *report)
{
    JsonArray *attempts = rs_json_array(report, "attempts");

    if (rs_json_length(attempts) > 1)
        g_string_append_c(layout->out, '\n');
    for (guint i = 0; i < rs_json_length(attempts); i++) {
        g_autofree char *text = rs_wording_attempt(report, i);

        if (*text)
            rs_layout_row(layout, i ? "" : "  attempts", 4, text);
    }
}

static void
write_evidence(struct rs_layout *layout, JsonObject *finding)
{
    JsonArray *evidence = rs_json_array(finding, "evidence");

    for (guint i = 0; i < rs_json_length(evidence); i++) {
        JsonObject *item = rs_json_object_at(evidence, i);

        rs_layout_rowf(layout, i ? "" : "  evidence", 4, "frame %" G_GINT64_FORMAT ": %s",
                       rs_json_int(item, "frame"), rs_json_string(item, "says"));
    }
}

static void
write_root(struct rs_layout *layout, JsonObject *root)
{
    const char *title = rs_json_string(root, "title");
    g_autofree char *label =
        g_strdup_printf("  frame %" G_GINT64_FORMAT, rs_json_int(root, "frame"));
    g_autofree char *codes = rs_wording_codes(root);

    g_string_append_c(layout->out, '\n');
    rs_layout_row(layout, label, 0, rs_json_string(root, "says"));
    rs_layout_rowf(layout, "  cause", 0, "%s%s%s%s", title, *title ? " [" : "",
                   rs_json_string(root, "cause"), *title ? "]" : "");
    rs_layout_rowf(layout, "  rule", 0, "%s, confidence %s%s", rs_json_string(root, "rule"),
                   rs_json_string(root, "confidence"),
                   rs_json_bool(root, "flushed") ? "; the capture ended while waiting" : "");
    if (*rs_json_string(root, "time"))
        rs_layout_row(layout, "  time", 0, rs_json_string(root, "time"));
    write_evidence(layout, root);
    if (*codes)
        rs_layout_row(layout, "  seen as", 0, codes);
}

/* Findings other than the root: with or without somebody to blame. */
static void
write_others(struct rs_layout *layout, JsonObject *report, gboolean consequences)
{
    guint left;
    g_autoptr(GPtrArray) groups = rs_wording_groups(report, consequences, ROWS_MAX, &left);

    for (guint i = 0; i < groups->len; i++) {
        const struct rs_wording_group *group = g_ptr_array_index(groups, i);
        const char *label = consequences ? "  it caused" : "  also seen";

        rs_layout_rowf(layout, i ? "" : label, 4, "frame%s %s: %s%s [%s]", group->n > 1 ? "s" : "",
                       group->frames, rs_json_string(group->finding, "says"),
                       rs_json_bool(group->finding, "recovered") ? "; it recovered" : "",
                       rs_json_string(group->finding, "rule"));
    }
    if (left)
        rs_layout_rowf(layout, "", 0, "and %u more; --json has them all", left);
}

static void
write_rivals(struct rs_layout *layout, JsonObject *root)
{
    JsonArray *rivals = rs_json_array(root, "rivals");

    for (guint i = 0; i < rs_json_length(rivals); i++) {
        JsonObject *rival = rs_json_object_at(rivals, i);
        const char *title = rs_json_string(rival, "title");

        rs_layout_rowf(layout, i ? "" : "  or else", 4, "%s%s%s%s", title, *title ? " [" : "",
                       rs_json_string(rival, "cause"), *title ? "]" : "");
        if (*rs_json_string(rival, "test"))
            rs_layout_rowf(layout, "", 4, "    to tell: %s", rs_json_string(rival, "test"));
    }
}

static void
write_remedies(struct rs_layout *layout, JsonObject *root)
{
    JsonArray *remedies = rs_json_array(root, "remedies");
    const guint erasing = rs_wording_erasing(root);
    const char *label = "  what to do";

    for (guint i = 0; i < rs_json_length(remedies); i++) {
        if (i + 1 == erasing) {
            g_autofree char *warning = rs_wording_backup(erasing);

            rs_layout_row(layout, label, 3, warning);
            label = "";
        }
        rs_layout_rowf(layout, label, 3, "%u. %s", i + 1, rs_json_string_at(remedies, i));
        label = "";
    }
}

static void
write_interfaces(struct rs_layout *layout, JsonObject *report)
{
    JsonArray *interfaces = rs_json_array(report, "interfaces");

    for (guint i = 0; i < rs_json_length(interfaces); i++) {
        JsonObject *row = rs_json_object_at(interfaces, i);
        const char *name = rs_json_string(row, "name");

        rs_layout_rowf(layout, i ? "" : "  interfaces", 4, "%s (%s), %" G_GINT64_FORMAT " dropped",
                       *name ? name : "unnamed", rs_json_string(row, "link"),
                       rs_json_int(row, "dropped"));
    }
}

static void
write_warnings(struct rs_layout *layout, JsonObject *report)
{
    JsonArray *warnings = rs_json_array(report, "warnings");

    for (guint i = 0; i < rs_json_length(warnings); i++)
        rs_layout_row(layout, i ? "" : "  warning", 4, rs_json_string_at(warnings, i));
}

static void
write_number(struct rs_layout *layout, JsonObject *report)
{
    const char *says = rs_wording_number(report);

    if (*says)
        rs_layout_row(layout, "  your number", 4, says);
}

static void
write_logs(struct rs_layout *layout, JsonObject *report)
{
    JsonArray *logs = rs_json_array(report, "logs");

    for (guint i = 0; i < rs_json_length(logs); i++) {
        g_autoptr(GPtrArray) rows = rs_wording_log(rs_json_object_at(logs, i));

        for (guint j = 0; j < rows->len; j++)
            rs_layout_row(layout, j ? "" : "  log", 4, g_ptr_array_index(rows, j));
    }
}

char *
rs_report_text(JsonObject *report, gboolean colour)
{
    struct rs_layout layout = { g_string_new(NULL), colour, LABEL_COLUMNS };
    JsonObject *root = rs_json_object(report, "root");

    write_outcome(&layout, report);
    write_attempts(&layout, report);
    if (root)
        write_root(&layout, root);
    write_number(&layout, report);
    write_logs(&layout, report);
    write_others(&layout, report, TRUE);
    write_others(&layout, report, FALSE);
    if (root) {
        write_rivals(&layout, root);
        write_remedies(&layout, root);
    }
    g_string_append_c(layout.out, '\n');
    write_facts(&layout, report);
    write_interfaces(&layout, report);
    write_warnings(&layout, report);
    return g_string_free(layout.out, FALSE);
}

static void
write_spans(struct rs_layout *layout, const char *label, JsonArray *spans)
{
    for (guint i = 0; i < rs_json_length(spans); i++) {
        JsonObject *span = rs_json_object_at(spans, i);

        rs_layout_rowf(layout, i ? "" : label, 4,
                       "%10.3f - %10.3f s  %-14s frames %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT,
                       rs_json_double(span, "start_s"), rs_json_double(span, "end_s"),
                       rs_json_string(span, "name"), rs_json_int(span, "first_frame"),
                       rs_json_int(span, "last_frame"));
    }
}

char *
rs_report_timeline(JsonObject *report, gboolean colour)
{
    struct rs_layout layout = { g_string_new(NULL), colour, LABEL_COLUMNS };
    JsonArray *hosts = rs_json_array(report, "hosts");

    write_outcome(&layout, report);
    write_spans(&layout, "  modes", rs_json_array(rs_json_object(report, "device"), "mode_spans"));
    write_spans(&layout, "  phases", rs_json_array(report, "phases"));
    for (guint i = 0; i < rs_json_length(hosts); i++) {
        JsonObject *host = rs_json_object_at(hosts, i);

        rs_layout_rowf(&layout, i ? "" : "  hosts", 4, "%s: %s, %s", rs_json_string(host, "name"),
                       rs_json_string(host, "role"), rs_json_string(host, "state"));
    }
    return g_string_free(layout.out, FALSE);
}
