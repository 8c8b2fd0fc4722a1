/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes a pcapng file with two interfaces, one of usbmon and one of Ethernet, on one clock. Facts:
 * the pcapng specification (draft-ietf-opsawg-pcapng); link types 220 and 1. */
#pragma once

#include <glib.h>

enum interface { INTERFACE_USB, INTERFACE_NET };

typedef struct pcapng pcapng;

/* Starts a file in memory; its clock shows noon of 1 January 2024 plus the time set. */
pcapng *pcapng_new(void);
void pcapng_free(pcapng *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcapng, pcapng_free)

/* Time of the next frame, in microseconds since the start; each frame moves it on by 1 ms. */
gint64 pcapng_now(const pcapng *file);
void pcapng_set_time(pcapng *file, gint64 time_us);
gint64 pcapng_epoch_us(const pcapng *file);

/* How many bytes of each later frame are kept; 0: all. */
void pcapng_set_snap(pcapng *file, guint32 bytes);

guint32 pcapng_frame(pcapng *file, enum interface interface, const GByteArray *bytes);

gboolean pcapng_save(const pcapng *file, const char *path, GError **error);
