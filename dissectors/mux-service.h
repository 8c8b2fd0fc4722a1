/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the dissectors below usbmux remember of a device and of a dialogue: who answers on port
 * 62078, what the announced ports are for, which message answers which. All of it is kept by frame,
 * so that a second pass sees at every frame what the first one knew there. */
#pragma once

#include "dissectors/compat.h"

enum mux_service {
    MUX_SERVICE_UNKNOWN,
    MUX_SERVICE_LOCKDOWN, /* booted into its system */
    MUX_SERVICE_RESTORED  /* booted from a restore ramdisk */
};

/* What answers on port 62078 of this packet's device, as far as known at this frame. */
enum mux_service mux_service_at(const packet_info *pinfo);

/* Keeps what this frame shows about it. Does nothing on later passes. */
void mux_service_seen(const packet_info *pinfo, enum mux_service service);

/* restored's RestoreProtocolVersion as known at this frame, 0 when it was not seen. */
guint mux_service_protocol_version(const packet_info *pinfo);
void mux_service_protocol_version_seen(const packet_info *pinfo, guint version);

/* A question and the first frame of its answer. File scope. */
struct mux_exchange {
    const char *name;         /* what was asked for */
    guint32 question, answer; /* frames; answer is 0 while there is none */
    nstime_t asked;
};

/* The nth message of this frame is a question. Returns its exchange, on every pass. */
struct mux_exchange *mux_exchange_question(packet_info *pinfo, guint nth, const char *name);

/* The same, but the answer comes on another stream: it is not the last question of this one. */
struct mux_exchange *mux_exchange_elsewhere(packet_info *pinfo, guint nth, const char *name);

/* The nth message of this frame answers the last question that came the other way, or the question
 * that announced this stream's port. NULL when there was none. */
struct mux_exchange *mux_exchange_answer(packet_info *pinfo, guint nth);

/* The question was answered on a stream of its own or by another protocol. First pass only. */
void mux_exchange_answered(packet_info *pinfo, struct mux_exchange *exchange);

/* From this frame on, new streams to this port of the device are handle's, and are for `exchange`.
 * Does nothing on later passes. */
void mux_service_announce(packet_info *pinfo, guint16 port, struct mux_exchange *exchange,
                          dissector_handle_t handle);

/* The exchange that announced the port of this packet's stream, or NULL. */
struct mux_exchange *mux_service_announced(const packet_info *pinfo);

/* Appends to the info column what one message of the frame is, apart from the message before it. */
void mux_info(packet_info *pinfo, const char *format, ...) G_GNUC_PRINTF(2, 3);

void mux_service_register(int proto);
