/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds our data files; see paths.h. */

#include "plugin/paths.h"

static char *
existing(const char *base, const char *folder, const char *name)
{
    g_autofree char *path = base ? g_build_filename(base, folder, name, NULL) : NULL;

    return path && g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

char *
rs_paths_data(const char *name)
{
    const char *const *system_dirs = g_get_system_data_dirs();
    char *path = existing(g_getenv("RESTORESCOPE_DATA_DIR"), "", name);

    if (!path)
        path = existing(g_get_user_data_dir(), "restorescope", name);
    for (size_t i = 0; !path && system_dirs[i]; i++)
        path = existing(system_dirs[i], "restorescope", name);
    return path ? path : existing(RS_INSTALL_DATADIR, "", name);
}
