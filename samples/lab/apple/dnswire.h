/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * DNS messages (RFC 1035): questions read, answers written. Allocates nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    APPLE_DNS_NAME_MAX = 255,
    APPLE_DNS_UDP_MAX = 512,
    APPLE_DNS_A = 1,
    APPLE_DNS_CNAME = 5,
    APPLE_DNS_AAAA = 28,
    APPLE_DNS_NOERROR = 0,
    APPLE_DNS_FORMERR = 1,
    APPLE_DNS_SERVFAIL = 2,
    APPLE_DNS_NXDOMAIN = 3,
    APPLE_DNS_NOTIMP = 4,
    APPLE_DNS_REFUSED = 5
};

typedef struct {
    uint16_t id, flags, type, class;
    char name[APPLE_DNS_NAME_MAX + 1]; /* lower case, no dot at the end */
    const uint8_t *question;           /* its bytes, in the message */
    size_t question_length;
} apple_dns_query_t;

typedef struct {
    uint8_t rcode;
    const char *alias;  /* a CNAME to it comes first */
    uint32_t address;   /* host order */
    bool has_address;   /* an A record ends the answer */
    bool has_authority; /* a SOA record says who knows that there is no more */
} apple_dns_answer_t;

/* False for what deserves no answer at all: too short, itself an answer, no whole question. */
bool apple_dns_parse(const uint8_t *message, size_t length, apple_dns_query_t *ret_query);

/* Writes the answer into `out`, at most APPLE_DNS_UDP_MAX bytes; the number written. */
size_t apple_dns_write(const apple_dns_query_t *query, const apple_dns_answer_t *answer,
                       uint8_t out[APPLE_DNS_UDP_MAX]);
