/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Display filters are compiled by Wireshark: a tshark with the plugin opens an empty capture with a
 * copy of the rules and prints what it has against them (`-z restore,rules`, plugin/tap.c). */
#include "plugin/cli/check_filters.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "plugin/cli/cli.h"
#include "plugin/cli/tshark.h"

/* Read last, as the checked file is. */
#define CHECKED "9-checked.rules"
#define PROBLEM "problem\t"
#define END_LINE "rules\tend"

/* A capture without packets: the header of a pcap file, Ethernet. */
static const guint8 no_packets[] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
                                     0,    0,    0,    0,    0, 0, 4, 0, 1, 0, 0, 0 };

static gboolean
fail_io(GError **error, const char *what)
{
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot %s: %s", what, g_strerror(errno));
    return FALSE;
}

static gboolean
copy_file(const char *from, const char *folder, const char *name, GError **error)
{
    g_autofree char *to = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    gsize length;

    return g_file_get_contents(from, &text, &length, error) &&
           g_file_set_contents(to, text, (gssize)length, error);
}

static gboolean
copy_rules(const char *from, const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(from, 0, error);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(from, name, NULL);
        g_autofree char *copy = g_strconcat("0-", name, NULL);

        if (g_str_has_suffix(name, ".rules") && !copy_file(path, folder, copy, error))
            return FALSE;
    }
    return dir != NULL;
}

static void
remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_unlink(path);
    }
    g_rmdir(folder);
}

static int
open_no_packets(GError **error)
{
    g_autofree char *path = NULL;
    const int fd = g_file_open_tmp("restorescope-XXXXXX", &path, error);

    if (fd < 0)
        return -1;
    g_unlink(path);
    if (write(fd, no_packets, sizeof no_packets) == (gssize)sizeof no_packets &&
        lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    fail_io(error, "write an empty capture");
    close(fd);
    return -1;
}

/* The first problem of the file itself; what is wrong elsewhere is not its fault. */
static gboolean
take_problems(const GString *printed, const char *file, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(printed->str, "\n", -1);

    for (char **line = lines; *line; line++) {
        const char *at = g_str_has_prefix(*line, PROBLEM) ? strstr(*line, "/" CHECKED ":") : NULL;

        if (!at)
            continue;
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "%s%s", file, at + strlen("/" CHECKED));
        return FALSE;
    }
    return TRUE;
}

static gboolean
ask_tshark(const char *folder, const char *file, GError **error)
{
    g_autoptr(rs_tshark) tshark = rs_tshark_new(NULL, folder, error);
    const int fd = tshark ? open_no_packets(error) : -1;
    g_autoptr(GString) printed = NULL;

    if (fd < 0)
        return FALSE;
    printed = rs_tshark_print(tshark, fd, file, "restore,rules", END_LINE, error);
    close(fd);
    return printed && take_problems(printed, file, error);
}

gboolean
rs_check_filters(const char *folder, const char *file, GError **error)
{
    g_autofree char *copies = g_dir_make_tmp("restorescope-XXXXXX", error);
    gboolean done;

    if (!copies)
        return FALSE;
    done = (!folder || copy_rules(folder, copies, error)) &&
           copy_file(file, copies, CHECKED, error) && ask_tshark(copies, file, error);
    remove_folder(copies);
    return done;
}
