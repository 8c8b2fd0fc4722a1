/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of the tracker share. */
#pragma once

#include "plugin/tracker/tracker.h"

/* A device with what only the tracker needs to know. */
struct tracked_device {
    struct rs_device public; /* first: handed out as struct rs_device * */
    gint64 left_time_us;
    guint32 left_frame;
    gboolean left_planned;
    const char *left_reason; /* static; "" when unplanned */
    const char *trigger;     /* the last command that makes a device leave, NULL: none */
    gint64 trigger_time_us;
    gint64 trigger_window_us;
    gboolean is_restored; /* its last mode with usbmux answered as restored */
    struct rs_session *session;
};

/* How the last request to a signing server stands. */
enum request_state { REQUEST_NONE, REQUEST_WAITS, REQUEST_REFUSED, REQUEST_ANSWERED };

/* What tells a further run of the restore program from the one that is going on. */
struct run_marks {
    gint64 signed_us;           /* the last packet of a signing server */
    enum request_state request; /* none also when the run has gone on since */
    gint64 stream;              /* of its last connection */
    guint n_tries;              /* connections, those at one moment counted once */
    gint64 try_us;              /* the last of them */
    gint64 asked_us;            /* the last question to the device after that, 0: none */
    gint64 first_asked_us;      /* and the first */
    gboolean asked_beside;      /* questions between requests of one run: others ask, too */
    gboolean sent;              /* an image was begun, the device has not left to start it */
};

struct tracked_session {
    struct rs_session public; /* first */
    struct run_marks run;
    enum rs_phase phase;
    gboolean kernel_started; /* bootx was sent: signing from here on is a new attempt */
    gboolean was_replugged;  /* likewise: it was away without having been told to */
};

/* A submission that waits for its completion. */
struct pending_urb {
    guint32 frame;
    gint64 time_us;
    gboolean has_setup;
    struct rs_usb_setup setup;
};

typedef struct urb_table urb_table;
urb_table *urb_table_new(void);
void urb_table_free(urb_table *urbs);
/* Remembers a submission; forgets the oldest when there are too many. */
void urb_table_submitted(urb_table *urbs, const struct rs_usb_event *event, guint32 frame,
                         gint64 time_us);
/* TRUE and the submission's data when it was seen. */
gboolean urb_table_completed(urb_table *urbs, const struct rs_usb_event *event,
                             struct pending_urb *ret_submission);

typedef struct host_table host_table;
host_table *host_table_new(void);
void host_table_free(host_table *hosts);
const GPtrArray *host_table_all(const host_table *hosts);
/* The host a frame belongs to, NULL when it is none that matters to a restore. */
struct rs_host *host_table_observe(host_table *hosts, const struct rs_observation *observation);

/* Recovery and DFU serial strings, descriptors, hub ports: what a frame tells of who is on the bus.
 */
void devices_observe(rs_tracker *tracker, const struct rs_observation *observation,
                     struct rs_note *note);
/* The device at an address, NULL when it is not Apple's. */
struct tracked_device *devices_at(const rs_tracker *tracker, guint16 bus, guint8 address);
/* A device whose enumeration was not captured shows itself by speaking one of the protocols; NULL
 * when the frame does not show that. */
struct tracked_device *devices_appear_unseen(rs_tracker *tracker,
                                             const struct rs_observation *observation);
/* Commands after which a device leaves the bus, and answers that tell its mode or who it is: the
 * device it turns out to be. */
struct tracked_device *devices_learn(rs_tracker *tracker, struct tracked_device *device,
                                     const struct rs_observation *observation,
                                     struct rs_note *note);
gboolean device_leave_is_planned(const struct tracked_device *device, gint64 time_us);
void device_set_mode(struct tracked_device *device, const char *mode);
/* The ECID became known: one device may have been taken for two, or two for one. Returns the one it
 * is; when that was away, it has come back. */
struct tracked_device *device_set_ecid(rs_tracker *tracker, struct tracked_device *device,
                                       guint64 number, const struct rs_observation *observation,
                                       struct rs_note *note);

/* The session a device's packet belongs to; device NULL: a server's packet, the session it fits
 * best. */
struct tracked_session *session_of(rs_tracker *tracker, struct tracked_device *device,
                                   const struct rs_observation *observation,
                                   const struct rs_host *host);
void session_free(gpointer session);
/* Notes a device that came back. */
void session_observe_return(struct tracked_session *session, const struct rs_note *note);
/* The session that a kernel's message about a bus belongs to; NULL when there is none. */
struct tracked_session *session_on_bus(const rs_tracker *tracker, guint bus);
/* Prolongs the session's current phase and mode to this frame. */
void session_touch(struct tracked_session *session, const char *mode,
                   const struct rs_observation *observation);

/* Moves the session's phase on by what the frame shows. */
void phases_observe(struct tracked_session *session, const struct tracked_device *device,
                    const struct rs_host *host, const struct rs_observation *observation,
                    const struct rs_note *note);
/* Notes what a run of the restore program has done so far. */
void reruns_observe(struct tracked_session *session, const struct tracked_device *device,
                    const struct rs_host *host, const struct rs_observation *observation,
                    const struct rs_note *note);
/* The frame starts to sign: is that a further run's? */
gboolean reruns_shows(const rs_tracker *tracker, const struct tracked_session *session,
                      const struct rs_observation *observation);
/* Does the frame start to talk to a signing server? */
gboolean is_signing_start(const struct rs_observation *observation, const struct rs_host *host);

struct rs_tracker {
    urb_table *urbs;
    host_table *hosts;
    GPtrArray *devices;     /* struct tracked_device * */
    GPtrArray *sessions;    /* struct tracked_session * */
    GHashTable *by_address; /* bus << 8 | address -> struct tracked_device * */
    GHashTable *ports;      /* bus << 16 | hub << 8 | port -> struct tracked_device * */
    GHashTable *hub_change; /* bus << 8 | hub -> first frame of the change not yet read out */
    GHashTable *reset_port; /* bus -> hub << 8 | port of the last port reset */
    struct tracked_session *latest;
};

/* First fact of that kind in the frame, or NULL. */
const struct rs_fact *observation_fact(const struct rs_observation *observation,
                                       enum rs_fact_id id);
