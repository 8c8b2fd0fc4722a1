/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A TLS key log that grows while we record: its lines go into the file as they come. */
#pragma once

#include <glib.h>

#include "capture/messages.h"

typedef struct rs_keylog rs_keylog;

/* path: NULL for a temporary file of our own, which goes away again. */
rs_keylog *rs_keylog_new(const char *path, GError **error);
void rs_keylog_free(rs_keylog *keylog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_keylog, rs_keylog_free)

const char *rs_keylog_path(const rs_keylog *keylog);

/* Posts the whole lines that have come since. */
void rs_keylog_read(rs_keylog *keylog, rs_messages *messages);
