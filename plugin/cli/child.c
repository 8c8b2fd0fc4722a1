/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs one program to its end. The bytes it parses are hostile, so it runs with as little as
 * possible: no root, no new privileges, no core dump, no life beyond ours. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/cli/child.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/interrupt.h"

G_DEFINE_QUARK(restorescope - child, rs_child_error)

enum {
    OUT_MAX = 64 << 20, /* a report of a capture with a million findings */
    ERR_KEPT = 64 << 10,
    SETUP_FAILED = 126,
};

/* Runs in the child between fork and exec: async-signal-safe calls only. */
static void
set_up_child(gpointer data)
{
    const gboolean *drops_root = data;
    const struct rlimit no_core = { 0, 0 };

    setrlimit(RLIMIT_CORE, &no_core);
    if (*drops_root &&
        (setgroups(0, NULL) != 0 || setresgid(RS_NOBODY, RS_NOBODY, RS_NOBODY) != 0 ||
         setresuid(RS_NOBODY, RS_NOBODY, RS_NOBODY) != 0))
        _exit(SETUP_FAILED);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(SETUP_FAILED);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Reads once. FALSE at the end. */
static gboolean
take(int fd, GString *out, gsize kept_max)
{
    char buffer[16384];
    const gssize n = read(fd, buffer, sizeof buffer);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return TRUE;
    if (n <= 0)
        return FALSE;
    if (out->len < kept_max)
        g_string_append_len(out, buffer, (gssize)MIN((gsize)n, kept_max - out->len));
    return TRUE;
}

static gboolean
collect(int out_fd, int err_fd, struct rs_child_result *result, GError **error)
{
    struct pollfd fds[] = { { out_fd, POLLIN, 0 }, { err_fd, POLLIN, 0 } };

    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        if (!rs_interrupt_poll(fds, G_N_ELEMENTS(fds), error))
            return FALSE;
        if (fds[0].fd >= 0 && fds[0].revents && !take(out_fd, result->out, OUT_MAX))
            fds[0].fd = -1;
        if (fds[1].fd >= 0 && fds[1].revents && !take(err_fd, result->err, ERR_KEPT))
            fds[1].fd = -1;
        if (result->out->len >= OUT_MAX) {
            g_set_error(error, RS_CHILD_ERROR, RS_CHILD_ERROR_INPUT,
                        "tshark printed more than %d MiB", OUT_MAX >> 20);
            return FALSE;
        }
    }
    return TRUE;
}

static int
reap(GPid pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

gboolean
rs_child_run(const struct rs_child *child, struct rs_child_result *ret_result, GError **error)
{
    struct rs_child_result result = { g_string_new(NULL), g_string_new(NULL), 0 };
    gboolean drops_root = child->drops_root;
    const GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES;
    int out_fd = -1, err_fd = -1;
    gboolean done;
    GPid pid;

    if (!g_spawn_async_with_pipes_and_fds(child->folder, child->argv, child->envp, flags,
                                          set_up_child, &drops_root, child->stdin_fd, -1, -1, NULL,
                                          NULL, 0, &pid, NULL, &out_fd, &err_fd, error)) {
        rs_child_result_clear(&result);
        return FALSE;
    }
    done = collect(out_fd, err_fd, &result, error);
    if (!done)
        kill(pid, SIGKILL);
    close(out_fd);
    close(err_fd);
    result.status = reap(pid);
    g_spawn_close_pid(pid);
    if (done && result.status == SETUP_FAILED) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot give up root's privileges");
        done = FALSE;
    }
    if (!done) {
        rs_child_result_clear(&result);
        return FALSE;
    }
    *ret_result = result;
    return TRUE;
}

void
rs_child_result_clear(struct rs_child_result *result)
{
    if (result->out)
        g_string_free(g_steal_pointer(&result->out), TRUE);
    if (result->err)
        g_string_free(g_steal_pointer(&result->err), TRUE);
}
