/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture filter for the kernel, made by libpcap. */
#pragma once

#include <glib.h>
#include <linux/filter.h>
#include <stdint.h>

/* dlt: libpcap's number of the link layer. interface: its name, NULL when there is none yet; only
 * of a real one does libpcap know where the kernel keeps the VLAN tag. Packets that match are cut
 * at snap_length; with skip_outgoing, what an interface sends does not match. The instructions are
 * the caller's; NULL and an error (RS_CAPTURE_USAGE) when the filter is wrong. */
struct sock_filter *rs_filter_compile(const char *filter, const char *interface, int dlt,
                                      uint32_t snap_length, gboolean skip_outgoing, unsigned *ret_n,
                                      GError **error);
