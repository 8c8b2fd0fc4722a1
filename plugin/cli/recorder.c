/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The recorder as a child process; its words are those of restorecap(1). */
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/cli/recorder.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/places.h"

struct rs_recorder {
    GPid pid;
    int output;
    gboolean has_ended;
    int status;
};

static GPtrArray *
make_arguments(const struct rs_recording *recording, const char *program)
{
    GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) names = recording->interfaces ? g_strsplit(recording->interfaces, ",", -1) : NULL;

    g_ptr_array_add(argv, g_strdup(program));
    g_ptr_array_add(argv, g_strdup("-q"));
    for (char **name = names; name && *name; name++) {
        g_ptr_array_add(argv, g_strdup("-i"));
        g_ptr_array_add(argv, g_strdup(*name));
    }
    g_ptr_array_add(argv, g_strdup("-w"));
    g_ptr_array_add(argv, g_strdup(recording->file));
    if (recording->keylog)
        g_ptr_array_add(argv, g_strconcat("--keylog=", recording->keylog, NULL));
    if (recording->command)
        g_ptr_array_add(argv, g_strdup("--"));
    for (char **word = recording->command; word && *word; word++)
        g_ptr_array_add(argv, g_strdup(*word));
    g_ptr_array_add(argv, NULL);
    return argv;
}

/* Between fork and exec. */
static void
end_with_us(gpointer data G_GNUC_UNUSED)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

rs_recorder *
rs_recorder_start(const struct rs_recording *recording, GError **error)
{
    g_autofree char *program = rs_places_recorder(error);
    g_autoptr(GPtrArray) argv = program ? make_arguments(recording, program) : NULL;
    rs_recorder *recorder;
    int ends[2];
    GPid pid;

    if (!argv || !g_unix_open_pipe(ends, FD_CLOEXEC, error))
        return NULL;
    if (!g_spawn_async_with_pipes_and_fds(
            NULL, (const char *const *)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, end_with_us,
            NULL, STDIN_FILENO, ends[1], ends[1], NULL, NULL, 0, &pid, NULL, NULL, NULL, error)) {
        close(ends[0]);
        close(ends[1]);
        return NULL;
    }
    close(ends[1]);
    recorder = g_new0(rs_recorder, 1);
    recorder->pid = pid;
    recorder->output = ends[0];
    return recorder;
}

gboolean
rs_recorder_ended(rs_recorder *recorder, int *ret_status)
{
    int status;

    if (!recorder->has_ended && waitpid(recorder->pid, &status, WNOHANG) == recorder->pid) {
        recorder->has_ended = TRUE;
        recorder->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    *ret_status = recorder->status;
    return recorder->has_ended;
}

void
rs_recorder_ask(rs_recorder *recorder)
{
    if (!recorder->has_ended)
        kill(recorder->pid, SIGTERM);
}

int
rs_recorder_fd(const rs_recorder *recorder)
{
    return recorder->output;
}

void
rs_recorder_free(rs_recorder *recorder)
{
    if (!recorder)
        return;
    if (!recorder->has_ended) {
        kill(recorder->pid, SIGTERM);
        while (waitpid(recorder->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close(recorder->output);
    g_free(recorder);
}
