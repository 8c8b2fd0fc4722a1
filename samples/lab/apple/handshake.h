/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a server does with a ClientHello, as scenarios write it: one of the words below. */
#pragma once

#include <stdbool.h>

/* X(id, word) */
#define APPLE_HANDSHAKES(X)                                                                        \
    X(OK, "ok")                                                                                    \
    X(WRONG_NAME, "wrong-name")         /* a certificate of somebody else */                       \
    X(FOREIGN_ISSUER, "foreign-issuer") /* the right name, by an issuer that inspects TLS */       \
    X(EXPIRED, "expired")                                                                          \
    X(ALERT, "alert") /* "alert N" */                                                              \
    X(CLOSE, "close")                                                                              \
    X(RESET, "reset-after-hello")                                                                  \
    X(SILENT, "silent")                                                                            \
    X(OFF, "off") /* nothing listens at port 443 */

typedef enum {
#define X(id, word) APPLE_HANDSHAKE_##id,
    APPLE_HANDSHAKES(X)
#undef X
        APPLE_N_HANDSHAKES
} apple_handshake_kind_t;

typedef struct {
    apple_handshake_kind_t kind;
    unsigned alert;
} apple_handshake_t;

/* False when `text` is none of the above. */
bool apple_handshake_parse(const char *text, apple_handshake_t *ret_handshake);
