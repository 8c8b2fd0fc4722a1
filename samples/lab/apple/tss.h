/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The signing server's answers, without the HTTP around them. */
#pragma once

#include <stdint.h>

#include "samples/lab/apple/certs.h"

typedef struct apple_tss_request apple_tss_request_t;

/* Reads the property list of a request; NULL when it is none. */
apple_tss_request_t *apple_tss_request_new(const uint8_t *body, size_t length);
void apple_tss_request_free(apple_tss_request_t *request);
/* The ticket it is about, without the "@": "ApImg4Ticket", "BBTicket", "SE,Ticket"; "" for none. A
 * request for another chip often asks for BBTicket as well: that is not what it is about. */
const char *apple_tss_request_kind(const apple_tss_request_t *request);

/* "STATUS=0&MESSAGE=SUCCESS&REQUEST_STRING=<?xml ..." with every ticket asked for. */
char *apple_tss_sign(const apple_tss_request_t *request, apple_certs_t *certs);
/* "STATUS=94&MESSAGE=..." */
char *apple_tss_refuse(unsigned status, const char *message);
