/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Normal and restore mode on the bus: descriptors and strings of an iPhone without the later
 * configurations (usbmuxd 2efa75a, src/usb.c, tells which are looked for), and usbmux behind them.
 */
#include <errno.h>
#include <string.h>

#include "samples/lab/vphone/mux/mux-priv.h"

/* clang-format off */
#define STILL_IMAGE                                                                                \
    9, 4, 0, 0, 3, 6, 1, 1, 0,                                                                     \
    7, 5, 0x02, 2, 0x00, 0x02, 0,  7, 5, 0x81, 2, 0x00, 0x02, 0,  7, 5, 0x83, 3, 0x40, 0, 10
#define USBMUX(number)                                                                             \
    9, 4, number, 0, 2, 0xff, 0xfe, 2, 0,                                                          \
    7, 5, MUX_ENDPOINT_OUT, 2, 0x00, 0x02, 0,  7, 5, MUX_ENDPOINT_IN, 2, 0x00, 0x02, 0
#define HEAD(total, interfaces, value, string) 9, 2, total, 0, interfaces, value, string, 0xc0, 250

static const uint8_t normal_device[] = {
    18, 1, 0x00, 0x02, 0, 0, 0, 64, 0xac, 0x05, 0xa8, 0x12, 0x01, 0x0a, 1, 2, 3, 4,
};
static const uint8_t restore_device[] = {
    18, 1, 0x00, 0x02, 0, 0, 0, 64, 0xac, 0x05, 0xa8, 0x12, 0x01, 0x0a, 1, 2, 3, 1,
};
static const uint8_t camera[] = { HEAD(39, 1, 1, 4), STILL_IMAGE };
static const uint8_t audio[] = {
    HEAD(43, 3, 2, 5),
    9, 4, 0, 0, 0, 1, 1, 0, 0,  9, 4, 1, 0, 0, 1, 2, 0, 0,
    9, 4, 2, 0, 1, 3, 0, 0, 0,  7, 5, 0x83, 3, 0x40, 0, 4,
};
static const uint8_t camera_mux[] = { HEAD(62, 2, 3, 6), STILL_IMAGE, USBMUX(1) };
static const uint8_t camera_mux_network[] = {
    HEAD(94, 3, 4, 7), STILL_IMAGE, USBMUX(1),
    9, 4, 2, 0, 0, 0xff, 0xfd, 1, 0,  9, 4, 2, 1, 2, 0xff, 0xfd, 1, 0,
    7, 5, 0x86, 2, 0x00, 0x02, 0,  7, 5, 0x05, 2, 0x00, 0x02, 0,
};
static const uint8_t only_mux[] = { HEAD(32, 1, 1, 0), USBMUX(0) };
/* clang-format on */

_Static_assert(sizeof camera == 39 && sizeof audio == 43 && sizeof camera_mux == 62 &&
                   sizeof camera_mux_network == 94 && sizeof only_mux == 32,
               "a configuration tells its length");

static const lab_descriptors_t normal_descriptors = {
    .device = normal_device,
    .configurations =
        (const uint8_t *const[]){ camera, audio, camera_mux, camera_mux_network, NULL },
};
static const lab_descriptors_t restore_descriptors = {
    .device = restore_device,
    .configurations = (const uint8_t *const[]){ only_mux, NULL },
};

static void *
start(lab_phone_t *phone)
{
    lab_mux_t *mux = lab_mux_new(phone);

    if (lab_phone_mode(phone) == LAB_MODE_RESTORE)
        lab_services_start_restore(mux, phone);
    else
        lab_services_start_normal(mux, phone);
    return mux;
}

static void
stop(void *self)
{
    lab_mux_stop(self);
}

/* The serial number on the bus is the UDID without its hyphen. */
static char *
bus_serial(lab_phone_t *phone)
{
    g_auto(GStrv) parts = g_strsplit(lab_phone_identity(phone)->udid, "-", -1);

    return g_strjoinv("", parts);
}

static char *
string(void *self, unsigned index)
{
    static const char *const names[] = {
        [1] = "Apple Inc.",
        [2] = "iPhone",
        [4] = "PTP",
        [5] = "iPod USB Interface",
        [6] = "PTP + Apple Mobile Device",
        [7] = "PTP + Apple Mobile Device + Apple USB Ethernet",
    };
    lab_mux_t *mux = self;

    if (index == 3)
        return bus_serial(mux->phone);
    return index < G_N_ELEMENTS(names) ? g_strdup(names[index]) : NULL;
}

/* Requests for a configuration mode (0x45, 0x52) are of later systems: this phone stalls them, and
 * the camera's. */
static void
control(void *self, lab_urb_t *urb)
{
    lab_mux_t *mux = self;

    lab_phone_complete(mux->phone, urb, -EPIPE, NULL, 0);
}

static void
bulk(void *self, lab_urb_t *urb)
{
    lab_mux_transfer(self, urb);
}

static void
unlinked(void *self, lab_urb_t *urb)
{
    lab_mux_unlinked(self, urb);
}

static void
reset(void *self)
{
    lab_mux_restart(self);
}

const lab_mode_ops_t lab_mode_mux = {
    .mode = LAB_MODE_NORMAL,
    .descriptors = &normal_descriptors,
    .start = start,
    .stop = stop,
    .string = string,
    .control = control,
    .bulk = bulk,
    .unlinked = unlinked,
    .reset = reset,
};

const lab_mode_ops_t lab_mode_mux_restore = {
    .mode = LAB_MODE_RESTORE,
    .descriptors = &restore_descriptors,
    .start = start,
    .stop = stop,
    .string = string,
    .control = control,
    .bulk = bulk,
    .unlinked = unlinked,
    .reset = reset,
};
