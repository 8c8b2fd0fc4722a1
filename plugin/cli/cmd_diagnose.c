/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope diagnose: what went wrong in these captures, and in which frame. */
#include "plugin/cli/analyse.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/command.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/report_json.h"
#include "plugin/report/report_text.h"

struct diagnose {
    struct rs_analysis analysis;
    gboolean json, exit_status, colour;
    gboolean printed; /* a report before this one */
};

static gboolean
print_report(struct diagnose *diagnose, JsonObject *report, GError **error)
{
    g_autofree char *body =
        diagnose->json ? rs_json_line(report) : rs_report_text(report, diagnose->colour);
    g_autofree char *text = g_strconcat(!diagnose->json && diagnose->printed ? "\n" : "", body,
                                        diagnose->json ? "\n" : "", NULL);

    diagnose->printed = TRUE;
    return rs_print(text, error);
}

static enum rs_exit
judge(const struct diagnose *diagnose, JsonObject *report)
{
    const gboolean fault =
        rs_json_object(report, "root") || g_str_equal(rs_json_string(report, "outcome"), "failed");

    if (!rs_analysis_found_restore(report))
        return RS_EXIT_NONE;
    return fault && diagnose->exit_status ? RS_EXIT_FAULT : RS_EXIT_OK;
}

static enum rs_exit
diagnose_file(struct diagnose *diagnose, rs_tshark *tshark, const char *file, GError **error)
{
    g_autoptr(JsonObject) report = rs_analyse(&diagnose->analysis, tshark, file, error);

    if (!report)
        return RS_EXIT_INTERNAL;
    if (!rs_analysis_found_restore(report))
        rs_complain("'%s': no restore traffic in it", file);
    /* for people, that was all there is to say */
    if ((diagnose->json || rs_analysis_found_restore(report)) &&
        !print_report(diagnose, report, error))
        return RS_EXIT_INTERNAL;
    return judge(diagnose, report);
}

static enum rs_exit
diagnose_all(struct diagnose *diagnose, const GPtrArray *files)
{
    g_autoptr(GError) unready = NULL;
    g_autoptr(rs_tshark) tshark = rs_analysis_prepare(&diagnose->analysis, &unready);
    enum rs_exit status = RS_EXIT_OK;

    if (!tshark)
        return rs_complain_error(unready);
    for (guint i = 0; i < files->len; i++) {
        g_autoptr(GError) error = NULL;
        enum rs_exit one = diagnose_file(diagnose, tshark, g_ptr_array_index(files, i), &error);

        if (error)
            one = rs_complain_error(error);
        status = rs_exit_worse(status, one);
        if (one == RS_EXIT_INTERNAL)
            break; /* the next file would fare no better */
    }
    return status;
}

int
rs_command_diagnose(int argc, char **argv)
{
    struct diagnose diagnose = { .json = FALSE };
    const struct rs_option options[] = {
        { 'j', "json", NULL, "one JSON object per file and line", &diagnose.json, NULL },
        { '\0', "keylog", "FILE", "TLS secrets in the format of SSLKEYLOGFILE", NULL,
          &diagnose.analysis.keylog },
        { '\0', "rules", "DIR", "rules of your own, besides the shipped ones", NULL,
          &diagnose.analysis.rules },
        { 'e', "exit-status", NULL, "end with status 1 when a fault was found",
          &diagnose.exit_status, NULL },
        { '\0', "show-ids", NULL, "show ECIDs and the like instead of masking them",
          &diagnose.analysis.show_ids, NULL },
    };
    const struct rs_usage usage = {
        .name = "diagnose",
        .operands = "FILE...",
        .about = "Says what went wrong in captures of a restore, and in which frame.\n"
                 "FILE is anything tshark reads; '-' is standard input.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
        .min_operands = 1,
        .max_operands = G_MAXUINT,
    };
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    int status;

    if (!rs_command_begin(&usage, argc, argv, files, &diagnose.colour, &status))
        return status;
    return (int)diagnose_all(&diagnose, files);
}
