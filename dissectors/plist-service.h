/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The framing of nearly every service below usbmux: a u32 big-endian length and that many bytes of
 * plist. */
#pragma once

#include "dissectors/compat.h"

/* What the dissector of a message's body is given as data. */
struct plist_message {
    guint nth;           /* message of this frame, from 0: the same on every pass */
    gboolean is_channel; /* on a port announced for one request, not on port 62078 */
};

/* Handles for ports that the device announces. Valid in and after proto_reg_handoff. */
dissector_handle_t
plist_service_handle(void); /* StartService's: plists, perhaps in TLS, perhaps not */
dissector_handle_t plist_channel_handle(void); /* restored's DataPort */

/* From the next frame on the stream is TLS with the same framing inside; or no longer. First pass
 * only. */
void plist_service_start_tls(packet_info *pinfo);
void plist_service_stop_tls(packet_info *pinfo);

void plist_service_register(void);
void plist_service_handoff(void);
