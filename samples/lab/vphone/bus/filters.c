/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How a frame looks that a fault made, as a display filter of plain Wireshark. Offsets into frames
 * are those of usbmon's 64-byte header (the kernel's Documentation/usb/usbmon.rst, "Raw binary
 * format"): setup at 40, data behind it. */
#include <string.h>

#include "samples/lab/vphone/bus/state.h"

enum {
    SETUP_AT = 40,
    DATA_AT = 64,
    SUBMITTED = 83, /* 'S' */
    HUB_ADDRESS = 1 /* a bus's root hub is its first device */
};

/* Between usbmon and this program a busy machine puts some time. */
static const double on_the_way_s = 1.0;
/* Between asking how long ago it was and the mark's own time a busy machine puts some, too; no
 * phone comes and leaves within that. */
static const double slack_s = 0.2;
/* A filter of the scenario's own: its author knows the frame, not when it is due. */
static const double own_before_s = 1.0, own_within_s = 60.0;

void
lab_head_of(lab_head_t *head, uint8_t endpoint, const uint8_t setup[8], const uint8_t *data,
            size_t n)
{
    *head = (lab_head_t){ .known = true, .endpoint = endpoint, .real_us = g_get_real_time() };
    memcpy(head->setup, setup, sizeof(head->setup));
    head->n = data ? MIN(n, (size_t)LAB_HEAD_MAX) : 0;
    if (head->n > 0)
        memcpy(head->data, data, head->n);
}

static void
add_bytes(GString *filter, unsigned at, const uint8_t *bytes, size_t n)
{
    g_string_append_printf(filter, " && frame[%u:%zu] == ", at, n);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(filter, "%s%02x", i ? ":" : "", bytes[i]);
}

char *
lab_head_filter(const lab_head_t *head, unsigned urb_type)
{
    bool is_in = (head->endpoint & 0x80) != 0;
    GString *filter = g_string_new(NULL);

    g_string_printf(filter, "@device && usb.urb_type == %u && usb.endpoint_address == 0x%02x",
                    urb_type, head->endpoint);
    if ((head->endpoint & 0x0f) == 0 && urb_type == SUBMITTED)
        add_bytes(filter, SETUP_AT, head->setup, sizeof(head->setup));
    /* Data is in the submission when it goes out, in the end of the transfer when it comes in. */
    if (head->n > 0 && is_in == (urb_type != SUBMITTED))
        add_bytes(filter, DATA_AT, head->data, head->n);
    return g_string_free(filter, FALSE);
}

static double
seconds_since(gint64 real_us)
{
    return (double)(g_get_real_time() - real_us) / G_USEC_PER_SEC;
}

double
lab_head_age(const lab_head_t *head)
{
    return seconds_since(head->real_us) + on_the_way_s;
}

/* ---- marks ---- */

/* While it has no address, its frames have 0 or one that only the kernel knows: any but the hub's.
 */
static char *
device_filter(lab_phone_t *phone)
{
    if (phone->address == 0)
        lab_phone_learn_address(phone);
    if (phone->address == 0)
        return g_strdup_printf("(usb.bus_id == %u && usb.device_address != %d)", phone->bus,
                               HUB_ADDRESS);
    return g_strdup_printf("(usb.bus_id == %u && usb.device_address == %u)", phone->bus,
                           phone->address);
}

/* Bit 0 of what the hub says is the hub itself; its ports count from 1, vhci's from 0. */
static char *
hub_filter(const lab_phone_t *phone)
{
    unsigned bit = phone->port_number + 1;

    return g_strdup_printf("(usb.bus_id == %u && usb.device_address == %d && "
                           "usb.endpoint_address == 0x81 && usb.urb_type == 67 && "
                           "usb.data_len > %u && frame[%u] & %02x)",
                           phone->bus, HUB_ADDRESS, bit / 8, DATA_AT + bit / 8, 1u << bit % 8);
}

void
lab_phone_mark(lab_phone_t *phone, const lab_act_t *act, const char *what, const char *filter,
               double before_s, double within_s)
{
    g_autoptr(GString) text = NULL;

    if (act->filter) {
        filter = act->filter;
        before_s = MAX(before_s, own_before_s);
        within_s = MAX(within_s, own_within_s);
    }
    if (filter) {
        g_autofree char *device = device_filter(phone);
        g_autofree char *hub = hub_filter(phone);

        text = g_string_new(filter);
        g_string_replace(text, "@device", device, 0);
        g_string_replace(text, "@hub", hub, 0);
    }
    lab_mark(phone->marks, act->name, what, text ? text->str : NULL, before_s, within_s);
}

void
lab_mark_leave(lab_phone_t *phone, const lab_act_t *act, const char *what)
{
    /* A stall is an answer, not a cable. */
    lab_phone_mark(phone, act, what,
                   "(@device && usb.urb_type == 67 && usb.urb_status < 0 && "
                   "usb.urb_status != -32) || @hub",
                   0, 5);
}

void
lab_mark_left(lab_phone_t *phone, const lab_act_t *act, const char *what)
{
    if (phone->left_us == 0) {
        lab_phone_mark(phone, act, what, NULL, 0, 0);
        return;
    }
    lab_phone_mark(phone, act, what, "@hub", seconds_since(phone->left_us) + slack_s, 5);
}
