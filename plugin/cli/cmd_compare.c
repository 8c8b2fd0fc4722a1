/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope compare: the first step where two restores part. */
#include <errno.h>
#include <math.h>

#include "plugin/cli/analyse.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/command.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/comparison.h"
#include "plugin/report/report_compare.h"
#include "plugin/report/report_json.h"

enum { TIMES_MAX = 1000000 };

struct compare {
    struct rs_analysis good, bad;
    gboolean json, exit_status, colour;
    double times;
};

/* A number above 1, as in "2.5". */
static gboolean
read_times(const char *text, double *ret_times)
{
    char *end = NULL;
    double value;

    if (!text)
        return TRUE;
    errno = 0;
    value = g_ascii_strtod(text, &end);
    if (errno || end == text || *end || !isfinite(value) || value <= 1 || value > TIMES_MAX)
        return FALSE;
    *ret_times = value;
    return TRUE;
}

/* The diagnosis of one side; NULL with error set. */
static JsonObject *
diagnose_side(const struct rs_analysis *analysis, const char *file, GError **error)
{
    g_autoptr(rs_tshark) tshark = rs_analysis_prepare(analysis, error);
    JsonObject *report = tshark ? rs_analyse(analysis, tshark, file, error) : NULL;

    if (report && !rs_analysis_found_restore(report)) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_NONE, "'%s': no restore traffic in it", file);
        g_clear_pointer(&report, json_object_unref);
    }
    return report;
}

static char *
format_comparison(const struct compare *compare, JsonObject *comparison)
{
    g_autofree char *line = NULL;

    if (!compare->json)
        return rs_report_compare(comparison, compare->colour);
    line = rs_json_line(comparison);
    return g_strconcat(line, "\n", NULL);
}

static enum rs_exit
compare_files(const struct compare *compare, const char *good, const char *bad, GError **error)
{
    g_autoptr(JsonObject) first = diagnose_side(&compare->good, good, error);
    g_autoptr(JsonObject) second = first ? diagnose_side(&compare->bad, bad, error) : NULL;
    g_autoptr(JsonObject) comparison =
        second ? rs_comparison_json(first, second, compare->times) : NULL;
    g_autofree char *text = comparison ? format_comparison(compare, comparison) : NULL;

    if (!text || !rs_print(text, error))
        return RS_EXIT_INTERNAL;
    return compare->exit_status && !json_object_get_null_member(comparison, "parting")
               ? RS_EXIT_FAULT
               : RS_EXIT_OK;
}

int
rs_command_compare(int argc, char **argv)
{
    struct compare compare = { .times = RS_COMPARISON_TIMES };
    const char *times = NULL;
    const struct rs_option options[] = {
        { 'j', "json", NULL, "one JSON object on one line", &compare.json, NULL },
        { '\0', "times", "N", "a step parts them when N times as long (3)", NULL, &times },
        { '\0', "good-keylog", "FILE", "TLS secrets of GOOD", NULL, &compare.good.keylog },
        { '\0', "bad-keylog", "FILE", "TLS secrets of BAD, as SSLKEYLOGFILE has them", NULL,
          &compare.bad.keylog },
        { 'e', "exit-status", NULL, "end with status 1 when they part", &compare.exit_status,
          NULL },
    };
    const struct rs_usage usage = {
        .name = "compare",
        .operands = "GOOD BAD",
        .about = "Shows the first step where two restores part: the first phase that BAD lacks,\n"
                 "fails or ends in, or takes much longer for, with the durations side by side.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
        .min_operands = 2,
        .max_operands = 2,
    };
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    enum rs_exit result;
    int status;

    if (!rs_command_begin(&usage, argc, argv, files, &compare.colour, &status))
        return status;
    if (!read_times(times, &compare.times))
        return (int)rs_complain_usage("compare", "'%s' is not a number above 1", times);
    result =
        compare_files(&compare, g_ptr_array_index(files, 0), g_ptr_array_index(files, 1), &error);
    return (int)(error ? rs_complain_error(error) : result);
}
