/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Was the restore program started once more? Nothing on the wire says so: what it shows is that the
 * program asks the device who it is and signs again, where a run that went on would not. Within one
 * run of idevicerestore 1.0.0 and 1.0.1 (src/idevicerestore.c, tss.c) the device is asked before
 * the signing; a request that failed is repeated after 2 s without a word to the device; after one
 * that was answered an image is sent, and the device leaves before it is signed for again. When in
 * doubt it is the same run. */

#include "plugin/tracker/internal.h"

#include <string.h>

/* The repetition of a request that was refused follows sooner. */
#define RETRY_US (4 * G_USEC_PER_SEC)
/* That of one which is not answered comes once the system has given up: Linux does 127 s after the
 * first SYN, resolvers sooner. */
#define UNANSWERED_US (150 * G_USEC_PER_SEC)
/* So often idevicerestore tries; those of one try, to several addresses, are nearer than its pause.
 */
#define TRIES 15
#define PAUSE_US (3 * G_USEC_PER_SEC / 2)
/* All that a program asks before it signs. */
#define QUESTIONS_US (10 * G_USEC_PER_SEC)
/* From the last question for a nonce to the request that holds it. */
#define ASKED_US (3 * G_USEC_PER_SEC)

/* By what the packet itself shows: a server that answered once may refuse the next time. */
static enum request_state
request_after(enum request_state before, const struct rs_observation *observation,
              const struct rs_host *host)
{
    enum { TCP_RST = 0x04, APPLICATION_DATA = 23 };
    const struct rs_fact *status = observation_fact(observation, RS_FACT_TSS_STATUS);
    const struct rs_fact *code = observation_fact(observation, RS_FACT_HTTP_CODE);
    const struct rs_fact *rcode = observation_fact(observation, RS_FACT_DNS_RCODE);
    const struct rs_fact *record = observation_fact(observation, RS_FACT_TLS_CONTENT_TYPE);

    if (status)
        return status->number == 0 ? REQUEST_ANSWERED : REQUEST_REFUSED;
    if (code)
        return code->number / 100 == 2 ? REQUEST_ANSWERED : REQUEST_REFUSED;
    if (record && record->number == APPLICATION_DATA && before != REQUEST_REFUSED)
        return REQUEST_ANSWERED; /* or asked: what it says is not known */
    if (is_signing_start(observation, host))
        return REQUEST_WAITS;
    if (before == REQUEST_WAITS &&
        ((rcode && rcode->number != 0) || (observation->net->tcp_flags & TCP_RST)))
        return REQUEST_REFUSED;
    return before;
}

static gboolean
is_question(const struct rs_observation *observation)
{
    const struct rs_usb_event *event = observation->usb ? observation->usb->event : NULL;

    return (event && event->is_submission && event->has_setup) ||
           observation_fact(observation, RS_FACT_IBOOT_COMMAND) ||
           observation_fact(observation, RS_FACT_LOCKDOWN_REQUEST);
}

static gboolean
is_image(const struct rs_observation *observation)
{
    enum { DNLOAD = 1 };
    const struct rs_fact *request = observation_fact(observation, RS_FACT_DFU_REQUEST);

    return observation_fact(observation, RS_FACT_IBOOT_COMPONENT) ||
           (request && request->number == DNLOAD);
}

/* The device was told to leave, or shows by its mode that it was: the answer was good enough to go
 * on, and an image that was sent is started. */
static gboolean
goes_on(const struct tracked_device *device, const struct rs_note *note)
{
    return device->trigger || (note->device_event == RS_DEVICE_ATTACHED &&
                               (note->planned || g_strcmp0(note->previous_mode, note->mode) != 0));
}

static void
count_try(struct run_marks *run, const struct rs_observation *observation)
{
    gint64 stream = observation->net->stream;

    if (stream < 0 || (run->n_tries > 0 && stream == run->stream))
        return;
    if (run->n_tries == 0 || observation->time_us - run->try_us >= PAUSE_US) {
        run->n_tries++;
        run->try_us = observation->time_us;
    }
    run->stream = stream;
}

void
reruns_observe(struct tracked_session *session, const struct tracked_device *device,
               const struct rs_host *host, const struct rs_observation *observation,
               const struct rs_note *note)
{
    struct run_marks *run = &session->run;

    if (host && strcmp(host->role, "signing") == 0) {
        if (run->asked_us != 0 && run->request != REQUEST_NONE &&
            is_signing_start(observation, host))
            run->asked_beside = TRUE;
        run->signed_us = observation->time_us;
        run->request = request_after(run->request, observation, host);
        count_try(run, observation);
        run->asked_us = 0;
    }
    if (!device)
        return;
    if (is_question(observation)) {
        if (run->asked_us == 0)
            run->first_asked_us = observation->time_us;
        run->asked_us = observation->time_us;
    }
    if (is_image(observation))
        run->sent = TRUE;
    if (goes_on(device, note))
        *run = (struct run_marks){ .stream = run->stream };
}

/* Of several that are being restored nobody knows whose a request is. */
static gboolean
is_alone(const rs_tracker *tracker, const struct rs_device *device)
{
    for (guint i = 0; i < tracker->devices->len; i++) {
        const struct tracked_device *other = g_ptr_array_index(tracker->devices, i);

        if (&other->public != device && other->public.present &&
            strcmp(other->public.mode, "normal") != 0)
            return FALSE;
    }
    return TRUE;
}

/* A request that still waits may be repeated at any time, and a phone in normal mode is asked by
 * others as well. */
static gboolean
has_waited_enough(const struct run_marks *run, const struct rs_device *device, gint64 time_us)
{
    return run->request == REQUEST_WAITS && strcmp(device->mode, "normal") != 0 &&
           time_us - run->signed_us >= UNANSWERED_US &&
           time_us - run->first_asked_us <= QUESTIONS_US;
}

static gboolean
had_given_up(const struct run_marks *run, const struct rs_device *device, gint64 time_us)
{
    if (run->asked_us == 0 || run->asked_beside || time_us - run->asked_us > ASKED_US)
        return FALSE;
    if (run->request == REQUEST_REFUSED || (run->request == REQUEST_WAITS && run->n_tries >= TRIES))
        return time_us - run->signed_us >= RETRY_US;
    return has_waited_enough(run, device, time_us);
}

gboolean
reruns_shows(const rs_tracker *tracker, const struct tracked_session *session,
             const struct rs_observation *observation)
{
    const struct rs_device *device = session->public.device;
    const struct run_marks *run = &session->run;
    gint64 stream = observation->net ? observation->net->stream : -1;

    if (!device || !device->present || session->kernel_started || session->public.n_cut_usb > 0 ||
        (stream >= 0 && stream == run->stream) || !is_alone(tracker, device))
        return FALSE;
    return run->sent || had_given_up(run, device, observation->time_us);
}
