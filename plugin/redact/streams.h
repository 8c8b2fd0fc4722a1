/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All byte streams of a capture: USB pipes, what usbmux carries in them, and TCP. An identifier may
 * begin in one packet and end in the next. */
#pragma once

#include "plugin/redact/frame.h"
#include "plugin/redact/row.h"

enum rs_stream_kind { RS_STREAM_PIPE, RS_STREAM_MUX, RS_STREAM_TCP };

struct rs_stream {
    enum rs_stream_kind kind;
    gboolean is_control;     /* of a pipe */
    GPtrArray *rows;         /* struct rs_row *: a new one after each gap */
    struct rs_stream *other; /* the other direction, or NULL */
};

typedef struct rs_streams rs_streams;

/* Packets will lie in `now`, a copy of `was`; without redacting both are the same. */
rs_streams *rs_streams_new(const guint8 *was, const guint8 *now);
void rs_streams_free(rs_streams *streams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_streams, rs_streams_free)

/* Takes in the bytes of a packet; it keeps pointers to them. */
void rs_streams_packet(rs_streams *streams, const struct rs_block *packet);

/* After the last packet: brings TCP into its order. */
void rs_streams_finish(rs_streams *streams);

/* struct rs_stream *; a pipe stands before what is in it. Borrowed. */
const GPtrArray *rs_streams_list(const rs_streams *streams);

/* Segments that TCP sent again get what the first one of them has now, where they were the same. */
void rs_streams_repeat(rs_streams *streams);
