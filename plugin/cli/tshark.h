/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One run of tshark with our plugin over one capture. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/cli/stream.h"

/* What every run needs, found once. */
typedef struct rs_tshark rs_tshark;

/* keylog and rules may be NULL. Errors: RS_EXIT_READ for what the user named, else
 * RS_EXIT_INTERNAL. Free with rs_tshark_free(). */
rs_tshark *rs_tshark_new(const char *keylog, const char *rules, GError **error);
void rs_tshark_free(rs_tshark *tshark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_tshark, rs_tshark_free)

/* A file for TLS secrets that tshark reads while it grows; it is made now, and goes with the
 * tshark. The tshark's; NULL with error set. */
const char *rs_tshark_make_keylog(rs_tshark *tshark, GError **error);

/* Analyses the capture behind fd, which people know as name and which was recorded until until_us
 * (microseconds since 1970; 0: not known). Returns the diagnosis object, the caller's; *ret_warning
 * is then what tshark complained of (cut short, damaged), or NULL, the caller's. NULL with error
 * set: RS_EXIT_READ when it is no capture, RS_CHILD_ERROR when tshark came to grief over it, else
 * RS_EXIT_INTERNAL. Threads may run it side by side. */
JsonObject *rs_tshark_run(rs_tshark *tshark, int fd, const char *name, gint64 until_us,
                          char **ret_warning, GError **error);

/* The same for a capture that is still coming. */
JsonObject *rs_tshark_follow(rs_tshark *tshark, struct rs_stream *stream, const char *name,
                             char **ret_warning, GError **error);

/* What `-z what` prints, ended by the line `end`: the caller's; NULL with error set as
 * rs_tshark_run() has it. */
GString *rs_tshark_print(rs_tshark *tshark, int fd, const char *name, const char *what,
                         const char *end, GError **error);

/* "4.0.17", or NULL when it does not run. The caller's. */
char *rs_tshark_version(const char *program);
