/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The little services that lockdownd starts: notification proxies, because usbmuxd waits at one for
 * its user's answer, and the diagnostics relay (libimobiledevice 1.3.0, src/notification_proxy.c,
 * src/diagnostics_relay.c). Every other service is InvalidService. */
#include <string.h>

#include "samples/lab/vphone/services/data.h"
#include "samples/lab/vphone/services/lockdownd.h"

enum { FIRST_PORT = 49152, STARTED_MAX = 64 };

typedef struct connection connection_t;
typedef void answer_fn(connection_t *c, plist_t request);

typedef struct {
    const char *name;
    bool needs_session; /* and speaks TLS */
    answer_fn *answer;
} small_service_t;

/* A service that listens for a host: port FIRST_PORT + its place in the list. */
typedef struct {
    const small_service_t *service;
    char *certificate; /* NULL: no TLS */
} started_t;

struct connection {
    const small_service_t *service;
    lab_phone_t *phone;
    lab_channel_t *channel;
};

static void
say(connection_t *c, const char *key, const char *text)
{
    plist_t message = plist_new_dict();

    plist_dict_set_item(message, key, plist_new_string(text));
    lab_channel_send(c->channel, message, NULL, NULL);
    plist_free(message);
}

/* Nothing ever happens on this phone, so observers hear nothing. */
static void
answer_observer(connection_t *c, plist_t request)
{
    g_autofree char *command = lab_data_text(request, "Command");

    if (g_strcmp0(command, "Shutdown") == 0)
        say(c, "Command", "ProxyDeath");
}

static void
answer_diagnostics(connection_t *c, plist_t request)
{
    g_autofree char *name = lab_data_text(request, "Request");
    bool restarts = g_strcmp0(name, "Restart") == 0;

    say(c, "Status", restarts || g_strcmp0(name, "Goodbye") == 0 ? "Success" : "UnknownRequest");
    if (restarts)
        lab_lockdown_leave_for(c->phone, LAB_MODE_NORMAL);
}

static const small_service_t small_services[] = {
    { "com.apple.mobile.insecure_notification_proxy", false, answer_observer },
    { "com.apple.mobile.notification_proxy", true, answer_observer },
    { "com.apple.mobile.diagnostics_relay", true, answer_diagnostics },
};

/* ---- connections ---- */

static void
got(void *self, void *plist)
{
    connection_t *c = self;

    c->service->answer(c, plist);
}

static void *
opened(lab_stream_t *stream, lab_phone_t *phone, void *user)
{
    const started_t *started = user;
    connection_t *c = g_new0(connection_t, 1);

    c->service = started->service;
    c->phone = phone;
    c->channel = lab_channel_new(stream, got, c);
    if (started->certificate)
        lab_channel_secure(c->channel, started->certificate, false);
    return c;
}

static void
received(void *self, const uint8_t *data, size_t length)
{
    connection_t *c = self;

    lab_channel_received(c->channel, data, length);
}

static void
closed(void *self)
{
    connection_t *c = self;

    lab_channel_free(c->channel);
    g_free(c);
}

static const lab_service_t small_service = {
    .name = "a service of lockdownd",
    .opened = opened,
    .received = received,
    .closed = closed,
};

/* ---- starting ---- */

static void
started_free(void *data)
{
    started_t *started = data;

    g_free(started->certificate);
    g_free(started);
}

static void
free_list(void *data)
{
    g_ptr_array_unref(data);
}

static GPtrArray *
list_of(lab_mux_t *mux)
{
    GPtrArray *list = lab_mux_services_data(mux);

    if (!list) {
        list = g_ptr_array_new_with_free_func(started_free);
        lab_mux_set_services_data(mux, list, free_list);
    }
    return list;
}

static const small_service_t *
find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(small_services); i++)
        if (strcmp(small_services[i].name, name) == 0)
            return &small_services[i];
    return NULL;
}

/* Its place in the list; a new one when it does not listen for that host yet. */
static unsigned
place_of(GPtrArray *list, const small_service_t *service, const char *certificate)
{
    started_t *started;

    for (unsigned i = 0; i < list->len; i++) {
        started = g_ptr_array_index(list, i);
        if (started->service == service && g_strcmp0(started->certificate, certificate) == 0)
            return i;
    }
    if (list->len >= STARTED_MAX)
        return STARTED_MAX;
    started = g_new0(started_t, 1);
    started->service = service;
    started->certificate = g_strdup(certificate);
    g_ptr_array_add(list, started);
    return list->len - 1;
}

const char *
lab_small_service_start(lab_mux_t *mux, const char *name, const char *certificate,
                        uint16_t *ret_port, bool *ret_tls)
{
    const small_service_t *service = find(name);
    GPtrArray *list = list_of(mux);
    unsigned place;

    if (!service)
        return "InvalidService";
    if (service->needs_session && !certificate)
        return "SessionInactive";
    place = place_of(list, service, service->needs_session ? certificate : NULL);
    if (place == STARTED_MAX)
        return "ServiceLimit";
    *ret_port = (uint16_t)(FIRST_PORT + place);
    *ret_tls = service->needs_session;
    lab_mux_listen(mux, *ret_port, &small_service, g_ptr_array_index(list, place));
    return NULL;
}
