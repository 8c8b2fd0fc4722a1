/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The books kept of a multiplexor; see mux-state.h. */

#include "dissectors/mux-state.h"

#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>
#include <wsutil/pint.h>

#include "dissectors/core/usb-ids.h"
#include "dissectors/usbmux.h"

#define MAX_SLICES 256 /* packets in one transfer; 64 KiB of empty ACKs would be 1820 */

/* Per attachment; changes on the first pass only. */
struct mux_state {
    struct rs_mux_framer framer[2]; /* [1]: from the host, here and below */
    guint32 packet_id[2];           /* of the packet under way */
    struct mux_piece *piece[2];     /* of the packet under way */
    guint8 endpoint[2];             /* of the pipe, 0: not seen yet */
    gboolean is_counting[2];        /* next_seq is known */
    guint16 next_seq[2];
    wmem_map_t *announced;    /* port -> dissector_handle_t */
    wmem_map_t *long_streams; /* host's port << 16 | device's port */
};

static guint32 next_packet_id; /* of file scope: reset with the reassembly table */

void
mux_state_reset(void)
{
    next_packet_id = 0;
}

static struct mux_state *
state_of(struct apple_usb_attach *attach)
{
    if (!attach->mux) {
        struct mux_state *state = wmem_new0(wmem_file_scope(), struct mux_state);

        state->announced = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
        state->long_streams = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
        attach->mux = state;
    }
    return (struct mux_state *)attach->mux;
}

void
usbmux_port_announced(struct apple_usb_attach *attach, guint16 port, dissector_handle_t handle)
{
    wmem_map_insert(state_of(attach)->announced, GUINT_TO_POINTER((guint)port), handle);
}

dissector_handle_t
usbmux_announced_handle(struct apple_usb_attach *attach, guint16 port)
{
    return (dissector_handle_t)wmem_map_lookup(state_of(attach)->announced,
                                               GUINT_TO_POINTER((guint)port));
}

static gpointer
stream_key(guint16 host_port, guint16 device_port)
{
    return GUINT_TO_POINTER((guint)host_port << 16 | device_port);
}

void
usbmux_stream_is_long(const packet_info *pinfo)
{
    struct apple_usb_attach *attach = apple_usb_attach_of(pinfo);
    guint16 device_port = usbmux_device_port(pinfo);
    guint16 host_port = (guint16)(usbmux_from_host(pinfo) ? pinfo->srcport : pinfo->destport);

    if (attach)
        wmem_map_insert(state_of(attach)->long_streams, stream_key(host_port, device_port),
                        GUINT_TO_POINTER(1));
}

/* The counter of a packet that starts here. */
static void
judge_order(struct mux_state *state, gboolean from_host, const struct rs_mux_header *header,
            struct mux_slice *slice)
{
    guint16 ahead = (guint16)(header->tx_seq - state->next_seq[from_host]);

    if (header->protocol == RS_MUX_VERSION)
        state->is_counting[0] = state->is_counting[1] = FALSE;
    if (!header->has_seq)
        return;
    if (state->is_counting[from_host] && header->protocol != RS_MUX_SETUP && ahead != 0) {
        slice->order = ahead < 0x8000 ? MUX_MISSING : MUX_BACKWARDS;
        slice->missing = ahead < 0x8000 ? ahead : state->next_seq[from_host];
    }
    state->is_counting[from_host] = TRUE;
    state->next_seq[from_host] = (guint16)(header->tx_seq + 1);
}

/* Is this the beginning of a packet of a long stream that goes on in the next transfer? */
static struct mux_piece *
new_piece(struct mux_state *state, const struct rs_mux_header *header, const guint8 *bytes,
          const struct rs_mux_slice *cut, guint32 frame)
{
    const guint8 *tcp = bytes + header->size;
    struct mux_piece *piece;

    if (cut->last || header->protocol != RS_MUX_TCP || tcp[12] >> 4 != MUX_TCP_HEADER / 4 ||
        !wmem_map_lookup(state->long_streams, stream_key(pntohu16(tcp), pntohu16(tcp + 2))))
        return NULL;
    piece = wmem_new0(wmem_file_scope(), struct mux_piece);
    piece->first_frame = frame;
    piece->first_length = cut->length - MUX_LONG_HEADERS;
    piece->host_port = pntohu16(tcp);
    piece->device_port = pntohu16(tcp + 2);
    return piece;
}

static void
begin_packet(struct mux_state *state, gboolean from_host, const guint8 *bytes, guint32 captured,
             guint32 frame, struct mux_slice *slice)
{
    struct rs_mux_header header;

    state->packet_id[from_host] = ++next_packet_id;
    state->piece[from_host] = NULL;
    if (rs_mux_read_header(bytes, captured, &header) != RS_OK)
        return;
    judge_order(state, from_host, &header, slice);
    if (from_host && captured >= MUX_LONG_HEADERS && slice->cut.length >= MUX_LONG_HEADERS)
        state->piece[from_host] = new_piece(state, &header, bytes, &slice->cut, frame);
}

/* Cuts a transfer that was not seen yet; transfers of a pipe in order. */
static struct mux_slices *
cut_transfer(struct apple_usb_attach *attach, tvbuff_t *tvb, guint32 frame, gboolean from_host)
{
    guint32 captured = tvb_captured_length(tvb), length = tvb_reported_length(tvb), offset = 0;
    const guint8 *bytes = tvb_get_ptr(tvb, 0, (gint)captured);
    struct mux_state *state = state_of(attach);
    struct rs_mux_framer *framer = &state->framer[from_host];
    struct rs_mux_slice cuts[MAX_SLICES], overflow;
    struct mux_slices *slices;
    guint count = 0;
    gboolean was_open = framer->expected > 0;

    while (count < MAX_SLICES &&
           rs_mux_next_slice(framer, bytes, captured, length, &offset, &cuts[count]))
        count++;
    slices = (struct mux_slices *)wmem_alloc0(wmem_file_scope(),
                                              sizeof *slices + count * sizeof slices->slice[0]);
    slices->count = count;
    for (guint i = 0; i < count; i++) {
        struct mux_slice *slice = &slices->slice[i];

        slice->cut = cuts[i];
        slice->after_lost = was_open && i == 0 && cuts[i].first;
        if (cuts[i].first && cuts[i].offset < captured)
            begin_packet(state, from_host, bytes + cuts[i].offset, captured - cuts[i].offset, frame,
                         slice);
        slice->id = state->packet_id[from_host];
        slice->piece = cuts[i].unsynchronised ? NULL : state->piece[from_host];
    }
    while (rs_mux_next_slice(framer, bytes, captured, length, &offset, &overflow)) {
        slices->too_many = TRUE;
        state->is_counting[from_host] = FALSE;
        state->piece[from_host] = NULL;
        state->packet_id[from_host] = overflow.first ? ++next_packet_id : next_packet_id;
    }
    return slices;
}

static gboolean
shows_mux_header(tvbuff_t *tvb, gboolean is_known_device)
{
    guint32 captured = MIN(tvb_captured_length(tvb), 16);
    struct rs_mux_header header;

    if (rs_mux_read_header(tvb_get_ptr(tvb, 0, (gint)captured), captured, &header) != RS_OK)
        return FALSE;
    return header.has_seq || (is_known_device && header.protocol == RS_MUX_VERSION);
}

/* Is this pipe the mux interface's? Wireshark keeps one interface per endpoint number for both
 * directions, so that the Ethernet interface's 0x05 hides the mux's 0x85: a pipe of another class
 * must show a header once. */
static gboolean
is_mux_pipe(tvbuff_t *tvb, const rs_urb *urb, const struct apple_usb_attach *attach,
            gboolean from_host)
{
    const struct mux_state *state = (const struct mux_state *)attach->mux;

    if (RS_URB_CONV(urb)->interfaceClass == RS_USB_MUX_CLASS &&
        RS_URB_CONV(urb)->interfaceSubclass == RS_USB_MUX_SUBCLASS &&
        RS_URB_CONV(urb)->interfaceProtocol == RS_USB_MUX_PROTOCOL)
        return TRUE;
    if (state && state->endpoint[from_host] == RS_URB_ENDPOINT(urb))
        return TRUE;
    return shows_mux_header(tvb, state != NULL);
}

/* Stands for the cuts of a transfer that is one packet with nothing to say of it; most are. */
static char plain;

static gboolean
is_plain(const struct mux_slices *slices)
{
    const struct mux_slice *slice = &slices->slice[0];

    return slices->count == 1 && !slices->too_many && slice->cut.first && slice->cut.last &&
           !slice->cut.broken && slice->order == MUX_IN_ORDER && !slice->after_lost;
}

static const struct mux_slices *
plain_slices(tvbuff_t *tvb, packet_info *pinfo)
{
    struct mux_slices *slices =
        (struct mux_slices *)wmem_alloc0(pinfo->pool, sizeof *slices + sizeof slices->slice[0]);
    guint32 length = tvb_reported_length(tvb);

    slices->count = 1;
    slices->slice[0].cut = (struct rs_mux_slice){
        .length = length, .packet_length = length, .first = true, .last = true
    };
    return slices;
}

const struct mux_slices *
mux_slices_of(tvbuff_t *tvb, packet_info *pinfo, const rs_urb *urb, struct apple_usb_attach *attach,
              int proto)
{
    gboolean from_host = apple_usb_from_host(urb);
    struct mux_slices *slices;

    if (PINFO_FD_VISITED(pinfo)) {
        const void *kept = p_get_proto_data(wmem_file_scope(), pinfo, proto, 0);

        return kept == &plain ? plain_slices(tvb, pinfo) : (const struct mux_slices *)kept;
    }
    if (!is_mux_pipe(tvb, urb, attach, from_host))
        return NULL;
    state_of(attach)->endpoint[from_host] = (guint8)RS_URB_ENDPOINT(urb);
    slices = cut_transfer(attach, tvb, pinfo->num, from_host);
    if (is_plain(slices)) {
        wmem_free(wmem_file_scope(), slices);
        p_add_proto_data(wmem_file_scope(), pinfo, proto, 0, &plain);
        return plain_slices(tvb, pinfo);
    }
    p_add_proto_data(wmem_file_scope(), pinfo, proto, 0, slices);
    return slices;
}
