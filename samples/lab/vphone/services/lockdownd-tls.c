/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The device's end of a lockdown session's TLS, over bytes in memory. As phones do, it presents the
 * device certificate of the pair record. The host's own is not asked for. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>

#include "samples/lab/vphone/services/lockdownd.h"

struct lab_session_tls {
    SSL_CTX *context;
    SSL *ssl;
    BIO *in, *out; /* the SSL's */
};

/* Session keys go where SSLKEYLOGFILE says, as the host's tools do it: Wireshark can read them. */
static void
log_key(const SSL *ssl, const char *line)
{
    const char *path = g_getenv("SSLKEYLOGFILE");
    FILE *file = path ? fopen(path, "ae") : NULL;

    (void)ssl;
    if (!file)
        return;
    fprintf(file, "%s\n", line);
    fclose(file);
}

static SSL_CTX *
make_context(const char *certificate)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    BIO *pem = BIO_new_mem_buf(certificate, -1);
    X509 *x509 = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    bool fits;

    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_keylog_callback(context, log_key);
    fits = x509 && SSL_CTX_use_certificate(context, x509) == 1 &&
           SSL_CTX_use_PrivateKey(context, lab_device_key()) == 1 &&
           SSL_CTX_check_private_key(context) == 1;
    X509_free(x509);
    BIO_free(pem);
    ERR_clear_error();
    if (fits)
        return context;
    SSL_CTX_free(context);
    return NULL;
}

lab_session_tls_t *
lab_session_tls_new(const char *certificate)
{
    SSL_CTX *context = make_context(certificate);
    lab_session_tls_t *tls;

    if (!context)
        return NULL;
    tls = g_new0(lab_session_tls_t, 1);
    tls->context = context;
    tls->ssl = SSL_new(context);
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void
lab_session_tls_free(lab_session_tls_t *tls)
{
    if (!tls)
        return;
    SSL_free(tls->ssl);
    SSL_CTX_free(tls->context);
    g_free(tls);
}

/* What the host sent behind the end of TLS is plain again. */
static void
take_rest(lab_session_tls_t *tls, GByteArray *plain)
{
    uint8_t rest[4096];
    int n;

    while ((n = BIO_read(tls->in, rest, sizeof rest)) > 0)
        g_byte_array_append(plain, rest, (unsigned)n);
}

lab_session_state_t
lab_session_tls_feed(lab_session_tls_t *tls, const uint8_t *data, size_t length, GByteArray *plain)
{
    uint8_t piece[4096];
    int n;

    BIO_write(tls->in, data, (int)length);
    ERR_clear_error();
    while ((n = SSL_read(tls->ssl, piece, sizeof piece)) > 0)
        g_byte_array_append(plain, piece, (unsigned)n);
    switch (SSL_get_error(tls->ssl, n)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return LAB_SESSION_GOING;
    case SSL_ERROR_ZERO_RETURN:
        SSL_shutdown(tls->ssl); /* says close_notify, too: hosts wait for it */
        take_rest(tls, plain);
        return LAB_SESSION_ENDED;
    default:
        ERR_clear_error();
        return LAB_SESSION_BROKEN;
    }
}

void
lab_session_tls_write(lab_session_tls_t *tls, const void *data, size_t length)
{
    if (length && SSL_is_init_finished(tls->ssl))
        SSL_write(tls->ssl, data, (int)length);
}

GBytes *
lab_session_tls_take_out(lab_session_tls_t *tls)
{
    char *data;
    long length = BIO_get_mem_data(tls->out, &data);
    GBytes *out = length > 0 ? g_bytes_new(data, (size_t)length) : NULL;

    (void)BIO_reset(tls->out);
    return out;
}
