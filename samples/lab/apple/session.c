/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sessions. The proxy opens no connection of its own: behind it, the session becomes one with the
 * site that is asked for, so that marks name frames of the client's connection. */
#include "samples/lab/apple/session.h"

#include <string.h>

#include "samples/lab/apple/conn.h"
#include "samples/lab/apple/download.h"
#include "samples/lab/apple/hello.h"
#include "samples/lab/apple/httpwire.h"
#include "samples/lab/apple/orders.h"
#include "samples/lab/apple/sites.h"

typedef struct {
    const apple_world_t *world;
    apple_conn_t *conn;
    apple_place_t place; /* after CONNECT: the one behind the proxy */
    apple_http_request_t request;
    apple_place_t asked; /* by this request */
    GByteArray *body;
    apple_tss_request_t *tss; /* of the body, for the signing server */
    apple_answer_order_t order;
    apple_download_t *download;
    guint wait;          /* source */
    bool is_busy;        /* with a request, or for ever */
    bool was_encouraged; /* "100 Continue" was said */
} session_t;

static void serve_input(session_t *s);
static void take_order(session_t *s);

static void
forget_request(session_t *s)
{
    g_clear_pointer(&s->body, g_byte_array_unref);
    g_clear_pointer(&s->tss, apple_tss_request_free);
    g_clear_pointer(&s->download, apple_download_free);
}

/* The answer was said. */
static void
finish(session_t *s)
{
    bool keep_alive = s->request.keep_alive;

    forget_request(s);
    if (keep_alive)
        s->is_busy = false;
    else
        apple_conn_close(s->conn);
}

static void
send_reply(session_t *s, const apple_reply_t *reply)
{
    guint length = reply->content ? reply->content->len : 0;
    g_autoptr(GString) text = apple_reply_head(reply, length, s->request.keep_alive);

    if (length > 0 && strcmp(s->request.method, "HEAD") != 0)
        g_string_append_len(text, (const char *)reply->content->data, length);
    apple_conn_send(s->conn, text->str, text->len);
    finish(s);
}

/* ---- The proxy ---- */

static void
open_tunnel(session_t *s, const apple_place_t *target)
{
    static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    bool is_tls = s->request.port == 443;

    apple_conn_send(s->conn, established, strlen(established));
    s->place = *target;
    forget_request(s);
    s->is_busy = false;
    if (is_tls)
        apple_conn_start_tls(s->conn, s->world->tls);
}

static void
forward(session_t *s)
{
    bool is_connect = strcmp(s->request.method, "CONNECT") == 0;
    unsigned port = s->request.port ? s->request.port : 80;
    g_autoptr(apple_reply_t) reply = NULL;
    apple_place_t target;

    if (!s->request.absolute) {
        reply = apple_reply_page(400, "400 Bad Request", "This is a proxy.");
    } else if (!apple_place_find(s->request.host, &target) || target.site == APPLE_SITE_PROXY ||
               (port != 80 && port != 443) ||
               !apple_order_listens(s->world->settings, target.site, port)) {
        reply = apple_reply_page(502, "502 Bad Gateway", "There is no way to that server.");
    }
    if (reply) {
        send_reply(s, reply);
    } else if (is_connect) {
        open_tunnel(s, &target);
    } else {
        s->asked = target;
        take_order(s);
    }
}

/* ---- Answers ---- */

static void
start_download(session_t *s)
{
    g_autoptr(apple_reply_t) missing = NULL;

    s->download = apple_download_new(s->world->firmware, &s->request);
    if (s->download) {
        apple_download_start(s->download, s->conn);
        return;
    }
    /* The page that tells a computer that it is online. */
    missing = strcmp(s->request.host, "captive.apple.com") == 0
                  ? apple_reply_page(200, "Success", "")
                  : apple_reply_page(404, "404 Not Found", "There is no such file.");
    send_reply(s, missing);
}

static void
reply_well(session_t *s)
{
    g_autoptr(apple_reply_t) reply = NULL;

    if (s->asked.site == APPLE_SITE_PROXY) {
        forward(s);
    } else if (s->asked.site == APPLE_SITE_DOWNLOAD) {
        start_download(s);
    } else {
        reply = apple_site_reply(s->world, s->asked.site, &s->request, s->tss);
        send_reply(s, reply);
    }
}

static void
reply_as_ordered(session_t *s, const char *fault, const char *what)
{
    g_autoptr(apple_reply_t) reply = apple_reply_to_order(&s->order.answer);

    if (fault)
        apple_conn_mark_next(s->conn, fault, what);
    send_reply(s, reply);
}

static char *
describe(const apple_answer_t *answer)
{
    static const char *const words[] = {
#define X(id, word, number) word,
        APPLE_ANSWERS(X)
#undef X
    };
    return answer->number ? g_strdup_printf("answer: %s %u", words[answer->kind], answer->number)
                          : g_strdup_printf("answer: %s", words[answer->kind]);
}

static void
perform(session_t *s)
{
    const char *fault = *s->order.fault ? s->order.fault : NULL;
    g_autofree char *what = describe(&s->order.answer);

    switch (s->order.answer.kind) {
    case APPLE_ANSWER_OK:
        reply_well(s);
        break;
    case APPLE_ANSWER_SILENT:
        if (fault)
            apple_conn_mark_request(s->conn, fault, what);
        apple_conn_deafen(s->conn);
        break;
    case APPLE_ANSWER_RESET:
        if (fault)
            apple_conn_mark_reset(s->conn, fault, what);
        apple_conn_reset(s->conn);
        break;
    case APPLE_ANSWER_CLOSE:
        if (fault)
            apple_conn_mark_close(s->conn, fault, what);
        apple_conn_close(s->conn);
        break;
    default:
        reply_as_ordered(s, fault, what);
        break;
    }
}

static gboolean
waited(gpointer data)
{
    session_t *s = data;

    s->wait = 0;
    perform(s);
    serve_input(s);
    return G_SOURCE_REMOVE;
}

/* ---- Requests ---- */

/* Asks for the order for the request, and carries it out when its delay is over. */
static void
take_order(session_t *s)
{
    bool is_signing = apple_is_signing_request(&s->request);

    s->order = (apple_answer_order_t){ .answer.kind = APPLE_ANSWER_OK };
    if (s->asked.site == APPLE_SITE_FOREIGN) {
        s->order.answer = apple_order_in_path(s->request.path);
    } else if (s->asked.site != APPLE_SITE_SIGNING) {
        s->order = apple_order_answer(s->world->settings, s->asked.site, "");
    } else if (is_signing) {
        s->tss = apple_tss_request_new(s->body->data, s->body->len);
        s->order = apple_order_answer(s->world->settings, s->asked.site,
                                      s->tss ? apple_tss_request_kind(s->tss) : "");
    }
    if (s->order.answer.delay_ms > 0)
        s->wait = g_timeout_add(s->order.answer.delay_ms, waited, s);
    else
        perform(s);
}

static void
begin(session_t *s)
{
    GByteArray *in = apple_conn_input(s->conn);
    gsize length = s->request.head_length + s->request.body_length;

    s->is_busy = true;
    s->was_encouraged = false;
    s->body = g_byte_array_new();
    if (s->request.body_length > 0)
        g_byte_array_append(s->body, in->data + s->request.head_length,
                            (guint)s->request.body_length);
    g_byte_array_remove_range(in, 0, (guint)length);
    s->asked = s->place.site == APPLE_SITE_PROXY
                   ? s->place
                   : apple_place_at(s->place.address, s->request.host);
    g_printerr("apple: %s %s%s for the %s server\n", s->request.method, s->request.host,
               s->request.path, apple_site_group(s->asked.site));
    take_order(s);
}

static void
reject(session_t *s)
{
    g_autoptr(apple_reply_t) reply = apple_reply_page(400, "400 Bad Request", "");

    s->is_busy = true;
    s->request = (apple_http_request_t){ 0 };
    send_reply(s, reply);
}

static void
serve_input(session_t *s)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

    while (!s->is_busy) {
        const GByteArray *in = apple_conn_input(s->conn);

        if (in->len == 0)
            return;
        switch (apple_http_parse(in->data, in->len, &s->request)) {
        case APPLE_HTTP_OK:
            begin(s);
            break;
        case APPLE_HTTP_BAD:
            reject(s);
            break;
        case APPLE_HTTP_CONTINUE:
            if (!s->was_encouraged)
                apple_conn_send(s->conn, go_on, strlen(go_on));
            s->was_encouraged = true;
            return;
        case APPLE_HTTP_SHORT:
            return;
        }
    }
}

/* ---- The ops of the connection ---- */

static void
received(void *self)
{
    serve_input(self);
}

static void
drained(void *self)
{
    session_t *s = self;

    if (!s->download || apple_download_go_on(s->download, s->conn))
        return;
    finish(s);
    serve_input(s);
}

static void
closed(void *self)
{
    session_t *s = self;

    if (s->wait)
        g_source_remove(s->wait);
    forget_request(s);
    g_free(s);
}

static const apple_credentials_t *
hello(void *self, const char *name, bool *tls12)
{
    session_t *s = self;

    s->place = apple_place_at(s->place.address, name);
    g_printerr("apple: ClientHello for '%s' at the %s server\n", name,
               apple_site_group(s->place.site));
    return apple_hello_answer(s->world, s->conn, &s->place, name, tls12);
}

void
apple_session_serve(const apple_world_t *world, int fd, unsigned port)
{
    static const apple_conn_ops_t ops = { received, drained, hello, closed };
    session_t *s = g_new0(session_t, 1);

    s->world = world;
    s->conn = apple_conn_new(fd, world->marks);
    s->place = apple_place_at(apple_conn_local(s->conn), "");
    apple_conn_serve(s->conn, &ops, s);
    if (port == 443)
        apple_conn_start_tls(s->conn, world->tls);
}
