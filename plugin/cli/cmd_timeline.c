/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope timeline: modes, phases and hosts of one restore. */
#include "plugin/cli/analyse.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/command.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/report_json.h"
#include "plugin/report/report_text.h"

/* Copies a member, or an empty list where it is missing. */
static void
copy_list(JsonObject *to, JsonObject *from, const char *from_name, const char *to_name)
{
    JsonArray *array = rs_json_array(from, from_name);

    json_object_set_array_member(to, to_name, array ? json_array_ref(array) : json_array_new());
}

static char *
timeline_line(JsonObject *report)
{
    g_autoptr(JsonObject) line = json_object_new();
    g_autofree char *text = NULL;

    json_object_set_string_member(line, "schema", "restorescope.timeline/1");
    json_object_set_string_member(line, "file", rs_json_string(report, "file"));
    json_object_set_string_member(line, "outcome", rs_json_string(report, "outcome"));
    copy_list(line, rs_json_object(report, "device"), "mode_spans", "modes");
    copy_list(line, report, "phases", "phases");
    copy_list(line, report, "hosts", "hosts");
    copy_list(line, report, "streams", "streams");
    copy_list(line, report, "usb_errors", "usb_errors");
    text = rs_json_line(line);
    return g_strconcat(text, "\n", NULL);
}

static enum rs_exit
print_timeline(const struct rs_analysis *analysis, const char *file, gboolean json, gboolean colour,
               GError **error)
{
    g_autoptr(rs_tshark) tshark = rs_analysis_prepare(analysis, error);
    g_autoptr(JsonObject) report = tshark ? rs_analyse(analysis, tshark, file, error) : NULL;
    g_autofree char *text = NULL;

    if (!report)
        return RS_EXIT_INTERNAL;
    if (!rs_analysis_found_restore(report)) {
        rs_complain("'%s': no restore traffic in it", file);
        return RS_EXIT_NONE;
    }
    text = json ? timeline_line(report) : rs_report_timeline(report, colour);
    return rs_print(text, error) ? RS_EXIT_OK : RS_EXIT_INTERNAL;
}

int
rs_command_timeline(int argc, char **argv)
{
    struct rs_analysis analysis = { .keylog = NULL };
    gboolean json = FALSE, colour = FALSE;
    const struct rs_option options[] = {
        { 'j', "json", NULL, "one JSON object on one line", &json, NULL },
        { '\0', "keylog", "FILE", "TLS secrets in the format of SSLKEYLOGFILE", NULL,
          &analysis.keylog },
    };
    const struct rs_usage usage = {
        .name = "timeline",
        .operands = "FILE",
        .about = "Shows the modes a device went through, the phases of the restore and the hosts\n"
                 "that were asked, with their times and frames.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
        .min_operands = 1,
        .max_operands = 1,
    };
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    enum rs_exit status;
    int early;

    if (!rs_command_begin(&usage, argc, argv, files, &colour, &early))
        return early;
    status = print_timeline(&analysis, g_ptr_array_index(files, 0), json, colour, &error);
    return (int)(error ? rs_complain_error(error) : status);
}
