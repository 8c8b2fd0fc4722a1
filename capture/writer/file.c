/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two descriptors of one file: one for whole pages, with O_DIRECT, one for what is less. Space is
 * set aside in large steps so that the file system need not look for it at each write. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/writer/file.h"

#include "capture/error.h"

enum { STEP = 64 << 20 };

struct rs_file {
    char *path;
    int fd, direct_fd; /* -1: none */
    bool is_regular;
    uint64_t set_aside, piped;
};

static rs_file *
fail(const char *what, const char *path, GError **error)
{
    g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_WRITE, "cannot %s '%s': %s", what, path,
                g_strerror(errno));
    return NULL;
}

static int
open_output(const char *path)
{
    struct stat is;

    if (g_str_equal(path, "-"))
        return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    if (stat(path, &is) == 0 && (S_ISFIFO(is.st_mode) || S_ISCHR(is.st_mode)))
        return open(path, O_WRONLY | O_CLOEXEC);
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
}

rs_file *
rs_file_new(const char *path, GError **error)
{
    g_autoptr(rs_file) file = g_new0(rs_file, 1);
    struct stat is;

    file->path = g_strdup(path);
    file->direct_fd = -1;
    file->fd = open_output(path);
    if (file->fd < 0)
        return fail("make", path, error);
    /* Standard output may be a file that others write to as well: to be appended to. */
    file->is_regular = !g_str_equal(path, "-") && fstat(file->fd, &is) == 0 && S_ISREG(is.st_mode);
    if (file->is_regular)
        file->direct_fd = open(path, O_WRONLY | O_DIRECT | O_NOFOLLOW | O_CLOEXEC);
    return g_steal_pointer(&file);
}

void
rs_file_free(rs_file *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        close(file->fd);
    if (file->direct_fd >= 0)
        close(file->direct_fd);
    g_free(file->path);
    g_free(file);
}

gboolean
rs_file_is_regular(const rs_file *file)
{
    return file->is_regular;
}

const char *
rs_file_path(const rs_file *file)
{
    return file->path;
}

/* Gives how many bytes it wrote; errno tells why not all. */
static size_t
write_some(const rs_file *file, int fd, uint64_t at, const uint8_t *bytes, size_t length)
{
    size_t done = 0;

    while (done < length) {
        const ssize_t n = file->is_regular
                              ? pwrite(fd, bytes + done, length - done, (off_t)(at + done))
                              : write(fd, bytes + done, length - done);

        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            break;
    }
    return done;
}

static void
set_aside(rs_file *file, uint64_t end)
{
    if (end <= file->set_aside)
        return;
    /* Where it cannot be done, writing does it, a little slower. */
    (void)!fallocate(file->fd, FALLOC_FL_KEEP_SIZE, (off_t)file->set_aside, STEP);
    file->set_aside += STEP * ((end - file->set_aside + STEP - 1) / STEP);
}

/* Whole pages past the page cache. A file system that refuses is not asked again. */
static size_t
write_direct(rs_file *file, uint64_t at, const uint8_t *bytes, size_t length)
{
    const size_t pages = length - length % RS_FILE_PAGE;
    size_t done;

    if (file->direct_fd < 0 || pages == 0)
        return 0;
    set_aside(file, at + pages);
    done = write_some(file, file->direct_fd, at, bytes, pages);
    if (done < pages && errno == EINVAL) {
        close(file->direct_fd);
        file->direct_fd = -1;
    }
    return done;
}

/* What nobody can find any more need not be written. */
static bool
is_removed(const rs_file *file)
{
    struct stat is;

    return file->is_regular && fstat(file->fd, &is) == 0 && is.st_nlink == 0;
}

size_t
rs_file_write(rs_file *file, uint64_t at, const uint8_t *bytes, size_t length, GError **error)
{
    size_t done;

    if (is_removed(file)) {
        errno = ENOENT;
        fail("write any more to", file->path, error);
        return 0;
    }
    done = file->is_regular ? write_direct(file, at, bytes, length) : MIN(file->piped - at, length);
    done += write_some(file, file->fd, at + done, bytes + done, length - done);
    file->piped = at + done;
    if (done < length)
        fail("write to", file->path, error);
    return done;
}

gboolean
rs_file_patch(rs_file *file, uint64_t at, const uint8_t *bytes, size_t length)
{
    return file->is_regular && write_some(file, file->fd, at, bytes, length) == length;
}

void
rs_file_end(rs_file *file, uint64_t length)
{
    if (file->is_regular)
        (void)!ftruncate(file->fd, (off_t)length);
}
