/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What there is to record, and what of it concerns a restore. */
#pragma once

#include <glib.h>

struct rs_found {
    char *name, *description;
    const char *filter; /* NULL: none needed */
};
void rs_found_free(struct rs_found *found);

/* USB buses, then network interfaces, as -D lists them: of struct rs_found. */
GPtrArray *rs_interfaces_all(void);

/* The network interfaces a restore may use: those with a route, and loopback when somebody serves
 * usbmuxd's port of other systems there. proc: where the kernel's tables are, "/proc". */
GPtrArray *rs_interfaces_routed(const char *proc);

/* The number of a usbmon device's name; -1 when it is not one. */
int rs_interfaces_bus(const char *name);
