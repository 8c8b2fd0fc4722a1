/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A port without a kernel behind it, in place of bus/port.c, and a mode that answers nothing: what
 * the lab's tests of the phone need. To be included once by a test. */
#pragma once

#include <string.h>

#include "samples/lab/vphone/bus/state.h"

enum { FAKE_BUS = 1, FAKE_ADDRESS = 5 };

struct lab_port {
    const lab_port_ops_t *ops;
    void *user;
    bool is_cut;
    GQueue pending;
};

/* What happened last, for the tests to look at. */
static struct {
    lab_port_t *port; /* NULL: nothing is plugged in */
    unsigned plugged, number;
    bool has_address;
    GString *ended; /* "84:0 05:-71 " endpoint and status of each transfer that ended */
} fake;

lab_port_t *
lab_port_plug(unsigned number, const lab_port_ops_t *ops, void *user, GError **error)
{
    lab_port_t *port = g_new0(lab_port_t, 1);

    (void)error;
    port->ops = ops;
    port->user = user;
    fake.port = port;
    fake.number = number;
    fake.plugged++;
    return port;
}

void
lab_port_cut(lab_port_t *port)
{
    port->is_cut = true;
    if (fake.port == port)
        fake.port = NULL;
}

void
lab_port_unplug(lab_port_t *port)
{
    lab_port_cut(port);
    for (lab_urb_t *urb; (urb = g_queue_pop_head(&port->pending));) {
        g_free(urb->data);
        g_free(urb);
    }
    g_free(port);
}

bool
lab_port_bus(unsigned number, unsigned *bus)
{
    (void)number;
    *bus = FAKE_BUS;
    return true;
}

bool
lab_port_address(const lab_port_t *port, unsigned *bus, unsigned *address)
{
    (void)port;
    *bus = FAKE_BUS;
    *address = FAKE_ADDRESS;
    return fake.has_address;
}

lab_urb_t **
lab_port_pending(const lab_port_t *port, int endpoint)
{
    GPtrArray *urbs = g_ptr_array_new();

    for (GList *at = port->pending.head; at; at = at->next) {
        lab_urb_t *urb = at->data;

        if (endpoint < 0 ? lab_urb_is_in(urb) : urb->endpoint == endpoint)
            g_ptr_array_add(urbs, urb);
    }
    g_ptr_array_add(urbs, NULL);
    return (lab_urb_t **)g_ptr_array_free(urbs, FALSE);
}

void
lab_urb_complete(lab_urb_t *urb, int status, const void *data, size_t length)
{
    (void)data;
    (void)length;
    g_assert_true(g_queue_remove(&urb->port->pending, urb));
    if (!urb->port->is_cut)
        g_string_append_printf(fake.ended, "%02x:%d ", urb->endpoint, status);
    g_free(urb->data);
    g_free(urb);
}

/* A transfer as the host would submit it; the mode below keeps it. */
static inline lab_urb_t *
fake_submit(uint8_t endpoint, const char *text)
{
    lab_urb_t *urb = g_new0(lab_urb_t, 1);

    urb->port = fake.port;
    urb->endpoint = endpoint;
    urb->length = text ? strlen(text) + 1 : 64;
    urb->data = text ? (uint8_t *)g_strdup(text) : NULL;
    if ((endpoint & 0x0f) == 0) {
        urb->setup[0] = endpoint & 0x80 ? 0xc0 : 0x40;
        urb->setup[6] = (uint8_t)urb->length;
    }
    g_queue_push_tail(&fake.port->pending, urb);
    fake.port->ops->submitted(fake.port->user, urb);
    return urb;
}

static inline void
fake_give_up(lab_urb_t *urb)
{
    lab_port_t *port = urb->port;

    g_queue_remove(&port->pending, urb);
    port->ops->unlinked(port->user, urb);
    g_free(urb->data);
    g_free(urb);
}

/* ---- a mode ---- */

static void *
fake_start(lab_phone_t *phone)
{
    return phone;
}

static void
fake_stop(void *self)
{
    (void)self;
}

static void
fake_keep(void *self, lab_urb_t *urb)
{
    (void)self;
    (void)urb;
}

static const lab_mode_ops_t fake_mode = { .start = fake_start,
                                          .stop = fake_stop,
                                          .control = fake_keep,
                                          .bulk = fake_keep,
                                          .unlinked = fake_keep };

/* Runs the main loop for `ms`. */
static inline void
fake_wait(guint ms)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);

    g_timeout_add(ms, G_SOURCE_FUNC(g_main_loop_quit), loop);
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}
