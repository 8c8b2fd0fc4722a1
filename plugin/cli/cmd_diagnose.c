/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope diagnose: what went wrong in these captures, and in which frame. */
#include "plugin/cli/command.h"
#include "plugin/cli/diagnose_run.h"
#include "plugin/cli/page.h"
#include "plugin/cli/walk.h"

enum { JOBS_MAX = 1024 };

/* What can be said together. */
static gboolean
check_usage(const struct rs_diagnose *diagnose, const GPtrArray *items)
{
    const gboolean page_only = diagnose->html && g_str_equal(diagnose->html, "-");
    g_autoptr(GError) error = NULL;

    if (diagnose->json && diagnose->markdown)
        rs_complain_usage("diagnose", "--json and --markdown exclude each other");
    else if (diagnose->summary && diagnose->markdown)
        rs_complain_usage("diagnose", "--summary and --markdown exclude each other");
    else if (diagnose->resume && !diagnose->json)
        rs_complain_usage("diagnose", "--resume needs --json");
    else if (diagnose->html && items->len != 1)
        rs_complain_usage("diagnose", "--html takes exactly one capture");
    else if (diagnose->log && items->len != 1)
        rs_complain_usage("diagnose", "--log takes exactly one capture");
    else if (page_only && (diagnose->json || diagnose->markdown || diagnose->summary))
        rs_complain_usage("diagnose", "--html=- and --%s both want standard output",
                          diagnose->json       ? "json"
                          : diagnose->markdown ? "markdown"
                                               : "summary");
    else if (diagnose->html && !rs_page_check(diagnose->html, &error))
        rs_complain_usage("diagnose", "%s", error->message);
    else
        return TRUE;
    return FALSE;
}

static gboolean
read_jobs(const char *text, guint *ret_n)
{
    guint64 n = g_get_num_processors();

    if (text && !g_ascii_string_to_unsigned(text, 10, 1, JOBS_MAX, &n, NULL)) {
        rs_complain_usage("diagnose", "'%s' is no number of jobs from 1 to %d", text, JOBS_MAX);
        return FALSE;
    }
    *ret_n = (guint)n;
    return TRUE;
}

int
rs_command_diagnose(int argc, char **argv)
{
    struct rs_diagnose diagnose = { .json = FALSE };
    const char *jobs = NULL;
    const struct rs_option options[] = {
        { 'j', "json", NULL, "one JSON object per file and line", &diagnose.json, NULL },
        { 'm', "markdown", NULL, "Markdown to paste into a bug report", &diagnose.markdown, NULL },
        { '\0', "html", "FILE", "also write a page with a timeline ('-': only it)", NULL,
          &diagnose.html },
        { '\0', "keylog", "FILE", "TLS secrets in the format of SSLKEYLOGFILE", NULL,
          &diagnose.analysis.keylog },
        { '\0', "rules", "DIR", "rules of your own, besides the shipped ones", NULL,
          &diagnose.analysis.rules },
        { '\0', "code", "[DOMAIN:]N", "the number that was shown, held against the capture", NULL,
          &diagnose.code },
        { '\0', "log", "FILE", "what the restore tool printed, held against the capture", NULL,
          &diagnose.log },
        { 'P', "jobs", "N", "files at a time, as many as processors unless told", NULL, &jobs },
        { '\0', "unordered", NULL, "print what is done first first", &diagnose.unordered, NULL },
        { '\0', "summary", NULL, "at the end, how many of each outcome and cause",
          &diagnose.summary, NULL },
        { '\0', "resume", "FILE", "add to FILE what it does not have yet (with --json)", NULL,
          &diagnose.resume },
        { 'e', "exit-status", NULL, "end with status 1 when a fault was found",
          &diagnose.exit_status, NULL },
        { '\0', "show-ids", NULL, "show ECIDs and the like instead of masking them",
          &diagnose.analysis.show_ids, NULL },
    };
    const struct rs_usage usage = {
        .name = "diagnose",
        .operands = "FILE|DIRECTORY...",
        .about = "Says what went wrong in captures of a restore, and in which frame.\n"
                 "FILE is anything tshark reads; '-' is standard input. DIRECTORY stands for the\n"
                 "captures in it and below it.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
        .min_operands = 1,
        .max_operands = G_MAXUINT,
    };
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GPtrArray) items = NULL;
    int status;

    if (!rs_command_begin(&usage, argc, argv, names, &diagnose.colour, &status))
        return status;
    items = rs_walk(names);
    if (!check_usage(&diagnose, items) || !read_jobs(jobs, &diagnose.n_jobs))
        return RS_EXIT_USAGE;
    return (int)rs_diagnose_run(&diagnose, items);
}
