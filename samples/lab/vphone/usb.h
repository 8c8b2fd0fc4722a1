/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A transfer the host submitted and that waits for its end, and who serves it. Between the bus
 * (bus/) and the modes of the phone (modes/, mux/). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lab_port lab_port_t;

typedef struct lab_urb {
    lab_port_t *port;
    uint32_t sequence;
    uint8_t endpoint;   /* its address, with 0x80 for IN; 0x00 and 0x80 for control */
    uint8_t setup[8];   /* control only; all zero otherwise */
    uint8_t *data;      /* what an OUT transfer brought; NULL for IN */
    size_t length;      /* bytes in `data`, or how many the host takes at most */
    int64_t arrived_us; /* g_get_monotonic_time() */
} lab_urb_t;

/* Ends a transfer: `status` 0 or a negative errno, which the kernel shows as it is; `data` is what
 * an IN transfer brings (cut to what the host takes). Frees `urb`. */
void lab_urb_complete(lab_urb_t *urb, int status, const void *data, size_t length);

static inline bool
lab_urb_is_in(const lab_urb_t *urb)
{
    return (urb->endpoint & 0x80) != 0;
}
static inline uint16_t
lab_setup_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}
