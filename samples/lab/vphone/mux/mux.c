/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmux, the device's end: packets in USB transfers, version, setup. Wire format: usbmuxd 2efa75a,
 * src/device.c and src/usb.c; numbering as in captures of real usbmuxd. */
#include "samples/lab/vphone/mux/mux-priv.h"

#include <string.h>

static const uint32_t magic = 0xfeedface;

enum {
    PACKETS_MAX = 1024, /* waiting for a host that reads nothing; more is dropped */
    PACKETS_FULL = 16,  /* from here on streams keep their data */
    MARK_BEFORE_S = 10,
    MARK_WITHIN_S = 20,
};

static void
free_packet(void *packet)
{
    g_bytes_unref(packet);
}

lab_mux_t *
lab_mux_new(lab_phone_t *phone)
{
    lab_mux_t *mux = g_new0(lab_mux_t, 1);

    mux->phone = phone;
    mux->in = g_byte_array_new();
    g_queue_init(&mux->urbs);
    g_queue_init(&mux->packets);
    g_queue_init(&mux->gone);
    mux->listeners = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    mux->streams = g_hash_table_new(NULL, NULL);
    return mux;
}

static void
mux_free(lab_mux_t *mux)
{
    g_byte_array_unref(mux->in);
    g_queue_clear(&mux->urbs);
    g_queue_clear_full(&mux->packets, free_packet);
    g_hash_table_unref(mux->listeners);
    g_hash_table_unref(mux->streams);
    g_free(mux);
}

static gboolean
reap(void *user)
{
    lab_mux_t *mux = user;
    lab_stream_t *stream;

    mux->reaper = 0;
    while ((stream = g_queue_pop_head(&mux->gone)))
        lab_stream_free(stream);
    if (mux->stopped) {
        lab_services_stop(mux);
        if (mux->free_data)
            mux->free_data(mux->data);
        mux_free(mux);
    }
    return G_SOURCE_REMOVE;
}

void
lab_mux_reap_soon(lab_mux_t *mux)
{
    if (mux->reaper == 0)
        mux->reaper = g_idle_add_full(G_PRIORITY_HIGH, reap, mux, NULL);
}

void
lab_mux_restart(lab_mux_t *mux)
{
    g_autoptr(GList) streams = g_hash_table_get_values(mux->streams);

    for (GList *at = streams; at; at = at->next)
        lab_stream_finish(at->data);
    g_queue_clear_full(&mux->packets, free_packet);
    g_byte_array_set_size(mux->in, 0);
    mux->zlp_due = false;
    mux->tx_seq = 0;
    mux->rx_seq = 0;
}

void
lab_mux_stop(lab_mux_t *mux)
{
    lab_mux_restart(mux);
    mux->stopped = true;
    mux->arrival = NULL;
    g_queue_clear(&mux->urbs);
    lab_mux_reap_soon(mux);
}

/* ---- to the host ---- */

/* One packet is one transfer. Only a packet that fills the host's buffer to the last byte needs an
 * empty transfer after it: a shorter one has ended the host's transfer by being short. */
static void
pump(lab_mux_t *mux)
{
    while (!mux->stopped && !mux->busy && !g_queue_is_empty(&mux->urbs) &&
           (mux->zlp_due || !g_queue_is_empty(&mux->packets))) {
        lab_urb_t *urb = g_queue_pop_head(&mux->urbs);
        g_autoptr(GBytes) packet = mux->zlp_due ? NULL : g_queue_pop_head(&mux->packets);
        size_t length = 0;
        const void *data = packet ? g_bytes_get_data(packet, &length) : NULL;

        if (length > urb->length) { /* the rest in the host's next buffer */
            g_queue_push_head(&mux->packets,
                              g_bytes_new_from_bytes(packet, urb->length, length - urb->length));
            length = urb->length;
            mux->zlp_due = false;
        } else {
            mux->zlp_due = length > 0 && length == urb->length;
        }
        lab_phone_complete(mux->phone, urb, 0, data, length);
    }
}

/* Room is there again: streams that held data back go on. */
static void
pump_and_refill(lab_mux_t *mux)
{
    pump(mux);
    if (mux->stopped || mux->busy || !lab_mux_has_room(mux))
        return;
    g_autoptr(GList) streams = g_hash_table_get_values(mux->streams);
    for (GList *at = streams; at; at = at->next)
        lab_stream_flush(at->data);
    pump(mux);
}

static bool
queue_packet(lab_mux_t *mux, GBytes *packet)
{
    if (mux->muted || mux->stopped || g_queue_get_length(&mux->packets) >= PACKETS_MAX) {
        g_bytes_unref(packet);
        return false;
    }
    g_queue_push_tail(&mux->packets, packet);
    pump(mux);
    return true;
}

bool
lab_mux_has_room(const lab_mux_t *mux)
{
    return mux->packets.length < PACKETS_FULL;
}

bool
lab_mux_send(lab_mux_t *mux, uint32_t protocol, const uint8_t *head, size_t head_length,
             const uint8_t *data, size_t length, uint16_t *ret_seq)
{
    size_t total = MUX_HEADER + head_length + length;
    uint8_t *packet = g_malloc(total);
    uint16_t seq = mux->tx_seq;

    put_u32(packet, protocol);
    put_u32(packet + 4, (uint32_t)total);
    put_u32(packet + 8, magic);
    put_u16(packet + 12, seq);
    put_u16(packet + 14, mux->rx_seq);
    memcpy(packet + MUX_HEADER, head, head_length);
    if (length)
        memcpy(packet + MUX_HEADER + head_length, data, length);
    if (!queue_packet(mux, g_bytes_new_take(packet, total)))
        return false;
    mux->tx_seq++;
    *ret_seq = seq;
    return true;
}

/* ---- marks and steps ---- */

void
lab_mux_mark(lab_mux_t *mux, const lab_act_t *act, const char *what, bool in, uint16_t seq)
{
    g_autofree char *filter = g_strdup_printf(
        "@device && usb.endpoint_address == 0x%02x && usb.capdata[8:4] == fe:ed:fa:ce && "
        "usb.capdata[12:2] == %02x:%02x",
        in ? MUX_ENDPOINT_IN : MUX_ENDPOINT_OUT, (unsigned)seq >> 8, (unsigned)seq & 0xff);

    lab_phone_mark(mux->phone, act, what, filter, MARK_BEFORE_S, MARK_WITHIN_S);
}

lab_action_t
lab_mux_step(lab_mux_t *mux, lab_step_t step, const char *detail, lab_act_t *act)
{
    lab_action_t action = lab_phone_step(mux->phone, step, detail, mux->arrival, act);

    if (action == LAB_DO_HANG || action == LAB_DO_ERROR_HERE)
        mux->arrival = NULL;
    return action;
}

/* ---- from the host ---- */

static void
mark_version(lab_mux_t *mux, const lab_act_t *act, const char *what, bool in)
{
    g_autofree char *filter = g_strdup_printf("@device && usb.endpoint_address == 0x%02x && "
                                              "usb.capdata[0:8] == 00:00:00:00:00:00:00:14",
                                              in ? MUX_ENDPOINT_IN : MUX_ENDPOINT_OUT);

    lab_phone_mark(mux->phone, act, what, filter, MARK_BEFORE_S, MARK_WITHIN_S);
}

/* The host says which version it speaks; the phone settles on 2.0, or on what a fault says
 * ("answer major 9"). */
static void
take_version(lab_mux_t *mux)
{
    uint8_t reply[MUX_HEADER_V1 + 12] = { [7] = MUX_HEADER_V1 + 12, [11] = 2 };
    lab_act_t act;

    lab_mux_restart(mux);
    switch (lab_mux_step(mux, LAB_STEP_MUX_VERSION, NULL, &act)) {
    case LAB_DO_MUTE:
        mark_version(mux, &act, "the phone never answers the host's mux version", false);
        mux->muted = true;
        return;
    case LAB_DO_SILENT:
    case LAB_DO_DROP_ANSWER:
        mark_version(mux, &act, "the phone does not answer the host's mux version", false);
        return;
    case LAB_DO_ANSWER:
        put_u32(reply + 8, (uint32_t)lab_act_int(&act, 1, 2));
        mark_version(mux, &act, "the phone answers with a mux version of its own", true);
        break;
    default:
        break;
    }
    queue_packet(mux, g_bytes_new(reply, sizeof reply));
}

static void
take_packet(lab_mux_t *mux, const uint8_t *packet, size_t length)
{
    uint32_t protocol = get_u32(packet);

    if (protocol == MUX_VERSION) {
        take_version(mux);
        return;
    }
    if (length < MUX_HEADER || get_u32(packet + 8) != magic)
        return;
    mux->rx_seq = get_u16(packet + 12);
    if (protocol == MUX_SETUP)
        mux->tx_seq = 0;
    else if (protocol == MUX_TCP && length >= MUX_HEADER + MUX_TCP_HEADER)
        lab_stream_input(mux, packet + MUX_HEADER, length - MUX_HEADER);
}

/* Takes whole packets off what has come. Bytes that cannot start a packet are thrown away: the
 * device has no other way to find the next one. */
static void
take_packets(lab_mux_t *mux)
{
    while (!mux->stopped && mux->in->len >= MUX_HEADER_V1) {
        uint32_t length = get_u32(mux->in->data + 4);

        if (length < MUX_HEADER_V1 || length > MUX_HOST_MAX) {
            g_byte_array_set_size(mux->in, 0);
            return;
        }
        if (mux->in->len < length)
            return;
        g_autofree uint8_t *packet = g_memdup2(mux->in->data, length);
        g_byte_array_remove_range(mux->in, 0, length);
        take_packet(mux, packet, length);
    }
}

static void
host_wrote(lab_mux_t *mux, lab_urb_t *urb)
{
    if (urb->length && urb->data)
        g_byte_array_append(mux->in, urb->data, (unsigned)urb->length);
    mux->arrival = urb;
    mux->busy = true;
    take_packets(mux);
    mux->busy = false;
    if (mux->stopped)
        return;
    urb = g_steal_pointer(&mux->arrival);
    if (urb)
        lab_phone_complete(mux->phone, urb, 0, NULL, urb->length);
    pump_and_refill(mux);
}

void
lab_mux_transfer(lab_mux_t *mux, lab_urb_t *urb)
{
    if (urb->endpoint == MUX_ENDPOINT_OUT) {
        host_wrote(mux, urb);
    } else if (urb->endpoint == MUX_ENDPOINT_IN) {
        g_queue_push_tail(&mux->urbs, urb);
        pump_and_refill(mux);
    } else if (!lab_urb_is_in(urb)) { /* to the camera or the network interface */
        lab_phone_complete(mux->phone, urb, 0, NULL, urb->length);
    } /* IN of those: nothing ever comes; the port holds the transfer */
}

void
lab_mux_unlinked(lab_mux_t *mux, lab_urb_t *urb)
{
    g_queue_remove(&mux->urbs, urb);
    if (mux->arrival == urb)
        mux->arrival = NULL;
}

/* ---- small things ---- */

lab_phone_t *
lab_mux_phone(const lab_mux_t *mux)
{
    return mux->phone;
}

void
lab_mux_listen(lab_mux_t *mux, uint16_t port, const lab_service_t *service, void *user)
{
    lab_listener_t *listener = g_new0(lab_listener_t, 1);

    listener->service = service;
    listener->user = user;
    g_hash_table_replace(mux->listeners, GUINT_TO_POINTER(port), listener);
}

void
lab_mux_unlisten(lab_mux_t *mux, uint16_t port)
{
    g_hash_table_remove(mux->listeners, GUINT_TO_POINTER(port));
}

void
lab_mux_set_services_data(lab_mux_t *mux, void *data, GDestroyNotify free_data)
{
    if (mux->free_data)
        mux->free_data(mux->data);
    mux->data = data;
    mux->free_data = free_data;
}

void *
lab_mux_services_data(lab_mux_t *mux)
{
    return mux->data;
}
