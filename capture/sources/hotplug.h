/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Watches Apple's devices come and go. Opens none of them: what there is to know is in sysfs. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "capture/messages.h"

/* What sysfs says of one device. Strings are empty when it says nothing. */
struct rs_usb_device {
    char path[32]; /* of ports: "1-2.4" */
    unsigned bus, device, product, depth;
    char speed[16], power[16], version[16], product_name[64], serial[256];
};

typedef struct rs_hotplug rs_hotplug;

/* Is told the number of each bus that has such a device, from the watching thread. */
typedef void (*rs_hotplug_func)(void *data, unsigned bus);

/* root: where sysfs is, "/sys". Works without libusb's events too, a second slower. */
rs_hotplug *rs_hotplug_new(const char *root, rs_messages *messages, rs_hotplug_func func,
                           void *data);
void rs_hotplug_free(rs_hotplug *hotplug);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_hotplug, rs_hotplug_free)

/* Apple's devices that are there now: of struct rs_usb_device. */
GArray *rs_hotplug_list(const char *root);
