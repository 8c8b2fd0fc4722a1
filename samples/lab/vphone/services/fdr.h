/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The reverse proxy, the phone's end: how the ramdisk reaches Apple's servers through the host
 * (idevicerestore 1.0.0, src/fdr.c). */
#pragma once

#include "samples/lab/vphone/mux/mux.h"

enum { LAB_FDR_PORT = 1082, LAB_FDR_CONN_PORT = 1083 };

typedef struct lab_fdr lab_fdr_t;

/* What became of a job; `failure` is NULL when it went well. May start the next one. */
typedef void (*lab_fdr_done_t)(void *user, const char *failure);

/* Listens for the host's control connection. */
lab_fdr_t *lab_fdr_new(lab_mux_t *mux);
/* Once its streams have ended: when the mode is over. */
void lab_fdr_free(lab_fdr_t *fdr);

/* One job at a time. Has the host answer a ping on a connection of its own. */
void lab_fdr_ping(lab_fdr_t *fdr, lab_fdr_done_t done, void *user);
/* Has the host connect to `host`, speaks TLS with it and posts a request. */
void lab_fdr_connect(lab_fdr_t *fdr, const char *host, uint16_t port, lab_fdr_done_t done,
                     void *user);
/* Forgets the present job without a word to who asked for it. */
void lab_fdr_cancel(lab_fdr_t *fdr);
