/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TLS secrets in the format of SSLKEYLOGFILE, from a file of their own or from the capture. */
#pragma once

#include <glib.h>

enum rs_secret {
    RS_SECRET_MASTER, /* CLIENT_RANDOM: TLS 1.2 */
    RS_SECRET_CLIENT_HANDSHAKE,
    RS_SECRET_SERVER_HANDSHAKE,
    RS_SECRET_CLIENT_TRAFFIC,
    RS_SECRET_SERVER_TRAFFIC,
    RS_N_SECRETS
};

enum { RS_TLS_RANDOM = 32, RS_TLS_SECRET_MAX = 64 };

/* What is known of one connection, by the random number of its client. */
struct rs_secrets {
    guint8 secret[RS_N_SECRETS][RS_TLS_SECRET_MAX];
    gsize size[RS_N_SECRETS]; /* 0: not known */
    gboolean redone;          /* all of it could be encrypted again */
    gboolean failed;          /* some of it could not */
};

typedef struct rs_key_log rs_key_log;

rs_key_log *rs_key_log_new(void);
void rs_key_log_free(rs_key_log *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_key_log, rs_key_log_free)

void rs_key_log_add(rs_key_log *log, const char *text, gsize length);
gboolean rs_key_log_is_empty(const rs_key_log *log);

/* NULL when nothing is known of it. The log's. */
struct rs_secrets *rs_key_log_find(const rs_key_log *log, const guint8 random[RS_TLS_RANDOM]);

/* Makes comments of all lines but those that open connections which were redone, in place. Returns
 * how many went. */
guint rs_key_log_scrub(const rs_key_log *log, char *text, gsize length);
