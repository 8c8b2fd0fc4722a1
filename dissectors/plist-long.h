/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Messages of plist-service.c that are not taken whole: those too long to be decoded, and those the
 * capture holds only in part. Each is followed to its end, so that the next one is found. */
#pragma once

#include "dissectors/compat.h"
#include "dissectors/mux-service.h"

struct tcpinfo;

/* How many bytes of this segment belong to a message that began before, which are shown; or 0. */
int plist_long_part(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct tcpinfo *tcp);

/* A message of so many bytes, its prefix counted, begins at offset and is followed from the next
 * segment on. First pass only. */
void plist_long_begins(packet_info *pinfo, const struct tcpinfo *tcp, int offset, guint32 bytes);

/* As above, but tcp collects it: it is followed only if one of its segments was cut short, for then
 * tcp will never have all of it. */
void plist_long_expected(packet_info *pinfo, const struct tcpinfo *tcp, int offset, guint32 bytes);

/* The beginning of a message too long to be decoded: an answer to a data request, as there are no
 * others. data_offset: of what comes behind its prefix. */
void plist_long_show_start(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int data_offset,
                           const struct mux_exchange *exchange, guint32 length);

void plist_long_register(int proto);
