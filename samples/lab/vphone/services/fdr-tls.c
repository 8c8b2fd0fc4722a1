/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The TLS end of a tunnel. TLS 1.2 at most, as a ramdisk's certificate check is to be seen on the
 * wire: an alert in TLS 1.3 would be hidden. */
#include "samples/lab/vphone/services/fdr-tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>

#define TRUSTED_ORGANIZATION "Apple Inc."

enum { ANSWER_MAX = 65536, PIECE = 4096 };

struct lab_tls {
    SSL_CTX *context;
    SSL *ssl;
    BIO *in, *out; /* owned by `ssl` */
    char *host;
    bool asked;
    bool mistrusts;
    GString *answer;
    const char *failure;
};

static int index_of_self = -1;

/* The issuer's organization must be the one; dates, names and chains are not looked at. */
static int
check_issuer(int ok, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    lab_tls_t *tls = SSL_get_ex_data(ssl, index_of_self);
    X509 *leaf = X509_STORE_CTX_get0_cert(store);
    char text[128] = "";

    (void)ok;
    if (X509_NAME_get_text_by_NID(X509_get_issuer_name(leaf), NID_organizationName, text,
                                  sizeof text) > 0 &&
        strcmp(text, TRUSTED_ORGANIZATION) == 0)
        return 1;
    tls->mistrusts = true;
    X509_STORE_CTX_set_error(store, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    return 0;
}

lab_tls_t *
lab_tls_new(const char *host)
{
    lab_tls_t *tls = g_new0(lab_tls_t, 1);

    if (index_of_self < 0)
        index_of_self = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    tls->host = g_strdup(host);
    tls->answer = g_string_new(NULL);
    tls->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, check_issuer);
    tls->ssl = SSL_new(tls->context);
    SSL_set_ex_data(tls->ssl, index_of_self, tls);
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    SSL_set_tlsext_host_name(tls->ssl, tls->host);
    SSL_set_connect_state(tls->ssl);
    return tls;
}

void
lab_tls_free(lab_tls_t *tls)
{
    if (!tls)
        return;
    SSL_free(tls->ssl);
    SSL_CTX_free(tls->context);
    g_string_free(tls->answer, TRUE);
    g_free(tls->host);
    g_free(tls);
}

static void
ask(lab_tls_t *tls)
{
    static const char body[] = "{\"command\":\"trustobject\",\"protocol\":2}";
    g_autofree char *request = g_strdup_printf("POST /fdrtrustobject HTTP/1.1\r\n"
                                               "Host: %s\r\n"
                                               "Content-Type: application/json\r\n"
                                               "Content-Length: %zu\r\n"
                                               "Connection: close\r\n\r\n%s",
                                               tls->host, sizeof body - 1, body);

    tls->asked = true;
    if (SSL_write(tls->ssl, request, (int)strlen(request)) <= 0)
        tls->failure = "the request could not be sent";
}

/* True when the answer is whole: its header, and as many bytes as that promised. */
static bool
is_whole(const GString *answer)
{
    const char *end = strstr(answer->str, "\r\n\r\n");
    const char *length = strstr(answer->str, "Content-Length:");
    guint64 promised = 0;

    if (!end)
        return false;
    if (length && length < end)
        promised = g_ascii_strtoull(length + strlen("Content-Length:"), NULL, 10);
    return answer->len - (gsize)(end + 4 - answer->str) >= promised;
}

static lab_tls_state_t
read_answer(lab_tls_t *tls)
{
    char piece[PIECE];
    int got;

    while ((got = SSL_read(tls->ssl, piece, sizeof piece)) > 0)
        g_string_append_len(tls->answer, piece, got);
    if (is_whole(tls->answer)) {
        SSL_shutdown(tls->ssl);
        tls->failure =
            g_str_has_prefix(tls->answer->str, "HTTP/1.1 200") ? NULL : "refused by server";
        return tls->failure ? LAB_TLS_FAILED : LAB_TLS_DONE;
    }
    if (SSL_get_error(tls->ssl, got) == SSL_ERROR_WANT_READ && tls->answer->len < ANSWER_MAX)
        return LAB_TLS_GOES_ON;
    tls->failure = "the server's answer broke off";
    return LAB_TLS_FAILED;
}

static lab_tls_state_t
step(lab_tls_t *tls)
{
    if (!SSL_is_init_finished(tls->ssl)) {
        int got = SSL_do_handshake(tls->ssl);

        if (got != 1 && SSL_get_error(tls->ssl, got) == SSL_ERROR_WANT_READ)
            return LAB_TLS_GOES_ON;
        if (got != 1) {
            tls->failure =
                tls->mistrusts ? "certificate of an unknown issuer" : "TLS handshake failed";
            return LAB_TLS_FAILED;
        }
    }
    if (!tls->asked)
        ask(tls);
    return tls->failure ? LAB_TLS_FAILED : read_answer(tls);
}

lab_tls_state_t
lab_tls_feed(lab_tls_t *tls, const uint8_t *data, size_t length, GByteArray *out)
{
    uint8_t piece[PIECE];
    lab_tls_state_t state;
    int got;

    ERR_clear_error();
    if (length > 0)
        BIO_write(tls->in, data, (int)length);
    state = step(tls);
    while ((got = BIO_read(tls->out, piece, sizeof piece)) > 0)
        g_byte_array_append(out, piece, (guint)got);
    return state;
}

const char *
lab_tls_failure(const lab_tls_t *tls)
{
    return tls->failure;
}

bool
lab_tls_mistrusts(const lab_tls_t *tls)
{
    return tls->mistrusts;
}
