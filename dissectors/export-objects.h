/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What File > Export Objects and `tshark --export-objects` save: property lists ("plist"), boot
 * images and tickets ("img4"), the logs of restored ("restored"). */
#pragma once

#include "dissectors/boot-upload.h"

enum export_list { EXPORT_PLISTS, EXPORT_IMAGES, EXPORT_LOGS };

/* Makes the protocol the owner of a list. */
void export_objects_register(enum export_list list, int proto);

/* Bytes of the packet are an object: "FRAME-name.ending" in the list. name is the wire's and may
 * hold anything; NULL gives "FRAME.ending". The bytes live as long as the packet. */
void export_object(enum export_list list, packet_info *pinfo, const char *name, const char *ending,
                   const guint8 *bytes, guint32 length);

/* Bytes at offset are the next of an upload, of which the capture may hold fewer. */
void export_upload_piece(packet_info *pinfo, const struct boot_upload *upload, tvbuff_t *tvb,
                         int offset, guint32 length);
