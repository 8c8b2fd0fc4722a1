/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The session tracker: which device, in which mode, in which phase of which restore, and which of
 * Apple's servers a packet belongs to. It is fed one observation per frame, in order of frames, and
 * answers with what the frame means. It knows no epan: plugin/extract.c makes the observations,
 * tests make them by hand. */
#pragma once

#include <glib.h>

#include "dissectors/core/usb-ids.h"
#include "dissectors/core/usbheader.h"
#include "plugin/tracker/facts.h"

struct rs_usb_observation {
    const struct rs_usb_event *event;
    const guint8 *data; /* event->data_length bytes */
};

struct rs_net_observation {
    const char *addresses[4]; /* of the IP headers in the frame, text; unused ones NULL */
    gint64 stream;            /* tcp.stream, -1 without TCP */
    guint8 tcp_flags;
};

struct rs_observation {
    guint32 frame;
    gint64 time_us;
    gboolean is_cut;                      /* not captured whole */
    const struct rs_usb_observation *usb; /* NULL for a frame without USB */
    const struct rs_net_observation *net; /* NULL for a frame without IP */
    guint kernel_bus;                     /* of the bus that a kernel's message is about, else 0 */
    const struct rs_fact *facts;
    guint n_facts;
};

/* Steps of a restore; names in phases.c. Source of the order: idevicerestore, src/idevicerestore.c.
 */
#define RS_PHASES(X)                                                                               \
    X(ATTACH, "attach")                                                                            \
    X(INSPECT, "inspect")                                                                          \
    X(SIGNING, "signing")                                                                          \
    X(RECOVERY, "recovery")                                                                        \
    X(DFU, "dfu")                                                                                  \
    X(IBEC, "ibec")                                                                                \
    X(RAMDISK, "ramdisk")                                                                          \
    X(RESTORED_START, "restored-start")                                                            \
    X(ASR, "asr")                                                                                  \
    X(VERIFY, "verify")                                                                            \
    X(FIRMWARE, "firmware")                                                                        \
    X(BASEBAND, "baseband")                                                                        \
    X(FDR, "fdr")                                                                                  \
    X(SEAL, "seal")                                                                                \
    X(FINISH, "finish")                                                                            \
    X(REBOOT, "reboot")

#define RS_PHASE_ENUM(name, text) RS_PHASE_##name,
enum rs_phase { RS_PHASE_NONE, RS_PHASES(RS_PHASE_ENUM) };

const char *rs_phase_name(enum rs_phase phase); /* "" for none */

enum rs_device_event { RS_DEVICE_NO_EVENT, RS_DEVICE_ATTACHED, RS_DEVICE_LEFT };

/* One physical device over all its re-enumerations. Strings are the tracker's. */
struct rs_device {
    guint index; /* from 1, in order of appearance */
    char *ecid;  /* "0x...", NULL until known */
    char *product;
    char *mode; /* now, or last seen */
    guint16 bus;
    guint8 address;
    guint16 hub_port; /* hub address << 8 | port; 0 when the hub was not seen */
    gboolean present;
};

/* Packets of one host that lie close together. */
struct rs_contact {
    guint32 first_frame, last_frame;
    gint64 start_us, end_us;
    const char *state; /* the host's after its last packet */
};

struct rs_host {
    char *name; /* or the address */
    const char *role;
    const char *state; /* contacted, ok, refused, unanswered, unresolved, failed */
    GArray *contacts;  /* struct rs_contact */
};

/* What a frame means. Pointers are valid until the tracker is freed. */
struct rs_note {
    guint session; /* 0: the frame has to do with no restore */
    const struct rs_device *device;
    const char *mode;
    enum rs_phase phase;
    const struct rs_host *host;

    /* The address that SET_ADDRESS gave to whatever device, or at which a device that had left is
     * seen again where no SET_ADDRESS is shown (xHCI, USBPcap, macOS); 0: none. */
    guint8 new_address;

    /* The completion of a transfer of the device that did not end well. */
    const char
        *usb_error; /* protocol, babble, stall, cancelled, gone, timeout, other; NULL: none */
    const char *usb_status;
    const char *usb_transfer; /* control, bulk, interrupt, iso */
    guint8 usb_address;       /* 0 while the device is enumerated */
    gboolean usb_planned;     /* the device had been told to leave, or has left */
    gint64 pending_us;        /* since its submission; -1 when that was not seen */
    guint32 submitted_in;

    gboolean is_blind; /* parts of the session's dialogue were not captured: "not told to" is not
                          known */

    enum rs_device_event device_event;
    gboolean planned; /* LEFT: the device had been told to */
    const char
        *reason; /* the command that explains it: of LEFT, and of the absence before ATTACHED */
    const char *previous_mode; /* ATTACHED: before it left, "" for a new one */
    gint64 away_us;            /* ATTACHED: since it left, -1 for a new one */
    guint32 left_in; /* LEFT: first frame that told of it; ATTACHED: frame of the departure */
};

typedef struct rs_tracker rs_tracker;
rs_tracker *rs_tracker_new(void);
void rs_tracker_free(rs_tracker *tracker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_tracker, rs_tracker_free)

/* A kernel_bus that names no bus: the message is about a host controller. */
enum { RS_KERNEL_ANY_BUS = 0x10000 };

/* FALSE when the frame has to do with no Apple device and no host of Apple's; *ret_note is set
 * anyway. */
gboolean rs_tracker_observe(rs_tracker *tracker, const struct rs_observation *observation,
                            struct rs_note *ret_note);

/* Is a device of Apple's known to be there? */
gboolean rs_tracker_tracks(const rs_tracker *tracker, guint16 bus, guint8 address);

struct rs_span {
    const char *name; /* a phase or a mode */
    guint32 first_frame, last_frame;
    gint64 start_us, end_us;
};

/* One attempt to restore one device. */
struct rs_session {
    guint id;
    const struct rs_device *device; /* NULL while only servers were seen */
    gboolean attempted;             /* something only a restore does was seen */
    gboolean completed;             /* the device reported success */
    guint n_cut_usb, n_cut_net;     /* messages, server packets that were not captured whole */
    GArray *phases;                 /* struct rs_span */
    GArray *modes;                  /* struct rs_span */
};

/* All sessions (struct rs_session *) and hosts (struct rs_host *), in order of appearance. The
 * tracker's. */
const GPtrArray *rs_tracker_sessions(const rs_tracker *tracker);
const GPtrArray *rs_tracker_hosts(const rs_tracker *tracker);
