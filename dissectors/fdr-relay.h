/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The host's side of the reverse proxy: what the device wanted to reach, and the name query, the
 * connection and the TLS hello that the host made of it on its network. */
#pragma once

#include "dissectors/compat.h"

/* The device asks for host:port in this frame. First pass only. */
void fdr_relay_asked(packet_info *pinfo, const char *host, guint16 port);

/* Shows what the first pass found to come of it, on the frame that asked. */
void fdr_relay_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

void fdr_relay_register(int proto);
void fdr_relay_handoff(void);
