/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs one program on a capture that is still coming: from a pipe, or from a file that grows. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/cli/child.h"
#include "plugin/cli/relay.h"

struct rs_stream {
    int fd;              /* of the capture, nonblocking or not */
    gboolean grows;      /* it is a file, whose end need not be the capture's */
    gboolean is_patient; /* Ctrl-C is the capture's end, not ours; for one thread alone */
    rs_relay *relay;     /* what has been taken from fd already went through it, to `begun` */
    GByteArray *begun;

    /* Will the file grow no more? Asked again and again. NULL for a pipe. */
    gboolean (*is_over)(gpointer data);
    /* The user wants to come to an end (Ctrl-C); TRUE when the capture will end by itself, so that
     * there is something to wait for. NULL: nothing but a pipe does that. */
    gboolean (*asked)(gpointer data);
    /* Something happened: a line of -z restore,live. NULL: nobody wants to know. */
    void (*event)(JsonObject *event, gpointer data);
    /* side_fd has something to read; -1: there is none. FALSE at its end. */
    int side_fd;
    gboolean (*side)(gpointer data);
    gpointer data;
};

/* Feeds the child until the capture ends. To the patient, Ctrl-C or SIGTERM is the capture's end,
 * which the recorder may need a moment for; a second one does not wait, a third gives up. FALSE
 * with error set as rs_child_run() has it. */
gboolean rs_stream_run(const struct rs_child *child, struct rs_stream *stream,
                       struct rs_child_result *ret_result, GError **error);
