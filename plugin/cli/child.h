/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs one program to its end and collects what it prints, within bounds. */
#pragma once

#include <glib.h>

/* Uid and gid of a child that must not be root: "nobody" nearly everywhere. */
enum { RS_NOBODY = 65534 };

/* The program came to grief over what it was given; given something else it may well do. */
#define RS_CHILD_ERROR (rs_child_error_quark())
enum { RS_CHILD_ERROR_INPUT };
GQuark rs_child_error_quark(void);

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

/* FALSE with error set when it cannot be started, a signal told us to end (both RS_EXIT_INTERNAL),
 * or it prints too much (RS_CHILD_ERROR); the child is gone in every case. Free the result with
 * rs_child_result_clear(). */
gboolean rs_child_run(const struct rs_child *child, struct rs_child_result *ret_result,
                      GError **error);
void rs_child_result_clear(struct rs_child_result *result);
