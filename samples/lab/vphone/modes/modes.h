/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a mode of the phone must know to do. Standard requests (descriptors, SET_CONFIGURATION,
 * SET_INTERFACE, GET_STATUS, CLEAR_FEATURE) are answered by the phone from `descriptors`; the mode
 * gets the rest. */
#pragma once

#include "samples/lab/vphone/phone.h"

typedef struct {
    const uint8_t *device;                /* 18 bytes; the product id is put in by the phone */
    const uint8_t *const *configurations; /* NULL-terminated; total length at offset 2 */
} lab_descriptors_t;

struct lab_mode_ops {
    lab_mode_t mode;
    const lab_descriptors_t *descriptors;
    void *(*start)(lab_phone_t *phone); /* the phone is on the bus in this mode */
    void (*stop)(void *self);           /* it left; its transfers are gone already */
    /* String `index` as UTF-8 to be freed with g_free(), NULL when there is none. */
    char *(*string)(void *self, unsigned index);
    /* A class or vendor request on endpoint 0. Complete it, now or later. */
    void (*control)(void *self, lab_urb_t *urb);
    /* A bulk or interrupt transfer. Complete it, now or later. */
    void (*bulk)(void *self, lab_urb_t *urb);
    void (*unlinked)(void *self, lab_urb_t *urb); /* forget it */
    /* The host looks at the device from the start again: what a bus reset looks like from here.
     * NULL: nothing happens. */
    void (*reset)(void *self);
};

extern const lab_mode_ops_t lab_mode_dfu; /* also WTF and Port DFU */
extern const lab_mode_ops_t lab_mode_recovery;
extern const lab_mode_ops_t lab_mode_mux; /* normal and restore: usbmux */
