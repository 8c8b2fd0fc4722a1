/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmon through libpcap, for kernels that refuse their ring: slower, and asks each device on the
 * bus what it is. */
#pragma once

#include <pcap/pcap.h>

#include "capture/sources/usbmon.h"

/* Gives an active handle of an interface with LINKTYPE_USB_LINUX or LINKTYPE_USB_LINUX_MMAPPED;
 * NULL and why not in PCAP_ERRBUF_SIZE bytes. */
typedef pcap_t *(*rs_usbmon_pcap_open)(const char *name, char *ret_why);

/* For one bus, once; closing it frees it. The first opens with libpcap, the other with anything. */
const struct rs_usbmon_device *rs_usbmon_pcap_device(void);
const struct rs_usbmon_device *rs_usbmon_pcap_device_with(rs_usbmon_pcap_open opener);
