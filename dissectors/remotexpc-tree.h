/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The objects of an XPC message as items, drawn as plists are. */
#pragma once

#include "dissectors/compat.h"

/* What one message says, for its info column and for who else wants to know. Packet scope. */
struct remotexpc_content {
    const char *message_type; /* MessageType, or NULL */
    const char *command;      /* command, or NULL */
    const char *result;       /* result, or NULL */
    guint services;
};

/* A service's name and port, as a handshake announces them. */
typedef void (*remotexpc_service_cb)(packet_info *pinfo, const char *name, guint16 port);

/* Draws the object that starts at offset, to the end of the tvb. */
void remotexpc_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                        remotexpc_service_cb found, struct remotexpc_content *ret_content);

void remotexpc_tree_register(int proto);
