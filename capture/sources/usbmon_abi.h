/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmon's binary interface, which no header of the system has. Source: the kernel's
 * Documentation/usb/usbmon.rst and drivers/usb/mon/mon_bin.c (6.1). */
#pragma once

#include <stdint.h>
#include <sys/ioctl.h>

struct rs_usbmon_header {
    uint64_t id;
    uint8_t type;     /* 'S' request, 'C' its end, 'E' refused; '@' is a filler */
    uint8_t transfer; /* 0 isochronous, 1 interrupt, 2 control, 3 bulk */
    uint8_t endpoint; /* 0x80: to the host */
    uint8_t device;
    uint16_t bus;
    uint8_t setup_flag; /* 0: setup is there, else '-' */
    uint8_t data_flag;  /* 0: data are there, else why not */
    int64_t seconds;
    int32_t microseconds;
    int32_t status;
    uint32_t length;   /* of the transfer */
    uint32_t captured; /* data behind this header */
    uint8_t setup[8];
    int32_t interval;
    int32_t start_frame;
    uint32_t flags;
    uint32_t n_descriptors;
};
_Static_assert(sizeof(struct rs_usbmon_header) == 64, "as the kernel writes it");

struct rs_usbmon_stats {
    uint32_t queued, dropped; /* since it was asked last */
};

struct rs_usbmon_fetch {
    uint32_t *offsets; /* in the ring */
    uint32_t n_fetch;  /* in: how many at most, out: how many */
    uint32_t n_flush;  /* how many of before are done with */
};

/* Requests have no size in their number where the kernel declared none. */
#define RS_USBMON_STATS _IOR(0x92, 3, struct rs_usbmon_stats)
#define RS_USBMON_SET_RING _IO(0x92, 4)
#define RS_USBMON_GET_RING _IO(0x92, 5)
#define RS_USBMON_FETCH _IOWR(0x92, 7, struct rs_usbmon_fetch)
