/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See net.h. Checksums of IPv4 are right; those of UDP and TCP are left out (0), which Wireshark
 * does not check unless asked to. */
#include "tests/lib/makecap/net.h"

#include <arpa/inet.h>

#include "tests/lib/makecap/bytes.h"

enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, FIN = 0x01, SYN = 0x02, RST = 0x04, ACK = 0x10 };
enum { PIECE_MAX = 1400 };
#define HOST 0xc0a80102U  /* 192.168.1.2 */
#define NAMES 0xc0a80101U /* 192.168.1.1, the name server */

struct connection {
    guint32 server;
    gboolean is_ipv6;
    struct in6_addr server6;
    guint16 host_port, server_port;
    guint32 sent[2]; /* sequence numbers; [1]: the host's */
};

struct net {
    pcapng *file;
    guint16 next_port, next_query;
    GHashTable *connections; /* name -> struct connection * */
};

net *
net_new(pcapng *file)
{
    net *n = g_new0(net, 1);

    n->file = file;
    n->next_port = 40000;
    n->connections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return n;
}

void
net_free(net *n)
{
    if (!n)
        return;
    g_hash_table_unref(n->connections);
    g_free(n);
}

static guint16
ip_checksum(const guint8 *header)
{
    guint32 sum = 0;

    for (guint i = 0; i < 20; i += 2)
        sum += (guint32)header[i] << 8 | header[i + 1];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (guint16)~sum;
}

static void
put_packet(net *n, guint32 from, guint32 to, guint protocol, const GByteArray *payload)
{
    static const guint8 ethernet[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0 };
    g_autoptr(GByteArray) out = g_byte_array_new();
    guint16 checksum;

    put_bytes(out, ethernet, sizeof ethernet);
    put_be16(out, 0x4500);
    put_be16(out, 20 + payload->len);
    put_be32(out, 0x00014000); /* do not fragment */
    put_8(out, 64);
    put_8(out, protocol);
    put_be16(out, 0);
    put_be32(out, from);
    put_be32(out, to);
    checksum = ip_checksum(out->data + sizeof ethernet);
    out->data[sizeof ethernet + 10] = (guint8)(checksum >> 8);
    out->data[sizeof ethernet + 11] = (guint8)checksum;
    put_bytes(out, payload->data, payload->len);
    pcapng_frame(n->file, INTERFACE_NET, out);
}

/* The host's address is fe80::1 here: only link-local traffic is made of it. */
static void
put_packet6(net *n, const struct in6_addr *server, gboolean from_host, const GByteArray *payload)
{
    static const guint8 ethernet[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xdd };
    static const struct in6_addr host = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };
    g_autoptr(GByteArray) out = g_byte_array_new();

    put_bytes(out, ethernet, sizeof ethernet);
    put_be32(out, 0x60000000);
    put_be16(out, payload->len);
    put_8(out, PROTOCOL_TCP);
    put_8(out, 64);
    put_bytes(out, from_host ? &host : server, sizeof host);
    put_bytes(out, from_host ? server : &host, sizeof host);
    put_bytes(out, payload->data, payload->len);
    pcapng_frame(n->file, INTERFACE_NET, out);
}

static void
put_name(GByteArray *out, const char *name)
{
    g_auto(GStrv) labels = g_strsplit(name, ".", -1);

    for (char **label = labels; *label; label++) {
        put_8(out, (guint)strlen(*label));
        put_bytes(out, *label, strlen(*label));
    }
    put_8(out, 0);
}

static void
put_dns(net *n, const char *name, gboolean is_answer, const char *answer)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(GByteArray) udp = g_byte_array_new();
    gboolean is_address = answer && strcmp(answer, "nxdomain") != 0;

    put_be16(out, n->next_query);
    put_be16(out, is_answer ? (is_address ? 0x8180 : 0x8183) : 0x0100);
    put_be16(out, 1);
    put_be16(out, is_answer && is_address ? 1 : 0);
    put_be32(out, 0);
    put_name(out, name);
    put_be32(out, 0x00010001); /* A, IN */
    if (is_answer && is_address) {
        put_be16(out, 0xc00c); /* the name above */
        put_be32(out, 0x00010001);
        put_be32(out, 60);
        put_be16(out, 4);
        put_be32(out, ntohl(inet_addr(answer)));
    }
    put_be16(udp, is_answer ? 53 : 33333);
    put_be16(udp, is_answer ? 33333 : 53);
    put_be16(udp, 8 + out->len);
    put_be16(udp, 0);
    put_bytes(udp, out->data, out->len);
    put_packet(n, is_answer ? NAMES : HOST, is_answer ? HOST : NAMES, PROTOCOL_UDP, udp);
}

void
net_dns(net *n, const char *name, const char *answer)
{
    n->next_query++;
    put_dns(n, name, FALSE, NULL);
    if (answer)
        put_dns(n, name, TRUE, answer);
}

static void
segment(net *n, struct connection *c, gboolean from_host, guint flags, const void *data,
        guint length)
{
    g_autoptr(GByteArray) out = g_byte_array_new();

    put_be16(out, from_host ? c->host_port : c->server_port);
    put_be16(out, from_host ? c->server_port : c->host_port);
    put_be32(out, c->sent[from_host]);
    put_be32(out, flags & ACK ? c->sent[!from_host] : 0);
    put_8(out, 0x50);
    put_8(out, flags);
    put_be16(out, 0xffff);
    put_be32(out, 0);
    put_bytes(out, data, length);
    if (c->is_ipv6)
        put_packet6(n, &c->server6, from_host, out);
    else
        put_packet(n, from_host ? HOST : c->server, from_host ? c->server : HOST, PROTOCOL_TCP,
                   out);
    c->sent[from_host] += length + (flags & (SYN | FIN) ? 1 : 0);
}

static struct connection *
new_connection(net *n, const char *address, guint16 port)
{
    struct in_addr parsed = { 0 };
    struct in6_addr parsed6 = { 0 };
    gboolean is_ipv6 = inet_pton(AF_INET6, address, &parsed6) == 1;
    struct connection *c;

    if (!is_ipv6 && inet_aton(address, &parsed) == 0)
        return NULL;
    c = g_new0(struct connection, 1);
    c->is_ipv6 = is_ipv6;
    c->server6 = parsed6;
    c->server = ntohl(parsed.s_addr);
    c->server_port = port;
    c->host_port = n->next_port++;
    return c;
}

gboolean
net_syn(net *n, const char *address, guint16 port)
{
    g_autofree struct connection *c = new_connection(n, address, port);

    if (c)
        segment(n, c, TRUE, SYN, NULL, 0);
    return c != NULL;
}

gboolean
net_refuse(net *n, const char *address, guint16 port)
{
    g_autofree struct connection *c = new_connection(n, address, port);

    if (!c)
        return FALSE;
    segment(n, c, TRUE, SYN, NULL, 0);
    segment(n, c, FALSE, RST | ACK, NULL, 0);
    return TRUE;
}

gboolean
net_connect(net *n, const char *name, const char *address, guint16 port)
{
    struct connection *c = new_connection(n, address, port);

    if (!c)
        return FALSE;
    segment(n, c, TRUE, SYN, NULL, 0);
    segment(n, c, FALSE, SYN | ACK, NULL, 0);
    segment(n, c, TRUE, ACK, NULL, 0);
    g_hash_table_replace(n->connections, g_strdup(name), c);
    return TRUE;
}

gboolean
net_send(net *n, const char *name, gboolean from_host, const GByteArray *data)
{
    struct connection *c = g_hash_table_lookup(n->connections, name);

    if (!c)
        return FALSE;
    for (guint done = 0; done < data->len; done += PIECE_MAX)
        segment(n, c, from_host, ACK, data->data + done, MIN(data->len - done, PIECE_MAX));
    segment(n, c, !from_host, ACK, NULL, 0);
    return TRUE;
}

gboolean
net_end(net *n, const char *name)
{
    struct connection *c = g_hash_table_lookup(n->connections, name);

    if (!c)
        return FALSE;
    segment(n, c, TRUE, FIN | ACK, NULL, 0);
    segment(n, c, FALSE, FIN | ACK, NULL, 0);
    segment(n, c, TRUE, ACK, NULL, 0);
    return TRUE;
}
