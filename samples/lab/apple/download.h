/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file on its way to a client, piece by piece. */
#pragma once

#include "samples/lab/apple/conn.h"
#include "samples/lab/apple/httpwire.h"

typedef struct apple_download apple_download_t;

/* Opens what a GET or HEAD asks for, below the folder `root`; NULL when there is no such file. */
apple_download_t *apple_download_new(const char *root, const apple_http_request_t *request);
void apple_download_free(apple_download_t *download);

/* Sends the header. */
void apple_download_start(apple_download_t *download, apple_conn_t *conn);
/* Sends the next piece, each time the connection is drained; false when all was sent before. */
bool apple_download_go_on(apple_download_t *download, apple_conn_t *conn);
