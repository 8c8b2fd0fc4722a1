/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Services of a device behind RemoteXPC: which name stands behind which port, as the handshake of
 * the service discovery told. */
#pragma once

#include "dissectors/compat.h"

#define RSD_PORT 58783 /* of the service discovery itself */

/* The device that sent this packet has the service at that port. Does nothing on later passes. */
void remotexpc_service_found(packet_info *pinfo, const char *name, guint16 port);

/* The service at an address and port, or NULL. */
const char *remotexpc_service_at(packet_info *pinfo, const address *device, guint32 port);

/* The service the packet's connection is to, or NULL. */
const char *remotexpc_service_of(packet_info *pinfo);

/* Devices are only spoken to between link-local addresses. */
gboolean remotexpc_is_local(const packet_info *pinfo);

void remotexpc_service_register(int proto);
void remotexpc_service_handoff(int proto);
