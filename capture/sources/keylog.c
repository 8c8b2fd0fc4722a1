/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * NSS key log format: lines of text, which whoever makes keys appends to. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/sources/keylog.h"

#include "capture/error.h"

enum { READ_MAX = 16384 };

struct rs_keylog {
    char *path;
    gboolean is_ours;
    int fd; /* -1 as long as nobody made it */
    off_t at;
};

rs_keylog *
rs_keylog_new(const char *path, GError **error)
{
    g_autoptr(rs_keylog) keylog = g_new0(rs_keylog, 1);

    keylog->fd = -1;
    if (path) {
        keylog->path = g_strdup(path);
        return g_steal_pointer(&keylog);
    }
    keylog->fd = g_file_open_tmp("restorecap-XXXXXX.keys", &keylog->path, error);
    if (keylog->fd < 0) {
        if (error && *error)
            (*error)->domain = RS_CAPTURE_ERROR, (*error)->code = RS_CAPTURE_WRITE;
        return NULL;
    }
    keylog->is_ours = TRUE;
    return g_steal_pointer(&keylog);
}

void
rs_keylog_free(rs_keylog *keylog)
{
    if (!keylog)
        return;
    if (keylog->fd >= 0)
        close(keylog->fd);
    if (keylog->is_ours)
        g_unlink(keylog->path);
    g_free(keylog->path);
    g_free(keylog);
}

const char *
rs_keylog_path(const rs_keylog *keylog)
{
    return keylog->path;
}

void
rs_keylog_read(rs_keylog *keylog, rs_messages *messages)
{
    char bytes[READ_MAX];
    ssize_t n;

    if (keylog->fd < 0)
        keylog->fd = open(keylog->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    while (keylog->fd >= 0 && (n = pread(keylog->fd, bytes, sizeof bytes, keylog->at)) > 0) {
        const char *end = (const char *)memrchr(bytes, '\n', (size_t)n);

        if (!end || !rs_messages_secrets(messages, bytes, (size_t)(end + 1 - bytes)))
            return;
        keylog->at += end + 1 - bytes;
    }
}
