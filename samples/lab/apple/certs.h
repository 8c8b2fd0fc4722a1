/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Certificates of the lab's internet: a chain that looks like Apple's, one of everybody else, one
 * of a company that opens its employees' TLS. Made at the first start, kept in a folder. */
#pragma once

#include <glib.h>
#include <openssl/x509.h>

typedef struct apple_certs apple_certs_t;

typedef enum {
    APPLE_ISSUER_APPLE,   /* "Apple Public Server ECC CA 12 - G1" */
    APPLE_ISSUER_PUBLIC,  /* "Example Trust Server CA 3" */
    APPLE_ISSUER_FOREIGN, /* "Corp TLS Inspection CA" */
    APPLE_N_ISSUERS
} apple_issuer_t;

/* What a server shows: its own certificate, the issuer's behind it, the key. */
typedef struct {
    char *name; /* the host */
    X509 *leaf, *issuer;
    EVP_PKEY *key;
} apple_credentials_t;

/* `dir` is made if need be. */
apple_certs_t *apple_certs_new(const char *dir, GError **error);
void apple_certs_free(apple_certs_t *certs);

/* Credentials for `name`; `expired`: valid until yesterday. Owned by `certs`; NULL when OpenSSL
 * fails. */
const apple_credentials_t *apple_certs_for(apple_certs_t *certs, apple_issuer_t issuer,
                                           const char *name, gboolean expired);
