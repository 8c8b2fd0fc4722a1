/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of link types. Numbers: https://www.tcpdump.org/linktypes.html. */
#include "plugin/cli/pcapng_blocks.h"

struct link_name {
    guint number;
    const char *name;
};

static const struct link_name links[] = {
    { 0, "null" },
    { 1, "ethernet" },
    { 101, "rawip" },
    { 105, "ieee-802-11" },
    { 108, "loop" },
    { 113, "linux-sll" },
    { 127, "ieee-802-11-radiotap" },
    { 186, "usb-freebsd" },
    { 189, "usb-linux" },
    { 220, "usb-linux-mmapped" },
    { 228, "rawip4" },
    { 229, "rawip6" },
    { 239, "nflog" },
    { 249, "usb-usbpcap" },
    { 258, "pktap" },
    { 266, "usb-darwin" },
    { 276, "linux-sll2" },
    { 288, "usb-20" },
    { 293, "usb-20-low" },
    { 294, "usb-20-full" },
    { 295, "usb-20-high" },
};

const char *
rs_link_name(guint link_type)
{
    char text[32];

    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        if (links[i].number == link_type)
            return links[i].name;
    }
    g_snprintf(text, sizeof text, "linktype-%u", link_type);
    return g_intern_string(text);
}
