/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The page: the verdict and what to do first, then the timeline, then what stands behind it. */
#include "plugin/report/report_html.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/html_style.h"
#include "plugin/report/html_text.h"
#include "plugin/report/svg_timeline.h"
#include "plugin/report/wording_log.h"

/* Rows of a table; a page of thousands is read by nobody. */
enum { ROWS_MAX = 50 };

static void
begin_section(GString *out, const char *title)
{
    g_string_append(out, "<section>\n");
    rs_html_element(out, "h2", title);
    g_string_append_c(out, '\n');
}

static void
end_section(GString *out)
{
    g_string_append(out, "</section>\n");
}

/* One row of a list of terms; nothing for an empty text. */
static void
write_term(GString *out, const char *term, const char *text)
{
    if (!*text)
        return;
    rs_html_element(out, "dt", term);
    rs_html_element(out, "dd", text);
    g_string_append_c(out, '\n');
}

/* A cause's title and id, as far as there are. */
static void
write_cause(GString *out, JsonObject *row)
{
    rs_html_text(out, rs_json_string(row, "title"));
    g_string_append_c(out, ' ');
    rs_html_element(out, "code", rs_json_string(row, "cause"));
}

static void
write_head(GString *out, const char *title)
{
    g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\" "
                         "xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                         "<meta charset=\"utf-8\" />\n"
                         "<meta name=\"viewport\" content=\"width=device-width\" />\n"
                         "<meta http-equiv=\"Content-Security-Policy\" "
                         "content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n");
    rs_html_element(out, "title", title);
    g_string_append_printf(out, "\n<style>\n%s</style>\n</head>\n", rs_html_style);
}

static void
write_root(GString *out, JsonObject *root)
{
    g_autofree char *codes = rs_wording_codes(root);

    g_string_append(out, "<p class=\"frame\">");
    rs_html_textf(out, "Frame %" G_GINT64_FORMAT, rs_json_int(root, "frame"));
    g_string_append(out, "</p>\n");
    rs_html_element(out, "p class=\"says\"", rs_json_string(root, "says"));
    g_string_append(out, "\n<dl>\n<dt>Cause</dt><dd>");
    write_cause(out, root);
    g_string_append(out, "</dd>\n<dt>Rule</dt><dd>");
    rs_html_textf(out, "%s, confidence %s%s", rs_json_string(root, "rule"),
                  rs_json_string(root, "confidence"),
                  rs_json_bool(root, "flushed") ? "; the capture ended while waiting" : "");
    g_string_append(out, "</dd>\n");
    write_term(out, "Time", rs_json_string(root, "time"));
    write_term(out, "Seen as", codes);
    g_string_append(out, "</dl>\n");
}

/* A class of the style; an outcome is a word of the schema or none of ours. */
static const char *
outcome_class(JsonObject *report)
{
    static const char *const known[] = { "failed", "completed", "cut-short" };
    const char *outcome = rs_json_string(report, "outcome");

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (g_str_equal(known[i], outcome))
            return known[i];
    }
    return "none";
}

static void
write_verdict(GString *out, JsonObject *report, const char *title, const char *file)
{
    JsonObject *root = rs_json_object(report, "root");

    rs_html_element(out, "p class=\"over\"", file);
    g_string_append_c(out, '\n');
    rs_html_element(out, "h1", title);
    g_string_append_printf(out, "\n<section class=\"verdict %s\">\n", outcome_class(report));
    if (root)
        write_root(out, root);
    else
        rs_html_element(out, "p", "No fault was found.");
    end_section(out);
}

/* The warning parts the list, which goes on counting. */
static void
write_remedies(GString *out, JsonObject *root)
{
    JsonArray *remedies = rs_json_array(root, "remedies");
    const guint erasing = rs_wording_erasing(root);
    g_autofree char *warning = rs_wording_backup(erasing);

    if (!rs_json_length(remedies))
        return;
    begin_section(out, "What to do");
    for (guint i = 0; i < rs_json_length(remedies); i++) {
        const gboolean warns = i + 1 == erasing;

        if (warns) {
            g_string_append(out, i ? "</ol>\n" : "");
            rs_html_element(out, "p class=\"backup\"", warning);
        }
        if (warns || i == 0)
            g_string_append_printf(out, "<ol start=\"%u\">\n", i + 1);
        rs_html_element(out, "li", rs_json_string_at(remedies, i));
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "</ol>\n");
    end_section(out);
}

static void
write_timeline(GString *out, JsonObject *report)
{
    begin_section(out, "Timeline");
    g_string_append(out, "<div class=\"scroll\">\n");
    rs_svg_timeline(out, report);
    g_string_append(out, "</div>\n");
    end_section(out);
}

static void
write_evidence(GString *out, JsonObject *root)
{
    JsonArray *evidence = rs_json_array(root, "evidence");

    if (!rs_json_length(evidence))
        return;
    begin_section(out, "Evidence");
    g_string_append(out, "<table>\n<tr><th>Frame</th><th>Time</th><th>What it shows</th></tr>\n");
    for (guint i = 0; i < MIN(rs_json_length(evidence), ROWS_MAX); i++) {
        JsonObject *row = rs_json_object_at(evidence, i);

        g_string_append(out, "<tr><td class=\"number\">");
        rs_html_textf(out, "%" G_GINT64_FORMAT, rs_json_int(row, "frame"));
        g_string_append(out, "</td><td class=\"number\">");
        if (row && json_object_has_member(row, "time_s"))
            rs_html_textf(out, "%.3f s", rs_json_double(row, "time_s"));
        g_string_append(out, "</td>");
        rs_html_element(out, "td", rs_json_string(row, "says"));
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</table>\n");
    end_section(out);
}

static void
write_others(GString *out, JsonObject *report, gboolean consequences)
{
    guint left;
    g_autoptr(GPtrArray) groups = rs_wording_groups(report, consequences, ROWS_MAX, &left);

    if (!groups->len)
        return;
    begin_section(out, consequences ? "What followed from it" : "Also seen");
    g_string_append(out, "<table>\n<tr><th>Frame</th><th>What</th><th>Rule</th></tr>\n");
    for (guint i = 0; i < groups->len; i++) {
        const struct rs_wording_group *group = g_ptr_array_index(groups, i);

        g_string_append(out, "<tr>");
        rs_html_element(out, group->n > 2 ? "td" : "td class=\"number\"", group->frames);
        g_string_append(out, "<td>");
        rs_html_textf(out, "%s%s", rs_json_string(group->finding, "says"),
                      rs_json_bool(group->finding, "recovered") ? "; it recovered" : "");
        g_string_append(out, "</td><td>");
        rs_html_element(out, "code", rs_json_string(group->finding, "rule"));
        g_string_append(out, "</td></tr>\n");
    }
    g_string_append(out, "</table>\n");
    if (left)
        g_string_append_printf(out, "<p>and %u more</p>\n", left);
    end_section(out);
}

/* Several tries in one capture. */
static void
write_attempts(GString *out, JsonObject *report)
{
    const guint n = rs_json_length(rs_json_array(report, "attempts"));

    if (n < 2)
        return;
    begin_section(out, "Attempts");
    g_string_append(out, "<ul>\n");
    for (guint i = 0; i < n; i++) {
        g_autofree char *text = rs_wording_attempt(report, i);

        rs_html_element(out, "li", text);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "</ul>\n");
    end_section(out);
}

static void
write_logs(GString *out, JsonObject *report)
{
    JsonArray *logs = rs_json_array(report, "logs");

    for (guint i = 0; i < rs_json_length(logs); i++) {
        g_autoptr(GPtrArray) rows = rs_wording_log(rs_json_object_at(logs, i));

        begin_section(out, "Log");
        rs_html_element(out, "p", g_ptr_array_index(rows, 0));
        g_string_append(out, rows->len > 1 ? "\n<ul>\n" : "\n");
        for (guint j = 1; j < rows->len; j++) {
            rs_html_element(out, "li", g_ptr_array_index(rows, j));
            g_string_append_c(out, '\n');
        }
        g_string_append(out, rows->len > 1 ? "</ul>\n" : "");
        end_section(out);
    }
}

static void
write_rivals(GString *out, JsonObject *root)
{
    JsonArray *rivals = rs_json_array(root, "rivals");

    if (!rs_json_length(rivals))
        return;
    begin_section(out, "It could also be");
    g_string_append(out, "<table>\n<tr><th>Cause</th><th>How to tell</th></tr>\n");
    for (guint i = 0; i < rs_json_length(rivals); i++) {
        JsonObject *rival = rs_json_object_at(rivals, i);

        g_string_append(out, "<tr><td>");
        write_cause(out, rival);
        g_string_append(out, "</td>");
        rs_html_element(out, "td", rs_json_string(rival, "test"));
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</table>\n");
    end_section(out);
}

static void
write_facts(GString *out, JsonObject *report)
{
    JsonArray *interfaces = rs_json_array(report, "interfaces");
    JsonArray *warnings = rs_json_array(report, "warnings");
    g_autofree char *device = rs_wording_device(report);
    g_autofree char *frames =
        g_strdup_printf("%" G_GINT64_FORMAT " frames in %.1f s", rs_json_int(report, "frames"),
                        rs_json_double(report, "duration_s"));

    begin_section(out, "Capture");
    g_string_append(out, "<dl>\n");
    write_term(out, "Device", device);
    write_term(out, "Frames", frames);
    for (guint i = 0; i < MIN(rs_json_length(interfaces), ROWS_MAX); i++) {
        JsonObject *row = rs_json_object_at(interfaces, i);
        const char *name = rs_json_string(row, "name");
        g_autofree char *text =
            g_strdup_printf("%s (%s), %" G_GINT64_FORMAT " dropped", *name ? name : "unnamed",
                            rs_json_string(row, "link"), rs_json_int(row, "dropped"));

        write_term(out, "Interface", text);
    }
    if (*rs_wording_number(report))
        write_term(out, "Number", rs_wording_number(report));
    for (guint i = 0; i < MIN(rs_json_length(warnings), ROWS_MAX); i++)
        write_term(out, "Warning", rs_json_string_at(warnings, i));
    g_string_append(out, "</dl>\n");
    end_section(out);
}

static void
write_body(GString *out, JsonObject *report, const char *title, const struct rs_report_about *about)
{
    JsonObject *root = rs_json_object(report, "root");

    g_string_append(out, "<body>\n<main>\n");
    write_verdict(out, report, title, about->file);
    if (root)
        write_remedies(out, root);
    write_attempts(out, report);
    write_timeline(out, report);
    if (root)
        write_evidence(out, root);
    write_logs(out, report);
    write_others(out, report, TRUE);
    write_others(out, report, FALSE);
    if (root)
        write_rivals(out, root);
    write_facts(out, report);
    rs_html_element(out, "footer", about->versions);
    g_string_append(out, "\n</main>\n</body>\n</html>\n");
}

char *
rs_report_html(JsonObject *report, const struct rs_report_about *about)
{
    g_autofree char *place = rs_wording_place(report);
    g_autofree char *title = g_strconcat(rs_wording_outcome(report), place, NULL);
    GString *out = g_string_new(NULL);

    title[0] = g_ascii_toupper(title[0]);
    write_head(out, title);
    write_body(out, report, title, about);
    return g_string_free(out, FALSE);
}
