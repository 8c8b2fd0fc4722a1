/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One USB bus, through usbmon's memory-mapped interface: a thread empties the kernel's small ring
 * into a large one of ours and does nothing else. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/record.h"

/* What usbmon is asked through, so that tests can be the kernel. As the system calls of these
 * names: -1 and errno on failure. */
struct rs_usbmon_device {
    void *data;
    int (*open)(void *data, const char *path);
    int (*ioctl)(void *data, int fd, unsigned long request, void *argument);
    void *(*map)(void *data, int fd, size_t bytes); /* NULL on failure */
    void (*unmap)(void *data, void *ring, size_t bytes);
    int (*wait)(void *data, int fd, int timeout_ms); /* > 0: something is there */
    gboolean (*is_there)(void *data, int fd); /* FALSE: the bus is gone; NULL: nobody knows */
    void (*close)(void *data, int fd);
};
extern const struct rs_usbmon_device rs_usbmon_kernel;

struct rs_usbmon_options {
    unsigned bus;
    int payload;          /* see payload.h */
    uint32_t snap_length; /* 0: none. Control transfers are never cut */
    gboolean is_armed;    /* FALSE: records nothing until a device of Apple's is on the bus */
    gboolean comes_later; /* rs_usbmon_open_later() will say which bus it is */
    size_t ring_bytes;    /* ours; a power of two */
    size_t kernel_bytes;  /* at most of the kernel's memory, but the least it gives; 0: any */
    /* Where the kernel opens the bus but refuses its ring; NULL: an error then. */
    const struct rs_usbmon_device *(*otherwise)(void);
};

/* Opens /dev/usbmon<bus> with the largest ring the kernel gives. NULL and an error
 * (RS_CAPTURE_SOURCE). The device must stay. */
rs_source *rs_usbmon_new(const struct rs_usbmon_options *options,
                         const struct rs_usbmon_device *device, GError **error);

/* Opens a source that was made for a bus to come and is not open, and begins to read. FALSE and an
 * error otherwise. Any one thread, whatever the collector does with it meanwhile. */
gboolean rs_usbmon_open_later(rs_source *source, unsigned bus, GError **error);

/* Any thread: from now on, and from shortly before now, the bus is recorded. */
void rs_usbmon_arm(rs_source *source);
gboolean rs_usbmon_is_armed(const rs_source *source);
/* 0: it is no bus, or none yet. */
unsigned rs_usbmon_bus(const rs_source *source);
gboolean rs_usbmon_is_vacant(const rs_source *source);
