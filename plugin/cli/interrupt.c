/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ending by a signal, after cleaning up. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "plugin/cli/interrupt.h"

#include "plugin/cli/cli.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP };
static gint came; /* the signal's number, or 0; atomic, as is the next */
static gint by_terminal;
static gint ended; /* by rs_interrupt_all() */

/* A byte is written here when it is time to end and never read, so that all threads see it. */
static int alarm_pipe[2] = { -1, -1 };

enum { MAX_FDS = 8 }; /* of one wait */

static void
ring(void)
{
    const int before = errno;

    /* A full pipe rings as well. */
    if (alarm_pipe[1] >= 0 && write(alarm_pipe[1], "", 1) < 0)
        errno = before;
}

static void
note(int signal_number, siginfo_t *info, void *context G_GNUC_UNUSED)
{
    g_atomic_int_set(&by_terminal, info->si_code == SI_KERNEL);
    g_atomic_int_set(&came, signal_number);
    ring();
}

void
rs_interrupt_init(void)
{
    const struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
    struct sigaction old;
    g_autoptr(GError) error = NULL;

    if (!g_unix_open_pipe(alarm_pipe, FD_CLOEXEC, &error) ||
        !g_unix_set_fd_nonblocking(alarm_pipe[1], TRUE, &error))
        rs_complain("%s", error->message);
    for (gsize i = 0; i < G_N_ELEMENTS(caught); i++) {
        /* What our parent chose to ignore (nohup) stays ignored. */
        if (sigaction(caught[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(caught[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
}

void
rs_interrupt_all(void)
{
    g_atomic_int_set(&ended, TRUE);
    ring();
}

gboolean
rs_interrupt_check(GError **error)
{
    if (!g_atomic_int_get(&came) && !g_atomic_int_get(&ended))
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "interrupted");
    return FALSE;
}

gboolean
rs_interrupt_wait(struct pollfd *fds, nfds_t n_fds, int timeout_ms, GError **error)
{
    struct pollfd all[MAX_FDS + 1];

    g_assert(n_fds <= MAX_FDS);
    memcpy(all, fds, n_fds * sizeof *fds);
    all[n_fds] = (struct pollfd){ alarm_pipe[0], POLLIN, 0 };
    while (rs_interrupt_check(NULL) && poll(all, n_fds + 1, timeout_ms) < 0 && errno == EINTR)
        ;
    memcpy(fds, all, n_fds * sizeof *fds);
    return rs_interrupt_check(error);
}

gboolean
rs_interrupt_poll(struct pollfd *fds, nfds_t n_fds, GError **error)
{
    return rs_interrupt_wait(fds, n_fds, -1, error);
}

gboolean
rs_interrupt_by_terminal(void)
{
    return g_atomic_int_get(&by_terminal);
}

int
rs_interrupt_forgive(void)
{
    const int number = g_atomic_int_get(&came);
    char byte;

    if (number && read(alarm_pipe[0], &byte, 1) >= 0)
        g_atomic_int_set(&came, 0);
    return number;
}

void
rs_interrupt_finish(gboolean output_gone)
{
    const int number = g_atomic_int_get(&came);

    if (!number && !output_gone)
        return;
    signal(number ? number : SIGPIPE, SIG_DFL);
    raise(number ? number : SIGPIPE);
}
