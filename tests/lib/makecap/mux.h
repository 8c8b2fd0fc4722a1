/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmux over the bulk pipes: version and setup, then connections by name with TCP headers whose
 * numbers are kept here. Facts: usbmuxd 2efa75a, src/device.c. */
#pragma once

#include "tests/lib/makecap/pcapng.h"

typedef struct mux mux;

/* The mux of the device at an address. */
mux *mux_new(pcapng *file, guint8 address);
void mux_free(mux *mux);

void mux_hello(mux *mux);
void mux_open(mux *mux, const char *name, guint16 device_port);
void mux_refuse(mux *mux, guint16 device_port);

/* FALSE when there is no connection of that name. */
gboolean mux_send(mux *mux, const char *name, gboolean from_host, const GByteArray *data);
gboolean mux_reset(mux *mux, const char *name, gboolean from_host);
gboolean mux_window(mux *mux, const char *name, guint bytes);
void mux_control(mux *mux, guint type, const char *text);
