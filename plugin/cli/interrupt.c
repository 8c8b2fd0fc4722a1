/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ending by a signal, after cleaning up. */
#include <errno.h>
#include <signal.h>

#include "plugin/cli/interrupt.h"

#include "plugin/cli/cli.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t came;

static void
note(int signal_number)
{
    came = signal_number;
}

void
rs_interrupt_init(void)
{
    const struct sigaction action = { .sa_handler = note };
    struct sigaction old;

    for (gsize i = 0; i < G_N_ELEMENTS(caught); i++) {
        /* What our parent chose to ignore (nohup) stays ignored. */
        if (sigaction(caught[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(caught[i], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
}

gboolean
rs_interrupt_poll(struct pollfd *fds, nfds_t n_fds, GError **error)
{
    sigset_t block, before;

    sigemptyset(&block);
    for (gsize i = 0; i < G_N_ELEMENTS(caught); i++)
        sigaddset(&block, caught[i]);
    sigprocmask(SIG_BLOCK, &block, &before);
    while (!came && ppoll(fds, n_fds, NULL, &before) < 0 && errno == EINTR)
        ;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (!came)
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "interrupted");
    return FALSE;
}

void
rs_interrupt_finish(gboolean output_gone)
{
    const int number = came ? came : SIGPIPE;

    if (!came && !output_gone)
        return;
    signal(number, SIG_DFL);
    raise(number);
}
