/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A usbmon for tests: its ring is filled by hand and emptied through the recorder's calls. */
#pragma once

#include <glib.h>

#include "capture/sources/usbmon.h"
#include "capture/sources/usbmon_abi.h"

typedef struct rs_fake_usbmon rs_fake_usbmon;

/* A kernel that knows rings up to ring_max bytes. */
rs_fake_usbmon *rs_fake_usbmon_new(guint32 ring_max);
void rs_fake_usbmon_free(rs_fake_usbmon *fake);
struct rs_usbmon_device rs_fake_usbmon_device(rs_fake_usbmon *fake);

/* Adds an event; header->captured bytes of data behind it. Drops and counts it where it does not
 * fit. */
void rs_fake_usbmon_add(rs_fake_usbmon *fake, const struct rs_usbmon_header *header,
                        const guint8 *data);

/* Adds a bulk request of now with so many bytes of data, and its end. */
enum { RS_FAKE_TRANSFER_MAX = 16384 };
void rs_fake_usbmon_add_transfer(rs_fake_usbmon *fake, guint64 number, guint32 length);

/* From now on each call ends with this error, 0 for none. */
void rs_fake_usbmon_fail(rs_fake_usbmon *fake, int cause);

/* The bus is gone; as with the real one, no call says so. */
void rs_fake_usbmon_leave(rs_fake_usbmon *fake);

/* Waits until everything has been taken. */
void rs_fake_usbmon_wait_empty(rs_fake_usbmon *fake);
guint32 rs_fake_usbmon_ring(const rs_fake_usbmon *fake);
