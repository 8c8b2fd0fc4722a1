/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What one capture turned out to be: filled by the tracker and the rule engine, printed by
 * report_*.c. All strings are owned by the struct; times are seconds since the first frame unless
 * named otherwise. */
#pragma once

#include "plugin/engine/verdict.h"
#include "plugin/report/rate.h"

enum rs_outcome { RS_COMPLETED, RS_FAILED, RS_CUT_SHORT, RS_NO_RESTORE };

struct rs_phase_span {
    char *name;
    guint32 first_frame, last_frame;
    double start_s, end_s;
};

/* Packets of a host that lie close together. */
struct rs_contact_span {
    guint32 first_frame, last_frame;
    double start_s, end_s;
    char *state; /* of the host at their end */
};

struct rs_host_row {
    char *name;          /* or the address when no name is known */
    char *role;          /* signing, fdr, firmware, ... */
    char *state;         /* ok, failed, unanswered */
    GPtrArray *contacts; /* struct rs_contact_span * */
};

struct rs_host_row *rs_host_row_new(const char *name, const char *role, const char *state);
void rs_host_row_add(struct rs_host_row *host, const struct rs_contact_span *contact);

struct rs_mode_span {
    char *mode; /* normal, recovery, ... */
    guint32 first_frame, last_frame;
    double start_s, end_s;
};

/* One session in which a restore was tried, or something went wrong. */
struct rs_attempt {
    char *session; /* as findings name it */
    enum rs_outcome outcome;
    char *ecid, *product; /* or NULL */
    guint32 first_frame, last_frame;
    double start_s, end_s;
    const struct rs_ranked *root; /* in the diagnosis's `ranked`, or NULL */
};

/* What a finding of an absence rests on: that nothing came in this time. */
struct rs_wait {
    gint64 from_us, to_us;
    gboolean is_usb; /* else a network interface would have had it */
};

/* A stream inside usbmux. */
struct rs_stream_row {
    const char *name; /* the service, "" when not known; static */
    const char *end;  /* reset, closed, or "" when it stays open; static */
    guint16 port;     /* of the device */
    guint32 first_frame, last_frame;
    double start_s, end_s;
};

/* A transfer that did not end well. */
struct rs_usb_error_row {
    const char *status; /* static */
    gboolean planned;   /* the device had been told to leave, or has left */
    guint32 frame;
    double time_s;
};

typedef struct rs_diagnosis rs_diagnosis;
struct rs_diagnosis {
    guint32 frames;
    gint64 first_time_us; /* since the epoch */
    double duration_s;
    enum rs_outcome outcome;
    char *ecid;          /* "0x..." or NULL */
    char *product;       /* "iPhone10,6" or NULL */
    GPtrArray *modes;    /* struct rs_mode_span * */
    GPtrArray *phases;   /* struct rs_phase_span * */
    GPtrArray *hosts;    /* struct rs_host_row * */
    GPtrArray *findings; /* of rs_engine_conclude(): keeps what `ranked` points to alive */
    GPtrArray *ranked;   /* struct rs_ranked *, root first when has_root */
    gboolean has_root;
    GPtrArray *attempts;   /* struct rs_attempt *, in order of time */
    GHashTable *waits;     /* struct rs_finding * to struct rs_wait * */
    GPtrArray *streams;    /* struct rs_stream_row * */
    GPtrArray *usb_errors; /* struct rs_usb_error_row *, the first of n_usb_errors */
    guint n_usb_errors;
    struct rs_rate rate;
    GPtrArray *warnings; /* char * */
};

struct rs_diagnosis *rs_diagnosis_new(void);
void rs_diagnosis_free(struct rs_diagnosis *diagnosis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_diagnosis, rs_diagnosis_free)
