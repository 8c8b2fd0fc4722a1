/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tables in Wireshark's Statistics menu over lockdownd's and restored's messages. */
#pragma once

#include "dissectors/mux-service.h"

/* A protocol gets a table of response times (`-z NAME,srt`) and one of its messages
 * (`-z NAME,tree`). title: "Lockdown". Returns what message_tables_tell() wants. */
int message_tables_register(int proto, const char *title);

/* A message of this kind was seen; detail (NULL: none) tells it from others of its kind. */
void message_tables_tell(int tables, packet_info *pinfo, const char *kind, const char *detail);

/* The frame answers the exchange. Only the first answer counts. */
void message_tables_answered(int tables, packet_info *pinfo, const struct mux_exchange *exchange);
