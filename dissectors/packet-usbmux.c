/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmux, the framing on the bulk pipes of an iPhone's "Apple USB Multiplexor" interface
 * (255/254/2). Facts: usbmuxd 2efa75a, src/device.c and src/usb.c. Cutting URBs into packets is
 * core/muxframe's; the TCP-like streams inside are lent to Wireshark's own tcp with synthetic
 * addresses.
 *
 * A packet that spans several URBs is reassembled whole (at most 1 MiB), but on a stream whose
 * dissector said that it is long: that takes each URB as it comes, so that gigabytes pass without
 * being kept. */

#include "dissectors/usbmux.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/reassemble.h>

#include "dissectors/applencm.h"
#include "dissectors/core/muxframe.h"
#include "dissectors/core/usb-ids.h"
#include "dissectors/dissectors.h"
#include "dissectors/mux-decode-as.h"
#include "dissectors/mux-state.h"

#define TCP_RST 0x04
enum { TCP_SEQ = 4, TCP_FLAGS = 13 }; /* offsets */
#define WINDOW_SHIFT 8 /* the window field counts 256-byte units, without a SYN option */

enum vendor_request { REQUEST_GET_MODE = 0x45, REQUEST_SET_MODE = 0x52 };

static int proto_usbmux;
static int hf_usbmux_protocol = -1;
static int hf_usbmux_length = -1;
static int hf_usbmux_magic = -1;
static int hf_usbmux_cut = -1;
static int hf_usbmux_tx_seq = -1;
static int hf_usbmux_rx_seq = -1;
static int hf_usbmux_window_bytes = -1;
static int hf_usbmux_reset_reason = -1;
static int hf_usbmux_continues = -1;
static int hf_usbmux_version_major = -1;
static int hf_usbmux_version_minor = -1;
static int hf_usbmux_version_padding = -1;
static int hf_usbmux_setup = -1;
static int hf_usbmux_control_type = -1;
static int hf_usbmux_control_message = -1;
static int hf_usbmux_request = -1;
static int hf_usbmux_mode = -1;
static int hf_usbmux_fragment = -1;
static int hf_usbmux_fragments = -1;
static int hf_usbmux_fragment_overlap = -1;
static int hf_usbmux_fragment_overlap_conflicts = -1;
static int hf_usbmux_fragment_multiple_tails = -1;
static int hf_usbmux_fragment_too_long = -1;
static int hf_usbmux_fragment_error = -1;
static int hf_usbmux_fragment_count = -1;
static int hf_usbmux_reassembled_in = -1;
static int hf_usbmux_reassembled_length = -1;
static gint ett_usbmux = -1;
static gint ett_usbmux_fragment = -1;
static gint ett_usbmux_fragments = -1;
static expert_field ei_usbmux_unsynchronised = EI_INIT;
static expert_field ei_usbmux_broken = EI_INIT;
static expert_field ei_usbmux_refused = EI_INIT;
static expert_field ei_usbmux_lost = EI_INIT;
static expert_field ei_usbmux_tx_seq = EI_INIT;
static expert_field ei_usbmux_reset_reason = EI_INIT;
static expert_field ei_usbmux_control_error = EI_INIT;
static expert_field ei_usbmux_too_many = EI_INIT;

static struct mux_piece *current_piece; /* while tcp has the first transfer of it */
static int hf_tcp_stream;

static dissector_handle_t usbmux_handle;
static dissector_handle_t tcp_handle;
static dissector_handle_t data_handle;
static dissector_table_t port_table;
static reassembly_table mux_reassembly_table;

#define MUX_VALUE(name, value, text) { (value), (text) },
static const value_string protocol_vals[] = { RS_MUX_PROTOCOL(MUX_VALUE){ 0, NULL } };

static const value_string control_type_vals[] = {
    { 3, "Error" }, { 5, "Warning" }, { 7, "Info" }, { 0, NULL }
};

static const value_string request_vals[] = { { REQUEST_GET_MODE, "GET_MODE" },
                                             { REQUEST_SET_MODE, "SET_MODE" },
                                             { 0, NULL } };

static const fragment_items mux_fragment_items = { &ett_usbmux_fragment,
                                                   &ett_usbmux_fragments,
                                                   &hf_usbmux_fragments,
                                                   &hf_usbmux_fragment,
                                                   &hf_usbmux_fragment_overlap,
                                                   &hf_usbmux_fragment_overlap_conflicts,
                                                   &hf_usbmux_fragment_multiple_tails,
                                                   &hf_usbmux_fragment_too_long,
                                                   &hf_usbmux_fragment_error,
                                                   &hf_usbmux_fragment_count,
                                                   &hf_usbmux_reassembled_in,
                                                   &hf_usbmux_reassembled_length,
                                                   NULL,
                                                   "usbmux packet fragments" };

dissector_handle_t
usbmux_handle_for_port(struct apple_usb_attach *attach, guint16 port)
{
    dissector_handle_t handle = NULL;

    if (!mux_decode_as_chosen(port, &handle))
        handle = usbmux_announced_handle(attach, port);
    if (!handle)
        handle = dissector_get_uint_handle(port_table, port);
    /* Never tcp's own port tables: the host's ports count up from 1, through echo, ftp and telnet.
     */
    return handle ? handle : data_handle;
}

gboolean
usbmux_rest_follows(guint32 seq, guint32 *ret_length)
{
    if (!current_piece)
        return FALSE;
    current_piece->seq = seq;
    current_piece->has_seq = TRUE;
    *ret_length = current_piece->first_length;
    return TRUE;
}

/* Gives the stream its dissector and its window scale, the two things its SYN does not say. */
static void
prepare_stream(tvbuff_t *tvb, packet_info *pinfo, struct apple_usb_attach *attach,
               gboolean from_host)
{
    guint16 device_port = tvb_get_ntohs(tvb, from_host ? 2 : 0);
    gboolean is_syn = (tvb_get_uint8(tvb, 13) & 0x02) != 0;
    conversation_t *conversation;
    struct tcp_analysis *tcpd;

    pinfo->ptype = PT_TCP;
    pinfo->srcport = tvb_get_ntohs(tvb, 0);
    pinfo->destport = tvb_get_ntohs(tvb, 2);
    conversation = find_conversation_pinfo(pinfo, 0);
    if (!conversation) {
        conversation = find_or_create_conversation(pinfo);
        conversation_set_dissector(conversation, usbmux_handle_for_port(attach, device_port));
    }
    tcpd = get_tcp_conversation_data(conversation, pinfo);
    if (tcpd && !is_syn) {
        tcpd->flow1.win_scale = WINDOW_SHIFT;
        tcpd->flow2.win_scale = WINDOW_SHIFT;
    }
}

/* A reset may say why, in a line of text. */
static void
add_reset_reason(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    int length = tvb_captured_length_remaining(tvb, MUX_TCP_HEADER);
    const char *reason;
    proto_item *item;

    if (length <= 0 || (tvb_get_uint8(tvb, TCP_FLAGS) & TCP_RST) == 0)
        return;
    reason = g_strchomp(
        (char *)tvb_get_string_enc(pinfo->pool, tvb, MUX_TCP_HEADER, length, ENC_ASCII | ENC_NA));
    item = proto_tree_add_string(tree, hf_usbmux_reset_reason, tvb, MUX_TCP_HEADER, length, reason);
    expert_add_info_format(pinfo, item, &ei_usbmux_reset_reason, "Reset because: %s", reason);
}

static void
dissect_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_tree *mux_tree,
            struct apple_usb_attach *attach, gboolean from_host, const struct mux_slice *slice)
{
    proto_item *item;

    if (tvb_reported_length(tvb) < MUX_TCP_HEADER) {
        expert_add_info(pinfo, mux_tree, &ei_usbmux_broken);
        return;
    }
    item = proto_tree_add_uint(mux_tree, hf_usbmux_window_bytes, tvb, 14, 2,
                               (guint32)tvb_get_ntohs(tvb, 14) << WINDOW_SHIFT);
    proto_item_set_generated(item);
    add_reset_reason(tvb, pinfo, mux_tree);
    if (!from_host && tvb_captured_length(tvb) >= MUX_TCP_HEADER &&
        (tvb_get_uint8(tvb, TCP_FLAGS) & TCP_RST) && tvb_get_ntohl(tvb, TCP_SEQ) == 0)
        expert_add_info(pinfo, item, &ei_usbmux_refused);
    usbmux_set_addresses(pinfo, attach, from_host);
    if (!PINFO_FD_VISITED(pinfo) && tvb_captured_length(tvb) >= MUX_TCP_HEADER)
        prepare_stream(tvb, pinfo, attach, from_host);
    current_piece = slice->piece;
    call_dissector(tcp_handle, tvb, pinfo, tree);
    current_piece = NULL;
}

static void
dissect_version(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset)
{
    guint32 major, minor;

    proto_tree_add_item_ret_uint(tree, hf_usbmux_version_major, tvb, offset, 4, ENC_BIG_ENDIAN,
                                 &major);
    proto_tree_add_item_ret_uint(tree, hf_usbmux_version_minor, tvb, offset + 4, 4, ENC_BIG_ENDIAN,
                                 &minor);
    if (tvb_captured_length_remaining(tvb, offset + 8) > 0)
        proto_tree_add_item(tree, hf_usbmux_version_padding, tvb, offset + 8, -1, ENC_NA);
    col_append_sep_fstr(pinfo->cinfo, COL_INFO, "; ", "mux version %u.%u", major, minor);
}

static void
dissect_control(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset)
{
    proto_item *item;
    const guint8 *text;
    guint32 type;

    item = proto_tree_add_item_ret_uint(tree, hf_usbmux_control_type, tvb, offset, 1,
                                        ENC_BIG_ENDIAN, &type);
    if (type == 3)
        expert_add_info(pinfo, item, &ei_usbmux_control_error);
    proto_tree_add_item_ret_string(tree, hf_usbmux_control_message, tvb, offset + 1, -1, ENC_ASCII,
                                   pinfo->pool, &text);
    col_append_sep_fstr(pinfo->cinfo, COL_INFO, "; ", "mux %s: %s",
                        val_to_str_const(type, control_type_vals, "Control"), text);
}

static void
tell_order(packet_info *pinfo, proto_item *item, const struct mux_slice *slice)
{
    if (slice->after_lost)
        expert_add_info(pinfo, item, &ei_usbmux_lost);
    if (slice->order == MUX_MISSING)
        expert_add_info_format(pinfo, item, &ei_usbmux_tx_seq,
                               "%u packets before this one are not in the capture", slice->missing);
    else if (slice->order == MUX_BACKWARDS)
        expert_add_info_format(pinfo, item, &ei_usbmux_tx_seq,
                               "The sender's counter went back: %u was due", slice->missing);
}

/* A whole mux packet, or the beginning of one of a long stream. */
static void
dissect_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct apple_usb_attach *attach,
               gboolean from_host, const struct mux_slice *slice)
{
    guint32 captured = MIN(tvb_captured_length(tvb), 16);
    struct rs_mux_header header;
    proto_tree *mux_tree;
    proto_item *item;
    int size;

    if (rs_mux_read_header(tvb_get_ptr(tvb, 0, (gint)captured), captured, &header) != RS_OK)
        return;
    size = (int)header.size;
    item = proto_tree_add_item(tree, proto_usbmux, tvb, 0, size, ENC_NA);
    proto_item_append_text(item, ", %s, %u bytes",
                           val_to_str_const(header.protocol, protocol_vals, "unknown protocol"),
                           header.length);
    mux_tree = proto_item_add_subtree(item, ett_usbmux);
    proto_tree_add_item(mux_tree, hf_usbmux_protocol, tvb, 0, 4, ENC_BIG_ENDIAN);
    proto_tree_add_item(mux_tree, hf_usbmux_length, tvb, 4, 4, ENC_BIG_ENDIAN);
    if (header.has_seq) {
        proto_tree_add_item(mux_tree, hf_usbmux_magic, tvb, 8, 4, ENC_BIG_ENDIAN);
        tell_order(pinfo,
                   proto_tree_add_item(mux_tree, hf_usbmux_tx_seq, tvb, 12, 2, ENC_BIG_ENDIAN),
                   slice);
        proto_tree_add_item(mux_tree, hf_usbmux_rx_seq, tvb, 14, 2, ENC_BIG_ENDIAN);
    }
    if (tvb_captured_length(tvb) < (slice->piece ? slice->cut.length : header.length))
        proto_item_set_generated(proto_tree_add_boolean(mux_tree, hf_usbmux_cut, tvb, 0, 0, TRUE));
    if (header.protocol == RS_MUX_TCP) {
        dissect_tcp(tvb_new_subset_remaining(tvb, size), pinfo, tree, mux_tree, attach, from_host,
                    slice);
        return;
    }
    proto_item_set_len(item, (gint)tvb_captured_length(tvb));
    if (header.protocol == RS_MUX_VERSION)
        dissect_version(tvb, pinfo, mux_tree, size);
    else if (header.protocol == RS_MUX_CONTROL)
        dissect_control(tvb, pinfo, mux_tree, size);
    else {
        proto_tree_add_item(mux_tree, hf_usbmux_setup, tvb, size, -1, ENC_NA);
        col_append_sep_str(pinfo->cinfo, COL_INFO, "; ", "mux setup");
    }
}

/* Rules and readers know streams by tcp's number. */
static void
add_stream(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, conversation_t *conversation)
{
    const struct tcp_analysis *tcpd = get_tcp_conversation_data(conversation, pinfo);

    if (tcpd && hf_tcp_stream > 0)
        proto_item_set_generated(proto_tree_add_uint(tree, hf_tcp_stream, tvb, 0, 0, tcpd->stream));
}

/* A transfer that continues a packet of a long stream. Its header went with the first one, and tcp
 * counted all of its bytes there: the stream's own dissector is all that is left to call. */
static void
dissect_piece(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct apple_usb_attach *attach,
              const struct mux_slice *slice)
{
    guint32 offset = slice->cut.packet_offset;
    proto_item *item = proto_tree_add_item(tree, proto_usbmux, tvb, 0, 0, ENC_NA);
    proto_tree *mux_tree = proto_item_add_subtree(item, ett_usbmux);
    struct tcpinfo tcpinfo = { .seq = slice->piece->seq + offset - MUX_LONG_HEADERS };
    conversation_t *conversation;
    dissector_handle_t handle;

    proto_item_append_text(item, ", bytes %u to %u of %u", offset, offset + slice->cut.length,
                           slice->cut.packet_length);
    proto_item_set_generated(
        proto_tree_add_uint(mux_tree, hf_usbmux_continues, tvb, 0, 0, slice->piece->first_frame));
    if (tvb_captured_length(tvb) < slice->cut.length)
        proto_item_set_generated(proto_tree_add_boolean(mux_tree, hf_usbmux_cut, tvb, 0, 0, TRUE));
    usbmux_set_addresses(pinfo, attach, TRUE);
    pinfo->ptype = PT_TCP;
    pinfo->srcport = slice->piece->host_port;
    pinfo->destport = slice->piece->device_port;
    conversation = find_conversation_pinfo(pinfo, 0);
    handle = conversation ? conversation_get_dissector(conversation, pinfo->num) : NULL;
    if (!handle || !slice->piece->has_seq)
        return;
    add_stream(pinfo, tvb, mux_tree, conversation);
    call_dissector_only(handle, tvb, pinfo, tree, &tcpinfo);
}

/* A part of a packet that is put together, or bytes nobody can place. */
static void
dissect_part(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct apple_usb_attach *attach,
             gboolean from_host, const struct mux_slice *slice)
{
    const struct rs_mux_slice *cut = &slice->cut;
    gboolean whole = tvb_captured_length(tvb) >= cut->length && !cut->broken;
    fragment_head *head;
    tvbuff_t *packet;
    proto_item *item;

    if (cut->unsynchronised || !whole) {
        item = proto_tree_add_item(tree, proto_usbmux, tvb, 0, -1, ENC_NA);
        expert_add_info(pinfo, item,
                        cut->unsynchronised ? &ei_usbmux_unsynchronised : &ei_usbmux_broken);
        tell_order(pinfo, item, slice);
        col_append_sep_str(pinfo->cinfo, COL_INFO, "; ",
                           cut->unsynchronised ? "mux continuation" : "mux packet cut short");
        return;
    }
    head = fragment_add_check(&mux_reassembly_table, tvb, 0, pinfo, slice->id, NULL,
                              cut->packet_offset, cut->length, !cut->last);
    packet = process_reassembled_data(tvb, 0, pinfo, "Reassembled usbmux packet", head,
                                      &mux_fragment_items, NULL, tree);
    if (packet) {
        dissect_packet(packet, pinfo, tree, attach, from_host, slice);
        return;
    }
    item = proto_tree_add_item(tree, proto_usbmux, tvb, 0, -1, ENC_NA);
    proto_item_append_text(item, ", bytes %u to %u of %u", cut->packet_offset,
                           cut->packet_offset + cut->length, cut->packet_length);
    tell_order(pinfo, item, slice);
    col_append_sep_fstr(pinfo->cinfo, COL_INFO, "; ", "part of a mux packet, %u of %u bytes",
                        cut->packet_offset + cut->length, cut->packet_length);
}

static void
dissect_slice(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct apple_usb_attach *attach,
              gboolean from_host, const struct mux_slice *slice)
{
    if (slice->piece && !slice->cut.first)
        dissect_piece(tvb, pinfo, tree, attach, slice);
    else if (slice->piece || (slice->cut.first && slice->cut.last && !slice->cut.unsynchronised))
        dissect_packet(tvb, pinfo, tree, attach, from_host, slice);
    else
        dissect_part(tvb, pinfo, tree, attach, from_host, slice);
}

/* With the first transfer of a packet of a long stream goes how long the whole packet is. */
static tvbuff_t *
slice_tvb(tvbuff_t *tvb, const struct mux_slice *slice)
{
    const struct rs_mux_slice *cut = &slice->cut;
    gint offset = (gint)cut->offset, captured = tvb_captured_length_remaining(tvb, offset);

    if (slice->piece && cut->first)
        return tvb_new_subset_length_caplen(tvb, offset, MIN(captured, (gint)cut->length),
                                            (gint)cut->packet_length);
    return tvb_new_subset_length(tvb, offset, (gint)cut->length);
}

static void
dissect_bulk(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct apple_usb_attach *attach,
             gboolean from_host, const struct mux_slices *slices)
{
    address src, dst;

    copy_address_shallow(&src, &pinfo->src);
    copy_address_shallow(&dst, &pinfo->dst);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "USBMUX");
    col_clear(pinfo->cinfo, COL_INFO);
    for (guint i = 0; i < slices->count; i++) {
        const struct rs_mux_slice *cut = &slices->slice[i].cut;

        if (cut->offset >= tvb_captured_length(tvb))
            break;
        copy_address_shallow(&pinfo->src, &src);
        copy_address_shallow(&pinfo->dst, &dst);
        if (i > 0)
            col_set_fence(pinfo->cinfo, COL_INFO);
        dissect_slice(slice_tvb(tvb, &slices->slice[i]), pinfo, tree, attach, from_host,
                      &slices->slice[i]);
    }
    if (slices->too_many)
        expert_add_info(pinfo, tree, &ei_usbmux_too_many);
}

/* GET_MODE and SET_MODE; the bytes of a submission start at bRequest. */
static int
dissect_vendor_request(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rs_urb *urb)
{
    const usb_trans_info_t *trans = urb->usb_trans_info;
    gboolean is_submission = trans && trans->request_in == pinfo->num;
    proto_tree *mux_tree;
    proto_item *item;
    guint8 request;

    if (!trans || (trans->setup.requesttype & 0x60) != 0x40)
        return 0;
    request = trans->setup.request;
    if (request != REQUEST_GET_MODE && request != REQUEST_SET_MODE)
        return 0;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "USBMUX");
    col_add_fstr(pinfo->cinfo, COL_INFO, "%s %s", val_to_str_const(request, request_vals, "?"),
                 is_submission ? "request" : "reply");
    item = proto_tree_add_item(tree, proto_usbmux, tvb, 0, -1, ENC_NA);
    mux_tree = proto_item_add_subtree(item, ett_usbmux);
    item = proto_tree_add_uint(mux_tree, hf_usbmux_request, tvb, 0, is_submission ? 1 : 0, request);
    if (!is_submission) {
        proto_tree_add_item(mux_tree, hf_usbmux_mode, tvb, 0, -1, ENC_NA);
        proto_item_set_generated(item);
    } else if (request == REQUEST_SET_MODE) {
        col_append_fstr(pinfo->cinfo, COL_INFO, ", mode %u", trans->setup.wIndex);
    }
    return (int)tvb_captured_length(tvb);
}

static int
dissect_usbmux(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const rs_urb *urb = (const rs_urb *)data;
    struct apple_usb_attach *attach = apple_usb_attach_of(pinfo);
    const struct mux_slices *slices;

    if (!urb || !attach || tvb_captured_length(tvb) == 0)
        return 0;
    if (urb->transfer_type == URB_CONTROL)
        return dissect_vendor_request(tvb, pinfo, tree, urb);
    if (urb->transfer_type != URB_BULK || applencm_is_block(tvb))
        return 0;
    slices = mux_slices_of(tvb, pinfo, urb, attach, proto_usbmux);
    if (!slices)
        return 0;
    dissect_bulk(tvb, pinfo, tree, attach, apple_usb_from_host(urb), slices);
    return (int)tvb_captured_length(tvb);
}

static rs_ws_bool
dissect_usbmux_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const rs_urb *urb = (const rs_urb *)data;

    /* A device whose descriptor says it is someone else's is never ours. */
    if (!urb || RS_URB_CONV(urb)->deviceVendor != DEV_VENDOR_UNKNOWN)
        return FALSE;
    return dissect_usbmux(tvb, pinfo, tree, data) > 0;
}

void
proto_register_usbmux(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_usbmux_protocol, { "Protocol", "usbmux.protocol", FT_UINT32, BASE_DEC,
          VALS(protocol_vals), 0, NULL, HFILL } },
        { &hf_usbmux_length, { "Length", "usbmux.length", FT_UINT32, BASE_DEC, NULL, 0,
          "Including this header", HFILL } },
        { &hf_usbmux_magic, { "Magic", "usbmux.magic", FT_UINT32, BASE_HEX, NULL, 0, NULL,
          HFILL } },
        { &hf_usbmux_cut, { "Cut", "usbmux.cut", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Not captured whole", HFILL } },
        { &hf_usbmux_tx_seq, { "Transmit sequence", "usbmux.tx_seq", FT_UINT16, BASE_DEC, NULL, 0,
          "The sender's packet counter", HFILL } },
        { &hf_usbmux_rx_seq, { "Receive sequence", "usbmux.rx_seq", FT_UINT16, BASE_DEC, NULL, 0,
          "The host echoes the device's value; not an acknowledgement", HFILL } },
        { &hf_usbmux_window_bytes, { "Window", "usbmux.window_bytes", FT_UINT32, BASE_DEC, NULL, 0,
          "In bytes: the field counts units of 256", HFILL } },
        { &hf_usbmux_reset_reason, { "Reason of the reset", "usbmux.reset_reason", FT_STRING,
          BASE_NONE, NULL, 0, "What a reset carries instead of data", HFILL } },
        { &hf_usbmux_continues, { "Continues the packet of", "usbmux.continues", FT_FRAMENUM,
          BASE_NONE, NULL, 0, "This transfer of a long stream; tcp has the whole packet", HFILL } },
        { &hf_usbmux_version_major, { "Major version", "usbmux.version.major", FT_UINT32, BASE_DEC,
          NULL, 0, NULL, HFILL } },
        { &hf_usbmux_version_minor, { "Minor version", "usbmux.version.minor", FT_UINT32, BASE_DEC,
          NULL, 0, NULL, HFILL } },
        { &hf_usbmux_version_padding, { "Padding", "usbmux.version.padding", FT_BYTES, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_usbmux_setup, { "Setup", "usbmux.setup", FT_BYTES, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_usbmux_control_type, { "Type", "usbmux.control.type", FT_UINT8, BASE_DEC,
          VALS(control_type_vals), 0, NULL, HFILL } },
        { &hf_usbmux_control_message, { "Message", "usbmux.control.message", FT_STRING, BASE_NONE,
          NULL, 0, "Text of the device's mux driver", HFILL } },
        { &hf_usbmux_request, { "Vendor request", "usbmux.request", FT_UINT8, BASE_HEX,
          VALS(request_vals), 0, NULL, HFILL } },
        { &hf_usbmux_mode, { "Mode", "usbmux.mode", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmux_fragments, { "Packet fragments", "usbmux.fragments", FT_NONE, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_usbmux_fragment, { "Packet fragment", "usbmux.fragment", FT_FRAMENUM, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_usbmux_fragment_overlap, { "Overlap", "usbmux.fragment.overlap", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmux_fragment_overlap_conflicts, { "Overlap conflict",
          "usbmux.fragment.overlap.conflicts", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmux_fragment_multiple_tails, { "Multiple tails", "usbmux.fragment.multiple_tails",
          FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmux_fragment_too_long, { "Too long", "usbmux.fragment.too_long", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmux_fragment_error, { "Error", "usbmux.fragment.error", FT_FRAMENUM, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_usbmux_fragment_count, { "Fragment count", "usbmux.fragment.count", FT_UINT32,
          BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_usbmux_reassembled_in, { "Reassembled in", "usbmux.reassembled.in", FT_FRAMENUM,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmux_reassembled_length, { "Reassembled length", "usbmux.reassembled.length",
          FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_usbmux_unsynchronised, { "usbmux.unsynchronised", PI_UNDECODED, PI_NOTE,
          "Continuation of a packet whose start was not captured", EXPFILL } },
        { &ei_usbmux_broken, { "usbmux.broken", PI_UNDECODED, PI_WARN, "Packet not captured whole",
          EXPFILL } },
        { &ei_usbmux_refused, { "usbmux.refused", PI_SEQUENCE, PI_CHAT,
          "Nobody listens on this port of the device, as is normal while a service starts",
          EXPFILL } },
        { &ei_usbmux_lost, { "usbmux.lost", PI_SEQUENCE, PI_WARN,
          "The packet before this one never ended: a transfer is not in the capture", EXPFILL } },
        { &ei_usbmux_tx_seq, { "usbmux.tx_seq.gap", PI_SEQUENCE, PI_NOTE,
          "The sender's packet counter skips", EXPFILL } },
        { &ei_usbmux_reset_reason, { "usbmux.reset_reason.note", PI_RESPONSE_CODE, PI_NOTE,
          "A reset says why", EXPFILL } },
        { &ei_usbmux_control_error, { "usbmux.control.error", PI_RESPONSE_CODE, PI_WARN,
          "The device's mux driver reports an error", EXPFILL } },
        { &ei_usbmux_too_many, { "usbmux.too_many", PI_UNDECODED, PI_WARN,
          "More packets in one transfer than are shown", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_usbmux, &ett_usbmux_fragment, &ett_usbmux_fragments };

    proto_usbmux = proto_register_protocol("Apple USB Multiplexor", "USBMUX", "usbmux");
    proto_register_field_array(proto_usbmux, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_usbmux), ei, array_length(ei));
    usbmux_handle = register_dissector("usbmux", dissect_usbmux, proto_usbmux);
    port_table = register_dissector_table(USBMUX_PORT_TABLE, "usbmux device port", proto_usbmux,
                                          FT_UINT16, BASE_DEC);
    mux_decode_as_register();
    reassembly_table_register(&mux_reassembly_table, &addresses_reassembly_table_functions);
    register_init_routine(mux_state_reset);
}

#define ADD_MUX_PRODUCTS(name, mode, from, to)                                                     \
    for (guint32 pid = (from); (mode) == RS_USB_MUX && pid <= (to); pid++)                         \
        dissector_add_uint("usb.product", (guint32)RS_USB_VENDOR_APPLE << 16 | pid, usbmux_handle);

void
proto_reg_handoff_usbmux(void)
{
    hf_tcp_stream = proto_registrar_get_id_byname("tcp.stream");
    tcp_handle = find_dissector_add_dependency("tcp", proto_usbmux);
    data_handle = find_dissector("data");
    RS_USB_PRODUCTS(ADD_MUX_PRODUCTS)
    heur_dissector_add("usb.bulk", dissect_usbmux_heur, "Apple USB Multiplexor", "usbmux_usb_bulk",
                       proto_usbmux, HEURISTIC_ENABLE);
    dissector_add_for_decode_as("usb.device", usbmux_handle);
    mux_decode_as_handoff();
}
