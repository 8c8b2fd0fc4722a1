/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Transfers of a USB device as Linux, Windows and macOS record them; see frames.h. Facts:
 * drivers/usb/mon/mon_bin.c (Linux 6.1); the USBPcap capture format document; the author of macOS'
 * format on the mailing list tcpdump-workers, December 2016. */

#include "tests/fuzz/dissect/frames.h"

enum {
    BUS = 1,
    DIRECTION_IN = 0x80,
    EPROTO_STATUS = -71,
    USBMON_SIZE = 64,
    USBMON_SHORT_SIZE = 48,
    USBPCAP_SIZE = 27,
    DARWIN_SIZE = 32,
    FRAME_GAP_US = 100,
};

#define USBD_XACT_ERROR 0xc0000011U
#define IORETURN_NOT_RESPONDING 0xe00002edU
#define IORETURN_INVALID 0xe0000001U

static void
put_le(GByteArray *frame, guint64 value, guint size)
{
    for (guint i = 0; i < size; i++) {
        guint8 byte = (guint8)(value >> (8 * i));

        g_byte_array_append(frame, &byte, 1);
    }
}

static void
put(GByteArray *frame, const guint8 *bytes, guint32 size)
{
    if (size > 0)
        g_byte_array_append(frame, bytes, size);
}

void
fuzz_frames_add(fuzz_frames *frames, enum fuzz_link link, const guint8 *bytes, guint32 size,
                guint8 flags)
{
    struct fuzz_frame frame = { .length = size, .link = link, .time_us = frames->now_us };

    frame.captured = flags & FUZZ_CUT ? size - size / 2 : size;
    frame.bytes = g_memdup2(bytes, frame.captured);
    g_array_append_val(frames->list, frame);
    frames->now_us += FRAME_GAP_US;
}

/* One half of a transfer, with those of its bytes that this half carries. */
struct event {
    const struct fuzz_transfer *transfer;
    gboolean is_completion, has_setup, has_data;
    guint64 id;
};

static guint32
data_size(const struct event *event)
{
    return event->has_data ? event->transfer->size : 0;
}

static void
usbmon(GByteArray *frame, const struct event *event, gint64 time_us)
{
    const struct fuzz_transfer *transfer = event->transfer;
    const gboolean is_in = transfer->endpoint & DIRECTION_IN;
    const gboolean failed = event->is_completion && transfer->flags & FUZZ_FAILED;
    static const guint8 no_setup[FUZZ_SETUP_SIZE];

    put_le(frame, event->id, 8);
    put_le(frame, event->is_completion ? 'C' : 'S', 1);
    put_le(frame, transfer->type, 1);
    put_le(frame, transfer->endpoint, 1);
    put_le(frame, transfer->address, 1);
    put_le(frame, BUS, 2);
    put_le(frame, event->has_setup ? 0 : '-', 1);
    put_le(frame, event->has_data ? 0 : is_in ? '<' : '>', 1);
    put_le(frame, (guint64)(time_us / G_USEC_PER_SEC), 8);
    put_le(frame, (guint64)(time_us % G_USEC_PER_SEC), 4);
    put_le(frame, (guint64)(gint64)(failed ? EPROTO_STATUS : event->is_completion ? 0 : -115), 4);
    put_le(frame, transfer->size, 4);
    put_le(frame, data_size(event), 4);
    put(frame, event->has_setup ? transfer->setup : no_setup, FUZZ_SETUP_SIZE);
}

static void
usbpcap(GByteArray *frame, const struct event *event)
{
    const struct fuzz_transfer *transfer = event->transfer;
    const gboolean is_control = transfer->type == FUZZ_CONTROL;
    const gboolean failed = event->is_completion && transfer->flags & FUZZ_FAILED;

    put_le(frame, is_control ? USBPCAP_SIZE + 1 : USBPCAP_SIZE, 2);
    put_le(frame, event->id, 8);
    put_le(frame, failed ? USBD_XACT_ERROR : 0, 4);
    put_le(frame, is_control ? 8 : 9, 2); /* the function: control, bulk or interrupt */
    put_le(frame, event->is_completion ? 1 : 0, 1);
    put_le(frame, BUS, 2);
    put_le(frame, transfer->address, 2);
    put_le(frame, transfer->endpoint, 1);
    put_le(frame, transfer->type, 1);
    put_le(frame, data_size(event) + (event->has_setup ? FUZZ_SETUP_SIZE : 0), 4);
    if (is_control)
        put_le(frame, event->is_completion ? 3 : 0, 1); /* the stage: complete, setup */
    if (event->has_setup)
        put(frame, transfer->setup, FUZZ_SETUP_SIZE);
}

static void
darwin(GByteArray *frame, const struct event *event)
{
    static const guint8 types[] = { 1, 3, 0, 2 }; /* by enum fuzz_transfer_type */
    const struct fuzz_transfer *transfer = event->transfer;
    const gboolean failed = transfer->flags & FUZZ_FAILED;

    put_le(frame, 0x0100, 2);
    put_le(frame, DARWIN_SIZE, 1);
    put_le(frame, event->is_completion ? 1 : 0, 1);
    put_le(frame, transfer->size, 4);
    put_le(frame,
           !event->is_completion ? IORETURN_INVALID
           : failed              ? IORETURN_NOT_RESPONDING
                                 : 0,
           4);
    put_le(frame, 0, 4);
    put_le(frame, event->id, 8);
    put_le(frame, BUS << 24 | 1 << 20, 4);
    put_le(frame, 2, 1);
    put_le(frame, transfer->address, 1);
    put_le(frame, transfer->endpoint, 1);
    put_le(frame, types[transfer->type], 1);
    if (event->has_setup)
        put(frame, transfer->setup, FUZZ_SETUP_SIZE);
}

static void
add_event(fuzz_frames *frames, const struct event *event)
{
    static const guint8 no_iso[USBMON_SIZE - USBMON_SHORT_SIZE];
    g_autoptr(GByteArray) frame = g_byte_array_new();

    if (frames->link == LINK_USBPCAP)
        usbpcap(frame, event);
    else if (frames->link == LINK_DARWIN)
        darwin(frame, event);
    else
        usbmon(frame, event, frames->now_us);
    if (frames->link == LINK_USBMON)
        put(frame, no_iso, sizeof no_iso);
    put(frame, event->transfer->data, data_size(event));
    fuzz_frames_add(frames, frames->link, frame->data, frame->len,
                    event->has_data ? event->transfer->flags : 0);
}

void
fuzz_frames_transfer(fuzz_frames *frames, const struct fuzz_transfer *transfer)
{
    const gboolean is_in = transfer->endpoint & DIRECTION_IN;
    const gboolean comes_late = is_in || frames->link == LINK_DARWIN;
    struct event event = {
        .transfer = transfer,
        .id = ++frames->transfers,
        .has_setup = transfer->setup != NULL,
        .has_data = !comes_late && transfer->size > 0,
    };

    add_event(frames, &event);
    if (transfer->flags & FUZZ_LOST)
        return;
    event.is_completion = TRUE;
    event.has_setup = FALSE;
    event.has_data = comes_late && transfer->size > 0;
    add_event(frames, &event);
}

fuzz_frames *
fuzz_frames_new(enum fuzz_link link)
{
    fuzz_frames *frames = g_new0(fuzz_frames, 1);

    frames->list = g_array_new(FALSE, FALSE, sizeof(struct fuzz_frame));
    frames->link = link;
    frames->now_us = G_USEC_PER_SEC;
    frames->connections = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    return frames;
}

void
fuzz_frames_free(fuzz_frames *frames)
{
    for (guint i = 0; i < frames->list->len; i++)
        g_free(g_array_index(frames->list, struct fuzz_frame, i).bytes);
    g_array_unref(frames->list);
    g_hash_table_unref(frames->connections);
    g_free(frames);
}

const GArray *
fuzz_frames_list(const fuzz_frames *frames)
{
    return frames->list;
}

void
fuzz_frames_wait(fuzz_frames *frames, gint64 time_us)
{
    frames->now_us += time_us;
}
