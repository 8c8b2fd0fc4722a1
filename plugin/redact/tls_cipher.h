/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Protection of TLS records: opening them with a secret from a key log, and closing them again. */
#pragma once

#include <glib.h>

/* An AEAD cipher suite of TLS 1.2 or 1.3. */
struct rs_tls_suite {
    guint16 id;
    gboolean is_13;
    int algorithm, mode; /* of libgcrypt */
    gsize key_size, iv_size;
    gsize explicit_size; /* of the nonce's part that stands before the record */
    GChecksumType hash;
    gsize hash_size;
};

/* NULL for suites that we cannot redo: those with a MAC of their own. Borrowed. */
const struct rs_tls_suite *rs_tls_suite_find(guint16 id);

enum { RS_TLS_KEY_MAX = 32, RS_TLS_IV_MAX = 12, RS_TLS_TAG = 16, RS_TLS_HEADER = 5 };

/* The key of one direction, and how many records it has protected. */
struct rs_tls_key {
    const struct rs_tls_suite *suite;
    guint8 key[RS_TLS_KEY_MAX];
    guint8 iv[RS_TLS_IV_MAX];
};

/* TLS 1.3: from a traffic secret. */
void rs_tls_key_13(const struct rs_tls_suite *suite, const guint8 *secret,
                   struct rs_tls_key *ret_key);

/* The secret that follows when either side updates its keys. */
void rs_tls_next_secret(const struct rs_tls_suite *suite, guint8 *secret);

/* TLS 1.2: from the master secret of 48 bytes and both randoms of 32. */
void rs_tls_key_12(const struct rs_tls_suite *suite, const guint8 *master,
                   const guint8 *client_random, const guint8 *server_random, gboolean of_server,
                   struct rs_tls_key *ret_key);

/* Where the protected text of a record lies, and how long it is; FALSE when it is too short. */
gboolean rs_tls_text(const struct rs_tls_key *key, gsize record_length, gsize *ret_offset,
                     gsize *ret_length);

/* Decrypts a whole record, header included, in place; FALSE, and the record unchanged, when it was
 * not protected with this key and number. */
gboolean rs_tls_open(const struct rs_tls_key *key, guint64 number, guint8 *record, gsize length);

/* The way back. */
gboolean rs_tls_close(const struct rs_tls_key *key, guint64 number, guint8 *record, gsize length);
