/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis as Markdown: what a maintainer asks for, in the order in which he wants to know. */
#include "plugin/report/report_markdown.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/markdown_text.h"
#include "plugin/report/wording_log.h"

/* Rows of a table; a bug report is read by people. */
enum { ROWS_MAX = 20 };

static void
write_frame(GString *out, JsonObject *row)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT, rs_json_int(row, "frame"));
}

/* "3.2 s", or nothing where it is not known. */
static void
write_time(GString *out, JsonObject *row)
{
    if (json_object_has_member(row, "time_s"))
        g_string_append_printf(out, "%.3f s", rs_json_double(row, "time_s"));
}

/* A cause's title and id, as far as there are. */
static void
write_cause(GString *out, JsonObject *row)
{
    rs_markdown_text(out, rs_json_string(row, "title"));
    if (*rs_json_string(row, "title"))
        g_string_append_c(out, ' ');
    rs_markdown_code(out, rs_json_string(row, "cause"));
}

static void
write_title(GString *out, JsonObject *report)
{
    g_autofree char *place = rs_wording_place(report);
    g_autofree char *title = g_strconcat(rs_wording_outcome(report), place, NULL);

    title[0] = g_ascii_toupper(title[0]);
    g_string_append(out, "## ");
    rs_markdown_text(out, title);
    g_string_append(out, "\n\n");
}

/* Several tries in one capture. */
static void
write_attempts(GString *out, JsonObject *report)
{
    const guint n = rs_json_length(rs_json_array(report, "attempts"));

    for (guint i = 0; n > 1 && i < MIN(n, ROWS_MAX); i++) {
        g_autofree char *text = rs_wording_attempt(report, i);

        g_string_append(out, "- ");
        rs_markdown_text(out, text);
        g_string_append(out, i + 1 == MIN(n, ROWS_MAX) ? "\n\n" : "\n");
    }
}

static void
write_verdict(GString *out, JsonObject *root)
{
    g_autofree char *codes = rs_wording_codes(root);

    g_string_append(out, "**Frame ");
    write_frame(out, root);
    g_string_append(out, ":** ");
    rs_markdown_text(out, rs_json_string(root, "says"));
    g_string_append(out, "\n\n- **Cause:** ");
    write_cause(out, root);
    g_string_append(out, "\n- **Rule:** ");
    rs_markdown_code(out, rs_json_string(root, "rule"));
    g_string_append(out, ", confidence ");
    rs_markdown_text(out, rs_json_string(root, "confidence"));
    if (rs_json_bool(root, "flushed"))
        g_string_append(out, "; the capture ended while waiting");
    g_string_append_c(out, '\n');
    if (*rs_json_string(root, "time")) {
        g_string_append(out, "- **Time:** ");
        rs_markdown_text(out, rs_json_string(root, "time"));
        g_string_append_c(out, '\n');
    }
    if (*codes) {
        g_string_append(out, "- **Seen as:** ");
        rs_markdown_text(out, codes);
        g_string_append_c(out, '\n');
    }
    g_string_append_c(out, '\n');
}

static void
write_evidence(GString *out, JsonObject *root)
{
    JsonArray *evidence = rs_json_array(root, "evidence");

    if (!rs_json_length(evidence))
        return;
    g_string_append(out, "### Evidence\n\n| Frame | Time | What it shows |\n|---:|---:|---|\n");
    for (guint i = 0; i < rs_json_length(evidence); i++) {
        JsonObject *row = rs_json_object_at(evidence, i);

        g_string_append(out, "| ");
        write_frame(out, row);
        g_string_append(out, " | ");
        if (row)
            write_time(out, row);
        g_string_append(out, " | ");
        rs_markdown_text(out, rs_json_string(row, "says"));
        g_string_append(out, " |\n");
    }
    g_string_append_c(out, '\n');
}

static void
write_others(GString *out, JsonObject *report, gboolean consequences)
{
    guint left;
    g_autoptr(GPtrArray) groups = rs_wording_groups(report, consequences, ROWS_MAX, &left);

    if (!groups->len)
        return;
    g_string_append_printf(out, "### %s\n\n| Frames | What | Rule |\n|---:|---|---|\n",
                           consequences ? "It caused" : "Also seen");
    for (guint i = 0; i < groups->len; i++) {
        const struct rs_wording_group *group = g_ptr_array_index(groups, i);

        g_string_append_printf(out, "| %s | ", group->frames);
        rs_markdown_text(out, rs_json_string(group->finding, "says"));
        if (rs_json_bool(group->finding, "recovered"))
            g_string_append(out, "; it recovered");
        g_string_append(out, " | ");
        rs_markdown_code(out, rs_json_string(group->finding, "rule"));
        g_string_append(out, " |\n");
    }
    if (left)
        g_string_append_printf(out, "\nand %u more\n", left);
    g_string_append_c(out, '\n');
}

static void
write_logs(GString *out, JsonObject *report)
{
    JsonArray *logs = rs_json_array(report, "logs");

    for (guint i = 0; i < rs_json_length(logs); i++) {
        g_autoptr(GPtrArray) rows = rs_wording_log(rs_json_object_at(logs, i));

        g_string_append(out, "### Log\n\n");
        for (guint j = 0; j < rows->len; j++) {
            g_string_append(out, j ? "- " : "");
            rs_markdown_text(out, g_ptr_array_index(rows, j));
            g_string_append(out, j ? "\n" : "\n\n");
        }
        g_string_append(out, rows->len > 1 ? "\n" : "");
    }
}

static void
write_rivals(GString *out, JsonObject *root)
{
    JsonArray *rivals = rs_json_array(root, "rivals");

    if (!rs_json_length(rivals))
        return;
    g_string_append(out, "### Or else\n\n| Cause | How to tell |\n|---|---|\n");
    for (guint i = 0; i < rs_json_length(rivals); i++) {
        JsonObject *rival = rs_json_object_at(rivals, i);

        g_string_append(out, "| ");
        write_cause(out, rival);
        g_string_append(out, " | ");
        rs_markdown_text(out, rs_json_string(rival, "test"));
        g_string_append(out, " |\n");
    }
    g_string_append_c(out, '\n');
}

static void
write_remedies(GString *out, JsonObject *root)
{
    JsonArray *remedies = rs_json_array(root, "remedies");
    const guint erasing = rs_wording_erasing(root);
    g_autofree char *warning = rs_wording_backup(erasing);

    if (!rs_json_length(remedies))
        return;
    g_string_append(out, "### What to do\n\n");
    for (guint i = 0; i < rs_json_length(remedies); i++) {
        g_string_append_printf(out, "%u. ", i + 1);
        if (i + 1 == erasing)
            g_string_append_printf(out, "**%s** ", warning);
        rs_markdown_text(out, rs_json_string_at(remedies, i));
        g_string_append_c(out, '\n');
    }
    g_string_append_c(out, '\n');
}

static void
write_fact(GString *out, const char *name, const char *text)
{
    if (!*text)
        return;
    g_string_append_printf(out, "- **%s:** ", name);
    rs_markdown_text(out, text);
    g_string_append_c(out, '\n');
}

static void
write_interfaces(GString *out, JsonObject *report)
{
    JsonArray *interfaces = rs_json_array(report, "interfaces");

    for (guint i = 0; i < rs_json_length(interfaces); i++) {
        JsonObject *row = rs_json_object_at(interfaces, i);
        const char *name = rs_json_string(row, "name");
        g_autofree char *text =
            g_strdup_printf("%s (%s), %" G_GINT64_FORMAT " dropped", *name ? name : "unnamed",
                            rs_json_string(row, "link"), rs_json_int(row, "dropped"));

        write_fact(out, "Interface", text);
    }
}

static void
write_hosts(GString *out, JsonObject *report)
{
    JsonArray *hosts = rs_json_array(report, "hosts");

    for (guint i = 0; i < MIN(rs_json_length(hosts), ROWS_MAX); i++) {
        JsonObject *host = rs_json_object_at(hosts, i);
        g_autofree char *text =
            g_strdup_printf("%s (%s): %s", rs_json_string(host, "name"),
                            rs_json_string(host, "role"), rs_json_string(host, "state"));

        write_fact(out, "Host", text);
    }
}

static void
write_facts(GString *out, JsonObject *report, const struct rs_report_about *about)
{
    JsonArray *warnings = rs_json_array(report, "warnings");
    g_autofree char *device = rs_wording_device(report);
    g_autofree char *frames =
        g_strdup_printf("%s, %" G_GINT64_FORMAT " frames in %.1f s", about->file,
                        rs_json_int(report, "frames"), rs_json_double(report, "duration_s"));

    g_string_append(out, "### Capture\n\n");
    write_fact(out, "Device", device);
    write_fact(out, "Capture", frames);
    write_interfaces(out, report);
    write_hosts(out, report);
    write_fact(out, "Number", rs_wording_number(report));
    for (guint i = 0; i < MIN(rs_json_length(warnings), ROWS_MAX); i++)
        write_fact(out, "Warning", rs_json_string_at(warnings, i));
    write_fact(out, "Versions", about->versions);
}

char *
rs_report_markdown(JsonObject *report, const struct rs_report_about *about)
{
    JsonObject *root = rs_json_object(report, "root");
    GString *out = g_string_new(NULL);

    write_title(out, report);
    write_attempts(out, report);
    if (root) {
        write_verdict(out, root);
        write_evidence(out, root);
    }
    write_logs(out, report);
    write_others(out, report, TRUE);
    write_others(out, report, FALSE);
    if (root) {
        write_rivals(out, root);
        write_remedies(out, root);
    }
    write_facts(out, report, about);
    return g_string_free(out, FALSE);
}
