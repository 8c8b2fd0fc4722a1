/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property lists between a host and lockdownd or one of its services, with the TLS that may lie
 * under them from some point on (protocol: libimobiledevice 1.3.0, src/lockdown.c, src/service.c).
 */
#include "samples/lab/vphone/services/lockdownd.h"

enum { RECORD_FIRST = 0x14, RECORD_LAST = 0x17, RECORD_ALERT = 0x15, ALERT_FATAL = 2 };

struct lab_channel {
    lab_stream_t *stream;
    lab_plist_link_t *link;
    lab_session_tls_t *tls; /* NULL: the stream is plain */
    bool tells_hello;       /* the ClientHello is a step, and it has not come yet */
    bool leaving;           /* plain bytes may come in place of TLS */
};

lab_channel_t *
lab_channel_new(lab_stream_t *stream, void (*got)(void *self, void *plist), void *self)
{
    lab_channel_t *channel = g_new0(lab_channel_t, 1);

    channel->stream = stream;
    channel->link = lab_plist_link_new(got, self);
    return channel;
}

static void
drop_tls(lab_channel_t *channel)
{
    lab_session_tls_free(channel->tls);
    channel->tls = NULL;
    channel->leaving = channel->tells_hello = false;
}

void
lab_channel_free(lab_channel_t *channel)
{
    if (!channel)
        return;
    drop_tls(channel);
    lab_plist_link_free(channel->link);
    g_free(channel);
}

bool
lab_channel_secure(lab_channel_t *channel, const char *certificate, bool is_session)
{
    if (channel->tls)
        return false;
    channel->tls = lab_session_tls_new(certificate);
    channel->tells_hello = is_session;
    return channel->tls != NULL;
}

void
lab_channel_unsecure(lab_channel_t *channel)
{
    channel->leaving = channel->tls != NULL;
}

/* ---- to the host ---- */

static void
send_bytes(lab_channel_t *channel, GBytes *bytes, const lab_act_t *act, const char *what)
{
    size_t length = 0;
    const void *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;

    if (length == 0)
        return;
    if (act)
        lab_stream_send_marked(channel->stream, data, length, act, what);
    else
        lab_stream_send(channel->stream, data, length);
}

void
lab_channel_send(lab_channel_t *channel, plist_t message, const lab_act_t *act, const char *what)
{
    g_autoptr(GBytes) frame = lab_plist_frame(message);
    g_autoptr(GBytes) records = NULL;
    size_t length;
    const void *data = g_bytes_get_data(frame, &length);

    if (!channel->tls) {
        send_bytes(channel, frame, act, what);
        return;
    }
    lab_session_tls_write(channel->tls, data, length);
    records = lab_session_tls_take_out(channel->tls);
    send_bytes(channel, records, act, what);
}

static void
send_alert(lab_channel_t *channel, const lab_act_t *act)
{
    uint8_t number = (uint8_t)lab_act_int(act, 0, 40);
    const uint8_t record[] = { RECORD_ALERT, 3, 3, 0, 2, ALERT_FATAL, number };
    g_autofree char *what = g_strdup_printf("lockdownd refuses TLS with alert %u", number);

    lab_stream_send_marked(channel->stream, record, sizeof record, act, what);
    lab_stream_reset(channel->stream, NULL);
}

/* ---- from the host ---- */

/* The step of the ClientHello. False when it is not to be answered. */
static bool
hello_allowed(lab_channel_t *channel)
{
    lab_act_t act = { .name = NULL };

    channel->tells_hello = false;
    switch (lab_stream_step(channel->stream, LAB_STEP_LOCKDOWN_TLS, NULL, &act)) {
    case LAB_DO_TLS_ALERT:
        send_alert(channel, &act);
        return false;
    case LAB_DO_DROP_ANSWER:
        lab_stream_mark_request(channel->stream, &act, "lockdownd does not answer the ClientHello");
        return false;
    case LAB_DO_MUTE:
    case LAB_DO_SILENT:
    case LAB_DO_RESET:
        return false;
    default:
        return true;
    }
}

static bool
take_records(lab_channel_t *channel, const uint8_t *data, size_t length, GByteArray *plain)
{
    lab_session_state_t state = lab_session_tls_feed(channel->tls, data, length, plain);
    g_autoptr(GBytes) records = lab_session_tls_take_out(channel->tls);

    send_bytes(channel, records, NULL, NULL);
    if (state == LAB_SESSION_ENDED)
        drop_tls(channel);
    return state != LAB_SESSION_BROKEN;
}

static bool
take(lab_channel_t *channel, const uint8_t *data, size_t length)
{
    g_autoptr(GByteArray) plain = g_byte_array_new();

    if (channel->leaving && (data[0] < RECORD_FIRST || data[0] > RECORD_LAST))
        drop_tls(channel);
    if (!channel->tls)
        return lab_plist_link_feed(channel->link, data, length);
    if (channel->tells_hello && !hello_allowed(channel))
        return true;
    return take_records(channel, data, length, plain) &&
           lab_plist_link_feed(channel->link, plain->data, plain->len);
}

void
lab_channel_received(lab_channel_t *channel, const uint8_t *data, size_t length)
{
    if (length > 0 && !take(channel, data, length))
        lab_stream_reset(channel->stream, NULL);
}
