/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Output goes through a pseudo terminal when ours is a terminal, else through a pipe: a tool shows
 * its progress only on a terminal, and must not be told that a file is one. Standard input and the
 * controlling terminal stay ours, so that Ctrl-C reaches it too. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "capture/sources/child.h"

#include "capture/error.h"
#include "capture/sources/lines.h"

enum { CANNOT_RUN = 126, NOT_FOUND = 127, BY_SIGNAL = 128, READ_BYTES = 16384 };

struct rs_child {
    pid_t pid;
    int output, gate; /* ours of each */
    bool has_ended;
    int status;
    char *name;
    struct rs_lines lines;
};

/* As ours is, but that a newline stays one. */
static int
open_terminal(int *ret_other)
{
    const int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    char name[64];
    struct termios is;
    struct winsize size;

    if (ours < 0)
        return -1;
    if (grantpt(ours) != 0 || unlockpt(ours) != 0 || ptsname_r(ours, name, sizeof name) != 0 ||
        (*ret_other = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0) {
        close(ours);
        return -1;
    }
    if (tcgetattr(*ret_other, &is) == 0) {
        is.c_oflag &= ~(tcflag_t)OPOST;
        is.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(*ret_other, TCSANOW, &is);
    }
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        ioctl(*ret_other, TIOCSWINSZ, &size);
    return ours;
}

static int
open_output(int *ret_other)
{
    int ends[2];

    if (isatty(STDOUT_FILENO))
        return open_terminal(ret_other);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    *ret_other = ends[1];
    return ends[0];
}

/* The child from here on. */
static G_GNUC_NORETURN void
become(char **command, const char *keylog, int output, int gate)
{
    sigset_t none;
    char go;

    while (read(gate, &go, 1) < 0 && errno == EINTR)
        continue;
    if (go != 'g')
        _exit(CANNOT_RUN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (keylog)
        setenv("SSLKEYLOGFILE", keylog, 1);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execvp(command[0], command);
    {
        const int cause = errno;
        g_autofree char *text =
            g_strdup_printf("restorecap: cannot run '%s': %s\n", command[0], g_strerror(cause));

        (void)!write(STDERR_FILENO, text, strlen(text));
        _exit(cause == ENOENT ? NOT_FOUND : CANNOT_RUN);
    }
}

rs_child *
rs_child_new(char **command, const char *keylog, GError **error)
{
    g_autoptr(rs_child) child = g_new0(rs_child, 1);
    int other = -1, gate[2] = { -1, -1 };

    child->gate = child->output = -1;
    child->name = g_path_get_basename(command[0]);
    if (pipe2(gate, O_CLOEXEC) == 0)
        child->output = open_output(&other);
    if (child->output >= 0)
        child->pid = fork();
    if (child->output >= 0 && child->pid == 0) {
        close(gate[1]);
        become(command, keylog, other, gate[0]);
    }
    if (child->output < 0 || child->pid < 0)
        g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_INTERNAL, "cannot run '%s': %s", command[0],
                    g_strerror(errno));
    if (gate[0] >= 0)
        close(gate[0]);
    if (other >= 0)
        close(other);
    child->gate = gate[1];
    if (child->output < 0 || child->pid < 0)
        return NULL;
    fcntl(child->output, F_SETFL, O_NONBLOCK);
    return g_steal_pointer(&child);
}

void
rs_child_free(rs_child *child)
{
    if (!child)
        return;
    if (child->gate >= 0)
        close(child->gate);
    if (child->output >= 0)
        close(child->output);
    g_free(child->name);
    g_free(child);
}

void
rs_child_go(rs_child *child)
{
    (void)!write(child->gate, "g", 1);
    close(child->gate);
    child->gate = -1;
}

int
rs_child_fd(const rs_child *child)
{
    return child->output;
}

struct listener {
    const rs_child *child;
    rs_messages *messages;
};

static void
post_line(void *data, const char *line, size_t length)
{
    const struct listener *listener = (const struct listener *)data;
    enum { INFORMATION = 6 };

    rs_messages_post(listener->messages,
                     &(struct rs_message){ rs_now_ns(), listener->child->name, "stdout", line,
                                           length, INFORMATION });
}

static void
pass_on(const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t n = write(STDOUT_FILENO, bytes, length);

        if (n < 0 && errno != EINTR)
            return;
        bytes += MAX(n, 0);
        length -= (size_t)MAX(n, 0);
    }
}

gboolean
rs_child_read(rs_child *child, rs_messages *messages)
{
    struct listener listener = { child, messages };
    char bytes[READ_BYTES];
    ssize_t n;

    while ((n = read(child->output, bytes, sizeof bytes)) > 0) {
        pass_on(bytes, (size_t)n);
        rs_lines_take(&child->lines, bytes, (size_t)n, post_line, &listener);
    }
    /* A terminal nobody has open any more gives EIO. */
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return TRUE;
    rs_lines_end(&child->lines, post_line, &listener);
    close(child->output);
    child->output = -1;
    return FALSE;
}

gboolean
rs_child_ended(rs_child *child, int *ret_status)
{
    int status;

    if (!child->has_ended && waitpid(child->pid, &status, WNOHANG) == child->pid) {
        child->has_ended = true;
        child->status = WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
    }
    *ret_status = child->status;
    return child->has_ended;
}

void
rs_child_signal(const rs_child *child, int signal)
{
    if (!child->has_ended)
        kill(child->pid, signal);
}
