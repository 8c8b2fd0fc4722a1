/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Diagnosing of many files at a time: threads analyse, each with a tshark of its own; the thread
 * that asked for it prints. */
#include "plugin/cli/diagnose_run.h"

#include "plugin/cli/child.h"
#include "plugin/cli/crew.h"
#include "plugin/cli/interrupt.h"
#include "plugin/cli/page.h"
#include "plugin/cli/places.h"
#include "plugin/cli/progress.h"
#include "plugin/cli/resume.h"
#include "plugin/cli/seen_code.h"
#include "plugin/cli/side_log.h"
#include "plugin/cli/unseen.h"
#include "plugin/cli/walk.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/mask.h"
#include "plugin/report/report_html.h"
#include "plugin/report/report_json.h"
#include "plugin/report/report_markdown.h"
#include "plugin/report/report_text.h"
#include "plugin/report/summary.h"

/* What the threads read; only the printing one writes, below the line. */
struct run {
    const struct rs_diagnose *diagnose;
    GPtrArray *items; /* struct rs_walk_item *, those to analyse */
    rs_tshark *tshark;
    rs_knowledge *knowledge;
    rs_seen_code *seen;
    rs_side_log *log;
    char *versions; /* of what a page or Markdown was made with */

    rs_resume *resume;
    rs_summary *summary;
    enum rs_exit status;
    gboolean printed; /* a report before this one */
    gboolean broken;  /* something that the next file would suffer from as well */
};

/* What came of one file: a report, or an error. */
struct result {
    JsonObject *report;
    GError *error;
    char *damage; /* what is wrong with the file, or NULL */
    char *name;   /* of the file in reports that leave the computer */
};

static void
free_result(gpointer data)
{
    struct result *result = data;

    g_clear_pointer(&result->report, json_object_unref);
    g_clear_error(&result->error);
    g_free(result->damage);
    g_free(result->name);
    g_free(result);
}

/* In any thread. */
static gpointer
analyse(guint index, gpointer data)
{
    const struct run *run = data;
    const struct rs_walk_item *item = g_ptr_array_index(run->items, index);
    struct rs_analysis analysis = run->diagnose->analysis;
    const gboolean show_ids = analysis.show_ids;
    struct result *result = g_new0(struct result, 1);

    if (item->error)
        result->error = g_error_copy(item->error);
    if (item->error || !rs_interrupt_check(&result->error))
        return result;
    analysis.is_patient = run->items->len == 1;
    analysis.show_ids = TRUE; /* masked below, once the file's name is compared with them */
    result->report =
        rs_analyse_quietly(&analysis, run->tshark, item->path, &result->damage, &result->error);
    if (!result->report)
        return result;
    result->name = rs_page_name(item->path, result->report, show_ids);
    if (run->log)
        rs_side_log_apply(run->log, result->report);
    if (run->seen)
        rs_seen_code_apply(run->seen, result->report);
    else
        rs_cli_log_number(run->knowledge, result->report);
    rs_unseen_of_failure(run->knowledge, result->report);
    if (!show_ids)
        rs_mask_report(result->report);
    return result;
}

static char *
format_report(const struct run *run, JsonObject *report, const struct rs_report_about *about)
{
    if (run->diagnose->json)
        return rs_json_line(report);
    return run->diagnose->markdown ? rs_report_markdown(report, about)
                                   : rs_report_text(report, run->diagnose->colour);
}

static gboolean
print_report(struct run *run, JsonObject *report, const char *name, GError **error)
{
    const struct rs_diagnose *diagnose = run->diagnose;
    const struct rs_report_about about = { name, run->versions };
    const gboolean restore = rs_analysis_found_restore(report);
    g_autofree char *body = NULL;
    g_autofree char *text = NULL;

    if (diagnose->html && restore) {
        g_autofree char *page = rs_report_html(report, &about);

        if (!rs_page_write(diagnose->html, page, error))
            return FALSE;
    }
    if (diagnose->html && g_str_equal(diagnose->html, "-"))
        return TRUE;
    /* for people, that there is no restore was all there is to say, unless a log says more */
    if (!diagnose->json && !restore && !rs_cli_log_speaks(report))
        return TRUE;
    body = format_report(run, report, &about);
    text = g_strconcat(!diagnose->json && run->printed ? "\n" : "", body,
                       diagnose->json ? "\n" : "", NULL);
    run->printed = TRUE;
    return rs_print(text, error);
}

static enum rs_exit
judge(const struct run *run, JsonObject *report)
{
    const gboolean fault =
        rs_json_object(report, "root") || g_str_equal(rs_json_string(report, "outcome"), "failed");

    if (!rs_analysis_found_restore(report))
        return RS_EXIT_NONE;
    return fault && run->diagnose->exit_status ? RS_EXIT_FAULT : RS_EXIT_OK;
}

static void
account(JsonObject *report, gpointer data)
{
    struct run *run = data;

    run->status = rs_exit_worse(run->status, judge(run, report));
    rs_summary_add(run->summary, report);
}

static void
complain(struct run *run, const GError *error)
{
    const enum rs_exit status = rs_complain_error(error);

    run->status = rs_exit_worse(run->status, status);
    run->broken = status == RS_EXIT_INTERNAL && error->domain != RS_CHILD_ERROR;
}

/* In the thread that prints. */
static gboolean
tell(guint index, gpointer taken, gpointer data)
{
    struct run *run = data;
    struct result *result = taken;
    const char *path = ((struct rs_walk_item *)g_ptr_array_index(run->items, index))->path;
    g_autoptr(GError) error = NULL;

    if (result->damage)
        rs_complain("warning: '%s': %s", path, result->damage);
    if (result->error) {
        complain(run, result->error);
        rs_summary_add_failure(run->summary, path);
    } else {
        if (!rs_analysis_found_restore(result->report))
            rs_complain("'%s': no restore traffic in it", path);
        if (print_report(run, result->report, result->name, &error))
            account(result->report, run);
        else
            complain(run, error);
    }
    free_result(result);
    return !run->broken;
}

static void
stop(gpointer data G_GNUC_UNUSED)
{
    rs_interrupt_all();
}

static gboolean
print_summary(struct run *run, GError **error)
{
    g_autoptr(JsonObject) object = rs_summary_json(run->summary);
    g_autofree char *body =
        run->diagnose->json ? rs_json_line(object) : rs_summary_text(run->summary);
    g_autofree char *text = g_strconcat(!run->diagnose->json && run->printed ? "\n" : "", body,
                                        run->diagnose->json ? "\n" : "", NULL);

    return rs_print(text, error);
}

static gboolean
load_knowledge(struct run *run, GError **error)
{
    const struct rs_diagnose *diagnose = run->diagnose;
    g_autofree char *data = rs_places_data(error);
    g_autofree char *path = data ? g_build_filename(data, "knowledge", "errors.json", NULL) : NULL;

    run->knowledge = path ? rs_knowledge_new(path, error) : NULL;
    if (!run->knowledge)
        return FALSE;
    if (diagnose->code && !(run->seen = rs_seen_code_new(run->knowledge, diagnose->code, error)))
        return FALSE;
    return !diagnose->log || (run->log = rs_cli_log_read(run->knowledge, diagnose->log, error));
}

static gboolean
load_resume(struct run *run, GError **error)
{
    run->resume = rs_resume_open(run->diagnose->resume, account, run, error);
    if (!run->resume)
        return FALSE;
    for (guint i = run->items->len; i-- > 0;) {
        const struct rs_walk_item *item = g_ptr_array_index(run->items, i);

        if (rs_resume_has(run->resume, item->path))
            g_ptr_array_remove_index(run->items, i);
    }
    return rs_resume_take_stdout(run->resume, error);
}

static gboolean
prepare(struct run *run, const GPtrArray *items, GError **error)
{
    const struct rs_diagnose *diagnose = run->diagnose;

    run->items = g_ptr_array_sized_new(items->len);
    for (guint i = 0; i < items->len; i++)
        g_ptr_array_add(run->items, g_ptr_array_index(items, i));
    run->summary = rs_summary_new();
    if (!load_knowledge(run, error))
        return FALSE;
    run->tshark = rs_analysis_prepare(&diagnose->analysis, error);
    if (!run->tshark || (diagnose->resume && !load_resume(run, error)))
        return FALSE;
    run->versions = diagnose->html || diagnose->markdown ? rs_page_versions() : NULL;
    return TRUE;
}

static void
clear(struct run *run)
{
    rs_tshark_free(run->tshark);
    rs_resume_free(run->resume);
    rs_summary_free(run->summary);
    rs_seen_code_free(run->seen);
    rs_side_log_free(run->log);
    rs_knowledge_free(run->knowledge);
    g_ptr_array_unref(run->items);
    g_free(run->versions);
}

enum rs_exit
rs_diagnose_run(const struct rs_diagnose *diagnose, const GPtrArray *items)
{
    struct run run = { .diagnose = diagnose };
    g_autoptr(GError) error = NULL;

    if (prepare(&run, items, &error)) {
        const struct rs_crew crew = {
            .n_items = run.items->len,
            .n_workers = diagnose->n_jobs,
            .ordered = !diagnose->unordered,
            .work = analyse,
            .take = tell,
            .stop = stop,
            .free_result = free_result,
            .data = &run,
        };

        rs_progress_begin(run.items->len);
        rs_crew_run(&crew);
        rs_progress_end();
        if (diagnose->summary && !run.broken)
            print_summary(&run, &error);
    }
    if (error)
        complain(&run, error);
    clear(&run);
    return run.status;
}
