/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope diagnose: what went wrong in these captures, and in which frame. */
#include "plugin/cli/analyse.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/command.h"
#include "plugin/cli/page.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/mask.h"
#include "plugin/report/report_html.h"
#include "plugin/report/report_json.h"
#include "plugin/report/report_markdown.h"
#include "plugin/report/report_text.h"

struct diagnose {
    struct rs_analysis analysis;
    gboolean json, markdown, exit_status, colour;
    const char *html; /* the page's file, or NULL */
    char *versions;   /* of what a page or Markdown was made with; NULL for neither */
    gboolean printed; /* a report before this one */
};

static char *
format_report(const struct diagnose *diagnose, JsonObject *report,
              const struct rs_report_about *about)
{
    if (diagnose->json)
        return rs_json_line(report);
    return diagnose->markdown ? rs_report_markdown(report, about)
                              : rs_report_text(report, diagnose->colour);
}

static gboolean
write_page(const struct diagnose *diagnose, JsonObject *report, const struct rs_report_about *about,
           GError **error)
{
    g_autofree char *page = rs_report_html(report, about);

    return rs_page_write(diagnose->html, page, error);
}

static gboolean
print_report(struct diagnose *diagnose, JsonObject *report, const char *name, GError **error)
{
    const struct rs_report_about about = { name, diagnose->versions };
    const gboolean restore = rs_analysis_found_restore(report);
    g_autofree char *body = NULL;
    g_autofree char *text = NULL;

    if (diagnose->html && restore && !write_page(diagnose, report, &about, error))
        return FALSE;
    if (diagnose->html && g_str_equal(diagnose->html, "-"))
        return TRUE;
    /* for people, that there is no restore was all there is to say */
    if (!diagnose->json && !restore)
        return TRUE;
    body = format_report(diagnose, report, &about);
    text = g_strconcat(!diagnose->json && diagnose->printed ? "\n" : "", body,
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
    struct rs_analysis analysis = diagnose->analysis;
    const gboolean show_ids = analysis.show_ids;
    g_autoptr(JsonObject) report = NULL;
    g_autofree char *name = NULL;

    analysis.show_ids = TRUE; /* masked below, once the file's name is compared with them */
    report = rs_analyse(&analysis, tshark, file, error);
    if (!report)
        return RS_EXIT_INTERNAL;
    name = rs_page_name(file, report, show_ids);
    if (!show_ids)
        rs_mask_report(report);
    if (!rs_analysis_found_restore(report))
        rs_complain("'%s': no restore traffic in it", file);
    if (!print_report(diagnose, report, name, error))
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

/* What can be said together. */
static gboolean
check_usage(const struct diagnose *diagnose, const GPtrArray *files)
{
    g_autoptr(GError) error = NULL;

    if (diagnose->json && diagnose->markdown)
        rs_complain_usage("diagnose", "--json and --markdown exclude each other");
    else if (diagnose->html && files->len != 1)
        rs_complain_usage("diagnose", "--html takes exactly one capture");
    else if (diagnose->html && g_str_equal(diagnose->html, "-") &&
             (diagnose->json || diagnose->markdown))
        rs_complain_usage("diagnose", "--html=- and --%s both want standard output",
                          diagnose->json ? "json" : "markdown");
    else if (diagnose->html && !rs_page_check(diagnose->html, &error))
        rs_complain_usage("diagnose", "%s", error->message);
    else
        return TRUE;
    return FALSE;
}

int
rs_command_diagnose(int argc, char **argv)
{
    struct diagnose diagnose = { .json = FALSE };
    const struct rs_option options[] = {
        { 'j', "json", NULL, "one JSON object per file and line", &diagnose.json, NULL },
        { 'm', "markdown", NULL, "Markdown to paste into a bug report", &diagnose.markdown, NULL },
        { '\0', "html", "FILE", "also write a page with a timeline ('-': only it)", NULL,
          &diagnose.html },
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
    if (!check_usage(&diagnose, files))
        return RS_EXIT_USAGE;
    diagnose.versions = diagnose.html || diagnose.markdown ? rs_page_versions() : NULL;
    status = (int)diagnose_all(&diagnose, files);
    g_free(diagnose.versions);
    return status;
}
