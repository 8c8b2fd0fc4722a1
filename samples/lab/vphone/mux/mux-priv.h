/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What mux.c (packets and transfers) and stream.c (connections) share. Wire format: usbmuxd
 * 2efa75a, src/device.c. */
#pragma once

#include "samples/lab/vphone/mux/mux.h"

enum {
    MUX_VERSION = 0,
    MUX_CONTROL = 1,
    MUX_SETUP = 2,
    MUX_TCP = 6,

    MUX_HEADER_V1 = 8,
    MUX_HEADER = 16,
    MUX_TCP_HEADER = 20,
    MUX_HOST_MAX = 49152, /* what usbmuxd sends at most, header included */

    MUX_ENDPOINT_OUT = 0x04,
    MUX_ENDPOINT_IN = 0x85,
};

struct lab_mux {
    lab_phone_t *phone;
    bool stopped; /* the mode is over; the main loop frees it */
    bool muted;
    uint16_t tx_seq;       /* of the next packet to the host */
    uint16_t rx_seq;       /* of the last packet from the host */
    GByteArray *in;        /* what came of the host's present packet */
    lab_urb_t *arrival;    /* the OUT transfer whose bytes are being looked at */
    bool busy;             /* nothing is handed to IN transfers while one is */
    GQueue urbs;           /* lab_urb_t: IN transfers that wait */
    GQueue packets;        /* GBytes: packets that wait for one */
    bool zlp_due;          /* a packet filled its transfer: an empty one tells its end */
    GHashTable *listeners; /* port -> lab_listener_t */
    GHashTable *streams;   /* ports -> lab_stream_t */
    GQueue gone;           /* lab_stream_t: ended, `closed` not called yet */
    unsigned reaper;
    void *data; /* of the services */
    GDestroyNotify free_data;
};

typedef struct {
    const lab_service_t *service;
    void *user;
} lab_listener_t;

static inline void
put_u16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}
static inline void
put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, value >> 16);
    put_u16(at + 2, value & 0xffff);
}
static inline uint16_t
get_u16(const uint8_t *at)
{
    return (uint16_t)((unsigned)at[0] << 8 | at[1]);
}
static inline uint32_t
get_u32(const uint8_t *at)
{
    return (uint32_t)get_u16(at) << 16 | get_u16(at + 2);
}

/* ---- mux.c ---- */
lab_mux_t *lab_mux_new(lab_phone_t *phone);
/* Ends every stream and frees the mux from the main loop, so that a service whose step made the
 * phone leave may return first. */
void lab_mux_stop(lab_mux_t *mux);
void lab_mux_transfer(lab_mux_t *mux, lab_urb_t *urb);
void lab_mux_unlinked(lab_mux_t *mux, lab_urb_t *urb);
/* The host starts anew: no stream is left. */
void lab_mux_restart(lab_mux_t *mux);

/* Queues a packet with a 16-byte header in front of `head` and `data`; false when nothing is sent
 * (muted, or the host takes nothing). `ret_seq` gets its number. */
bool lab_mux_send(lab_mux_t *mux, uint32_t protocol, const uint8_t *head, size_t head_length,
                  const uint8_t *data, size_t length, uint16_t *ret_seq);
/* True while there is room for packets with data. */
bool lab_mux_has_room(const lab_mux_t *mux);
/* lab_phone_step() for a step that `arrival` may belong to. */
lab_action_t lab_mux_step(lab_mux_t *mux, lab_step_t step, const char *detail, lab_act_t *act);
/* Marks the packet with number `seq` that went `in` to the host or came out of it. */
void lab_mux_mark(lab_mux_t *mux, const lab_act_t *act, const char *what, bool in, uint16_t seq);
/* Streams that ended are told so from the main loop. */
void lab_mux_reap_soon(lab_mux_t *mux);

/* ---- stream.c ---- */
void lab_stream_input(lab_mux_t *mux, const uint8_t *segment, size_t length);
/* Sends what is queued as far as window and transfers allow. */
void lab_stream_flush(lab_stream_t *stream);
void lab_stream_finish(lab_stream_t *stream);
/* Calls `closed` and frees. */
void lab_stream_free(lab_stream_t *stream);
