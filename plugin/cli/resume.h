/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The file of results that a run goes on with. */
#pragma once

#include <json-glib/json-glib.h>

typedef struct rs_resume rs_resume;
typedef void (*rs_resume_func)(JsonObject *report, gpointer data);

/* Opens the file, or begins it, and hands over each diagnosis in it. A last line that was cut off
 * is removed, and so is a summary at the end. NULL with error set, and the file left alone, when it
 * holds anything but our lines or another run writes to it (RS_EXIT_USAGE), or cannot be opened
 * (RS_EXIT_READ). */
rs_resume *rs_resume_open(const char *path, rs_resume_func func, gpointer data, GError **error);
void rs_resume_free(rs_resume *resume);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_resume, rs_resume_free)

/* Is this file's diagnosis among them? */
gboolean rs_resume_has(const rs_resume *resume, const char *file);

/* Makes the file standard output, so that what is printed goes to its end. */
gboolean rs_resume_take_stdout(rs_resume *resume, GError **error);
