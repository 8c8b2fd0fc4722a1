/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where tshark, our plugin and our data are. */
#include "plugin/cli/places.h"

#include "plugin/cli/cli.h"

/* Below a plugin folder: Wireshark 4.0, wsutil/filesystem.c and wsutil/plugins.c. */
#define PLUGIN_FILE RS_WS_MINOR "/epan/restorescope.so"
#define DATA_FILE "knowledge/errors.json"

/* From the folder of the program to the build tree's home, see CMakeLists.txt. */
#define BUILD_PLUGINS "../home/.local/lib/wireshark/plugins"
#define BUILD_DATA "../home/.local/share/restorescope"

static char *
own_folder(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

    return program ? g_path_get_dirname(program) : g_strdup(".");
}

static gboolean
holds(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);

    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

/* The first of the two folders that holds the file. */
static char *
find_folder(const char *in_build, const char *installed, const char *file)
{
    g_autofree char *own = own_folder();
    g_autofree char *built = g_canonicalize_filename(in_build, own);

    if (holds(built, file))
        return g_steal_pointer(&built);
    return holds(installed, file) ? g_strdup(installed) : NULL;
}

char *
rs_places_tshark(GError **error)
{
    char *path = g_find_program_in_path("tshark");

    if (!path)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot find the program 'tshark'");
    return path;
}

char *
rs_places_plugins(GError **error)
{
    char *folder = find_folder(BUILD_PLUGINS, RS_INSTALL_PLUGINDIR, PLUGIN_FILE);

    if (!folder)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot find the plugin '%s/%s'",
                    RS_INSTALL_PLUGINDIR, PLUGIN_FILE);
    return folder;
}

char *
rs_places_recorder(GError **error)
{
    g_autofree char *own = own_folder();
    g_autofree char *beside = g_build_filename(own, "restorecap", NULL);
    char *path = g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)
                     ? g_steal_pointer(&beside)
                     : g_find_program_in_path("restorecap");

    if (!path)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot find the program 'restorecap'");
    return path;
}

char *
rs_places_data(GError **error)
{
    const char *given = g_getenv("RESTORESCOPE_DATA_DIR");
    const char *installed = given && *given ? given : RS_INSTALL_DATADIR;
    char *folder = NULL;

    if (given && *given)
        folder = holds(given, DATA_FILE) ? g_canonicalize_filename(given, NULL) : NULL;
    else
        folder = find_folder(BUILD_DATA, RS_INSTALL_DATADIR, DATA_FILE);
    if (!folder)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot find '%s/%s'", installed,
                    DATA_FILE);
    return folder;
}
