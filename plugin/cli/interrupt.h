/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SIGINT, SIGTERM and SIGHUP end the program only after its child is gone and its temporary folder
 * removed. */
#pragma once

#include <glib.h>
#include <poll.h>

/* Catches the signals from now on, and ignores SIGPIPE. */
void rs_interrupt_init(void);

/* Waits for input without losing a signal, in any thread. FALSE with error set when one came or
 * rs_interrupt_all() was called. */
gboolean rs_interrupt_poll(struct pollfd *fds, nfds_t n_fds, GError **error);

/* The same with an end: timeout_ms as poll(2) has it. */
gboolean rs_interrupt_wait(struct pollfd *fds, nfds_t n_fds, int timeout_ms, GError **error);

/* The signal that came, which then counts as not having come; 0: none did. For one thread alone. */
int rs_interrupt_forgive(void);

/* Did it come from the terminal, to all of our process group? */
gboolean rs_interrupt_by_terminal(void);

/* Makes every wait of every thread end, now and from now on, as a signal does, but without one. */
void rs_interrupt_all(void);

/* FALSE with error set when rs_interrupt_poll() would be interrupted. */
gboolean rs_interrupt_check(GError **error);

/* Ends the program by the signal that came (or by SIGPIPE when output_gone), if one did; the last
 * thing main() does. */
void rs_interrupt_finish(gboolean output_gone);
