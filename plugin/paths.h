/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the rules and the knowledge lie: RESTORESCOPE_DATA_DIR, then the user's and the system's
 * data folders (XDG base directories), then where this build installs them. */
#pragma once

#include <glib.h>

/* Path of a file or folder of ours that exists, or NULL. The caller's. */
char *rs_paths_data(const char *name);
