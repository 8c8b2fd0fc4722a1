/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * DFU as Apple's boot ROM speaks it: class requests of USB DFU 1.1 on endpoint 0, with Apple's own
 * suffix behind the image. Facts: libirecovery 04d04f7, src/libirecovery.c (irecv_send_buffer);
 * names of states and statuses from the USB Device Firmware Upgrade Specification 1.1,
 * section 6.1.2. */

#include "dissectors/compat.h"

#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

#include "dissectors/core/usb-ids.h"
#include "dissectors/dfu-state.h"
#include "dissectors/dissectors.h"
#include "dissectors/export-objects.h"

enum { STATUS_LENGTH = 6, STATE_OFFSET = 4 }; /* of the answer to GETSTATUS */

#define DFU_REQUEST_STRING(name, value) { value, #name },
static const value_string request_names[] = { DFU_REQUESTS(DFU_REQUEST_STRING){ 0, NULL } };

enum { DFU_ERROR_STATE = 10 };

static const value_string state_names[] = {
    { 0, "appIDLE" },
    { 1, "appDETACH" },
    { 2, "dfuIDLE" },
    { 3, "dfuDNLOAD-SYNC" },
    { 4, "dfuDNBUSY" },
    { 5, "dfuDNLOAD-IDLE" },
    { 6, "dfuMANIFEST-SYNC" },
    { 7, "dfuMANIFEST" },
    { 8, "dfuMANIFEST-WAIT-RESET" },
    { 9, "dfuUPLOAD-IDLE" },
    { DFU_ERROR_STATE, "dfuERROR" },
    { 0, NULL },
};

static const value_string status_names[] = {
    { 0, "OK" },         { 1, "errTARGET" },       { 2, "errFILE" },      { 3, "errWRITE" },
    { 4, "errERASE" },   { 5, "errCHECK_ERASED" }, { 6, "errPROG" },      { 7, "errVERIFY" },
    { 8, "errADDRESS" }, { 9, "errNOTDONE" },      { 10, "errFIRMWARE" }, { 11, "errVENDOR" },
    { 12, "errUSBR" },   { 13, "errPOR" },         { 14, "errUNKNOWN" },  { 15, "errSTALLEDPKT" },
    { 0, NULL },
};

struct dfu_packet {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    proto_item *item;
    const usb_trans_info_t *trans;
    gboolean is_setup;
    struct dfu_frame *frame;
};

static int proto_appledfu = -1;

static int hf_appledfu_request = -1;
static int hf_appledfu_value = -1;
static int hf_appledfu_index = -1;
static int hf_appledfu_length = -1;
static int hf_appledfu_block = -1;
static int hf_appledfu_state = -1;
static int hf_appledfu_status = -1;
static int hf_appledfu_poll_timeout = -1;
static int hf_appledfu_string = -1;
static int hf_appledfu_data = -1;
static int hf_appledfu_image_start_frame = -1;
static int hf_appledfu_image_offset = -1;
static int hf_appledfu_image_component = -1;
static int hf_appledfu_image_type = -1;
static int hf_appledfu_image_size = -1;
static int hf_appledfu_image_blocks = -1;
static int hf_appledfu_image_sha1 = -1;
static int hf_appledfu_finish = -1;
static int hf_appledfu_suffix = -1;
static int hf_appledfu_suffix_device = -1;
static int hf_appledfu_suffix_product = -1;
static int hf_appledfu_suffix_vendor = -1;
static int hf_appledfu_suffix_dfu = -1;
static int hf_appledfu_suffix_signature = -1;
static int hf_appledfu_suffix_length = -1;
static int hf_appledfu_suffix_crc = -1;
static int hf_appledfu_suffix_crc_ok = -1;

static gint ett_appledfu = -1;
static gint ett_appledfu_suffix = -1;

static expert_field ei_appledfu_error = EI_INIT;
static expert_field ei_appledfu_short = EI_INIT;
static expert_field ei_appledfu_crc = EI_INIT;
static expert_field ei_appledfu_block = EI_INIT;
static expert_field ei_appledfu_cut = EI_INIT;
static expert_field ei_appledfu_abort = EI_INIT;
static expert_field ei_appledfu_clrstatus = EI_INIT;

static dissector_handle_t appledfu_handle;

/* Fills *packet when these are the bytes of a DFU request or its answer. */
static gboolean
read_packet(struct dfu_packet *packet, const rs_urb *urb)
{
    if (!urb || !urb->usb_trans_info || RS_URB_ENDPOINT(urb) != 0 ||
        !dfu_is_request(urb->usb_trans_info))
        return FALSE;
    packet->trans = urb->usb_trans_info;
    packet->tvb = apple_usb_control(packet->tvb, packet->pinfo, packet->trans, &packet->is_setup);
    if (!packet->tvb)
        return FALSE;
    if (packet->is_setup)
        return tvb_captured_length(packet->tvb) >= DFU_SETUP_LENGTH;
    return packet->trans->setup.requesttype == 0xa1;
}

static void
add_setup(const struct dfu_packet *packet)
{
    gboolean is_block =
        packet->trans->setup.request == DFU_DNLOAD || packet->trans->setup.request == DFU_UPLOAD;

    proto_tree_add_item(packet->tree, hf_appledfu_request, packet->tvb, 0, 1, ENC_NA);
    proto_tree_add_item(packet->tree, is_block ? hf_appledfu_block : hf_appledfu_value, packet->tvb,
                        1, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(packet->tree, hf_appledfu_index, packet->tvb, 3, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(packet->tree, hf_appledfu_length, packet->tvb, 5, 2, ENC_LITTLE_ENDIAN);
}

static void
add_label(const struct dfu_packet *packet, const struct boot_upload *upload)
{
    tvbuff_t *tvb = packet->tvb;

    proto_item_set_generated(proto_tree_add_uint(packet->tree, hf_appledfu_image_start_frame, tvb,
                                                 0, 0, upload->start_frame));
    if (upload->label.kind)
        proto_item_set_generated(proto_tree_add_string(packet->tree, hf_appledfu_image_component,
                                                       tvb, 0, 0, img4_name(&upload->label)));
    if (upload->label.type[0] != '\0')
        proto_item_set_generated(proto_tree_add_string(packet->tree, hf_appledfu_image_type, tvb, 0,
                                                       0, upload->label.type));
}

static void
add_suffix(const struct dfu_packet *packet, int offset)
{
    const struct dfu_frame *frame = packet->frame;
    tvbuff_t *tvb = packet->tvb;
    guint32 crc = tvb_get_letohl(tvb, offset + DFU_SUFFIX_CRC_OFFSET);
    proto_item *item = proto_tree_add_item(packet->tree, hf_appledfu_suffix, tvb, offset,
                                           DFU_SUFFIX_LENGTH, ENC_NA);
    proto_tree *tree = proto_item_add_subtree(item, ett_appledfu_suffix);

    proto_tree_add_item(tree, hf_appledfu_suffix_device, tvb, offset, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_appledfu_suffix_product, tvb, offset + 2, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_appledfu_suffix_vendor, tvb, offset + 4, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_appledfu_suffix_dfu, tvb, offset + 6, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_appledfu_suffix_signature, tvb, offset + 8, 3, ENC_ASCII);
    proto_tree_add_item(tree, hf_appledfu_suffix_length, tvb, offset + 11, 1, ENC_NA);
    item = proto_tree_add_item(tree, hf_appledfu_suffix_crc, tvb, offset + DFU_SUFFIX_CRC_OFFSET, 4,
                               ENC_LITTLE_ENDIAN);
    if (!frame->crc_known)
        return;
    proto_item_set_generated(proto_tree_add_boolean(tree, hf_appledfu_suffix_crc_ok, tvb,
                                                    offset + DFU_SUFFIX_CRC_OFFSET, 4,
                                                    crc == frame->crc));
    if (crc != frame->crc)
        expert_add_info_format(packet->pinfo, item, &ei_appledfu_crc,
                               "The suffix says CRC 0x%08x, the image has 0x%08x", crc, frame->crc);
}

static void
show_block(const struct dfu_packet *packet)
{
    const struct dfu_frame *frame = packet->frame;
    int captured = tvb_captured_length_remaining(packet->tvb, DFU_SETUP_LENGTH);
    int image = frame->has_suffix ? (int)frame->length : captured;
    proto_item *item;

    if (!frame->upload)
        return;
    add_label(packet, frame->upload);
    item = proto_tree_add_uint64(packet->tree, hf_appledfu_image_offset, packet->tvb, 0, 0,
                                 frame->offset);
    proto_item_set_generated(item);
    if (frame->out_of_order)
        expert_add_info_format(packet->pinfo, item, &ei_appledfu_block, "Block %u where %u was due",
                               packet->trans->setup.wValue, frame->expected_block);
    if (captured < packet->trans->setup.wLength)
        expert_add_info(packet->pinfo, item, &ei_appledfu_cut);
    if (image > 0)
        proto_tree_add_item(packet->tree, hf_appledfu_data, packet->tvb, DFU_SETUP_LENGTH, image,
                            ENC_NA);
    if (frame->has_suffix)
        add_suffix(packet, DFU_SETUP_LENGTH + image);
    col_append_fstr(
        packet->pinfo->cinfo, COL_INFO, " %s block %u, %u bytes @ 0x%" G_GINT64_MODIFIER "x%s",
        img4_name(&frame->upload->label), packet->trans->setup.wValue, packet->trans->setup.wLength,
        frame->offset, frame->has_suffix ? ", suffix" : "");
}

static void
show_finish(const struct dfu_packet *packet)
{
    const struct boot_upload *upload = packet->frame->finished;
    tvbuff_t *tvb = packet->tvb;

    proto_item_set_generated(
        proto_tree_add_boolean(packet->tree, hf_appledfu_finish, tvb, 0, 0, TRUE));
    col_append_str(packet->pinfo->cinfo, COL_INFO, " end");
    if (!upload)
        return;
    add_label(packet, upload);
    proto_item_set_generated(
        proto_tree_add_uint64(packet->tree, hf_appledfu_image_size, tvb, 0, 0, upload->size));
    proto_item_set_generated(
        proto_tree_add_uint(packet->tree, hf_appledfu_image_blocks, tvb, 0, 0, upload->pieces));
    if (upload->sha1)
        proto_item_set_generated(
            proto_tree_add_string(packet->tree, hf_appledfu_image_sha1, tvb, 0, 0, upload->sha1));
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, " (%s, %s, %u blocks)",
                    img4_name(&upload->label),
                    boot_upload_size_text(packet->pinfo->pool, upload->size), upload->pieces);
}

static void
show_request(const struct dfu_packet *packet)
{
    add_setup(packet);
    switch (packet->trans->setup.request) {
    case DFU_DNLOAD:
        if (packet->trans->setup.wLength > 0)
            show_block(packet);
        else
            show_finish(packet);
        break;
    case DFU_CLRSTATUS:
        expert_add_info(packet->pinfo, packet->item, &ei_appledfu_clrstatus);
        break;
    case DFU_ABORT:
        expert_add_info(packet->pinfo, packet->item, &ei_appledfu_abort);
        break;
    default:
        break;
    }
}

static proto_item *
show_state(const struct dfu_packet *packet, int offset)
{
    guint8 state = tvb_get_uint8(packet->tvb, offset);

    col_append_fstr(packet->pinfo->cinfo, COL_INFO, ": %s",
                    val_to_str_const(state, state_names, "unknown state"));
    return proto_tree_add_item(packet->tree, hf_appledfu_state, packet->tvb, offset, 1, ENC_NA);
}

static void
show_get_state(const struct dfu_packet *packet)
{
    proto_item *item = show_state(packet, 0);

    if (tvb_get_uint8(packet->tvb, 0) == DFU_ERROR_STATE)
        expert_add_info_format(packet->pinfo, item, &ei_appledfu_error,
                               "The device is in state dfuERROR");
}

static void
show_status(const struct dfu_packet *packet)
{
    guint8 status, state;
    proto_item *item;

    if (tvb_captured_length(packet->tvb) < STATUS_LENGTH) {
        expert_add_info(packet->pinfo, packet->item, &ei_appledfu_short);
        return;
    }
    status = tvb_get_uint8(packet->tvb, 0);
    state = tvb_get_uint8(packet->tvb, STATE_OFFSET);
    proto_tree_add_item(packet->tree, hf_appledfu_status, packet->tvb, 0, 1, ENC_NA);
    proto_tree_add_item(packet->tree, hf_appledfu_poll_timeout, packet->tvb, 1, 3,
                        ENC_LITTLE_ENDIAN);
    item = show_state(packet, STATE_OFFSET);
    proto_tree_add_item(packet->tree, hf_appledfu_string, packet->tvb, 5, 1, ENC_NA);
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, ", %s",
                    val_to_str_const(status, status_names, "unknown status"));
    if (status != 0 || state == DFU_ERROR_STATE)
        expert_add_info_format(packet->pinfo, item, &ei_appledfu_error,
                               "The device reports %s in state %s",
                               val_to_str_const(status, status_names, "an unknown error"),
                               val_to_str_const(state, state_names, "unknown"));
}

static void
show_answer(const struct dfu_packet *packet)
{
    guint8 request = packet->trans->setup.request;

    proto_item_set_generated(
        proto_tree_add_uint(packet->tree, hf_appledfu_request, packet->tvb, 0, 0, request));
    if (request == DFU_GETSTATUS)
        show_status(packet);
    else if (request == DFU_GETSTATE)
        show_get_state(packet);
    else
        proto_tree_add_item(packet->tree, hf_appledfu_data, packet->tvb, 0, -1, ENC_NA);
}

/* The frame's notes: made on the first pass, found again later. One frame may hold several packets.
 */
static struct dfu_frame *
notes_of(packet_info *pinfo)
{
    guint32 key = pinfo->curr_layer_num;
    struct dfu_frame *frame =
        (struct dfu_frame *)p_get_proto_data(wmem_file_scope(), pinfo, proto_appledfu, key);

    if (!frame) {
        frame = wmem_new0(wmem_file_scope(), struct dfu_frame);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_appledfu, key, frame);
    }
    return frame;
}

static int
dissect_appledfu(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct apple_usb_attach *attach = apple_usb_attach_of(pinfo);
    struct dfu_packet packet = { .tvb = tvb, .pinfo = pinfo };

    if (!attach || !read_packet(&packet, (const rs_urb *)data))
        return 0;
    tvb = packet.tvb;
    packet.frame = notes_of(pinfo);
    if (!PINFO_FD_VISITED(pinfo) && packet.is_setup && packet.trans->setup.request == DFU_DNLOAD)
        dfu_track_download(attach, pinfo, tvb, packet.trans, packet.frame);

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "APPLEDFU");
    col_add_str(pinfo->cinfo, COL_INFO,
                val_to_str_const(packet.trans->setup.request, request_names, "?"));
    packet.item = proto_tree_add_item(tree, proto_appledfu, tvb, 0, -1, ENC_NA);
    packet.tree = proto_item_add_subtree(packet.item, ett_appledfu);
    if (packet.is_setup)
        show_request(&packet);
    else
        show_answer(&packet);
    if (packet.frame->upload)
        export_upload_piece(pinfo, packet.frame->upload, tvb, DFU_SETUP_LENGTH,
                            packet.frame->length);
    if (packet.frame->first)
        img4_add_label(tvb, pinfo, tree, DFU_SETUP_LENGTH);
    return (int)tvb_captured_length(tvb);
}

/* DNLOAD is any vendor's: only an Apple image or Apple's suffix tells whose it is. */
static gboolean
is_distinctive(const struct dfu_packet *packet)
{
    return packet->is_setup && packet->trans->setup.request == DFU_DNLOAD &&
           packet->trans->setup.wLength > 0 &&
           ((packet->trans->setup.wValue == 0 && img4_is_apple(packet->tvb, DFU_SETUP_LENGTH)) ||
            dfu_ends_with_suffix(packet->tvb));
}

/* Claims devices whose enumeration was not captured, by bytes that nothing else sends. */
static rs_ws_bool
dissect_appledfu_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const rs_urb *urb = (const rs_urb *)data;
    struct dfu_packet packet = { .tvb = tvb, .pinfo = pinfo };
    struct apple_usb_attach *attach;
    guint16 vendor;

    if (!urb)
        return FALSE;
    vendor = RS_URB_CONV(urb)->deviceVendor;
    if ((vendor != 0 && vendor != RS_USB_VENDOR_APPLE) || !read_packet(&packet, urb))
        return FALSE;
    attach = apple_usb_attach_of(pinfo);
    if (!attach || attach->generation != 0 || (!attach->dfu && !is_distinctive(&packet)))
        return FALSE;
    return dissect_appledfu(tvb, pinfo, tree, data) > 0;
}

void
proto_register_appledfu(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_appledfu_request,
          { "Request", "appledfu.request", FT_UINT8, BASE_DEC, VALS(request_names), 0, NULL,
            HFILL } },
        { &hf_appledfu_value,
          { "wValue", "appledfu.value", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_index,
          { "Interface", "appledfu.interface", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_length,
          { "wLength", "appledfu.length", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_block,
          { "Block", "appledfu.block", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_state,
          { "State", "appledfu.state", FT_UINT8, BASE_DEC, VALS(state_names), 0, NULL, HFILL } },
        { &hf_appledfu_status,
          { "Status", "appledfu.status", FT_UINT8, BASE_DEC, VALS(status_names), 0, NULL, HFILL } },
        { &hf_appledfu_poll_timeout,
          { "Poll timeout (ms)", "appledfu.poll_timeout", FT_UINT24, BASE_DEC, NULL, 0,
            "How long the host shall wait before it asks again", HFILL } },
        { &hf_appledfu_string,
          { "Status string index", "appledfu.string", FT_UINT8, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_data,
          { "Data", "appledfu.data", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_image_start_frame,
          { "Image started in", "appledfu.image.start_frame", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0, NULL, HFILL } },
        { &hf_appledfu_image_offset,
          { "Offset in image", "appledfu.image.offset", FT_UINT64, BASE_DEC_HEX, NULL, 0, NULL,
            HFILL } },
        { &hf_appledfu_image_component,
          { "Component", "appledfu.image.component", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_image_type,
          { "Image type", "appledfu.image.type", FT_STRING, BASE_NONE, NULL, 0,
            "Four-character code of the image", HFILL } },
        { &hf_appledfu_image_size,
          { "Image size", "appledfu.image.size", FT_UINT64, BASE_DEC, NULL, 0,
            "Without the suffix", HFILL } },
        { &hf_appledfu_image_blocks,
          { "Blocks", "appledfu.image.blocks", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_image_sha1,
          { "SHA-1", "appledfu.image.sha1", FT_STRING, BASE_NONE, NULL, 0,
            "Without the suffix", HFILL } },
        { &hf_appledfu_finish,
          { "End of image", "appledfu.finish", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "An empty DNLOAD: the device shall take over the image", HFILL } },
        { &hf_appledfu_suffix,
          { "Suffix", "appledfu.suffix", FT_NONE, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_suffix_device,
          { "bcdDevice", "appledfu.suffix.device", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_suffix_product,
          { "idProduct", "appledfu.suffix.product", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_suffix_vendor,
          { "idVendor", "appledfu.suffix.vendor", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_suffix_dfu,
          { "bcdDFU", "appledfu.suffix.dfu", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_suffix_signature,
          { "Signature", "appledfu.suffix.signature", FT_STRING, BASE_NONE, NULL, 0, NULL,
            HFILL } },
        { &hf_appledfu_suffix_length,
          { "Suffix length", "appledfu.suffix.length", FT_UINT8, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_suffix_crc,
          { "CRC", "appledfu.suffix.crc", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_appledfu_suffix_crc_ok,
          { "CRC matches", "appledfu.suffix.crc_ok", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL,
            HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_appledfu_error,
          { "appledfu.error", PI_RESPONSE_CODE, PI_ERROR, "The device reports an error",
            EXPFILL } },
        { &ei_appledfu_short,
          { "appledfu.short", PI_MALFORMED, PI_ERROR, "A status has 6 bytes", EXPFILL } },
        { &ei_appledfu_crc,
          { "appledfu.suffix.crc_bad", PI_CHECKSUM, PI_ERROR, "The suffix has another CRC",
            EXPFILL } },
        { &ei_appledfu_block,
          { "appledfu.block.unexpected", PI_SEQUENCE, PI_WARN, "Another block was due", EXPFILL } },
        { &ei_appledfu_cut,
          { "appledfu.data.cut", PI_UNDECODED, PI_NOTE,
            "The capture does not hold all bytes of the block", EXPFILL } },
        { &ei_appledfu_abort,
          { "appledfu.abort", PI_SEQUENCE, PI_NOTE, "The host sends the device back to idle",
            EXPFILL } },
        { &ei_appledfu_clrstatus,
          { "appledfu.clrstatus", PI_SEQUENCE, PI_NOTE, "The host clears an error", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_appledfu, &ett_appledfu_suffix };

    proto_appledfu = proto_register_protocol("Apple DFU", "APPLEDFU", "appledfu");
    proto_register_field_array(proto_appledfu, hf, G_N_ELEMENTS(hf));
    proto_register_subtree_array(ett, G_N_ELEMENTS(ett));
    expert_register_field_array(expert_register_protocol(proto_appledfu), ei, G_N_ELEMENTS(ei));
    appledfu_handle = register_dissector("appledfu", dissect_appledfu, proto_appledfu);
}

#define APPLEDFU_ADD_PRODUCTS(name, mode, first, last)                                             \
    for (guint32 id = (first);                                                                     \
         ((mode) == RS_USB_DFU || (mode) == RS_USB_WTF || (mode) == RS_USB_PORT_DFU) &&            \
         id <= (last);                                                                             \
         id++)                                                                                     \
        dissector_add_uint("usb.product", (guint32)RS_USB_VENDOR_APPLE << 16 | id, appledfu_handle);

void
proto_reg_handoff_appledfu(void)
{
    RS_USB_PRODUCTS(APPLEDFU_ADD_PRODUCTS)
    dissector_add_for_decode_as("usb.device", appledfu_handle);
    heur_dissector_add("usb.control", dissect_appledfu_heur, "Apple DFU over USB",
                       "appledfu_usb_control", proto_appledfu, HEURISTIC_ENABLE);
}
