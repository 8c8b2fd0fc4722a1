/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * DNS on the wire; layout and codes from RFC 1035, section 4. */
#include "samples/lab/apple/dnswire.h"

#include <glib.h>
#include <string.h>

enum { HEADER = 12, LABEL_MAX = 63, FLAG_RESPONSE = 0x8000, TTL_S = 20, SOA = 6, CLASS_IN = 1 };

static uint16_t
be16(const uint8_t *p)
{
    return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

/* A name without compression (a question has nothing to point back to). The bytes used, 0 when it
 * is no name. */
static size_t
read_name(const uint8_t *p, size_t length, char name[APPLE_DNS_NAME_MAX + 1])
{
    size_t at = 0, used = 0;

    while (at < length && p[at] != 0) {
        size_t label = p[at++];

        if (label > LABEL_MAX || label > length - at || used + label + 1 > APPLE_DNS_NAME_MAX)
            return 0;
        if (used > 0)
            name[used++] = '.';
        for (size_t i = 0; i < label; i++) {
            char c = (char)p[at + i];

            name[used++] = g_ascii_isgraph(c) ? g_ascii_tolower(c) : '?';
        }
        at += label;
    }
    name[used] = '\0';
    return at < length ? at + 1 : 0;
}

bool
apple_dns_parse(const uint8_t *message, size_t length, apple_dns_query_t *ret_query)
{
    apple_dns_query_t q = { 0 };
    size_t n;

    if (length < HEADER)
        return false;
    q.id = be16(message);
    q.flags = be16(message + 2);
    if ((q.flags & FLAG_RESPONSE) || be16(message + 4) != 1)
        return false;
    n = read_name(message + HEADER, length - HEADER, q.name);
    if (n == 0 || length - HEADER - n < 4)
        return false;
    q.type = be16(message + HEADER + n);
    q.class = be16(message + HEADER + n + 2);
    q.question = message + HEADER;
    q.question_length = n + 4;
    *ret_query = q;
    return true;
}

typedef struct {
    uint8_t *out;
    size_t length;
    bool full;
} writer_t;

static void
put(writer_t *w, const void *bytes, size_t n)
{
    if (w->full || n > APPLE_DNS_UDP_MAX - w->length) {
        w->full = true;
        return;
    }
    memcpy(w->out + w->length, bytes, n);
    w->length += n;
}

static void
put16(writer_t *w, unsigned value)
{
    uint8_t b[2] = { (uint8_t)(value >> 8), (uint8_t)value };

    put(w, b, sizeof b);
}

static void
put32(writer_t *w, uint32_t value)
{
    put16(w, value >> 16);
    put16(w, value & 0xffff);
}

static void
put_name(writer_t *w, const char *name)
{
    while (*name) {
        size_t n = strcspn(name, ".");
        uint8_t label = (uint8_t)MIN(n, LABEL_MAX);

        put(w, &label, 1);
        put(w, name, label);
        name += n + (name[n] == '.');
    }
    put(w, "", 1);
}

/* Owner, type, class, time to live. The owner points back into the message. */
static void
put_record(writer_t *w, size_t owner, unsigned type)
{
    put16(w, 0xc000 | (unsigned)owner);
    put16(w, type);
    put16(w, CLASS_IN);
    put32(w, TTL_S);
}

/* The two bytes in front of what was written since `start` say how much that is. */
static void
set_length(writer_t *w, size_t start)
{
    size_t n = w->length - start;

    if (w->full)
        return;
    w->out[start - 2] = (uint8_t)(n >> 8);
    w->out[start - 1] = (uint8_t)n;
}

static void
put_authority(writer_t *w)
{
    static const uint32_t times[] = { 2010100429, 1800, 900, 2592000, 1800 };
    size_t start;

    put_record(w, HEADER, SOA);
    put16(w, 0);
    start = w->length;
    put_name(w, "ns.lab.example");
    put_name(w, "hostmaster.lab.example");
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
        put32(w, times[i]);
    set_length(w, start);
}

static void
put_header(writer_t *w, const apple_dns_query_t *query, const apple_dns_answer_t *answer)
{
    put16(w, query->id);
    /* Opcode and "recursion desired" as asked; recursion is available. */
    put16(w, FLAG_RESPONSE | (query->flags & 0x7900u) | 0x0080u | (answer->rcode & 15u));
    put16(w, 1);
    put16(w, (answer->alias != NULL) + (unsigned)answer->has_address);
    put16(w, answer->has_authority);
    put16(w, 0);
    put(w, query->question, query->question_length);
}

size_t
apple_dns_write(const apple_dns_query_t *query, const apple_dns_answer_t *answer,
                uint8_t out[APPLE_DNS_UDP_MAX])
{
    writer_t w = { .out = out };
    size_t owner = HEADER;

    put_header(&w, query, answer);
    if (answer->alias) {
        put_record(&w, owner, APPLE_DNS_CNAME);
        put16(&w, 0);
        owner = w.length;
        put_name(&w, answer->alias);
        set_length(&w, owner);
    }
    if (answer->has_address) {
        put_record(&w, owner, APPLE_DNS_A);
        put16(&w, 4);
        put32(&w, answer->address);
    }
    if (answer->has_authority)
        put_authority(&w);
    return w.length;
}
