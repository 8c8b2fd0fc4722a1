/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a file's name to its diagnosis. */
#include "plugin/cli/analyse.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/cut_short.h"
#include "plugin/cli/input.h"
#include "plugin/cli/losses.h"
#include "plugin/cli/pcapng_scan.h"
#include "plugin/cli/progress.h"
#include "plugin/cli/rules.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/mask.h"

/* A mistake in a rule is told with its place before any capture is read; in ours, it is our fault.
 */
static gboolean
check_rules(const char *folder, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    g_autoptr(rs_ruleset) ruleset = rs_rules_load(folder, NULL, &wrong);

    if (ruleset)
        return TRUE;
    g_set_error_literal(error, RS_CLI_ERROR, folder ? wrong->code : RS_EXIT_INTERNAL,
                        wrong->message);
    return FALSE;
}

rs_tshark *
rs_analysis_prepare(const struct rs_analysis *analysis, GError **error)
{
    return check_rules(analysis->rules, error)
               ? rs_tshark_new(analysis->keylog, analysis->rules, error)
               : NULL;
}

static JsonArray *
warnings_of(JsonObject *report)
{
    JsonArray *warnings = rs_json_array(report, "warnings");

    if (!warnings) {
        warnings = json_array_new();
        json_object_set_array_member(report, "warnings", warnings);
    }
    return warnings;
}

static void
warn_of_drops(JsonArray *warnings, const struct rs_interface *interface, const char *name)
{
    g_autofree char *text = NULL;

    if (interface->dropped == 0)
        return;
    text =
        g_strdup_printf("capture dropped %" G_GUINT64_FORMAT " packet%s on %s", interface->dropped,
                        interface->dropped == 1 ? "" : "s", *name ? name : "an unnamed interface");
    json_array_add_string_element(warnings, text);
}

static void
fill_interfaces(JsonObject *report, const GPtrArray *interfaces)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < interfaces->len; i++) {
        const struct rs_interface *interface = g_ptr_array_index(interfaces, i);
        g_autofree char *name = g_utf8_make_valid(interface->name, -1);
        JsonObject *row = json_object_new();

        json_object_set_string_member(row, "name", name);
        json_object_set_string_member(row, "link", interface->link);
        json_object_set_int_member(row, "dropped", (gint64)interface->dropped);
        json_array_add_object_element(array, row);
        warn_of_drops(warnings_of(report), interface, name);
    }
    json_object_set_array_member(report, "interfaces", array);
}

/* What only the reader of the file knows. */
static void
complete(const struct rs_analysis *analysis, JsonObject *report, const char *file,
         const GPtrArray *interfaces, const char *complaint, char **ret_damage)
{
    g_autofree char *name = g_utf8_make_valid(file, -1);

    json_object_set_string_member(report, "file", name);
    fill_interfaces(report, interfaces);
    if (complaint) {
        /* tshark's sentence begins with a verb: "appears to have been cut short ..." */
        *ret_damage = g_strdup_printf("the file %s; analysed up to there", complaint);
        json_array_add_string_element(warnings_of(report), *ret_damage);
        rs_cut_short_doubt(report);
    }
    rs_losses_doubt(report, interfaces);
    if (!analysis->show_ids)
        rs_mask_report(report);
}

JsonObject *
rs_analyse_stream(const struct rs_analysis *analysis, rs_tshark *tshark, struct rs_stream *stream,
                  const char *file, char **ret_damage, GError **error)
{
    g_autofree char *complaint = NULL;
    JsonObject *report;

    report = rs_tshark_follow(tshark, stream, file, &complaint, error);
    if (report)
        complete(analysis, report, file, rs_relay_interfaces(stream->relay), complaint, ret_damage);
    return report;
}

static JsonObject *
analyse_pipe(const struct rs_analysis *analysis, rs_tshark *tshark, struct rs_input *input,
             const char *file, char **ret_damage, GError **error)
{
    g_autoptr(rs_relay) relay = rs_relay_new();
    g_autoptr(GByteArray) begun = g_byte_array_new();
    struct rs_stream stream = { .fd = input->fd,
                                .is_patient = analysis->is_patient,
                                .relay = relay,
                                .begun = begun,
                                .side_fd = -1 };

    rs_relay_take(relay, input->head->data, input->head->len, begun);
    return rs_analyse_stream(analysis, tshark, &stream, file, ret_damage, error);
}

static JsonObject *
analyse_file(const struct rs_analysis *analysis, rs_tshark *tshark, int fd, const char *file,
             char **ret_damage, GError **error)
{
    g_autofree char *complaint = NULL;
    g_autoptr(GPtrArray) interfaces = NULL;
    JsonObject *report;
    gint64 until_us = 0;

    interfaces = rs_pcapng_scan(fd, &until_us);
    rs_progress_file_begin(fd);
    report = rs_tshark_run(tshark, fd, file, until_us, &complaint, error);
    rs_progress_file_end(fd);
    if (report)
        complete(analysis, report, file, interfaces, complaint, ret_damage);
    return report;
}

JsonObject *
rs_analyse_quietly(const struct rs_analysis *analysis, rs_tshark *tshark, const char *file,
                   char **ret_damage, GError **error)
{
    struct rs_input input;
    JsonObject *report;

    if (!rs_input_open(file, &input, error))
        return NULL;
    report = input.is_pipe ? analyse_pipe(analysis, tshark, &input, file, ret_damage, error)
                           : analyse_file(analysis, tshark, input.fd, file, ret_damage, error);
    rs_input_close(&input);
    return report;
}

JsonObject *
rs_analyse(const struct rs_analysis *analysis, rs_tshark *tshark, const char *file, GError **error)
{
    g_autofree char *damage = NULL;
    JsonObject *report = rs_analyse_quietly(analysis, tshark, file, &damage, error);

    if (damage)
        rs_complain("warning: '%s': %s", file, damage);
    return report;
}

gboolean
rs_analysis_found_restore(JsonObject *report)
{
    return !g_str_equal(rs_json_string(report, "outcome"), "no-restore");
}
