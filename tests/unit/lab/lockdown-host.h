/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A host in memory that asks lockdownd, and stand-ins for the stream, the mux and the phone below
 * it. Of test_lockdownd.c only: it defines these functions. */
#pragma once

#include <openssl/ssl.h>
#include <string.h>

#include "samples/lab/vphone/services/data.h"
#include "samples/lab/vphone/services/lockdownd.h"

/* ---- stand-ins ---- */

struct lab_phone {
    lab_identity_t id;
    const char *trusted, *locked;
    bool left;
    lab_mode_t mode;
    unsigned leave_ms, return_ms;
};

struct lab_stream {
    GByteArray *out; /* what the phone said */
    bool reset;
    const char *strikes; /* detail at which the fault does */
    lab_act_t act;
    GString *marks;
};

static lab_phone_t phone;
static lab_stream_t stream;
static uint16_t listening;
static const lab_service_t *listener;
static void *listener_user, *services_data;

lab_identity_t *
lab_phone_identity(lab_phone_t *p)
{
    return &p->id;
}

const char *
lab_phone_config(const lab_phone_t *p, const char *key, const char *fallback)
{
    const char *value = strcmp(key, "trusted") == 0    ? p->trusted
                        : strcmp(key, "locked") == 0   ? p->locked
                        : strcmp(key, "leave_ms") == 0 ? "11"
                                                       : NULL;

    return value ? value : fallback;
}

void
lab_phone_enter_soon(lab_phone_t *p, unsigned leave_ms, lab_mode_t mode, unsigned after_ms)
{
    p->left = true;
    p->mode = mode;
    p->leave_ms = leave_ms;
    p->return_ms = after_ms;
}

void
lab_stream_send(lab_stream_t *s, const void *data, size_t length)
{
    g_byte_array_append(s->out, data, (unsigned)length);
}

void
lab_stream_send_marked(lab_stream_t *s, const void *data, size_t length, const lab_act_t *act,
                       const char *what)
{
    lab_stream_send(s, data, length);
    g_string_append_printf(s->marks, "%s: %s\n", act->name, what);
}

void
lab_stream_mark_request(lab_stream_t *s, const lab_act_t *act, const char *what)
{
    g_string_append_printf(s->marks, "%s: request: %s\n", act->name, what);
}

void
lab_stream_reset(lab_stream_t *s, const char *reason)
{
    (void)reason;
    s->reset = true;
}

lab_action_t
lab_stream_step(lab_stream_t *s, lab_step_t step, const char *detail, lab_act_t *act)
{
    const char *name = step == LAB_STEP_LOCKDOWN_TLS ? "tls" : detail;

    if (!s->strikes || strcmp(s->strikes, name) != 0)
        return LAB_DO_NOTHING;
    *act = s->act;
    return act->action;
}

lab_mux_t *
lab_stream_mux(lab_stream_t *s)
{
    (void)s;
    return NULL;
}

void
lab_mux_listen(lab_mux_t *mux, uint16_t port, const lab_service_t *service, void *user)
{
    (void)mux;
    listening = port;
    listener = service;
    listener_user = user;
}

void
lab_mux_set_services_data(lab_mux_t *mux, void *data, GDestroyNotify free_data)
{
    (void)mux;
    (void)free_data;
    services_data = data;
}

void *
lab_mux_services_data(lab_mux_t *mux)
{
    (void)mux;
    return services_data;
}

/* ---- the host ---- */

typedef struct {
    const lab_service_t *service;
    void *peer;
    SSL_CTX *context; /* NULL: plain */
    SSL *ssl;
    BIO *in, *out;
    plist_t answer; /* the last one */
    lab_plist_link_t *link;
} host_t;

static void
answered(void *self, void *plist)
{
    host_t *host = self;

    plist_free(host->answer);
    host->answer = plist_copy(plist);
}

static void
connect_to(host_t *host, const lab_service_t *service, void *user)
{
    *host = (host_t){ .service = service };
    host->peer = service->opened(&stream, &phone, user);
    host->link = lab_plist_link_new(answered, host);
}

static void
disconnect(host_t *host)
{
    host->service->closed(host->peer);
    lab_plist_link_free(host->link);
    plist_free(host->answer);
    SSL_free(host->ssl);
    SSL_CTX_free(host->context);
}

static void
say(host_t *host, const void *data, size_t length)
{
    host->service->received(host->peer, data, length);
}

/* What TLS wants to say goes to the phone, what the phone said comes back. */
static void
pump(host_t *host)
{
    char *data;
    long n;

    while ((n = BIO_get_mem_data(host->out, &data)) > 0) {
        g_autofree char *copy = g_memdup2(data, (size_t)n);

        (void)BIO_reset(host->out);
        say(host, copy, (size_t)n);
        BIO_write(host->in, stream.out->data, (int)stream.out->len);
        g_byte_array_set_size(stream.out, 0);
        if (!SSL_is_init_finished(host->ssl))
            SSL_do_handshake(host->ssl);
    }
}

static bool
secure(host_t *host)
{
    host->context = SSL_CTX_new(TLS_client_method());
    host->ssl = SSL_new(host->context);
    host->in = BIO_new(BIO_s_mem());
    host->out = BIO_new(BIO_s_mem());
    SSL_set_bio(host->ssl, host->in, host->out);
    SSL_set_connect_state(host->ssl);
    SSL_do_handshake(host->ssl);
    pump(host);
    return SSL_is_init_finished(host->ssl);
}

static void
unsecure(host_t *host)
{
    SSL_shutdown(host->ssl);
    pump(host);
    g_assert_cmpint(SSL_shutdown(host->ssl), ==, 1); /* the phone said it, too */
    g_clear_pointer(&host->ssl, SSL_free);
    g_clear_pointer(&host->context, SSL_CTX_free);
}

static void
hear(host_t *host)
{
    uint8_t piece[8192];
    int n;

    g_clear_pointer(&host->answer, plist_free);
    if (!host->ssl) {
        g_assert_true(lab_plist_link_feed(host->link, stream.out->data, stream.out->len));
        g_byte_array_set_size(stream.out, 0);
        return;
    }
    while ((n = SSL_read(host->ssl, piece, sizeof piece)) > 0)
        g_assert_true(lab_plist_link_feed(host->link, piece, (size_t)n));
}

/* What came back is in host->answer, NULL when nothing did. */
static void
ask_for(host_t *host, plist_t request)
{
    g_autoptr(GBytes) frame = lab_plist_frame(request);
    size_t length;
    const void *data = g_bytes_get_data(frame, &length);

    plist_free(request);
    if (host->ssl) {
        SSL_write(host->ssl, data, (int)length);
        pump(host);
    } else {
        say(host, data, length);
    }
    hear(host);
}

static plist_t
request_of(const char *words)
{
    g_auto(GStrv) all = g_strsplit(words, " ", -1);
    plist_t request = plist_new_dict();

    for (char **word = all; *word; word++)
        g_assert_true(lab_data_put(request, *word, NULL));
    return request;
}

static void
ask(host_t *host, const char *words)
{
    ask_for(host, request_of(words));
}

static void
assert_text(host_t *host, const char *key, const char *expected)
{
    g_autofree char *text = lab_data_text(host->answer, key);

    g_assert_cmpstr(text, ==, expected);
}
