/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Addresses of the local network: which there are, and writing pseudonyms over those of IPv4, which
 * are too short to be searched for. */
#pragma once

#include "plugin/redact/frame.h"
#include "plugin/redact/identifiers.h"

/* Whose addresses are somebody's: private ones, and all that opened a connection or asked a name
 * server. */
typedef struct rs_addresses rs_addresses;

rs_addresses *rs_addresses_new(void);
void rs_addresses_free(rs_addresses *addresses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_addresses, rs_addresses_free)

/* Looks at the addresses of a packet, and of an option of an interface (if_IPv4addr, ...). */
void rs_addresses_packet(rs_addresses *addresses, const struct rs_block *packet);
void rs_addresses_option(rs_addresses *addresses, guint code, const guint8 *value, gsize length);

/* Adds what was found to the identifiers. */
void rs_addresses_tell(const rs_addresses *addresses, rs_identifiers *ids);

/* Writes pseudonyms over the IPv4 addresses of a packet: in IP, ARP, ICMP and in answers of name
 * servers. What people's devices tell each other on the local network (DHCP, mDNS, LLMNR, NetBIOS,
 * SSDP) becomes zeros, without its headers. Returns how many addresses were replaced. */
guint rs_addresses_redact(const rs_addresses *addresses, const rs_identifiers *ids,
                          const struct rs_block *packet);

/* The same for an option of an interface and for a record of a block of names. */
guint rs_addresses_redact_ipv4(const rs_addresses *addresses, const rs_identifiers *ids,
                               guint8 *address);
