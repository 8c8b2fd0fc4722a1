/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The web servers behind the addresses: who answers for a name, with which certificate, and what is
 * said when no fault is ordered. */
#pragma once

#include "samples/lab/apple/answer.h"
#include "samples/lab/apple/httpwire.h"
#include "samples/lab/apple/names.h"
#include "samples/lab/apple/reply.h"
#include "samples/lab/apple/tss.h"
#include "samples/lab/apple/world.h"

/* Where something listens. */
typedef struct {
    const char *address; /* a constant of names.c */
    apple_site_t site;
} apple_place_t;

/* Who answers at `address` for `host`: some addresses have several names. */
apple_place_t apple_place_at(const char *address, const char *host);
/* The same, found by the name or address `host` alone, as a proxy does. False: nowhere. */
bool apple_place_find(const char *host, apple_place_t *ret_place);

/* The certificate for a client that asked `place` for `name` ("" if it named none). */
const apple_credentials_t *apple_place_credentials(const apple_place_t *place, const char *name,
                                                   apple_certs_t *certs, bool is_expired);

/* Whether the request is for the signing server's only page. */
bool apple_is_signing_request(const apple_http_request_t *request);
/* The order in a path of a site that takes orders from everybody: words of answer.h, each with "/"
 * in front. */
apple_answer_t apple_order_in_path(const char *path);

/* The answer when all is well; `tss` is what the body says, NULL if nothing that can be read. Not
 * for the proxy, nor for downloads. */
apple_reply_t *apple_site_reply(const apple_world_t *world, apple_site_t site,
                                const apple_http_request_t *request,
                                const apple_tss_request_t *tss);
