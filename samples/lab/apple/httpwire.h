/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * HTTP/1.1 requests (RFC 9112), read from a growing buffer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { APPLE_HTTP_HEAD_MAX = 16384, APPLE_HTTP_BODY_MAX = 4 << 20 };

typedef enum {
    APPLE_HTTP_OK,
    APPLE_HTTP_SHORT,    /* more bytes are needed */
    APPLE_HTTP_CONTINUE, /* the head is there and the client waits for "100 Continue" */
    APPLE_HTTP_BAD
} apple_http_status_t;

typedef struct {
    char method[16];
    char path[1024]; /* with the query; of an absolute target its path */
    char host[256];  /* lower case; of an absolute target, else of the Host field; "" if none */
    unsigned port;   /* behind the host, 0 when there is none */
    bool absolute;   /* the target was a whole URL, or an authority (CONNECT) */
    bool keep_alive;
    bool has_range;
    uint64_t range_from; /* of "Range: bytes=N-" or "bytes=N-M" */
    uint64_t range_to;   /* UINT64_MAX: to the end */
    size_t head_length, body_length;
} apple_http_request_t;

/* Reads one request at the start of `data`; it occupies head_length + body_length bytes.
 * *ret_request is filled for OK and CONTINUE only. */
apple_http_status_t apple_http_parse(const uint8_t *data, size_t length,
                                     apple_http_request_t *ret_request);

/* The reason phrase of a code. */
const char *apple_http_reason(unsigned code);
