/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A temporary home for tshark, so that no preference of the user leaks in, and, for root, a place
 * where the unprivileged tshark can read what it needs. */
#pragma once

#include <glib.h>

typedef struct rs_sandbox rs_sandbox;

/* Makes the folder. Free with rs_sandbox_free(), which removes it with all it holds. */
rs_sandbox *rs_sandbox_new(GError **error);
void rs_sandbox_free(rs_sandbox *sandbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_sandbox, rs_sandbox_free)

/* TRUE when we are root, and programs in the sandbox therefore run as nobody. */
gboolean rs_sandbox_drops_root(const rs_sandbox *sandbox);

/* An empty folder that belongs to the program in the sandbox. Borrowed. */
const char *rs_sandbox_home(const rs_sandbox *sandbox);

/* Makes an empty file that we write and the child may read. Its path; the caller's. */
char *rs_sandbox_make_file(rs_sandbox *sandbox, const char *name, GError **error);

/* The absolute path under which the program in the sandbox can read a file or folder: its own, or,
 * where nobody may not read it, that of a copy called name. With a suffix only the files of the
 * folder itself that end in it count. The caller's; NULL with error set. */
char *rs_sandbox_admit(rs_sandbox *sandbox, const char *path, const char *name, const char *suffix,
                       GError **error);
