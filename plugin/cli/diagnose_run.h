/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Diagnosing of many files at a time. */
#pragma once

#include "plugin/cli/analyse.h"
#include "plugin/cli/cli.h"

/* What the command line asked for. */
struct rs_diagnose {
    struct rs_analysis analysis;
    gboolean json, markdown, exit_status, colour, unordered, summary;
    const char *html;   /* the page's file, or NULL */
    const char *resume; /* the file to go on with, or NULL */
    const char *code;   /* the number the user saw, or NULL */
    const char *log;    /* what the restore tool wrote, or NULL */
    guint n_jobs;       /* how many files at a time; at least 1 */
};

/* Analyses items, struct rs_walk_item *, and prints what they are. Those that a file to resume
 * already has are left out, but count. */
enum rs_exit rs_diagnose_run(const struct rs_diagnose *diagnose, const GPtrArray *items);
