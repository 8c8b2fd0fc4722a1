/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One run of tshark with our plugin over one capture. */
#pragma once

#include <json-glib/json-glib.h>

/* What every run needs, found once. */
typedef struct rs_tshark rs_tshark;

/* keylog and rules may be NULL. Errors: RS_EXIT_READ for what the user named, else
 * RS_EXIT_INTERNAL. Free with rs_tshark_free(). */
rs_tshark *rs_tshark_new(const char *keylog, const char *rules, GError **error);
void rs_tshark_free(rs_tshark *tshark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_tshark, rs_tshark_free)

/* Analyses the capture behind fd, which people know as name and which was recorded until until_us
 * (microseconds since 1970; 0: not known). Returns the diagnosis object, the caller's; *ret_warning
 * is then what tshark complained of (cut short, damaged), or NULL, the caller's. NULL with error
 * set: RS_EXIT_READ when it is no capture, RS_CHILD_ERROR when tshark came to grief over it, else
 * RS_EXIT_INTERNAL. Threads may run it side by side. */
JsonObject *rs_tshark_run(rs_tshark *tshark, int fd, const char *name, gint64 until_us,
                          char **ret_warning, GError **error);

/* "4.0.17", or NULL when it does not run. The caller's. */
char *rs_tshark_version(const char *program);
