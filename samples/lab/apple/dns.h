/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The name server, over UDP and TCP. */
#pragma once

#include "samples/lab/apple/conn.h"
#include "samples/lab/apple/settings.h"

typedef struct {
    apple_settings_t *settings;
    lab_marks_t *marks;
} apple_dns_t;

/* Serves what arrives at a bound UDP socket, which it takes over. */
void apple_dns_serve_udp(apple_dns_t *dns, int fd);
/* Serves a connection. */
void apple_dns_serve_tcp(apple_dns_t *dns, int fd);
