/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Mapped files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cli/redact_file.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/input.h"
#include "plugin/cli/interrupt.h"

enum { CHUNK = 1 << 20 };

struct rs_redact_file {
    char *to, *path;
    gboolean force, kept;
    struct rs_input from;
    int fd;
    gsize size;
    void *was, *now;
};

static gboolean
fail(GError **error, const char *path)
{
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot write '%s': %s", path,
                g_strerror(errno));
    return FALSE;
}

static gboolean
check_source(const struct rs_input *from, const char *name, GError **error)
{
    if (from->is_pipe)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "'%s' is no file", name);
    return !from->is_pipe;
}

/* May `to` be written, with `from` open? */
static gboolean
check_target(const char *to, int from_fd, gboolean force, GError **error)
{
    struct stat from_info, to_info;

    if (stat(to, &to_info) != 0)
        return TRUE; /* whatever is wrong will show when it is written */
    if (fstat(from_fd, &from_info) == 0 && from_info.st_dev == to_info.st_dev &&
        from_info.st_ino == to_info.st_ino)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "'%s' is the capture itself", to);
    else if (!S_ISREG(to_info.st_mode))
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "'%s' exists and is no file", to);
    else if (!force)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE,
                    "'%s' exists: it is left alone (--force replaces it)", to);
    else
        return TRUE;
    return FALSE;
}

static gboolean
write_all(int fd, const guint8 *bytes, gsize length)
{
    while (length > 0) {
        const gssize n = write(fd, bytes, length);

        if (n < 0 && errno != EINTR)
            return FALSE;
        bytes += MAX(n, 0);
        length -= (gsize)MAX(n, 0);
    }
    return TRUE;
}

static gboolean
copy(rs_redact_file *file, GError **error)
{
    g_autofree guint8 *buffer = g_malloc(CHUNK);
    gssize n;

    while ((n = pread(file->from.fd, buffer, CHUNK, (off_t)file->size)) > 0) {
        if (!rs_interrupt_check(error))
            return FALSE;
        if (!write_all(file->fd, buffer, (gsize)n))
            return fail(error, file->to);
        file->size += (gsize)n;
    }
    return n == 0 || fail(error, file->to);
}

static gboolean
map(rs_redact_file *file, GError **error)
{
    file->was = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, file->from.fd, 0);
    file->now = mmap(NULL, file->size, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, 0);
    if (file->was != MAP_FAILED && file->now != MAP_FAILED)
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "not enough memory for the capture: %s",
                g_strerror(errno));
    return FALSE;
}

static char *
temporary_name(const char *to)
{
    g_autofree char *folder = g_path_get_dirname(to);

    return g_build_filename(folder, ".restorescope-XXXXXX", NULL);
}

rs_redact_file *
rs_redact_file_new(const char *from, const char *to, gboolean force, GError **error)
{
    g_autoptr(rs_redact_file) file = g_new0(rs_redact_file, 1);

    file->fd = -1;
    file->was = file->now = MAP_FAILED;
    file->to = g_strdup(to);
    file->force = force;
    file->from.fd = -1;
    if (!rs_input_open(from, &file->from, error) || !check_source(&file->from, from, error) ||
        !check_target(to, file->from.fd, force, error))
        return NULL;
    file->path = temporary_name(to);
    file->fd = g_mkstemp_full(file->path, O_RDWR | O_CLOEXEC, 0600);
    if (file->fd < 0) {
        g_clear_pointer(&file->path, g_free);
        fail(error, to);
        return NULL;
    }
    return copy(file, error) && map(file, error) ? g_steal_pointer(&file) : NULL;
}

void
rs_redact_file_free(rs_redact_file *file)
{
    if (!file)
        return;
    if (file->was != MAP_FAILED)
        munmap(file->was, file->size);
    if (file->now != MAP_FAILED)
        munmap(file->now, file->size);
    if (file->path && !file->kept)
        unlink(file->path);
    if (file->fd >= 0)
        close(file->fd);
    if (file->from.fd >= 0)
        rs_input_close(&file->from);
    g_free(file->path);
    g_free(file->to);
    g_free(file);
}

const guint8 *
rs_redact_file_was(const rs_redact_file *file)
{
    return file->was;
}

guint8 *
rs_redact_file_now(const rs_redact_file *file)
{
    return file->now;
}

gsize
rs_redact_file_size(const rs_redact_file *file)
{
    return file->size;
}

const char *
rs_redact_file_path(const rs_redact_file *file)
{
    return file->path;
}

static mode_t
usual_mode(void)
{
    const mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

gboolean
rs_redact_file_keep(rs_redact_file *file, GError **error)
{
    if (fchmod(file->fd, usual_mode()) != 0 || fsync(file->fd) != 0)
        return fail(error, file->to);
    /* A link does not replace what came to be there in the meantime. */
    if (file->force ? rename(file->path, file->to) != 0
                    : link(file->path, file->to) != 0 || unlink(file->path) != 0)
        return fail(error, file->to);
    file->kept = TRUE;
    return TRUE;
}
