/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tracker's one entry: each frame goes through devices, hosts, session and phase, in that
 * order. */

#include "plugin/tracker/internal.h"

static void
device_free(gpointer data)
{
    struct tracked_device *device = data;

    g_free(device->public.ecid);
    g_free(device->public.product);
    g_free(device->public.mode);
    g_free(device);
}

rs_tracker *
rs_tracker_new(void)
{
    rs_tracker *tracker = g_new0(rs_tracker, 1);

    tracker->urbs = urb_table_new();
    tracker->hosts = host_table_new();
    tracker->devices = g_ptr_array_new_with_free_func(device_free);
    tracker->sessions = g_ptr_array_new_with_free_func(session_free);
    tracker->by_address = g_hash_table_new(g_direct_hash, g_direct_equal);
    tracker->ports = g_hash_table_new(g_direct_hash, g_direct_equal);
    tracker->hub_change = g_hash_table_new(g_direct_hash, g_direct_equal);
    tracker->reset_port = g_hash_table_new(g_direct_hash, g_direct_equal);
    return tracker;
}

void
rs_tracker_free(rs_tracker *tracker)
{
    if (!tracker)
        return;
    g_hash_table_unref(tracker->by_address);
    g_hash_table_unref(tracker->ports);
    g_hash_table_unref(tracker->hub_change);
    g_hash_table_unref(tracker->reset_port);
    g_ptr_array_unref(tracker->sessions);
    g_ptr_array_unref(tracker->devices);
    host_table_free(tracker->hosts);
    urb_table_free(tracker->urbs);
    g_free(tracker);
}

static void
note_clear(struct rs_note *note)
{
    *note = (struct rs_note){ .pending_us = -1, .away_us = -1, .reason = "", .previous_mode = "" };
}

static struct tracked_device *
device_of(rs_tracker *tracker, const struct rs_observation *observation, const struct rs_note *note)
{
    const struct rs_usb_event *event = observation->usb->event;

    if (note->device)
        return g_ptr_array_index(tracker->devices, note->device->index - 1);
    return devices_at(tracker, event->bus, event->address);
}

/* Every Apple device talks to Apple; without one on the bus only the servers of a restore count. */
static gboolean
is_about_a_restore(const rs_tracker *tracker, const struct rs_host *host)
{
    static const char *const roles[] = { "signing", "fdr", "keys", NULL };

    return host && (tracker->devices->len > 0 || g_strv_contains(roles, host->role));
}

/* Was part of the dialogue lost to a snap length? All a device says counts, its logs are long; of
 * the host's only what is short enough for a command: the rest is firmware. */
static void
count_cut(struct tracked_session *session, const struct rs_observation *observation,
          const struct rs_host *host)
{
    enum { MAX_COMMAND_BYTES = 1024, ENDPOINT_IN = 0x80 };
    const struct rs_fact *length = observation_fact(observation, RS_FACT_MUX_LENGTH);
    gboolean from_device = observation->usb && (observation->usb->event->endpoint & ENDPOINT_IN);

    if (host && observation->is_cut)
        session->public.n_cut_net++;
    if (observation_fact(observation, RS_FACT_MUX_CUT) &&
        (from_device || (length && length->number <= MAX_COMMAND_BYTES)))
        session->public.n_cut_usb++;
}

/* What the kernel says of a bus belongs to the device on it, and changes nothing. */
static gboolean
observe_kernel(const rs_tracker *tracker, guint bus, struct rs_note *note)
{
    const struct tracked_session *session = session_on_bus(tracker, bus);

    if (!session)
        return FALSE;
    note->session = session->public.id;
    note->device = session->public.device;
    note->mode = g_intern_string(note->device->mode);
    note->phase = session->phase;
    note->is_blind = session->public.n_cut_usb > 0;
    return TRUE;
}

gboolean
rs_tracker_observe(rs_tracker *tracker, const struct rs_observation *observation,
                   struct rs_note *ret_note)
{
    struct tracked_device *device = NULL;
    struct tracked_session *session;
    struct rs_note note;

    note_clear(&note);
    if (observation->usb) {
        devices_observe(tracker, observation, &note);
        device = device_of(tracker, observation, &note);
        if (!device)
            device = devices_appear_unseen(tracker, observation);
    }
    note.host = host_table_observe(tracker->hosts, observation);
    if (!device && !is_about_a_restore(tracker, note.host))
        note.host = NULL;
    *ret_note = note;
    if (observation->kernel_bus)
        return observe_kernel(tracker, observation->kernel_bus, ret_note);
    if (!device && !note.host)
        return FALSE;
    if (device)
        device = devices_learn(tracker, device, observation, &note);
    if (device)
        note.device = &device->public;
    note.mode = device ? g_intern_string(device->public.mode) : NULL;
    session = session_of(tracker, device, observation, note.host);
    count_cut(session, observation, note.host);
    session_observe_return(session, &note);
    phases_observe(session, device, note.host, observation, &note);
    reruns_observe(session, device, note.host, observation, &note);
    session_touch(session, device && device->public.present ? note.mode : NULL, observation);
    note.session = session->public.id;
    note.is_blind = session->public.n_cut_usb > 0;
    note.phase = session->phase;
    if (!note.device)
        note.device = session->public.device;
    if (!note.mode && note.device)
        note.mode = g_intern_string(note.device->mode);
    *ret_note = note;
    return TRUE;
}

gboolean
rs_tracker_tracks(const rs_tracker *tracker, guint16 bus, guint8 address)
{
    return devices_at(tracker, bus, address) != NULL;
}

const GPtrArray *
rs_tracker_sessions(const rs_tracker *tracker)
{
    return tracker->sessions;
}

const GPtrArray *
rs_tracker_hosts(const rs_tracker *tracker)
{
    return host_table_all(tracker->hosts);
}
