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
#include "plugin/cli/pcapng_blocks.h"

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

/* Moves a pipe's bytes, `head` first, to a file without a name. */
static int
spool(int from, const GByteArray *head, const char *name, GError **error)
{
    int to = open_unlinked(error);

    if (to >= 0 && (!write_all(to, (const char *)head->data, head->len, error) ||
                    !copy_pipe(from, to, name, error))) {
        close(to);
        to = -1;
    }
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
check_content(const void *bytes, gsize n, const char *name, GError **error)
{
    if (n == 0)
        return fail(error, name, "it is empty");
    return !looks_like_text(bytes, n) || fail(error, name, "it is a text file, not a capture");
}

static gboolean
check_file(int fd, const char *name, GError **error)
{
    char bytes[SNIFFED];
    const gssize n = pread(fd, bytes, sizeof bytes, 0);

    if (n < 0)
        return fail(error, name, g_strerror(errno));
    return check_content(bytes, (gsize)n, name, error) &&
           (lseek(fd, 0, SEEK_SET) == 0 || fail(error, name, g_strerror(errno)));
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

/* The first bytes of a pipe: as many as tell what it is, fewer only at its end. */
static gboolean
take_head(int fd, GByteArray *head, const char *name, GError **error)
{
    struct pollfd wait = { fd, POLLIN, 0 };
    guint8 bytes[SNIFFED];

    while (head->len < RS_BLOCK_MIN) {
        gssize n;

        if (!rs_interrupt_poll(&wait, 1, error))
            return FALSE;
        n = read(fd, bytes, sizeof bytes - head->len);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return fail(error, name, g_strerror(errno));
        g_byte_array_append(head, bytes, (guint)MAX(n, 0));
    }
    return check_content(head->data, head->len, name, error);
}

/* Can it be read as it comes? Of other formats tshark may want to see the beginning twice. */
static gboolean
is_streamed(const GByteArray *head)
{
    struct rs_blocks blocks = { .swapped = FALSE };
    guint32 type = 0;

    memcpy(&type, head->data, MIN(head->len, sizeof type));
    return head->len >= RS_BLOCK_MIN &&
           (type == RS_BLOCK_SECTION || rs_blocks_is_pcap(&blocks, head->data));
}

static gboolean
open_pipe(struct rs_input *input, const char *name, GError **error)
{
    int file;

    input->head = g_byte_array_new();
    if (!take_head(input->fd, input->head, name, error))
        return FALSE;
    input->is_pipe = is_streamed(input->head);
    if (input->is_pipe)
        return TRUE;
    file = spool(input->fd, input->head, name, error);
    close(input->fd);
    input->fd = file;
    return file >= 0 && (lseek(file, 0, SEEK_SET) == 0 || fail(error, name, g_strerror(errno)));
}

gboolean
rs_input_open(const char *name, struct rs_input *ret_input, GError **error)
{
    const gboolean is_stdin = g_str_equal(name, "-");
    struct rs_input input = { .fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                             : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY) };
    struct stat info;
    gboolean done = FALSE;

    if (input.fd < 0 || fstat(input.fd, &info) != 0)
        fail(error, name, g_strerror(errno));
    else if (check_kind(&info, is_stdin, input.fd, name, error))
        done = S_ISREG(info.st_mode) ? check_file(input.fd, name, error)
                                     : open_pipe(&input, name, error);
    if (done)
        *ret_input = input;
    else
        rs_input_close(&input);
    return done;
}

void
rs_input_close(struct rs_input *input)
{
    if (input->fd >= 0)
        close(input->fd);
    input->fd = -1;
    g_clear_pointer(&input->head, g_byte_array_unref);
}
