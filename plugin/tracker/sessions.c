/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sessions: one attempt to restore one device. A new one starts when a device is signed for again
 * after its last attempt ended or got as far as the kernel, was plugged out and in again, or when
 * the restore program was started once more (reruns.c). */

#include "plugin/tracker/internal.h"

#include <string.h>

#define MAX_SESSIONS 1024
#define MAX_SPANS 4096

static struct tracked_session *
session_new(rs_tracker *tracker, struct tracked_device *device)
{
    struct tracked_session *session;

    if (tracker->sessions->len >= MAX_SESSIONS)
        return tracker->latest;
    session = g_new0(struct tracked_session, 1);
    session->public.id = tracker->sessions->len + 1;
    session->public.phases = g_array_new(FALSE, TRUE, sizeof(struct rs_span));
    session->public.modes = g_array_new(FALSE, TRUE, sizeof(struct rs_span));
    session->public.device = device ? &device->public : NULL;
    g_ptr_array_add(tracker->sessions, session);
    return session;
}

void
session_free(gpointer data)
{
    struct tracked_session *session = data;

    g_array_unref(session->public.phases);
    g_array_unref(session->public.modes);
    g_free(session);
}

static gboolean
is_over(const struct tracked_session *session)
{
    const struct rs_device *device = session->public.device;

    if (session->public.completed || session->was_replugged)
        return TRUE;
    return session->kernel_started && device && strcmp(device->mode, "restore") != 0 &&
           strcmp(device->mode, "normal") != 0;
}

/* A hand takes longer than a bus that resets, after which a tool may well go on. What was told to
 * leave in messages that were not captured has gone to another mode. */
void
session_observe_return(struct tracked_session *session, const struct rs_note *note)
{
    const gint64 by_hand_us = 5 * G_USEC_PER_SEC;

    if (note->device_event == RS_DEVICE_ATTACHED && session->public.attempted &&
        session->public.n_cut_usb == 0 && *note->reason == '\0' && note->away_us >= by_hand_us &&
        g_strcmp0(note->previous_mode, note->mode) == 0)
        session->was_replugged = TRUE;
}

static void
bind(struct tracked_session *session, struct tracked_device *device)
{
    session->public.device = &device->public;
    device->session = &session->public;
}

/* A server's packet belongs to the device that is being restored, not to one that is merely plugged
 * in. */
static struct tracked_session *
session_of_servers(const rs_tracker *tracker)
{
    for (guint i = tracker->sessions->len; i > 0; i--) {
        struct tracked_session *session = g_ptr_array_index(tracker->sessions, i - 1);
        const struct rs_device *device = session->public.device;

        if (device && device->mode[0] && strcmp(device->mode, "normal") != 0)
            return session;
    }
    return tracker->latest;
}

struct tracked_session *
session_on_bus(const rs_tracker *tracker, guint bus)
{
    for (guint i = tracker->sessions->len; i > 0; i--) {
        struct tracked_session *session = g_ptr_array_index(tracker->sessions, i - 1);

        if (session->public.device &&
            (bus == RS_KERNEL_ANY_BUS || session->public.device->bus == bus))
            return session;
    }
    return NULL;
}

struct tracked_session *
session_of(rs_tracker *tracker, struct tracked_device *device,
           const struct rs_observation *observation, const struct rs_host *host)
{
    struct tracked_session *session = device ? tracker->latest : session_of_servers(tracker);

    if (device && device->session)
        session = (struct tracked_session *)device->session;
    else if (device && (!session || session->public.device))
        session = session_new(tracker, device);
    else if (!session)
        session = session_new(tracker, NULL);
    if (!device && is_signing_start(observation, host) &&
        (is_over(session) || reruns_shows(tracker, session, observation))) {
        struct tracked_device *same =
            g_ptr_array_index(tracker->devices, session->public.device->index - 1);

        session = session_new(tracker, same);
        bind(session, same);
        if (same->public.present)
            session_touch(session, same->public.mode, observation);
    }
    if (device && !device->session)
        bind(session, device);
    tracker->latest = session;
    return session;
}

static void
prolong(GArray *spans, const char *name, const struct rs_observation *observation)
{
    struct rs_span *last =
        spans->len > 0 ? &g_array_index(spans, struct rs_span, spans->len - 1) : NULL;
    struct rs_span span = {
        .name = name,
        .first_frame = observation->frame,
        .last_frame = observation->frame,
        .start_us = observation->time_us,
        .end_us = observation->time_us,
    };

    if (name[0] == '\0')
        return;
    if (last && (strcmp(last->name, name) == 0 || spans->len >= MAX_SPANS)) {
        last->last_frame = observation->frame;
        last->end_us = MAX(last->end_us, observation->time_us);
        return;
    }
    g_array_append_val(spans, span);
}

void
session_touch(struct tracked_session *session, const char *mode,
              const struct rs_observation *observation)
{
    prolong(session->public.phases, rs_phase_name(session->phase), observation);
    if (mode)
        prolong(session->public.modes, g_intern_string(mode), observation);
}
