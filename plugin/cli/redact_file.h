/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The two files of a redaction in memory: the capture as it is, and a copy of it that becomes a new
 * file only when all went well. */
#pragma once

#include <glib.h>

typedef struct rs_redact_file rs_redact_file;

/* Copies the capture `from` next to `to`. NULL with error set: RS_EXIT_READ when `from` is nothing
 * to read, RS_EXIT_USAGE when `to` is there already (without force) or the same file, else
 * RS_EXIT_INTERNAL. */
rs_redact_file *rs_redact_file_new(const char *from, const char *to, gboolean force,
                                   GError **error);

/* Removes the copy unless it was kept. */
void rs_redact_file_free(rs_redact_file *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_redact_file, rs_redact_file_free)

const guint8 *rs_redact_file_was(const rs_redact_file *file);
guint8 *rs_redact_file_now(const rs_redact_file *file);
gsize rs_redact_file_size(const rs_redact_file *file);

/* The copy's name for the time being. */
const char *rs_redact_file_path(const rs_redact_file *file);

/* Gives it the name that was asked for. */
gboolean rs_redact_file_keep(rs_redact_file *file, GError **error);
