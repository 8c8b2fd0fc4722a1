/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Everything that listens. */
#pragma once

#include "samples/lab/apple/dns.h"
#include "samples/lab/apple/world.h"

typedef struct apple_servers apple_servers_t;

/* Listens at every address of names.h; NULL when one of them is not there or is taken. Ports the
 * settings close are closed, also later when the settings change. Both arguments must outlive it.
 */
apple_servers_t *apple_servers_new(const apple_world_t *world, apple_dns_t *dns, GError **error);
void apple_servers_free(apple_servers_t *servers);
