/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See fixture.h. */
#include "tests/unit/tracker/fixture.h"

#include <string.h>

enum { FRAME_STEP_US = 1000 };

bench *
bench_new(void)
{
    bench *b = g_new0(bench, 1);

    b->tracker = rs_tracker_new();
    b->time_us = G_GINT64_CONSTANT(1700000000000000);
    b->bus = BUS;
    b->next_id = 1;
    return b;
}

void
bench_free(bench *b)
{
    if (!b)
        return;
    rs_tracker_free(b->tracker);
    g_free(b);
}

void
wait_s(bench *b, double seconds)
{
    b->time_us += (gint64)(seconds * G_USEC_PER_SEC);
}

static void
observe(bench *b, struct rs_observation *observation)
{
    observation->frame = ++b->frame;
    observation->time_us = b->time_us;
    b->time_us += FRAME_STEP_US;
    b->concerned = rs_tracker_observe(b->tracker, observation, &b->note);
    if (b->note.device_event == RS_DEVICE_NO_EVENT)
        return;
    b->event = b->note;
    b->event_frame = b->frame;
    b->n_events++;
}

static void
observe_usb(bench *b, const struct rs_usb_event *event, const void *data,
            const struct rs_fact *list, guint n)
{
    struct rs_usb_observation usb = { event, data };
    struct rs_observation observation = { .usb = &usb, .facts = list, .n_facts = n };

    observe(b, &observation);
}

void
control(bench *b, guint8 address, const struct rs_usb_setup *setup, gint32 status, const void *data,
        gsize length)
{
    struct rs_usb_event event = { .id = b->next_id++,
                                  .is_submission = true,
                                  .transfer = RS_USB_CONTROL,
                                  .bus = b->bus,
                                  .address = address,
                                  .has_setup = true,
                                  .setup = *setup };

    event.endpoint = setup->request_type & 0x80;
    observe_usb(b, &event, NULL, NULL, 0);
    event.is_submission = false;
    event.has_setup = false;
    event.status = status;
    event.data_length = setup->request_type & 0x80 ? length : 0;
    observe_usb(b, &event, data, NULL, 0);
}

void
bulk(bench *b, guint8 address, gint32 status, double seconds)
{
    struct rs_usb_event event = { .id = b->next_id++,
                                  .is_submission = true,
                                  .transfer = RS_USB_BULK,
                                  .endpoint = 0x04,
                                  .bus = b->bus,
                                  .address = address };

    observe_usb(b, &event, NULL, NULL, 0);
    b->time_us += (gint64)(seconds * G_USEC_PER_SEC) - FRAME_STEP_US;
    event.is_submission = false;
    event.status = status;
    observe_usb(b, &event, NULL, NULL, 0);
}

void
completion(bench *b, guint8 address, gint32 status)
{
    struct rs_usb_event event = { .id = b->next_id++,
                                  .transfer = RS_USB_BULK,
                                  .endpoint = 0x85,
                                  .bus = b->bus,
                                  .address = address,
                                  .status = status };

    observe_usb(b, &event, NULL, NULL, 0);
}

void
hub_interrupt(bench *b)
{
    struct rs_usb_event event = { .id = b->next_id++,
                                  .transfer = RS_USB_INTERRUPT,
                                  .endpoint = 0x81,
                                  .bus = b->bus,
                                  .address = HUB,
                                  .data_length = 1 };

    observe_usb(b, &event, "\x02", NULL, 0);
}

void
port_status(bench *b, guint8 port, gboolean connected, gboolean changed)
{
    const guint8 status[4] = { connected ? 1 : 0, 1, changed ? 1 : 0, 0 };
    const struct rs_usb_setup setup = { 0xa3, 0, 0, port, 4 };

    control(b, HUB, &setup, 0, status, sizeof status);
}

void
port_reset(bench *b, guint8 port)
{
    const struct rs_usb_setup setup = { 0x23, 3, 4, port, 0 };

    control(b, HUB, &setup, 0, NULL, 0);
}

static void
read_serial(bench *b, guint8 address, const char *text)
{
    const struct rs_usb_setup setup = { 0x80, 6, 0x0303, 0x0409, 255 };
    guint8 string[255] = { 0 };
    gsize length = MIN(strlen(text), 126);

    string[0] = (guint8)(2 + 2 * length);
    string[1] = 3;
    for (gsize i = 0; i < length; i++)
        string[2 + 2 * i] = (guint8)text[i];
    control(b, address, &setup, 0, string, string[0]);
}

void
enumerate(bench *b, guint8 address, guint16 vendor, guint16 product, const char *serial)
{
    const struct rs_usb_setup get_device = { 0x80, 6, 0x0100, 0, 18 };
    const struct rs_usb_setup set_address = { 0x00, 5, address, 0, 0 };
    guint8 descriptor[18] = { 18, 1, 0, 2, 0, 0, 0, 64 };

    descriptor[8] = (guint8)vendor;
    descriptor[9] = (guint8)(vendor >> 8);
    descriptor[10] = (guint8)product;
    descriptor[11] = (guint8)(product >> 8);
    control(b, 0, &get_device, 0, descriptor, sizeof descriptor);
    control(b, 0, &set_address, 0, NULL, 0);
    g_assert_cmpuint(b->note.new_address, ==, address); /* of any device, Apple's or not */
    control(b, address, &get_device, 0, descriptor, sizeof descriptor);
    if (serial)
        read_serial(b, address, serial);
}

void
attach(bench *b, guint8 port, guint8 address, guint16 product, const char *serial)
{
    hub_interrupt(b);
    port_status(b, port, TRUE, TRUE);
    port_reset(b, port);
    enumerate(b, address, 0x05ac, product, serial);
}

guint32
leave(bench *b, guint8 port)
{
    guint32 frame;

    hub_interrupt(b);
    frame = b->frame;
    port_status(b, port, FALSE, TRUE);
    return frame;
}

void
facts(bench *b, guint8 address, const struct rs_fact *list, guint n)
{
    struct rs_usb_event event = { .id = b->next_id++,
                                  .is_submission = true,
                                  .transfer = RS_USB_BULK,
                                  .endpoint = 0x04,
                                  .bus = b->bus,
                                  .address = address };

    observe_usb(b, &event, NULL, list, n);
}

void
fact(bench *b, guint8 address, enum rs_fact_id id, const char *text, gint64 number)
{
    const struct rs_fact one = { id, text, number };

    facts(b, address, &one, 1);
}

static void
observe_net(bench *b, const char *from, const char *to, gint64 stream, guint8 flags,
            const struct rs_fact *list, guint n)
{
    const struct rs_net_observation net = { { from, to, NULL, NULL }, stream, flags };
    struct rs_observation observation = { .net = &net, .facts = list, .n_facts = n };

    observe(b, &observation);
}

void
dns_query(bench *b, const char *name)
{
    const struct rs_fact list[] = { { RS_FACT_DNS_NAME, name, 0 },
                                    { RS_FACT_DNS_IS_RESPONSE, NULL, 0 } };

    observe_net(b, "192.168.1.2", "192.168.1.1", -1, 0, list, G_N_ELEMENTS(list));
}

void
dns_answer(bench *b, const char *name, const char *address)
{
    const struct rs_fact list[] = { { RS_FACT_DNS_NAME, name, 0 },
                                    { RS_FACT_DNS_IS_RESPONSE, NULL, 1 },
                                    { RS_FACT_DNS_RCODE, NULL, address ? 0 : 3 },
                                    { RS_FACT_DNS_A, address, 0 } };

    observe_net(b, "192.168.1.1", "192.168.1.2", -1, 0, list, address ? 4 : 3);
}

void
segment(bench *b, const char *from, const char *to, gint64 stream, guint8 flags,
        const struct rs_fact *list, guint n)
{
    observe_net(b, from, to, stream, flags, list, n);
}

const struct rs_session *
session_at(const bench *b, guint index)
{
    const GPtrArray *sessions = rs_tracker_sessions(b->tracker);

    g_assert_cmpuint(index, <, sessions->len);
    return g_ptr_array_index(sessions, index);
}

static void
append_spans(GString *out, const GArray *spans)
{
    for (guint i = 0; i < spans->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
                               g_array_index(spans, struct rs_span, i).name);
}

char *
describe_session(const bench *b, guint index)
{
    const struct rs_session *session = session_at(b, index);
    g_autoptr(GString) out = g_string_new(NULL);

    append_spans(out, session->phases);
    g_string_append(out, " | ");
    append_spans(out, session->modes);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

const struct rs_host *
host_named(const bench *b, const char *name)
{
    const GPtrArray *hosts = rs_tracker_hosts(b->tracker);

    for (guint i = 0; i < hosts->len; i++) {
        const struct rs_host *host = g_ptr_array_index(hosts, i);

        if (strcmp(host->name, name) == 0)
            return host;
    }
    return NULL;
}
