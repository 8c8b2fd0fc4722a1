/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Streams by Wireshark's tcp.stream. The device's port is told by the direction of the transfer, so
 * that a stream whose beginning was not captured has one too. */
#include "plugin/lanes.h"

#include "plugin/extract.h"

enum { STREAMS_MAX = 4096, ERRORS_MAX = 4096, ENDPOINT_IN = 0x80, FIN = 0x01, RST = 0x04 };

struct stream {
    guint32 first_frame, last_frame;
    gint64 start_us, end_us;
    guint16 port;
    const char *name; /* static; NULL while not known */
    const char *end;  /* static, "" while it is open */
};

struct usb_error {
    guint32 frame;
    gint64 time_us;
    const char *status; /* the tracker's */
    gboolean planned;
};

struct rs_lanes {
    GHashTable *by_number; /* tcp.stream to an index into streams, plus one */
    GArray *streams;       /* struct stream */
    GArray *errors;        /* struct usb_error */
    guint n_errors;
};

/* What runs in a stream, by the protocol in its frames. */
static struct {
    const char *protocol;
    const header_field_info *info;
} services[] = {
    { "lockdown", NULL },
    { "restored", NULL },
    { "asr", NULL },
    { "fdr", NULL },
};

static const header_field_info *usbmux_info, *stream_info, *source_info, *destination_info,
    *flags_info;

rs_lanes *
rs_lanes_new(void)
{
    rs_lanes *lanes = g_new0(rs_lanes, 1);

    lanes->by_number = g_hash_table_new(g_direct_hash, g_direct_equal);
    lanes->streams = g_array_new(FALSE, FALSE, sizeof(struct stream));
    lanes->errors = g_array_new(FALSE, FALSE, sizeof(struct usb_error));
    return lanes;
}

void
rs_lanes_free(rs_lanes *lanes)
{
    if (!lanes)
        return;
    g_hash_table_unref(lanes->by_number);
    g_array_unref(lanes->streams);
    g_array_unref(lanes->errors);
    g_free(lanes);
}

static const header_field_info *
want(GArray *wanted, const char *field)
{
    rs_extract_want_field(wanted, field);
    return proto_registrar_get_byname(field);
}

void
rs_lanes_wanted(GArray *wanted)
{
    usbmux_info = want(wanted, "usbmux");
    stream_info = want(wanted, "tcp.stream");
    source_info = want(wanted, "tcp.srcport");
    destination_info = want(wanted, "tcp.dstport");
    flags_info = want(wanted, "tcp.flags");
    for (gsize i = 0; i < G_N_ELEMENTS(services); i++)
        services[i].info = want(wanted, services[i].protocol);
}

/* The nth value of a field in the frame. */
static gboolean
number_at(proto_tree *tree, const header_field_info *info, guint n, guint32 *ret_number)
{
    const GPtrArray *found = info ? proto_get_finfo_ptr_array(tree, info->id) : NULL;

    if (!found || n >= found->len)
        return FALSE;
    *ret_number = fvalue_get_uinteger(RS_FVALUE((const field_info *)g_ptr_array_index(found, n)));
    return TRUE;
}

static gboolean
has_protocol(proto_tree *tree, const header_field_info *info)
{
    const GPtrArray *found = info ? proto_get_finfo_ptr_array(tree, info->id) : NULL;

    return found && found->len > 0;
}

static const char *
service_of(proto_tree *tree)
{
    for (gsize i = 0; i < G_N_ELEMENTS(services); i++) {
        if (has_protocol(tree, services[i].info))
            return services[i].protocol;
    }
    return NULL;
}

/* The stream of this number; NULL when there are too many. */
static struct stream *
stream_at(rs_lanes *lanes, guint32 number, const struct rs_observation *observation)
{
    const gpointer key = GUINT_TO_POINTER(number);
    const guint index = GPOINTER_TO_UINT(g_hash_table_lookup(lanes->by_number, key));
    const struct stream stream = { .first_frame = observation->frame,
                                   .start_us = observation->time_us,
                                   .end_us = observation->time_us,
                                   .end = "" };

    if (index)
        return &g_array_index(lanes->streams, struct stream, index - 1);
    if (lanes->streams->len >= STREAMS_MAX)
        return NULL;
    g_array_append_val(lanes->streams, stream);
    g_hash_table_insert(lanes->by_number, key, GUINT_TO_POINTER(lanes->streams->len));
    return &g_array_index(lanes->streams, struct stream, lanes->streams->len - 1);
}

static void
observe_stream(rs_lanes *lanes, proto_tree *tree, guint n, const struct rs_observation *observation)
{
    const gboolean from_device = observation->usb->event->endpoint & ENDPOINT_IN;
    guint32 number, port, flags;
    struct stream *stream;

    if (!number_at(tree, stream_info, n, &number) ||
        !number_at(tree, from_device ? source_info : destination_info, n, &port) ||
        !number_at(tree, flags_info, n, &flags))
        return;
    stream = stream_at(lanes, number, observation);
    if (!stream)
        return;
    stream->last_frame = observation->frame;
    stream->end_us = MAX(stream->end_us, observation->time_us);
    stream->port = (guint16)port;
    if (!*stream->end && (flags & (RST | FIN)))
        stream->end = flags & RST ? "reset" : "closed";
    if (!stream->name)
        stream->name = service_of(tree);
}

static void
observe_error(rs_lanes *lanes, const struct rs_observation *observation, const struct rs_note *note)
{
    const struct usb_error error = { observation->frame, observation->time_us, note->usb_status,
                                     note->usb_planned };

    lanes->n_errors++;
    if (lanes->errors->len < ERRORS_MAX)
        g_array_append_val(lanes->errors, error);
}

void
rs_lanes_observe(rs_lanes *lanes, proto_tree *tree, const struct rs_observation *observation,
                 const struct rs_note *note)
{
    const GPtrArray *found;

    if (note && note->usb_error)
        observe_error(lanes, observation, note);
    if (!observation->usb || !has_protocol(tree, usbmux_info))
        return;
    found = proto_get_finfo_ptr_array(tree, stream_info->id);
    for (guint i = 0; found && i < found->len; i++)
        observe_stream(lanes, tree, i, observation);
}

static double
seconds(gint64 time_us, gint64 first_time_us)
{
    return (double)(time_us - first_time_us) / G_USEC_PER_SEC;
}

void
rs_lanes_report(const rs_lanes *lanes, gint64 first_time_us, rs_diagnosis *diagnosis)
{
    for (guint i = 0; i < lanes->streams->len; i++) {
        const struct stream *stream = &g_array_index(lanes->streams, struct stream, i);
        struct rs_stream_row *row = g_new0(struct rs_stream_row, 1);

        row->name = stream->name ? stream->name : "";
        row->end = stream->end;
        row->port = stream->port;
        row->first_frame = stream->first_frame;
        row->last_frame = stream->last_frame;
        row->start_s = seconds(stream->start_us, first_time_us);
        row->end_s = seconds(stream->end_us, first_time_us);
        g_ptr_array_add(diagnosis->streams, row);
    }
    for (guint i = 0; i < lanes->errors->len; i++) {
        const struct usb_error *error = &g_array_index(lanes->errors, struct usb_error, i);
        struct rs_usb_error_row *row = g_new0(struct rs_usb_error_row, 1);

        row->status = error->status;
        row->planned = error->planned;
        row->frame = error->frame;
        row->time_s = seconds(error->time_us, first_time_us);
        g_ptr_array_add(diagnosis->usb_errors, row);
    }
    diagnosis->n_usb_errors = lanes->n_errors;
}
