/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The server's side of TLS, from bytes to bytes: what arrives is fed in, plain text and what has to
 * be sent come out. No socket in here, so that it is known which byte of a connection says what. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "samples/lab/apple/certs.h"

typedef struct apple_tls_context apple_tls_context_t;
typedef struct apple_tls apple_tls_t;

/* `keylog`: a file the secrets are appended to, in the form Wireshark reads; may be NULL. */
apple_tls_context_t *apple_tls_context_new(const char *keylog, GError **error);
void apple_tls_context_free(apple_tls_context_t *context);

/* Asked once, with the name in the ClientHello ("" if none): the credentials to go on with, or NULL
 * to stop here; the callee then does something else with the connection. `*tls12`: no newer
 * version. */
typedef const apple_credentials_t *(*apple_tls_hello_t)(void *user, const char *name, bool *tls12);

apple_tls_t *apple_tls_new(apple_tls_context_t *context, apple_tls_hello_t hello, void *user);
void apple_tls_free(apple_tls_t *tls);

typedef enum {
    APPLE_TLS_GOES_ON,
    APPLE_TLS_ENDED,  /* the client said goodbye */
    APPLE_TLS_FAILED, /* an alert of the client, or nonsense */
    APPLE_TLS_STOPPED /* the hello callback wanted it so */
} apple_tls_result_t;

/* Plain text is appended to `plain`, bytes for the client to `cipher` (whatever the result). */
apple_tls_result_t apple_tls_feed(apple_tls_t *tls, const guint8 *data, gsize length,
                                  GByteArray *plain, GByteArray *cipher);
void apple_tls_write(apple_tls_t *tls, const void *data, gsize length, GByteArray *cipher);
/* The goodbye. */
void apple_tls_close(apple_tls_t *tls, GByteArray *cipher);
