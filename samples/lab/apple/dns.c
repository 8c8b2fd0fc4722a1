/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The name server: knows the names of names.c, and does to them what the scenario says. */
#include "samples/lab/apple/dns.h"

#include <arpa/inet.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "samples/lab/apple/dnswire.h"
#include "samples/lab/apple/names.h"

/* What a question came with. */
typedef struct {
    const char *protocol; /* "udp", "tcp" */
    unsigned port;
} asker_t;

static const struct {
    const char *word;
    uint8_t rcode;
} failures[] = { { "nxdomain", APPLE_DNS_NXDOMAIN },
                 { "servfail", APPLE_DNS_SERVFAIL },
                 { "refused", APPLE_DNS_REFUSED } };

static bool
is_faulty(const apple_dns_t *dns, const char *name)
{
    const apple_name_t *known = apple_name_find(name);

    if (strcmp(apple_settings_get(dns->settings, "network", "dns_names", "signing"), "all") == 0)
        return true;
    return known && known->site == APPLE_SITE_SIGNING;
}

static void
mark(const apple_dns_t *dns, const apple_dns_query_t *q, const asker_t *asker, bool response,
     const char *what)
{
    g_autofree char *filter =
        g_strdup_printf("dns.id == 0x%04x && %s.port == %u && dns.flags.response == %d", q->id,
                        asker->protocol, asker->port, response);

    lab_mark(dns->marks, "network.dns", what, filter, 5, 60);
}

/* The answer of a name server in order. */
static apple_dns_answer_t
honest(const apple_dns_query_t *q)
{
    const apple_name_t *name = apple_name_find(q->name);
    apple_dns_answer_t a = { .rcode = name ? APPLE_DNS_NOERROR : APPLE_DNS_NXDOMAIN };
    struct in_addr address;

    if (name && (q->type == APPLE_DNS_A || q->type == APPLE_DNS_AAAA || q->type == APPLE_DNS_CNAME))
        a.alias = name->alias;
    if (name && q->type == APPLE_DNS_A && inet_pton(AF_INET, apple_name_address(name), &address)) {
        a.has_address = true;
        a.address = ntohl(address.s_addr);
    }
    a.has_authority = !a.has_address && !(a.alias && q->type == APPLE_DNS_CNAME);
    return a;
}

/* Puts the fault into `a`; false when the answer is none. */
static bool
spoil(const apple_dns_t *dns, const apple_dns_query_t *q, const asker_t *asker,
      apple_dns_answer_t *a)
{
    const char *word = apple_settings_get(dns->settings, "network", "dns", "ok");
    struct in_addr address;

    if (strcmp(word, "ok") == 0 || !is_faulty(dns, q->name))
        return true;
    if (strcmp(word, "silent") == 0) {
        mark(dns, q, asker, false, "the name server is silent");
        return false;
    }
    *a = (apple_dns_answer_t){ 0 };
    for (size_t i = 0; i < G_N_ELEMENTS(failures); i++)
        if (strcmp(word, failures[i].word) == 0)
            a->rcode = failures[i].rcode;
    a->has_authority = a->rcode == APPLE_DNS_NXDOMAIN || a->rcode == APPLE_DNS_NOERROR;
    if (g_str_has_prefix(word, "address ") && q->type == APPLE_DNS_A &&
        inet_pton(AF_INET, word + strlen("address "), &address) == 1) {
        a->has_address = true;
        a->address = ntohl(address.s_addr);
        a->has_authority = false;
    }
    if (!g_str_has_prefix(word, "address ") || a->has_address)
        mark(dns, q, asker, true, word);
    return true;
}

static size_t
reply(const apple_dns_t *dns, const uint8_t *message, size_t length, const asker_t *asker,
      uint8_t out[APPLE_DNS_UDP_MAX])
{
    apple_dns_query_t q;
    apple_dns_answer_t a;

    if (!apple_dns_parse(message, length, &q))
        return 0;
    if ((q.flags & 0x7800) != 0) { /* no standard query */
        a = (apple_dns_answer_t){ .rcode = APPLE_DNS_NOTIMP };
    } else {
        a = honest(&q);
        if (!spoil(dns, &q, asker, &a))
            return 0;
    }
    return apple_dns_write(&q, &a, out);
}

static gboolean
datagram(gint fd, GIOCondition condition, gpointer data)
{
    const apple_dns_t *dns = data;
    uint8_t message[2048], out[APPLE_DNS_UDP_MAX];
    struct sockaddr_in peer = { 0 };
    socklen_t peer_length = sizeof peer;
    ssize_t n = recvfrom(fd, message, sizeof message, 0, (struct sockaddr *)&peer, &peer_length);
    asker_t asker = { "udp", ntohs(peer.sin_port) };
    size_t length;

    (void)condition;
    if (n <= 0)
        return G_SOURCE_CONTINUE;
    length = reply(dns, message, (size_t)n, &asker, out);
    if (length > 0)
        (void)sendto(fd, out, length, 0, (struct sockaddr *)&peer, peer_length);
    return G_SOURCE_CONTINUE;
}

void
apple_dns_serve_udp(apple_dns_t *dns, int fd)
{
    g_unix_fd_add(fd, G_IO_IN, datagram, dns);
}

/* ---- TCP: a length of two bytes before each message ---- */

typedef struct {
    apple_dns_t *dns;
    apple_conn_t *conn;
    asker_t asker;
} stream_t;

static void
stream_received(void *self)
{
    stream_t *s = self;
    GByteArray *in = apple_conn_input(s->conn);

    while (in->len >= 2) {
        guint n = (guint)in->data[0] << 8 | in->data[1];
        uint8_t out[2 + APPLE_DNS_UDP_MAX];
        size_t length;

        if (in->len - 2 < n)
            return;
        length = reply(s->dns, in->data + 2, n, &s->asker, out + 2);
        out[0] = (uint8_t)(length >> 8);
        out[1] = (uint8_t)length;
        if (length > 0)
            apple_conn_send(s->conn, out, length + 2);
        g_byte_array_remove_range(in, 0, n + 2);
    }
}

static void
stream_drained(void *self)
{
    (void)self;
}

void
apple_dns_serve_tcp(apple_dns_t *dns, int fd)
{
    static const apple_conn_ops_t ops = { stream_received, stream_drained, NULL, g_free };
    stream_t *s = g_new0(stream_t, 1);
    struct sockaddr_in peer = { 0 };
    socklen_t length = sizeof peer;

    (void)getpeername(fd, (struct sockaddr *)&peer, &length);
    s->dns = dns;
    s->asker = (asker_t){ "tcp", ntohs(peer.sin_port) };
    s->conn = apple_conn_new(fd, dns->marks);
    apple_conn_serve(s->conn, &ops, s);
}
