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
    gboolean is_apart;   /* not in our process group: Ctrl-C is not for it */
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

/* A child that runs. */
struct rs_child_process {
    GPid pid;
    int in_fd; /* its standard input, -1 unless asked for */
    int out_fd, err_fd;
};

/* Only starts it. with_input: standard input is a pipe, whatever child->stdin_fd says. The
 * descriptors are the caller's, as is the duty of rs_child_reap(). */
gboolean rs_child_start(const struct rs_child *child, gboolean with_input,
                        struct rs_child_process *ret_process, GError **error);

/* Reads once what is there; keeps up to kept_max bytes of all. FALSE at the end. */
gboolean rs_child_take(int fd, GString *out, gsize kept_max);

/* Waits for its end. Its exit status, or -signal; -1 with error set where it failed to start. */
gboolean rs_child_reap(GPid pid, int *ret_status, GError **error);

/* What is kept of a child's output. */
enum { RS_CHILD_OUT_MAX = 64 << 20, RS_CHILD_ERR_KEPT = 64 << 10 };
