/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A client's connection to a web server or the proxy, until it ends: the handshake, then requests
 * one after the other, each answered as the settings order. */
#pragma once

#include "samples/lab/apple/world.h"

/* Serves what was accepted at port 80, 443 or 3128; takes over `fd`. `world` must outlive it. */
void apple_session_serve(const apple_world_t *world, int fd, unsigned port);
