/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Watching a restore: what happens is told as it happens, the verdict at the end. */
#pragma once

#include "plugin/cli/analyse.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/recorder.h"

/* What the command line asked for. */
struct rs_watch {
    struct rs_analysis analysis;
    gboolean json, exit_status, colour;
    const char *file;           /* a capture that grows, "-", or NULL: record one */
    const char *recording_file; /* where to; NULL: a name with the time in the current folder */
    const char *interfaces;     /* for the recorder, or NULL */
    char **command;             /* for the recorder, or NULL */
};

enum rs_exit rs_watch_run(const struct rs_watch *watch, GError **error);
