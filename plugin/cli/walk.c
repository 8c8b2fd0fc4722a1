/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Looks for captures in folders. */
#include <sys/stat.h>

#include "plugin/cli/walk.h"

#include "plugin/cli/cli.h"

enum { DEPTH_MAX = 64 }; /* of folders in folders */

static const char *const suffixes[] = { ".pcapng", ".pcap", ".cap", ".ntar" };

/* What Wireshark 4.0 unpacks by itself: wiretap/file_wrappers.c. */
static const char *const packed[] = { ".gz", ".zst", ".lz4" };

static void
free_item(gpointer data)
{
    struct rs_walk_item *item = data;

    g_clear_error(&item->error);
    g_free(item->path);
    g_free(item);
}

static void
add(GPtrArray *items, const char *path, const char *why)
{
    struct rs_walk_item *item = g_new0(struct rs_walk_item, 1);

    item->path = g_strdup(path);
    if (why)
        g_set_error(&item->error, RS_CLI_ERROR, RS_EXIT_READ, "cannot read '%s': %s", path, why);
    g_ptr_array_add(items, item);
}

gboolean
rs_walk_is_capture(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);

    if (*name == '.')
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(packed); i++) {
        if (g_str_has_suffix(lower, packed[i])) {
            lower[strlen(lower) - strlen(packed[i])] = '\0';
            break;
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        if (g_str_has_suffix(lower, suffixes[i]))
            return TRUE;
    }
    return FALSE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted by their bytes; NULL with error set. */
static GPtrArray *
list(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    GPtrArray *names;
    const char *name;

    if (!dir)
        return NULL;
    names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(dir))) {
        if (*name != '.')
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void
walk_folder(GPtrArray *items, const char *folder, guint depth)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = depth < DEPTH_MAX ? list(folder, &error) : NULL;

    if (!names) {
        add(items, folder, error ? error->message : "it lies too deep");
        return;
    }
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        struct stat own, target;

        if (lstat(path, &own) != 0)
            continue; /* removed meanwhile */
        if (S_ISDIR(own.st_mode))
            walk_folder(items, path, depth + 1);
        else if (rs_walk_is_capture(name) && stat(path, &target) == 0 && S_ISREG(target.st_mode))
            add(items, path, NULL);
    }
}

GPtrArray *
rs_walk(const GPtrArray *names)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(free_item);

    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const guint before = items->len;
        struct stat info;

        if (g_str_equal(name, "-") || stat(name, &info) != 0 || !S_ISDIR(info.st_mode)) {
            add(items, name, NULL);
            continue;
        }
        walk_folder(items, name, 0);
        if (items->len == before)
            add(items, name, "it holds no capture");
    }
    return items;
}
