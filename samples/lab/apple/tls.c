/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TLS on OpenSSL's memory BIOs. */
#include "samples/lab/apple/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

struct apple_tls_context {
    SSL_CTX *ctx;
    int keylog;
};

struct apple_tls {
    SSL *ssl;
    BIO *in, *out; /* owned by `ssl` */
    apple_tls_hello_t hello;
    void *user;
    bool asked, stopped, ready;
};

/* The host name in a server_name extension (RFC 6066, section 3): list length, type 0, length. */
static char *
read_server_name(SSL *ssl)
{
    const unsigned char *p = NULL;
    size_t length = 0, n;

    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &p, &length) != 1 || length < 5 ||
        p[2] != TLSEXT_NAMETYPE_host_name)
        return g_strdup("");
    n = (size_t)p[3] << 8 | p[4];
    if (n > length - 5 || n > TLSEXT_MAXLEN_host_name || memchr(p + 5, '\0', n))
        return g_strdup("");
    return g_ascii_strdown((const char *)p + 5, (gssize)n);
}

static bool
use(SSL *ssl, const apple_credentials_t *c, bool tls12)
{
    if (tls12)
        SSL_set_max_proto_version(ssl, TLS1_2_VERSION);
    return SSL_use_certificate(ssl, c->leaf) == 1 && SSL_use_PrivateKey(ssl, c->key) == 1 &&
           SSL_add1_chain_cert(ssl, c->issuer) == 1;
}

static int
client_hello(SSL *ssl, int *alert, void *arg)
{
    apple_tls_t *tls = SSL_get_app_data(ssl);
    g_autofree char *name = read_server_name(ssl);
    const apple_credentials_t *credentials;
    bool tls12 = false;

    (void)arg;
    if (tls->stopped)
        return SSL_CLIENT_HELLO_RETRY;
    if (tls->asked) /* a second hello, after HelloRetryRequest */
        return SSL_CLIENT_HELLO_SUCCESS;
    tls->asked = true;
    credentials = tls->hello(tls->user, name, &tls12);
    if (!credentials) {
        tls->stopped = true;
        return SSL_CLIENT_HELLO_RETRY;
    }
    if (use(ssl, credentials, tls12))
        return SSL_CLIENT_HELLO_SUCCESS;
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_CLIENT_HELLO_ERROR;
}

static void
log_key(const SSL *ssl, const char *line)
{
    const apple_tls_context_t *context = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    g_autofree char *text = g_strdup_printf("%s\n", line);

    if (context->keylog >= 0 && write(context->keylog, text, strlen(text)) < 0)
        g_printerr("apple: the key log cannot be written: %s\n", g_strerror(errno));
}

apple_tls_context_t *
apple_tls_context_new(const char *keylog, GError **error)
{
    apple_tls_context_t *context = g_new0(apple_tls_context_t, 1);

    context->keylog = keylog ? open(keylog, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
    context->ctx = SSL_CTX_new(TLS_server_method());
    if (!context->ctx || (keylog && context->keylog < 0)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot set up TLS, or open '%s'",
                    keylog ? keylog : "-");
        apple_tls_context_free(context);
        return NULL;
    }
    SSL_CTX_set_app_data(context->ctx, context);
    SSL_CTX_set_client_hello_cb(context->ctx, client_hello, NULL);
    SSL_CTX_set_keylog_callback(context->ctx, log_key);
    SSL_CTX_set_options(context->ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
    /* Every session is to show its certificate: none is taken up again. */
    SSL_CTX_set_session_cache_mode(context->ctx, SSL_SESS_CACHE_OFF);
    return context;
}

void
apple_tls_context_free(apple_tls_context_t *context)
{
    if (!context)
        return;
    if (context->keylog >= 0)
        close(context->keylog);
    SSL_CTX_free(context->ctx);
    g_free(context);
}

apple_tls_t *
apple_tls_new(apple_tls_context_t *context, apple_tls_hello_t hello, void *user)
{
    apple_tls_t *tls = g_new0(apple_tls_t, 1);

    tls->ssl = SSL_new(context->ctx);
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    if (!tls->ssl || !tls->in || !tls->out)
        g_error("out of memory");
    tls->hello = hello;
    tls->user = user;
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    SSL_set_app_data(tls->ssl, tls);
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void
apple_tls_free(apple_tls_t *tls)
{
    if (!tls)
        return;
    SSL_free(tls->ssl);
    g_free(tls);
}

static void
drain(apple_tls_t *tls, GByteArray *cipher)
{
    char *data = NULL;
    long n = BIO_get_mem_data(tls->out, &data);

    if (n > 0)
        g_byte_array_append(cipher, (const guint8 *)data, (guint)n);
    (void)BIO_reset(tls->out);
}

static apple_tls_result_t
result_of(apple_tls_t *tls, int n)
{
    if (tls->stopped)
        return APPLE_TLS_STOPPED;
    switch (SSL_get_error(tls->ssl, n)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return APPLE_TLS_GOES_ON;
    case SSL_ERROR_ZERO_RETURN:
        return APPLE_TLS_ENDED;
    default:
        return APPLE_TLS_FAILED;
    }
}

apple_tls_result_t
apple_tls_feed(apple_tls_t *tls, const guint8 *data, gsize length, GByteArray *plain,
               GByteArray *cipher)
{
    guint8 text[16384];
    int n;

    if (tls->stopped)
        return APPLE_TLS_STOPPED;
    ERR_clear_error();
    (void)BIO_write(tls->in, data, (int)MIN(length, G_MAXINT));
    if (!tls->ready) {
        n = SSL_do_handshake(tls->ssl);
        drain(tls, cipher);
        if (n != 1)
            return result_of(tls, n);
        tls->ready = true;
    }
    while ((n = SSL_read(tls->ssl, text, sizeof text)) > 0)
        g_byte_array_append(plain, text, (guint)n);
    drain(tls, cipher);
    return result_of(tls, n);
}

void
apple_tls_write(apple_tls_t *tls, const void *data, gsize length, GByteArray *cipher)
{
    const char *p = data;

    ERR_clear_error();
    while (tls->ready && length > 0) {
        int n = SSL_write(tls->ssl, p, (int)MIN(length, 1 << 20));

        if (n <= 0)
            break;
        p += n;
        length -= (gsize)n;
    }
    drain(tls, cipher);
}

void
apple_tls_close(apple_tls_t *tls, GByteArray *cipher)
{
    ERR_clear_error();
    if (tls->ready)
        (void)SSL_shutdown(tls->ssl);
    drain(tls, cipher);
}
