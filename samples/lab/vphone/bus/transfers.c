/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Transfers on their way between the port and the mode, and what faults do to them there: ended
 * with an error, ended late, never ended. A transfer belongs to the mode until the mode completes
 * it, then to `delayed`; one a fault took over is in `held`. */
#include <errno.h>
#include <string.h>

#include "samples/lab/vphone/bus/state.h"

enum { ALL_ENDPOINTS = -1, MUX_AND_TCP_HEADERS = 36, MUX_PROTOCOL_TCP = 6 };

struct delayed {
    lab_urb_t *urb;
    int status;
    GBytes *data;
    gint64 due_us; /* monotonic */
};

static void
delayed_free(void *data)
{
    struct delayed *end = data;

    g_bytes_unref(end->data);
    g_free(end);
}

static guint32
endpoint_bit(unsigned endpoint)
{
    unsigned bit = (endpoint & 0x0f) | (endpoint & 0x80 ? 0x10u : 0u);

    return (endpoint & 0x0f) == 0 ? 0x10001u : 1u << bit; /* control hangs both ways */
}

static bool
is_hung(const lab_phone_t *phone, const lab_urb_t *urb)
{
    return (phone->hung & endpoint_bit(urb->endpoint)) != 0;
}

static bool
is_mux(const lab_phone_t *phone)
{
    return phone->mode == LAB_MODE_NORMAL || phone->mode == LAB_MODE_RESTORE;
}

/* A mux packet that brings bytes of a stream. */
static bool
has_payload(const lab_phone_t *phone, const uint8_t *data, size_t n)
{
    return is_mux(phone) && n > MUX_AND_TCP_HEADERS && data[3] == MUX_PROTOCOL_TCP;
}

/* ---- held for ever ---- */

void
lab_transfers_hold(lab_phone_t *phone, lab_urb_t *urb)
{
    if (phone->hang.set && !phone->hung_first.known)
        lab_head_of(&phone->hung_first, urb->endpoint, urb->setup, urb->data,
                    urb->data ? urb->length : 0);
    g_queue_push_tail(&phone->held, urb);
}

bool
lab_transfers_are_held(const lab_phone_t *phone, lab_urb_t *urb)
{
    return g_queue_find((GQueue *)(guintptr)&phone->held, urb) != NULL;
}

lab_action_t
lab_transfers_take_over(lab_phone_t *phone, lab_urb_t *urb, lab_action_t as)
{
    if (!urb)
        return LAB_DO_NOTHING;
    lab_transfers_hold(phone, urb);
    return as;
}

/* The host lost its patience: the end of that transfer is what shows it. */
static void
mark_given_up(lab_phone_t *phone, const lab_urb_t *urb)
{
    g_autofree char *filter = NULL;

    /* Programs that end give up what they wait for on the mux; only time-outs are meant. */
    if (!phone->hang.set || (is_mux(phone) && (urb->endpoint & 0x0f) != 0))
        return;
    filter = g_strdup_printf("@device && usb.urb_type == 67 && usb.endpoint_address == 0x%02x && "
                             "(usb.urb_status == -2 || usb.urb_status == -104)",
                             urb->endpoint);
    lab_phone_mark(phone, &phone->hang.act, "the host gave up a transfer that hung", filter, 0, 5);
    phone->hang.set = false;
}

/* No transfer was given up: what the host waited for an answer to, or the last the phone said. */
static void
mark_hung(lab_phone_t *phone)
{
    const lab_head_t *head = &phone->hung_first;
    unsigned urb_type = 83;
    g_autofree char *filter = NULL;

    if (!phone->hang.set)
        return;
    if (is_mux(phone) && (phone->hung & 0xffff0000) != 0 && phone->last_request.known) {
        head = &phone->last_request;
    } else if (is_mux(phone) && phone->last_segment.known) {
        head = &phone->last_segment;
        urb_type = 67;
    }
    if (head->known)
        filter = lab_head_filter(head, urb_type);
    lab_phone_mark(phone, &phone->hang.act, "transfers hung until the end", filter,
                   head->known ? lab_head_age(head) : 0, 0);
    phone->hang.set = false;
}

void
lab_transfers_hang(lab_phone_t *phone, const lab_act_t *act, int endpoint)
{
    phone->hung |= endpoint == ALL_ENDPOINTS ? ~0u : endpoint_bit((unsigned)endpoint);
    phone->hang = (lab_later_t){ .set = true, .act = *act };
    phone->hung_first.known = false;
    if (!act->filter) {
        lab_phone_mark(phone, act, "transfers hang", NULL, 0, 0);
        return;
    }
    lab_phone_mark(phone, act, "transfers hang", act->filter, 1, 60);
    phone->hang.set = false;
}

/* ---- late ---- */

static gboolean
end_delayed(gpointer user)
{
    lab_phone_t *phone = user;
    gint64 now = g_get_monotonic_time();
    struct delayed *end;

    phone->delay_source = 0;
    while ((end = g_queue_peek_head(&phone->delayed)) && end->due_us <= now) {
        gsize n = 0;
        const void *data = g_bytes_get_data(end->data, &n);

        g_queue_pop_head(&phone->delayed);
        lab_urb_complete(end->urb, end->status, data, n);
        delayed_free(end);
    }
    if (end)
        phone->delay_source =
            g_timeout_add((guint)((end->due_us - now + 999) / 1000), end_delayed, phone);
    return G_SOURCE_REMOVE;
}

/* In the order they would have ended in. */
static void
delay(lab_phone_t *phone, lab_urb_t *urb, int status, const void *data, size_t length)
{
    const struct delayed *last = g_queue_peek_tail(&phone->delayed);
    gint64 now = g_get_monotonic_time();
    struct delayed *end = g_new0(struct delayed, 1);

    end->urb = urb;
    end->status = status;
    end->data = g_bytes_new(data, data ? length : 0);
    end->due_us = MAX(now + phone->slow_us, phone->paused_until_us);
    if (last)
        end->due_us = MAX(end->due_us, last->due_us);
    g_queue_push_tail(&phone->delayed, end);
    if (!phone->delay_source)
        phone->delay_source =
            g_timeout_add((guint)((end->due_us - now + 999) / 1000), end_delayed, phone);
}

void
lab_transfers_pause(lab_phone_t *phone, unsigned ms)
{
    gint64 until = g_get_monotonic_time() + (gint64)ms * 1000;

    phone->paused_until_us = MAX(phone->paused_until_us, until);
}

void
lab_phone_complete(lab_phone_t *phone, lab_urb_t *urb, int status, const void *data, size_t length)
{
    gint64 now = g_get_monotonic_time();

    if (lab_phone_is_on_bus(phone) && is_hung(phone, urb)) {
        lab_transfers_hold(phone, urb);
        return;
    }
    if (lab_urb_is_in(urb) && data && has_payload(phone, data, MIN(length, urb->length)))
        lab_head_of(&phone->last_segment, urb->endpoint, urb->setup, data, MUX_AND_TCP_HEADERS);
    if (lab_phone_is_on_bus(phone) &&
        (phone->slow_us > 0 || phone->paused_until_us > now || phone->delayed.length > 0))
        delay(phone, urb, status, data, length);
    else
        lab_urb_complete(urb, status, data, length);
}

/* ---- ended with an error ---- */

/* Takes a transfer from whoever has it. */
static void
take(lab_phone_t *phone, lab_urb_t *urb)
{
    if (g_queue_remove(&phone->held, urb))
        return;
    for (GList *at = phone->delayed.head; at; at = at->next) {
        struct delayed *end = at->data;

        if (end->urb == urb) {
            g_queue_delete_link(&phone->delayed, at);
            delayed_free(end);
            return;
        }
    }
    if (phone->ops)
        phone->ops->unlinked(phone->self, urb);
}

static void
mark_failed(lab_phone_t *phone, const lab_act_t *act, int status, int endpoint)
{
    g_autofree char *at =
        endpoint == ALL_ENDPOINTS
            ? g_strdup("usb.endpoint_address.direction == 1")
            : g_strdup_printf("usb.endpoint_address == 0x%02x", (unsigned)endpoint);
    g_autofree char *filter =
        g_strdup_printf("@device && usb.urb_type == 67 && usb.urb_status == %d && %s", status, at);

    lab_phone_mark(phone, act, "a transfer ends with an error", filter, 0, 5);
}

void
lab_transfers_end_held(lab_phone_t *phone, const lab_act_t *act, lab_urb_t *urb, int status)
{
    if (!g_queue_remove(&phone->held, urb))
        return;
    mark_failed(phone, act, status, urb->endpoint);
    lab_urb_complete(urb, status, NULL, 0);
}

void
lab_transfers_fail(lab_phone_t *phone, const lab_act_t *act, int status, int endpoint)
{
    g_autofree lab_urb_t **pending = NULL;

    if (!lab_phone_is_on_bus(phone))
        return;
    pending = lab_port_pending(phone->port, endpoint);
    if (!*pending) { /* the next one, then */
        phone->armed = (lab_later_t){ .set = true, .value = status, .left = endpoint, .act = *act };
        return;
    }
    mark_failed(phone, act, status, endpoint);
    for (lab_urb_t **urb = pending; *urb; urb++) {
        take(phone, *urb);
        lab_urb_complete(*urb, status, NULL, 0);
    }
}

static bool
strikes_armed(lab_phone_t *phone, lab_urb_t *urb)
{
    const lab_later_t *armed = &phone->armed;
    bool fits = armed->left == ALL_ENDPOINTS ? lab_urb_is_in(urb) : urb->endpoint == armed->left;

    if (!armed->set || !fits)
        return false;
    mark_failed(phone, &armed->act, (int)armed->value, urb->endpoint);
    lab_urb_complete(urb, (int)armed->value, NULL, 0);
    phone->armed.set = false;
    return true;
}

/* ---- what the port tells ---- */

/* iBoot's commands are vendor requests (0x40); the class request behind "go" says nothing. */
static bool
is_command(const lab_phone_t *phone, const lab_urb_t *urb)
{
    if (urb->endpoint != 0 || (urb->setup[0] & 0x60) == 0)
        return false;
    return phone->mode != LAB_MODE_RECOVERY || urb->setup[0] == 0x40;
}

static void
remember(lab_phone_t *phone, const lab_urb_t *urb)
{
    if (is_command(phone, urb))
        lab_head_of(&phone->last_command, 0, urb->setup, urb->data, urb->data ? urb->length : 0);
    else if (urb->data && has_payload(phone, urb->data, urb->length))
        lab_head_of(&phone->last_request, urb->endpoint, urb->setup, urb->data,
                    MUX_AND_TCP_HEADERS);
}

static void
submitted(void *user, lab_urb_t *urb)
{
    lab_phone_t *phone = user;

    if (strikes_armed(phone, urb))
        return;
    remember(phone, urb);
    if (is_hung(phone, urb)) {
        lab_transfers_hold(phone, urb);
        return;
    }
    if ((urb->endpoint & 0x0f) != 0)
        phone->ops->bulk(phone->self, urb);
    else if ((urb->setup[0] & 0x60) == 0)
        lab_standard_request(phone, urb);
    else
        phone->ops->control(phone->self, urb);
}

static void
unlinked(void *user, lab_urb_t *urb)
{
    lab_phone_t *phone = user;

    if (lab_transfers_are_held(phone, urb))
        mark_given_up(phone, urb);
    take(phone, urb);
}

static void
closed(void *user)
{
    lab_phone_unplug(user);
}

const lab_port_ops_t lab_phone_port_ops = { submitted, unlinked, closed };

void
lab_transfers_clear(lab_phone_t *phone)
{
    g_autofree lab_urb_t **in = lab_port_pending(phone->port, ALL_ENDPOINTS);

    mark_hung(phone);
    for (lab_urb_t **urb = in; *urb; urb++)
        take(phone, *urb);
    for (unsigned endpoint = 0; endpoint < 16; endpoint++) {
        g_autofree lab_urb_t **out = lab_port_pending(phone->port, (int)endpoint);

        for (lab_urb_t **urb = out; *urb; urb++)
            take(phone, *urb);
    }
    g_queue_clear(&phone->held);
    g_queue_clear_full(&phone->delayed, delayed_free);
    if (phone->delay_source)
        g_source_remove(phone->delay_source);
    phone->delay_source = 0;
    phone->hung = 0;
    phone->paused_until_us = 0;
    phone->armed.set = false;
    phone->last_request.known = phone->last_segment.known = phone->last_command.known = false;
}
