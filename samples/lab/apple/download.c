/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Downloads; ranges as in RFC 9110, section 14. */
#include "samples/lab/apple/download.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "samples/lab/apple/reply.h"

enum { PIECE_BYTES = 128 << 10 };

struct apple_download {
    int fd;
    guint64 size, at, left;
    unsigned code;
    bool keep_alive, head_only;
};

/* The file's path; NULL when it leads out of `root`. */
static char *
path_below(const char *root, const char *target)
{
    g_autofree char *path = g_strndup(target, strcspn(target, "?"));
    g_autofree char *plain = g_uri_unescape_string(path, NULL);
    g_auto(GStrv) parts = plain ? g_strsplit(plain, "/", -1) : NULL;

    if (!parts || g_strv_contains((const char *const *)parts, ".."))
        return NULL;
    return g_build_filename(root, plain, NULL);
}

/* Which bytes are wanted. */
static void
choose(apple_download_t *d, const apple_http_request_t *request)
{
    d->code = 200;
    d->left = d->size;
    if (!request->has_range)
        return;
    d->code = 416;
    d->left = 0;
    if (request->range_from >= d->size)
        return;
    d->code = 206;
    d->at = request->range_from;
    d->left = MIN(request->range_to, d->size - 1) - d->at + 1;
}

apple_download_t *
apple_download_new(const char *root, const apple_http_request_t *request)
{
    g_autofree char *path = path_below(root, request->path);
    bool head_only = strcmp(request->method, "HEAD") == 0;
    apple_download_t *d;
    struct stat info;
    int fd;

    if (!path || (!head_only && strcmp(request->method, "GET") != 0))
        return NULL;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return NULL;
    }
    d = g_new0(apple_download_t, 1);
    d->fd = fd;
    d->size = (guint64)info.st_size;
    d->keep_alive = request->keep_alive;
    d->head_only = head_only;
    choose(d, request);
    return d;
}

void
apple_download_free(apple_download_t *download)
{
    if (!download)
        return;
    close(download->fd);
    g_free(download);
}

void
apple_download_start(apple_download_t *download, apple_conn_t *conn)
{
    g_autoptr(apple_reply_t) reply =
        apple_reply_new(download->code, "application/octet-stream", NULL);
    g_autoptr(GString) head = NULL;

    if (download->code == 206)
        reply->field = g_strdup_printf(
            "Content-Range: bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
            download->at, download->at + download->left - 1, download->size);
    else if (download->code == 416)
        reply->field = g_strdup_printf("Content-Range: bytes */%" G_GUINT64_FORMAT, download->size);
    else
        reply->field = g_strdup("Accept-Ranges: bytes");
    head = apple_reply_head(reply, download->left, download->keep_alive);
    apple_conn_send(conn, head->str, head->len);
    if (download->head_only)
        download->left = 0;
}

bool
apple_download_go_on(apple_download_t *download, apple_conn_t *conn)
{
    g_autofree guint8 *piece = NULL;
    ssize_t n;

    if (download->left == 0)
        return false;
    piece = g_malloc(PIECE_BYTES);
    n = pread(download->fd, piece, MIN(download->left, PIECE_BYTES), (off_t)download->at);
    if (n <= 0) { /* the file has become shorter: the client has to notice */
        apple_conn_reset(conn);
        return true;
    }
    download->at += (guint64)n;
    download->left -= (guint64)n;
    apple_conn_send(conn, piece, (gsize)n);
    return true;
}
