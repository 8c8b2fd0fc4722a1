/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The temporary folder tshark lives in. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cli/sandbox.h"

#include "plugin/cli/child.h"
#include "plugin/cli/cli.h"

enum {
    DEPTH_MAX = 6,        /* of folders that are copied or removed */
    COPY_MAX = 256 << 20, /* bytes of one admission */
};

struct rs_sandbox {
    char *folder;
    char *home;
    gboolean drops_root;
};

static gboolean
fail(GError **error, const char *what, const char *path)
{
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot %s '%s': %s", what, path,
                g_strerror(errno));
    return FALSE;
}

/* Lets the child read a file, walk a folder, and nobody else. All stays ours: as long as root owns
 * every folder on the way, no other process of the child's user can put a link in its place. */
static gboolean
show_child(const rs_sandbox *sandbox, const char *path, mode_t mode)
{
    const mode_t for_group = sandbox->drops_root ? (mode & S_IRWXU) >> 3 & ~(mode_t)S_IWGRP : 0;

    return (!sandbox->drops_root || chown(path, (uid_t)-1, RS_NOBODY) == 0) &&
           chmod(path, mode | for_group) == 0;
}

static gboolean
make_folder(const rs_sandbox *sandbox, const char *path, GError **error)
{
    if (g_mkdir(path, S_IRWXU) != 0 || !show_child(sandbox, path, S_IRWXU))
        return fail(error, "make", path);
    return TRUE;
}

/* The one folder that is the child's own. */
static gboolean
make_home(rs_sandbox *sandbox, GError **error)
{
    sandbox->home = g_build_filename(sandbox->folder, "home", NULL);
    if (g_mkdir(sandbox->home, S_IRWXU) != 0 ||
        (sandbox->drops_root && chown(sandbox->home, RS_NOBODY, RS_NOBODY) != 0))
        return fail(error, "make", sandbox->home);
    return TRUE;
}

rs_sandbox *
rs_sandbox_new(GError **error)
{
    g_autoptr(rs_sandbox) sandbox = g_new0(rs_sandbox, 1);
    g_autofree char *template = g_build_filename(g_get_tmp_dir(), "restorescope.XXXXXX", NULL);

    sandbox->drops_root = geteuid() == 0;
    if (!g_mkdtemp(template)) {
        fail(error, "make", template);
        return NULL;
    }
    sandbox->folder = g_steal_pointer(&template);
    if (!show_child(sandbox, sandbox->folder, S_IRWXU)) {
        fail(error, "open", sandbox->folder);
        return NULL;
    }
    return make_home(sandbox, error) ? g_steal_pointer(&sandbox) : NULL;
}

/* By descriptors, so that a link never leads out of the sandbox. */
static void
remove_tree(int at, const char *name, guint depth)
{
    const int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd >= 0 && depth < DEPTH_MAX ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        if (!g_str_equal(entry->d_name, ".") && !g_str_equal(entry->d_name, ".."))
            remove_tree(fd, entry->d_name, depth + 1);
    }
    if (folder)
        closedir(folder);
    else if (fd >= 0)
        close(fd);
    unlinkat(at, name, fd >= 0 ? AT_REMOVEDIR : 0);
}

void
rs_sandbox_free(rs_sandbox *sandbox)
{
    if (!sandbox)
        return;
    if (sandbox->folder)
        remove_tree(AT_FDCWD, sandbox->folder, 0);
    g_free(sandbox->folder);
    g_free(sandbox->home);
    g_free(sandbox);
}

gboolean
rs_sandbox_drops_root(const rs_sandbox *sandbox)
{
    return sandbox->drops_root;
}

const char *
rs_sandbox_home(const rs_sandbox *sandbox)
{
    return sandbox->home;
}

/* Is an entry of a folder none of those that count? */
static gboolean
is_left_out(const char *folder, const char *name, const char *suffix)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return suffix && (!g_str_has_suffix(name, suffix) || g_file_test(path, G_FILE_TEST_IS_DIR));
}

/* May anybody read this, and everything in it? */
static gboolean
open_to_others(const char *path, const char *suffix, guint depth)
{
    struct stat info;
    const char *name;
    g_autoptr(GDir) folder = NULL;

    if (stat(path, &info) != 0 || !(info.st_mode & S_IROTH))
        return FALSE;
    if (!S_ISDIR(info.st_mode))
        return S_ISREG(info.st_mode);
    folder = depth < DEPTH_MAX && (info.st_mode & S_IXOTH) ? g_dir_open(path, 0, NULL) : NULL;
    if (!folder)
        return FALSE;
    while ((name = g_dir_read_name(folder))) {
        g_autofree char *below = g_build_filename(path, name, NULL);

        if (!is_left_out(path, name, suffix) && !open_to_others(below, suffix, depth + 1))
            return FALSE;
    }
    return TRUE;
}

/* May anybody walk down to this? */
static gboolean
reachable_by_others(const char *path)
{
    g_autofree char *at = g_path_get_dirname(path);
    struct stat info;

    while (stat(at, &info) == 0 && (info.st_mode & S_IXOTH)) {
        char *parent = g_path_get_dirname(at);
        const gboolean at_top = g_str_equal(parent, at);

        g_free(at);
        at = parent;
        if (at_top)
            return TRUE;
    }
    return FALSE;
}

static gboolean
copy_file(const rs_sandbox *sandbox, const char *from, const char *to, gsize *left, GError **error)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new(from, FALSE, error);
    gsize length;

    if (!map)
        return FALSE;
    length = g_mapped_file_get_length(map);
    if (length > *left) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "'%s' is too large to be copied", from);
        return FALSE;
    }
    *left -= length;
    if (!g_file_set_contents_full(to, length ? g_mapped_file_get_contents(map) : "", (gssize)length,
                                  G_FILE_SET_CONTENTS_NONE, S_IRUSR, error))
        return FALSE;
    return show_child(sandbox, to, S_IRUSR) || fail(error, "open", to);
}

static gboolean
copy_tree(const rs_sandbox *sandbox, const char *from, const char *to, const char *suffix,
          guint depth, gsize *left, GError **error)
{
    const char *name;
    g_autoptr(GDir) folder = NULL;

    if (g_file_test(from, G_FILE_TEST_IS_REGULAR))
        return copy_file(sandbox, from, to, left, error);
    if (depth >= DEPTH_MAX || !g_file_test(from, G_FILE_TEST_IS_DIR))
        return TRUE; /* sockets and the like are nothing to read */
    folder = g_dir_open(from, 0, error);
    if (!folder || !make_folder(sandbox, to, error))
        return FALSE;
    while ((name = g_dir_read_name(folder))) {
        g_autofree char *below_from = g_build_filename(from, name, NULL);
        g_autofree char *below_to = g_build_filename(to, name, NULL);

        if (!is_left_out(from, name, suffix) &&
            !copy_tree(sandbox, below_from, below_to, suffix, depth + 1, left, error))
            return FALSE;
    }
    return TRUE;
}

char *
rs_sandbox_make_file(rs_sandbox *sandbox, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(sandbox->folder, name, NULL);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);

    if (fd < 0 || close(fd) != 0 || !show_child(sandbox, path, S_IRUSR | S_IWUSR)) {
        fail(error, "make", path);
        return NULL;
    }
    return g_steal_pointer(&path);
}

char *
rs_sandbox_admit(rs_sandbox *sandbox, const char *path, const char *name, const char *suffix,
                 GError **error)
{
    g_autofree char *real = realpath(path, NULL);
    g_autofree char *copy = g_build_filename(sandbox->folder, name, NULL);
    gsize left = COPY_MAX;

    if (!real) {
        fail(error, "find", path);
        return NULL;
    }
    if (!sandbox->drops_root || (open_to_others(real, suffix, 0) && reachable_by_others(real)))
        return g_steal_pointer(&real);
    return copy_tree(sandbox, real, copy, suffix, 0, &left, error) ? g_steal_pointer(&copy) : NULL;
}
