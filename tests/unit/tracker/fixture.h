/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Hand-made observations for the tracker: a bus with a hub, devices that come and go, facts, and
 * packets of the network. Each function is one or more frames; the note of the last frame, or of
 * the one with a device event, can be looked at. */
#pragma once

#include "plugin/tracker/tracker.h"

enum { HUB = 1, BUS = 1 };
enum { PID_NORMAL = 0x12a8, PID_RECOVERY = 0x1281, PID_DFU = 0x1227 };

#define SERIAL_OF(ecid) "CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0E ECID:" ecid " IBFL:3D"

typedef struct bench bench;
struct bench {
    rs_tracker *tracker;
    guint32 frame; /* of the observation made last; counts up by itself */
    gint64 time_us;
    guint16 bus;
    guint64 next_id;
    struct rs_note note;  /* of the last observation */
    struct rs_note event; /* of the last one with a device event */
    guint32 event_frame;
    guint n_events;
    gboolean concerned; /* what rs_tracker_observe() returned last */
};

bench *bench_new(void);
void bench_free(bench *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bench, bench_free)

void wait_s(bench *b, double seconds);

/* A control transfer; data is what the device answers or the host sends. */
void control(bench *b, guint8 address, const struct rs_usb_setup *setup, gint32 status,
             const void *data, gsize length);
/* Both halves of a bulk transfer; the completion comes after some seconds with a status. */
void bulk(bench *b, guint8 address, gint32 status, double seconds);
/* A completion whose submission was not seen. */
void completion(bench *b, guint8 address, gint32 status);

void hub_interrupt(bench *b);
void port_status(bench *b, guint8 port, gboolean connected, gboolean changed);
void port_reset(bench *b, guint8 port);

/* Descriptor at address 0, SET_ADDRESS, descriptor at the new address, serial string (or NULL). */
void enumerate(bench *b, guint8 address, guint16 vendor, guint16 product, const char *serial);
/* The hub notices, the port is reset, the device enumerated. */
void attach(bench *b, guint8 port, guint8 address, guint16 product, const char *serial);
/* The hub notices, the port is empty. Returns the frame of the hub's notice. */
guint32 leave(bench *b, guint8 port);

/* A packet of a device with one fact; number counts when text is NULL. */
void fact(bench *b, guint8 address, enum rs_fact_id id, const char *text, gint64 number);
/* The same with several. */
void facts(bench *b, guint8 address, const struct rs_fact *list, guint n);

/* The network. */
void dns_query(bench *b, const char *name);
void dns_answer(bench *b, const char *name, const char *address); /* NULL: no such name */
void segment(bench *b, const char *from, const char *to, gint64 stream, guint8 flags,
             const struct rs_fact *list, guint n);

/* A session as "attach signing | recovery restore": its phases, its modes. */
char *describe_session(const bench *b, guint index);
const struct rs_session *session_at(const bench *b, guint index);
const struct rs_host *host_named(const bench *b, const char *name);
