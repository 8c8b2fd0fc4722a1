/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The TLS end of a tunnel: a client that trusts nobody but the one issuer it knows, and whose
 * request is always the same. Bytes in, bytes out; no sockets. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct lab_tls lab_tls_t;

typedef enum { LAB_TLS_GOES_ON, LAB_TLS_DONE, LAB_TLS_FAILED } lab_tls_state_t;

lab_tls_t *lab_tls_new(const char *host);
void lab_tls_free(lab_tls_t *tls);

/* Takes what the server said (nothing at first), and adds to `out` what is to be said to it. */
lab_tls_state_t lab_tls_feed(lab_tls_t *tls, const uint8_t *data, size_t length, GByteArray *out);
/* Why it failed: for people. */
const char *lab_tls_failure(const lab_tls_t *tls);
/* The issuer was not the one; what `out` has got is the alert that says so. */
bool lab_tls_mistrusts(const lab_tls_t *tls);
