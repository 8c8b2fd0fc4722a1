/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of files, as dumpcap makes them for a ring. */
#pragma once

#include <glib.h>

struct rs_names {
    const char *wanted; /* of -w, NULL: choose one */
    gboolean is_ring;
    unsigned number; /* of files so far */
};

/* The next one: "restore-TIME.pcapng", what was wanted, or "WANTED_NUMBER_TIME.EXTENSION". now:
 * UTC. The caller's. */
char *rs_names_next(struct rs_names *names, GDateTime *now);
