/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a signing request asks for, and whether it was asked for before. */
#pragma once

#include "dissectors/plist-tree.h"

/* A request and its answer, by frame. File scope. */
struct tss_exchange {
    guint32 question, answer; /* answer is 0 while there is none */
    nstime_t asked;
    guint32 previous; /* the last request before this one that asked for the same; or 0 */
    guint32 attempt;  /* of the same, from 1 */
};

/* A key like "@ApImg4Ticket" or "@SE,Ticket" or "@Timer,Ticket,1". */
gboolean tss_is_ticket_key(const char *key, size_t length);

/* Draws the request. FALSE when it is no property list with a dictionary. */
gboolean tss_request_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item,
                         struct tss_exchange *exchange);

void tss_request_register(int proto);
