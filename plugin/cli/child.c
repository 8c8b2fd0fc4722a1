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
#include "plugin/cli/progress.h"

G_DEFINE_QUARK(restorescope - child, rs_child_error)

enum { SETUP_FAILED = 126 };

/* Runs in the child between fork and exec: async-signal-safe calls only. */
static void
set_up_child(gpointer data)
{
    const struct rs_child *child = data;
    const struct rlimit no_core = { 0, 0 };

    setrlimit(RLIMIT_CORE, &no_core);
    if (child->is_apart)
        setpgid(0, 0);
    if (child->drops_root &&
        (setgroups(0, NULL) != 0 || setresgid(RS_NOBODY, RS_NOBODY, RS_NOBODY) != 0 ||
         setresuid(RS_NOBODY, RS_NOBODY, RS_NOBODY) != 0))
        _exit(SETUP_FAILED);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(SETUP_FAILED);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

gboolean
rs_child_take(int fd, GString *out, gsize kept_max)
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
        if (!rs_interrupt_wait(fds, G_N_ELEMENTS(fds), rs_progress_patience_ms(), error))
            return FALSE;
        rs_progress_look();
        if (fds[0].fd >= 0 && fds[0].revents &&
            !rs_child_take(out_fd, result->out, RS_CHILD_OUT_MAX))
            fds[0].fd = -1;
        if (fds[1].fd >= 0 && fds[1].revents &&
            !rs_child_take(err_fd, result->err, RS_CHILD_ERR_KEPT))
            fds[1].fd = -1;
        if (result->out->len >= RS_CHILD_OUT_MAX) {
            g_set_error(error, RS_CHILD_ERROR, RS_CHILD_ERROR_INPUT,
                        "tshark printed more than %d MiB", RS_CHILD_OUT_MAX >> 20);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
rs_child_start(const struct rs_child *child, gboolean with_input,
               struct rs_child_process *ret_process, GError **error)
{
    struct rs_child given = *child;
    const GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES;
    struct rs_child_process process = { .in_fd = -1 };

    if (!g_spawn_async_with_pipes_and_fds(
            child->folder, child->argv, child->envp, flags, set_up_child, &given,
            with_input ? -1 : child->stdin_fd, -1, -1, NULL, NULL, 0, &process.pid,
            with_input ? &process.in_fd : NULL, &process.out_fd, &process.err_fd, error))
        return FALSE;
    *ret_process = process;
    return TRUE;
}

gboolean
rs_child_reap(GPid pid, int *ret_status, GError **error)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    g_spawn_close_pid(pid);
    *ret_status = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    if (*ret_status != SETUP_FAILED)
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot give up root's privileges");
    return FALSE;
}

gboolean
rs_child_run(const struct rs_child *child, struct rs_child_result *ret_result, GError **error)
{
    struct rs_child_result result = { g_string_new(NULL), g_string_new(NULL), 0 };
    struct rs_child_process process;
    gboolean done;

    if (!rs_child_start(child, FALSE, &process, error)) {
        rs_child_result_clear(&result);
        return FALSE;
    }
    done = collect(process.out_fd, process.err_fd, &result, error);
    if (!done)
        kill(process.pid, SIGKILL);
    close(process.out_fd);
    close(process.err_fd);
    if (!rs_child_reap(process.pid, &result.status, done ? error : NULL))
        done = FALSE;
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
