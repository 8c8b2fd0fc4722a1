/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs one program to its end and collects what it prints, within bounds. */
#pragma once

#include <glib.h>

/* Uid and gid of a child that must not be root: "nobody" nearly everywhere. */
enum { RS_NOBODY = 65534 };

struct rs_child {
    const char *const *argv; /* argv[0] is a path */
    const char *const *envp;
    const char *folder;  /* to run in, or NULL */
    int stdin_fd;        /* -1: /dev/null */
    gboolean drops_root; /* becomes RS_NOBODY without groups before it starts */
};

struct rs_child_result {
    GString *out;
    GString *err; /* the first part of it, if there is much */
    int status;   /* exit status, or -signal */
};

/* FALSE with error set (RS_EXIT_INTERNAL) when it cannot be started, prints too much, or a signal
 * told us to end; the child is gone in every case. Free the result with rs_child_result_clear(). */
gboolean rs_child_run(const struct rs_child *child, struct rs_child_result *ret_result,
                      GError **error);
void rs_child_result_clear(struct rs_child_result *result);
