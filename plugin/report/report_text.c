/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis for people: outcome, the cause first with its frame, evidence by frame, what followed
 * from it, what else it could be and how to tell, and what to do. */
#include "plugin/report/report_text.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/layout.h"

/* Findings and frames of one sentence that a person is told; more is noise. */
enum { LABEL_COLUMNS = 16, ROWS_MAX = 20, FRAMES_MAX = 8 };

struct outcome {
    const char *name;
    const char *text;
    enum rs_ink ink;
};

static const struct outcome outcomes[] = {
    { "completed", "the restore completed", RS_GREEN },
    { "failed", "the restore failed", RS_RED },
    { "cut-short", "the capture ends before the restore does", RS_YELLOW },
    { "no-restore", "no restore traffic", RS_YELLOW },
};

static const struct outcome *
find_outcome(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (g_str_equal(outcomes[i].name, name))
            return &outcomes[i];
    }
    return &outcomes[G_N_ELEMENTS(outcomes) - 1];
}

static void
write_outcome(struct rs_layout *layout, JsonObject *report)
{
    const struct outcome *outcome = find_outcome(rs_json_string(report, "outcome"));
    JsonObject *root = rs_json_object(report, "root");
    const char *phase = rs_json_string(root, "phase");
    g_autofree char *file = rs_layout_clean(rs_json_string(report, "file"));
    g_autofree char *place = rs_layout_clean(phase);

    rs_layout_ink(layout, RS_BOLD, *file ? file : "capture");
    g_string_append(layout->out, ": ");
    rs_layout_ink(layout, outcome->ink, outcome->text);
    if (*place)
        g_string_append_printf(layout->out, " in phase '%s'", place);
    if (root)
        g_string_append_printf(layout->out, ", %.1f s into the capture",
                               rs_json_double(root, "time_s"));
    g_string_append_c(layout->out, '\n');
}

static char *
join_strings(JsonArray *array, const char *separator)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < rs_json_length(array); i++)
        g_string_append_printf(out, "%s%s", i ? separator : "", rs_json_string_at(array, i));
    return g_string_free(out, FALSE);
}

static void
write_facts(struct rs_layout *layout, JsonObject *report)
{
    JsonObject *device = rs_json_object(report, "device");
    const char *product = rs_json_string(device, "product");
    const char *ecid = rs_json_string(device, "ecid");
    g_autofree char *modes = join_strings(rs_json_array(device, "modes"), " -> ");

    if (*product || *ecid || *modes)
        rs_layout_rowf(layout, "  device", 0, "%s%s%s%s%s", *product ? product : "unknown model",
                       *ecid ? ", ECID " : "", ecid, *modes ? ", mode " : "", modes);
    rs_layout_rowf(layout, "  capture", 0, "%" G_GINT64_FORMAT " frames in %.1f s",
                   rs_json_int(report, "frames"), rs_json_double(report, "duration_s"));
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

/* "iTunes 9, 14; libusb -1": the domain only where it changes. */
static void
write_codes(struct rs_layout *layout, JsonObject *finding)
{
    JsonArray *codes = rs_json_array(finding, "codes");
    const char *before = "";
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < rs_json_length(codes); i++) {
        JsonObject *code = rs_json_object_at(codes, i);
        const char *domain = rs_json_string(code, "domain");
        const gboolean same = g_str_equal(domain, before);

        g_string_append_printf(text, "%s%s%s%" G_GINT64_FORMAT,
                               !i     ? ""
                               : same ? ", "
                                      : "; ",
                               same ? "" : domain, same ? "" : " ", rs_json_int(code, "code"));
        before = domain;
    }
    if (text->len)
        rs_layout_row(layout, "  seen as", 0, text->str);
}

static void
write_root(struct rs_layout *layout, JsonObject *root)
{
    const char *title = rs_json_string(root, "title");
    g_autofree char *label =
        g_strdup_printf("  frame %" G_GINT64_FORMAT, rs_json_int(root, "frame"));

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
    write_codes(layout, root);
}

static gboolean
is_consequence(JsonObject *finding)
{
    return *rs_json_string(finding, "consequence_of") != '\0';
}

static gboolean
same_sentence(JsonObject *a, JsonObject *b)
{
    return g_str_equal(rs_json_string(a, "rule"), rs_json_string(b, "rule")) &&
           g_str_equal(rs_json_string(a, "says"), rs_json_string(b, "says")) &&
           is_consequence(a) == is_consequence(b) &&
           rs_json_bool(a, "recovered") == rs_json_bool(b, "recovered");
}

/* A finding, and the frames of those after it that say the same. */
static void
write_finding(struct rs_layout *layout, const char *label, JsonArray *findings, guint index,
              gboolean *told)
{
    JsonObject *finding = rs_json_object_at(findings, index);
    g_autoptr(GString) frames = g_string_new(NULL);
    guint n = 0;

    for (guint i = index; i < rs_json_length(findings); i++) {
        JsonObject *other = rs_json_object_at(findings, i);

        if (told[i] || !same_sentence(finding, other))
            continue;
        told[i] = TRUE;
        if (n++ < FRAMES_MAX)
            g_string_append_printf(frames, "%s%" G_GINT64_FORMAT, n > 1 ? ", " : "",
                                   rs_json_int(other, "frame"));
    }
    if (n > FRAMES_MAX)
        g_string_append_printf(frames, " and %u more", n - FRAMES_MAX);
    rs_layout_rowf(layout, label, 4, "frame%s %s: %s%s [%s]", n > 1 ? "s" : "", frames->str,
                   rs_json_string(finding, "says"),
                   rs_json_bool(finding, "recovered") ? "; it recovered" : "",
                   rs_json_string(finding, "rule"));
}

/* Findings other than the root: with or without somebody to blame. */
static void
write_others(struct rs_layout *layout, JsonObject *report, gboolean consequences)
{
    JsonArray *findings = rs_json_array(report, "findings");
    const guint first = rs_json_object(report, "root") ? 1 : 0;
    g_autofree gboolean *told = g_new0(gboolean, rs_json_length(findings) + 1);
    const char *label = consequences ? "  it caused" : "  also seen";
    guint rows = 0, left = 0;

    for (guint i = first; i < rs_json_length(findings); i++) {
        if (told[i] || is_consequence(rs_json_object_at(findings, i)) != consequences)
            continue;
        if (rows++ >= ROWS_MAX) {
            left++;
            continue;
        }
        write_finding(layout, label, findings, i, told);
        label = "";
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

    for (guint i = 0; i < rs_json_length(remedies); i++)
        rs_layout_rowf(layout, i ? "" : "  what to do", 3, "%u. %s", i + 1,
                       rs_json_string_at(remedies, i));
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

char *
rs_report_text(JsonObject *report, gboolean colour)
{
    struct rs_layout layout = { g_string_new(NULL), colour, LABEL_COLUMNS };
    JsonObject *root = rs_json_object(report, "root");

    write_outcome(&layout, report);
    if (root)
        write_root(&layout, root);
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
