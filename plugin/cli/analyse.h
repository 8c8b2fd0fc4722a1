/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a file's name to its diagnosis, for the subcommands that need one. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/cli/tshark.h"

struct rs_analysis {
    const char *keylog; /* or NULL */
    const char *rules;  /* the user's own folder, or NULL */
    gboolean show_ids;
    gboolean is_patient; /* see stream.h: what is read is one pipe, and by one thread */
};

/* Checks the rules the user brought and gets tshark ready. NULL with error set. */
rs_tshark *rs_analysis_prepare(const struct rs_analysis *analysis, GError **error);

/* The diagnosis object of one file, with its interfaces and warnings filled in and identifiers
 * masked unless show_ids. The caller's; NULL with error set. */
JsonObject *rs_analyse(const struct rs_analysis *analysis, rs_tshark *tshark, const char *file,
                       GError **error);

/* The same without a message: when the file is damaged, *ret_damage says how, the caller's. Threads
 * may run it side by side. */
JsonObject *rs_analyse_quietly(const struct rs_analysis *analysis, rs_tshark *tshark,
                               const char *file, char **ret_damage, GError **error);

/* The same for a capture that is still coming; file is how people know it. */
JsonObject *rs_analyse_stream(const struct rs_analysis *analysis, rs_tshark *tshark,
                              struct rs_stream *stream, const char *file, char **ret_damage,
                              GError **error);

/* Does it hold any restore traffic? */
gboolean rs_analysis_found_restore(JsonObject *report);
