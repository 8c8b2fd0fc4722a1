/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Frames as a capture holds them, made of what a fuzzer wants to say: transfers of a USB device in
 * the four link types, and TCP streams on Ethernet or inside usbmux. */
#pragma once

#include <glib.h>

enum fuzz_link { LINK_USBMON, LINK_USBMON_SHORT, LINK_USBPCAP, LINK_DARWIN, LINK_ETHERNET };

/* A frame and how many bytes of it were captured; bytes is a block of exactly so many. */
struct fuzz_frame {
    guint8 *bytes;
    guint32 captured, length;
    enum fuzz_link link;
    gint64 time_us;
};

/* What happens to a record on its way; see fuzz_dissect.c. */
enum fuzz_flags {
    FUZZ_FROM_DEVICE = 0x80, /* or from the server */
    FUZZ_CUT = 0x40,         /* half of the frame was captured */
    FUZZ_LOST = 0x20,        /* the recorder has not seen it; of a transfer, the completion */
    FUZZ_FAILED = 0x10,      /* the transfer failed; the stream ended after this */
    FUZZ_NEW = 0x08,         /* a new connection to the same port */
    FUZZ_TWICE = 0x04,       /* sent again */
};

enum fuzz_transfer_type { FUZZ_ISO, FUZZ_INTERRUPT, FUZZ_CONTROL, FUZZ_BULK };

enum { FUZZ_SETUP_SIZE = 8 };

struct fuzz_transfer {
    enum fuzz_transfer_type type;
    guint8 address, endpoint; /* with the direction */
    const guint8 *setup;      /* FUZZ_SETUP_SIZE bytes, of a control transfer */
    const guint8 *data;
    guint32 size;
    guint8 flags;
};

typedef struct fuzz_frames fuzz_frames;

/* link is that of USB. */
fuzz_frames *fuzz_frames_new(enum fuzz_link link);

void fuzz_frames_free(fuzz_frames *frames);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(fuzz_frames, fuzz_frames_free)

/* Of struct fuzz_frame, borrowed. */
const GArray *fuzz_frames_list(const fuzz_frames *frames);

void fuzz_frames_wait(fuzz_frames *frames, gint64 time_us);

/* A frame as it is. */
void fuzz_frames_add(fuzz_frames *frames, enum fuzz_link link, const guint8 *bytes, guint32 size,
                     guint8 flags);

/* Submission and completion. */
void fuzz_frames_transfer(fuzz_frames *frames, const struct fuzz_transfer *transfer);

/* The next bytes of the connection to this port: of the network, or of the device with address 1.
 * The first ones open it. */
void fuzz_frames_tcp(fuzz_frames *frames, guint16 port, const guint8 *data, guint32 size,
                     guint8 flags);
void fuzz_frames_stream(fuzz_frames *frames, guint16 port, const guint8 *data, guint32 size,
                        guint8 flags);

/* What usb-frames.c and tcp-frames.c keep in the frames. */
struct fuzz_frames {
    GArray *list;
    enum fuzz_link link;
    gint64 now_us;
    guint64 transfers;
    GHashTable *connections; /* port, with a bit for those inside usbmux -> struct connection * */
    guint16 mux_packets[2];
};
