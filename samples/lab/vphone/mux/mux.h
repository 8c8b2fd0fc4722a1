/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The device's end of usbmux: streams between ports of the host and services of the phone. Services
 * see bytes; segments, windows and the USB transfers below are the mux's. */
#pragma once

#include "samples/lab/vphone/modes/modes.h"

/* lab_mode_mux (modes.h) is normal mode; restore mode differs in its descriptors. */
extern const lab_mode_ops_t lab_mode_mux_restore;

typedef struct lab_mux lab_mux_t;
typedef struct lab_stream lab_stream_t;

typedef struct {
    const char *name;
    /* A host connected; the result is `self` for the others. NULL refuses the connection (RST). */
    void *(*opened)(lab_stream_t *stream, lab_phone_t *phone, void *user);
    void (*received)(void *self, const uint8_t *data, size_t length);
    /* The stream ended (RST of the host, unplug, lab_stream_reset). Frees `self`. Called from the
     * main loop, never while another function of the service is running. */
    void (*closed)(void *self);
} lab_service_t;

lab_phone_t *lab_mux_phone(const lab_mux_t *mux);
/* Services listen as long as the mode lasts. */
void lab_mux_listen(lab_mux_t *mux, uint16_t port, const lab_service_t *service, void *user);
void lab_mux_unlisten(lab_mux_t *mux, uint16_t port);
lab_mux_t *lab_stream_mux(lab_stream_t *stream);

/* Queues bytes for the host; they go out as its window and its transfers allow. One call becomes
 * one mux packet when it fits into `LAB_SEGMENT_MAX`. */
enum { LAB_SEGMENT_MAX = 16384 - 16 - 20 };
void lab_stream_send(lab_stream_t *stream, const void *data, size_t length);
/* RST to the host after what is queued, with `reason` (or NULL) as its text; `closed` is called
 * from the main loop later. */
void lab_stream_reset(lab_stream_t *stream, const char *reason);
uint16_t lab_stream_port(const lab_stream_t *stream);

/* A fault's action that is the transport's (MUTE, SILENT, WINDOW0, RESET); true when it was one.
 * The stream and its service's object live on until the main loop runs again, so go on or return as
 * you like: what is sent on a stream that was reset or silenced is dropped. */
bool lab_stream_act(lab_stream_t *stream, const lab_act_t *act);

/* lab_phone_step() with the transfer that brought what `received` is being told, and the
 * transport's actions done already (lab_stream_act). The result is what remains or what was done:
 * with LAB_DO_NOTHING, HANG and ERROR_HERE go on. */
lab_action_t lab_stream_step(lab_stream_t *stream, lab_step_t step, const char *detail,
                             lab_act_t *act);

/* lab_stream_send(), and the mark of `act` names the frame that carries the end of these bytes. The
 * filter knows it by its packet number, so it fits whatever TLS made of the bytes. */
void lab_stream_send_marked(lab_stream_t *stream, const void *data, size_t length,
                            const lab_act_t *act, const char *what);
/* Writes the mark of `act` for the host's last frame with data on this stream: the request that
 * nobody will answer, the chunk that is wrong. */
void lab_stream_mark_request(lab_stream_t *stream, const lab_act_t *act, const char *what);
/* The same for the last segment the phone sent on it. */
void lab_stream_mark_last_sent(lab_stream_t *stream, const lab_act_t *act, const char *what);

/* What listens in a mode; services.c of services/ has them. */
void lab_services_start_normal(lab_mux_t *mux, lab_phone_t *phone);  /* lockdownd */
void lab_services_start_restore(lab_mux_t *mux, lab_phone_t *phone); /* restored, ASR, FDR */
/* The phone was erased: no host is trusted any more, and what hosts have set is gone. */
void lab_services_erase(lab_phone_t *phone);
/* Frees what those keep beyond streams. */
void lab_services_stop(lab_mux_t *mux);
void lab_mux_set_services_data(lab_mux_t *mux, void *data, GDestroyNotify free_data);
void *lab_mux_services_data(lab_mux_t *mux);

/* ---- u32 big-endian length + property list, both ways (lockdownd, restored) ---- */
typedef struct lab_plist_link lab_plist_link_t;
/* `got` is called with every whole property list (a plist_t, freed after the call). */
lab_plist_link_t *lab_plist_link_new(void (*got)(void *self, void *plist), void *self);
void lab_plist_link_free(lab_plist_link_t *link);
/* False when the bytes are no property list of at most 256 MiB: the caller resets the stream. */
bool lab_plist_link_feed(lab_plist_link_t *link, const uint8_t *data, size_t length);
/* Length and XML of `plist` as bytes ready to be sent. */
GBytes *lab_plist_frame(void *plist);
