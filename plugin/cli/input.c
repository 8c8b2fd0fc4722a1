/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opening of what the user named. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cli/input.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/interrupt.h"

enum { SNIFFED = 512 };

static gboolean
fail(GError **error, const char *name, const char *why)
{
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ, "cannot read '%s': %s", name, why);
    return FALSE;
}

static int
open_unlinked(GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "restorescope.XXXXXX", NULL);
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);

    if (fd < 0 && (fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR)) >= 0)
        unlink(path);
    if (fd < 0)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot make a file in '%s': %s",
                    g_get_tmp_dir(), g_strerror(errno));
    return fd;
}

static gboolean
write_all(int fd, const char *bytes, gsize length, GError **error)
{
    while (length > 0) {
        const gssize n = write(fd, bytes, length);

        if (n < 0 && errno != EINTR) {
            g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot write to '%s': %s",
                        g_get_tmp_dir(), g_strerror(errno));
            return FALSE;
        }
        if (n > 0) {
            bytes += n;
            length -= (gsize)n;
        }
    }
    return TRUE;
}

static gboolean
copy_pipe(int from, int to, const char *name, GError **error)
{
    g_autofree char *buffer = g_malloc(64 << 10);
    struct pollfd wait = { from, POLLIN, 0 };

    for (;;) {
        gssize n;

        if (!rs_interrupt_poll(&wait, 1, error))
            return FALSE;
        n = read(from, buffer, 64 << 10);
        if (n == 0)
            return TRUE;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return fail(error, name, g_strerror(errno));
        if (n > 0 && !write_all(to, buffer, (gsize)n, error))
            return FALSE;
    }
}

/* Replaces the descriptor of a pipe by that of a file with its bytes. */
static int
spool(int from, const char *name, GError **error)
{
    int to = open_unlinked(error);

    if (to >= 0 && !copy_pipe(from, to, name, error)) {
        close(to);
        to = -1;
    }
    close(from);
    return to;
}

static gboolean
looks_like_text(const char *bytes, gsize length)
{
    const char *end;

    for (gsize i = 0; i < length; i++) {
        if ((guchar)bytes[i] < 0x20 && !g_ascii_isspace(bytes[i]))
            return FALSE;
    }
    /* the cut may be inside of a character */
    return g_utf8_validate(bytes, (gssize)length, &end) || length - (gsize)(end - bytes) < 4;
}

static gboolean
check_content(int fd, const char *name, GError **error)
{
    char bytes[SNIFFED];
    const gssize n = pread(fd, bytes, sizeof bytes, 0);

    if (n < 0)
        return fail(error, name, g_strerror(errno));
    if (n == 0)
        return fail(error, name, "it is empty");
    if (looks_like_text(bytes, (gsize)n))
        return fail(error, name, "it is a text file, not a capture");
    return lseek(fd, 0, SEEK_SET) == 0 || fail(error, name, g_strerror(errno));
}

static gboolean
check_kind(const struct stat *info, gboolean is_stdin, int fd, const char *name, GError **error)
{
    if (S_ISDIR(info->st_mode))
        return fail(error, name, "it is a directory");
    if (S_ISREG(info->st_mode) || S_ISFIFO(info->st_mode) || S_ISSOCK(info->st_mode))
        return TRUE;
    if (!is_stdin)
        return fail(error, name, "it is neither a file nor a pipe");
    return !isatty(fd) || fail(error, name, "it is a terminal");
}

int
rs_input_open(const char *name, GError **error)
{
    const gboolean is_stdin = g_str_equal(name, "-");
    struct stat info;
    int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                      : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0 || fstat(fd, &info) != 0) {
        fail(error, name, g_strerror(errno));
    } else if (!check_kind(&info, is_stdin, fd, name, error)) {
        close(fd);
        fd = -1;
    } else if (!S_ISREG(info.st_mode)) {
        fd = spool(fd, name, error);
    }
    if (fd >= 0 && !check_content(fd, name, error)) {
        close(fd);
        fd = -1;
    }
    return fd;
}
