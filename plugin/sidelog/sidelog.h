/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a restore tool, the kernel or the device wrote down beside the packets, held against the
 * verdict on them: evidence where both agree, a warning where they do not, and guesses of low
 * confidence where the capture shows no cause. It never changes what the root is. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/knowledge/knowledge.h"

#define RS_SIDE_NO_TIME G_MININT64

enum rs_side_source {
    RS_SIDE_FILE,   /* a text file; lines are known by their number */
    RS_SIDE_JOURNAL /* recorded with the packets; lines are known by their frame */
};

struct rs_side_line {
    guint64 number;  /* of the line or of the frame, from 1 */
    gint64 time_us;  /* since 1970; RS_SIDE_NO_TIME: as far as the text tells it */
    const char *who; /* the program that said it, "kernel" for Linux; NULL: not known */
    const char *text;
};

/* Keeps only what its lines say about the restore: its size is bounded. */
typedef struct rs_side_log rs_side_log;

/* name is what reports call it. The knowledge must outlive it. */
rs_side_log *rs_side_log_new(const rs_knowledge *knowledge, enum rs_side_source source,
                             const char *name);
void rs_side_log_free(rs_side_log *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_side_log, rs_side_log_free)

/* Takes the next line. Escapes of terminals, progress bars and bytes that are no UTF-8 do no harm.
 */
void rs_side_log_add(rs_side_log *log, const struct rs_side_line *line);

/* Takes all lines of a file. FALSE with error set (G_FILE_ERROR). */
gboolean rs_side_log_read(rs_side_log *log, const char *path, GError **error);

/* Adds a member to the report's array "logs", rows to the root's evidence where they have frames,
 * and a warning where the log contradicts the verdict. */
void rs_side_log_apply(const rs_side_log *log, JsonObject *report);
