/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The restore tool that is run and listened to: what it prints still appears, and goes into the
 * file as messages. It is made before we open anything, so that it has the user's rights and none
 * of ours, and begins when it is let go. */
#pragma once

#include <glib.h>
#include <sys/types.h>

#include "capture/messages.h"

typedef struct rs_child rs_child;

/* command: of at least one word, ends with NULL. keylog: what SSLKEYLOGFILE is to be. */
rs_child *rs_child_new(char **command, const char *keylog, GError **error);
void rs_child_free(rs_child *child); /* one that was never let go does nothing */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_child, rs_child_free)

void rs_child_go(rs_child *child);
int rs_child_fd(const rs_child *child); /* to poll; -1 when it says no more */

/* Passes on what it says. FALSE when it will say no more. */
gboolean rs_child_read(rs_child *child, rs_messages *messages);

/* Has it ended? Gives the status a shell would give. Does not wait. */
gboolean rs_child_ended(rs_child *child, int *ret_status);
void rs_child_signal(const rs_child *child, int signal);
