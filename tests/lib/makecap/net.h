/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The network side: one host, its name server, and TCP connections by name, in Ethernet and IPv4,
 * or IPv6 where the server's address is one. */
#pragma once

#include "tests/lib/makecap/pcapng.h"

typedef struct net net;
net *net_new(pcapng *file);
void net_free(net *net);

/* A question, and its answer: an address, "nxdomain", or NULL for none. */
void net_dns(net *net, const char *name, const char *answer);

/* A SYN nobody answers; one that is refused; a connection. FALSE for a bad address. */
gboolean net_syn(net *net, const char *address, guint16 port);
gboolean net_refuse(net *net, const char *address, guint16 port);
gboolean net_connect(net *net, const char *name, const char *address, guint16 port);

/* FALSE when there is no connection of that name. */
gboolean net_send(net *net, const char *name, gboolean from_host, const GByteArray *data);
gboolean net_end(net *net, const char *name);
