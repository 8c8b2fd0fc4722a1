/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * "Decode As" for the device's ports. */
#pragma once

#include "dissectors/compat.h"

/* Lets the user choose the dissector of a port of the device. After the port table is there. */
void mux_decode_as_register(void);

/* Offers the dissectors that are no port's own. */
void mux_decode_as_handoff(void);

/* TRUE when the user chose for this port: *ret_handle is what he chose, NULL for none. */
gboolean mux_decode_as_chosen(guint16 port, dissector_handle_t *ret_handle);
