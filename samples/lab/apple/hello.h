/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What becomes of a ClientHello, as the settings order it. */
#pragma once

#include "samples/lab/apple/conn.h"
#include "samples/lab/apple/sites.h"
#include "samples/lab/apple/world.h"

/* For the hello() of a connection (tls.h). With NULL, the connection has got what it gets instead.
 */
const apple_credentials_t *apple_hello_answer(const apple_world_t *world, apple_conn_t *conn,
                                              const apple_place_t *place, const char *name,
                                              bool *tls12);
