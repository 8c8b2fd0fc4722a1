/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorecap, run by us. */
#pragma once

#include <glib.h>

struct rs_recording {
    const char *file;       /* to be written; must not be there yet */
    const char *interfaces; /* "usbmon1,eth0", or NULL: it chooses */
    const char *keylog;     /* or NULL */
    char **command;         /* to be wrapped, or NULL */
};

typedef struct rs_recorder rs_recorder;

/* Starts it; its standard input is ours. NULL with error set. */
rs_recorder *rs_recorder_start(const struct rs_recording *recording, GError **error);

/* Ends it, if it still runs. */
void rs_recorder_free(rs_recorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_recorder, rs_recorder_free)

/* What it and the command print. The recorder's. */
int rs_recorder_fd(const rs_recorder *recorder);

gboolean rs_recorder_ended(rs_recorder *recorder, int *ret_status);

/* Asks it to come to an end. */
void rs_recorder_ask(rs_recorder *recorder);
