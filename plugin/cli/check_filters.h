/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Has Wireshark anything against the display filters and fields of a rule file? */
#pragma once

#include <glib.h>

/* folder: rules that the file may use, or NULL. FALSE with error set, RS_EXIT_USAGE for a mistake
 * in the file: "FILE:LINE:COLUMN: reason". */
gboolean rs_check_filters(const char *folder, const char *file, GError **error);
