/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the messages of usbmuxd's socket tell of devices, programs and pair records. */
#pragma once

#include "dissectors/plist-fields.h"

/* The keys of a message or of its lists. Returns how many a list has, or -1 when there is none. */
int usbmuxd_content_add(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo,
                        const struct plist_value *message);

/* The record of version 0 at offset: device number, product, serial number, location. Returns the
 * device number. */
guint32 usbmuxd_device_record_add(proto_tree *tree, tvbuff_t *tvb, int offset);

/* The item of the device number at offset. Returns it. */
guint32 usbmuxd_device_id_add(proto_tree *tree, tvbuff_t *tvb, int offset);

void usbmuxd_content_register(int proto);
