/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * KIS, by which the boot ROM of recent chips takes its first image in place of DFU (product
 * 0x1881): requests and replies on two pairs of bulk pipes, one a portal. Facts: libirecovery
 * 04d04f7, src/libirecovery.c (irecv_kis_request and what calls it).
 *
 *     request   u16 sequence | u8 0xa0 | u8 portal | u8 arguments | u8 index, low | u8 reply words,
 *               low six bits, over the index's high two | u8 reply words, high |
 *               u32 bytes that follow | u32 arguments | payload
 *     reply     the same header | data | u32 bytes read or written | u32 status
 *
 * All little-endian. What values of the status mean is unknown. The meaning of the fields of
 * GET_INFO whose names end in a question mark is a guess of the source. */

#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

#include "dissectors/boot-upload.h"
#include "dissectors/compat.h"
#include "dissectors/core/serial.h"
#include "dissectors/core/usb-ids.h"
#include "dissectors/dissectors.h"
#include "dissectors/export-objects.h"
#include "dissectors/kis-state.h"

#define KIS_PORTAL_STRING(name, value, text) { (value), (text) },
static const value_string portal_names[] = { KIS_PORTALS(KIS_PORTAL_STRING){ 0, NULL } };

#define KIS_INDEX_STRING(name, value, portal, arguments, text) { (value), (text) },
static const value_string index_names[] = { KIS_INDEXES(KIS_INDEX_STRING){ 0, NULL } };

enum {
    WRITTEN_BYTES = 4, /* what the reply to a written value reports */
    INFO_STRING = 3    /* type of a string descriptor */
};

/* Where GET_INFO's reply has what, from its first byte behind the header. */
enum {
    INFO_BYTES_MIN = 0x52,
    INFO_UNKNOWN_LENGTH = 0x20,
    INFO_DESCRIPTOR = 0x40,
    DESCRIPTOR_LENGTH = 18,
    INFO_MANUFACTURER = INFO_DESCRIPTOR + 14,
    INFO_PRODUCT = INFO_DESCRIPTOR + 15,
    INFO_SERIAL = INFO_DESCRIPTOR + 16,
    INFO_NONCES = 0x18
};

struct kis_packet {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    proto_item *item;
    struct kis_header header;
    struct kis_frame *frame;
};

static int proto_kis;
static int hf_kis_sequence = -1;
static int hf_kis_version = -1;
static int hf_kis_portal = -1;
static int hf_kis_argument_count = -1;
static int hf_kis_index = -1;
static int hf_kis_reply_words = -1;
static int hf_kis_request_size = -1;
static int hf_kis_argument = -1;
static int hf_kis_value = -1;
static int hf_kis_upload_address = -1;
static int hf_kis_upload_length = -1;
static int hf_kis_upload_start_frame = -1;
static int hf_kis_upload_component = -1;
static int hf_kis_upload_size = -1;
static int hf_kis_upload_sha1 = -1;
static int hf_kis_data = -1;
static int hf_kis_rest_of = -1;
static int hf_kis_size = -1;
static int hf_kis_status = -1;
static int hf_kis_response_in = -1;
static int hf_kis_request_in = -1;
static int hf_kis_response_time = -1;
static int hf_kis_boot = -1;
static int hf_kis_info_ecid = -1;
static int hf_kis_info_tag = -1;
static int hf_kis_info_unknown = -1;
static int hf_kis_info_max_upload = -1;
static int hf_kis_info_max_download = -1;
static int hf_kis_info_ram_base = -1;
static int hf_kis_info_nonce_offset = -1;
static int hf_kis_info_descriptor = -1;
static int hf_kis_info_vendor_id = -1;
static int hf_kis_info_product_id = -1;
static int hf_kis_info_device_version = -1;
static int hf_kis_info_serial = -1;
static int hf_kis_info_manufacturer = -1;
static int hf_kis_info_product = -1;
static int hf_kis_info_nonces = -1;
static int hf_kis_info_strings = -1;
static gint ett_kis = -1;
static gint ett_kis_info = -1;
static expert_field ei_kis_short = EI_INIT;
static expert_field ei_kis_not_written = EI_INIT;
static expert_field ei_kis_out_of_order = EI_INIT;

static dissector_handle_t kis_handle;

static void
add_header(const struct kis_packet *packet)
{
    proto_tree *tree = packet->tree;
    tvbuff_t *tvb = packet->tvb;

    proto_tree_add_item(tree, hf_kis_sequence, tvb, 0, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_kis_version, tvb, 2, 1, ENC_NA);
    proto_tree_add_item(tree, hf_kis_portal, tvb, 3, 1, ENC_NA);
    proto_tree_add_item(tree, hf_kis_argument_count, tvb, 4, 1, ENC_NA);
    proto_tree_add_uint(tree, hf_kis_index, tvb, 5, 2, packet->header.index);
    proto_tree_add_uint(tree, hf_kis_reply_words, tvb, 6, 2, packet->header.reply_words);
    proto_tree_add_item(tree, hf_kis_request_size, tvb, 8, 4, ENC_LITTLE_ENDIAN);
}

static void
add_upload(const struct kis_packet *packet, const struct boot_upload *upload)
{
    tvbuff_t *tvb = packet->tvb;

    proto_item_set_generated(proto_tree_add_uint(packet->tree, hf_kis_upload_start_frame, tvb, 0, 0,
                                                 upload->start_frame));
    if (upload->label.kind)
        proto_item_set_generated(proto_tree_add_string(packet->tree, hf_kis_upload_component, tvb,
                                                       0, 0, img4_name(&upload->label)));
}

static void
show_data(const struct kis_packet *packet, int offset)
{
    if (tvb_captured_length_remaining(packet->tvb, offset) > 0)
        proto_tree_add_item(packet->tree, hf_kis_data, packet->tvb, offset, -1, ENC_NA);
}

/* u64 address, u32 length, the bytes, which may go on in the next transfer. */
static void
show_upload(const struct kis_packet *packet)
{
    const struct boot_upload *upload = packet->frame->upload;
    guint64 address;
    guint32 length;
    proto_item *item;

    item = proto_tree_add_item_ret_uint64(packet->tree, hf_kis_upload_address, packet->tvb,
                                          KIS_ADDRESS_OFFSET, 8, ENC_LITTLE_ENDIAN, &address);
    proto_tree_add_item_ret_uint(packet->tree, hf_kis_upload_length, packet->tvb, KIS_LENGTH_OFFSET,
                                 4, ENC_LITTLE_ENDIAN, &length);
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, " %u bytes @ 0x%" PRIx64, length, address);
    if (upload)
        add_upload(packet, upload);
    if (packet->frame->out_of_order)
        expert_add_info(packet->pinfo, item, &ei_kis_out_of_order);
    show_data(packet, KIS_CHUNK_OFFSET);
}

/* The image is whole: what was it? */
static void
show_boot(const struct kis_packet *packet)
{
    const struct boot_upload *upload = packet->frame->upload;

    proto_item_set_generated(
        proto_tree_add_boolean(packet->tree, hf_kis_boot, packet->tvb, 0, 0, TRUE));
    if (!upload)
        return;
    add_upload(packet, upload);
    proto_item_set_generated(
        proto_tree_add_uint64(packet->tree, hf_kis_upload_size, packet->tvb, 0, 0, upload->size));
    if (upload->sha1)
        proto_item_set_generated(proto_tree_add_string(packet->tree, hf_kis_upload_sha1,
                                                       packet->tvb, 0, 0, upload->sha1));
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, " (%s, %s)", img4_name(&upload->label),
                    boot_upload_size_text(packet->pinfo->pool, upload->size));
}

static void
show_arguments(const struct kis_packet *packet)
{
    int offset = KIS_HEADER_BYTES;

    for (guint i = 0; i < packet->header.arguments; i++, offset += 4) {
        if (tvb_captured_length_remaining(packet->tvb, offset) < 4)
            return;
        proto_tree_add_item(packet->tree, hf_kis_argument, packet->tvb, offset, 4,
                            ENC_LITTLE_ENDIAN);
    }
    show_data(packet, offset);
}

static void
show_value(const struct kis_packet *packet)
{
    guint32 value;

    proto_tree_add_item_ret_uint(packet->tree, hf_kis_value, packet->tvb, KIS_HEADER_BYTES, 4,
                                 ENC_LITTLE_ENDIAN, &value);
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, " 0x%x", value);
    show_data(packet, KIS_HEADER_BYTES + 4);
}

static void
show_request(const struct kis_packet *packet)
{
    const struct kis_exchange *exchange = packet->frame->exchange;
    int left = tvb_captured_length_remaining(packet->tvb, KIS_HEADER_BYTES);

    if (left < packet->header.arguments * 4) {
        expert_add_info(packet->pinfo, packet->item, &ei_kis_short);
        return;
    }
    if (packet->header.index == KIS_UPLOAD && packet->header.arguments == 3)
        show_upload(packet);
    else if (packet->header.arguments == 1)
        show_value(packet);
    else
        show_arguments(packet);
    if (packet->header.index == KIS_BOOT_IMAGE)
        show_boot(packet);
    if (exchange && exchange->answer != 0)
        proto_item_set_generated(proto_tree_add_uint(packet->tree, hf_kis_response_in, packet->tvb,
                                                     0, 0, exchange->answer));
}

/* The string descriptor that stands so many words behind the header; an empty one is not shown. */
static const char *
add_info_string(const struct kis_packet *packet, proto_tree *tree, int hf, guint32 words, int end)
{
    const guint8 *text = (const guint8 *)"";
    int offset, length;

    if (words == 0 || words > (guint32)end / 4)
        return "";
    offset = KIS_HEADER_BYTES + (int)words * 4;
    if (offset + 2 > end || tvb_get_uint8(packet->tvb, offset + 1) != INFO_STRING)
        return "";
    length = tvb_get_uint8(packet->tvb, offset);
    if (length < 2 || offset + length > end)
        return "";
    proto_tree_add_item_ret_string(tree, hf, packet->tvb, offset + 2, length - 2,
                                   ENC_UTF_16 | ENC_LITTLE_ENDIAN, packet->pinfo->pool, &text);
    return (const char *)text;
}

static void
add_ecid(const struct kis_packet *packet, const char *text)
{
    struct rs_serial serial;

    if (rs_serial_parse(text, &serial) && serial.has_ecid)
        proto_item_set_generated(proto_tree_add_string(
            packet->tree, hf_kis_info_ecid, packet->tvb, 0, 0,
            wmem_strdup_printf(packet->pinfo->pool, "0x%" PRIx64, serial.ecid)));
}

static void
add_info_descriptor(tvbuff_t *tvb, proto_tree *tree, int offset)
{
    proto_item *item =
        proto_tree_add_item(tree, hf_kis_info_descriptor, tvb, offset, DESCRIPTOR_LENGTH, ENC_NA);
    proto_tree *sub = proto_item_add_subtree(item, ett_kis_info);

    proto_tree_add_item(sub, hf_kis_info_vendor_id, tvb, offset + 8, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(sub, hf_kis_info_product_id, tvb, offset + 10, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(sub, hf_kis_info_device_version, tvb, offset + 12, 2, ENC_LITTLE_ENDIAN);
}

/* What the device says of itself, up to `end`. */
static void
show_info(const struct kis_packet *packet, int end)
{
    const int base = KIS_HEADER_BYTES;
    proto_tree *tree = packet->tree;
    tvbuff_t *tvb = packet->tvb;
    guint32 nonces;
    const char *serial;

    proto_tree_add_item(tree, hf_kis_info_tag, tvb, base, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_kis_info_unknown, tvb, base + 4, 4, ENC_NA);
    proto_tree_add_item(tree, hf_kis_info_max_upload, tvb, base + 8, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_kis_info_max_download, tvb, base + 12, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_kis_info_ram_base, tvb, base + 16, 8, ENC_LITTLE_ENDIAN);
    proto_tree_add_item_ret_uint(tree, hf_kis_info_nonce_offset, tvb, base + INFO_NONCES, 4,
                                 ENC_LITTLE_ENDIAN, &nonces);
    proto_tree_add_item(tree, hf_kis_info_unknown, tvb, base + 0x20, INFO_UNKNOWN_LENGTH, ENC_NA);
    add_info_descriptor(tvb, tree, base + INFO_DESCRIPTOR);
    proto_tree_add_item(tree, hf_kis_info_strings, tvb, base + INFO_BYTES_MIN,
                        end - base - INFO_BYTES_MIN, ENC_NA);
    serial = add_info_string(packet, tree, hf_kis_info_serial,
                             tvb_get_uint8(tvb, base + INFO_SERIAL), end);
    add_info_string(packet, tree, hf_kis_info_manufacturer,
                    tvb_get_uint8(tvb, base + INFO_MANUFACTURER), end);
    add_info_string(packet, tree, hf_kis_info_product, tvb_get_uint8(tvb, base + INFO_PRODUCT),
                    end);
    add_info_string(packet, tree, hf_kis_info_nonces, nonces, end);
    add_ecid(packet, serial);
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, " %s", serial);
}

static void
add_answered(const struct kis_packet *packet, const struct kis_exchange *exchange)
{
    nstime_t delta;

    proto_item_set_generated(proto_tree_add_uint(packet->tree, hf_kis_request_in, packet->tvb, 0, 0,
                                                 exchange->question));
    nstime_delta(&delta, &packet->pinfo->abs_ts, &exchange->asked);
    proto_item_set_generated(
        proto_tree_add_time(packet->tree, hf_kis_response_time, packet->tvb, 0, 0, &delta));
}

static void
show_reply(const struct kis_packet *packet)
{
    const struct kis_exchange *exchange = packet->frame->exchange;
    int end = (int)tvb_captured_length(packet->tvb) - KIS_TRAILER_BYTES;
    guint32 size, status;
    proto_item *item;

    if (exchange)
        add_answered(packet, exchange);
    if (end < KIS_HEADER_BYTES || tvb_captured_length(packet->tvb) < packet->header.total) {
        expert_add_info(packet->pinfo, packet->item, &ei_kis_short);
        return;
    }
    if (packet->header.index == KIS_GET_INFO && end - KIS_HEADER_BYTES > INFO_BYTES_MIN)
        show_info(packet, end);
    else if (end > KIS_HEADER_BYTES)
        proto_tree_add_item(packet->tree, hf_kis_data, packet->tvb, KIS_HEADER_BYTES,
                            end - KIS_HEADER_BYTES, ENC_NA);
    item = proto_tree_add_item_ret_uint(packet->tree, hf_kis_size, packet->tvb, end, 4,
                                        ENC_LITTLE_ENDIAN, &size);
    proto_tree_add_item_ret_uint(packet->tree, hf_kis_status, packet->tvb, end + 4, 4,
                                 ENC_LITTLE_ENDIAN, &status);
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, ", status 0x%x", status);
    if (exchange && exchange->is_write && size != WRITTEN_BYTES)
        expert_add_info(packet->pinfo, item, &ei_kis_not_written);
}

static void
show_rest(const struct kis_packet *packet)
{
    const struct kis_frame *frame = packet->frame;

    col_add_fstr(packet->pinfo->cinfo, COL_INFO, "rest of the request in frame %u", frame->rest_of);
    proto_item_set_generated(
        proto_tree_add_uint(packet->tree, hf_kis_rest_of, packet->tvb, 0, 0, frame->rest_of));
    if (frame->upload)
        add_upload(packet, frame->upload);
    show_data(packet, 0);
}

static void
show(struct kis_packet *packet, gboolean from_host)
{
    const char *name = try_val_to_str(packet->header.index, index_names);

    if (!name)
        name = wmem_strdup_printf(packet->pinfo->pool, "index 0x%x", packet->header.index);
    proto_item_append_text(packet->item, ", %s %s", name, from_host ? "request" : "reply");
    col_add_fstr(packet->pinfo->cinfo, COL_INFO, "%s %s", name, from_host ? "request" : "reply");
    add_header(packet);
    if (from_host)
        show_request(packet);
    else
        show_reply(packet);
}

/* The frame's notes: made on the first pass, found again later. One frame may hold several packets.
 */
static struct kis_frame *
notes_of(packet_info *pinfo)
{
    guint32 key = pinfo->curr_layer_num;
    struct kis_frame *frame =
        (struct kis_frame *)p_get_proto_data(wmem_file_scope(), pinfo, proto_kis, key);

    if (!frame) {
        frame = wmem_new0(wmem_file_scope(), struct kis_frame);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_kis, key, frame);
    }
    return frame;
}

static int
dissect_kis(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const rs_urb *urb = (const rs_urb *)data;
    struct apple_usb_attach *attach = apple_usb_attach_of(pinfo);
    struct kis_packet packet = { .tvb = tvb, .pinfo = pinfo };
    gboolean from_host, starts_here;

    if (!urb || !attach || urb->transfer_type != URB_BULK || tvb_captured_length(tvb) == 0)
        return 0;
    from_host = apple_usb_from_host(urb);
    packet.frame = notes_of(pinfo);
    if (!PINFO_FD_VISITED(pinfo))
        kis_track(attach, pinfo, tvb, (guint8)RS_URB_ENDPOINT(urb), from_host, packet.frame);
    starts_here = packet.frame->rest_of == 0 && kis_read_header(tvb, from_host, &packet.header);
    if (packet.frame->rest_of == 0 && !starts_here)
        return 0;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "KIS");
    packet.item = proto_tree_add_item(tree, proto_kis, tvb, 0, -1, ENC_NA);
    packet.tree = proto_item_add_subtree(packet.item, ett_kis);
    if (starts_here)
        show(&packet, from_host);
    else
        show_rest(&packet);
    if (packet.frame->upload)
        export_upload_piece(pinfo, packet.frame->upload, tvb, starts_here ? KIS_CHUNK_OFFSET : 0,
                            packet.frame->length);
    if (packet.frame->first)
        img4_add_label(tvb, pinfo, tree, KIS_CHUNK_OFFSET);
    return (int)tvb_captured_length(tvb);
}

/* Claims devices whose enumeration was not captured, by requests that nothing else sends. */
static rs_ws_bool
dissect_kis_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const rs_urb *urb = (const rs_urb *)data;
    struct apple_usb_attach *attach;

    if (!urb || RS_URB_CONV(urb)->deviceVendor != DEV_VENDOR_UNKNOWN)
        return FALSE;
    attach = apple_usb_attach_of(pinfo);
    if (!attach || (!attach->kis && !kis_is_distinctive(tvb, apple_usb_from_host(urb))))
        return FALSE;
    return dissect_kis(tvb, pinfo, tree, data) > 0;
}

void
proto_register_kis(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_kis_sequence, { "Sequence", "kis.sequence", FT_UINT16, BASE_HEX, NULL, 0,
          "Any number will do", HFILL } },
        { &hf_kis_version, { "Version", "kis.version", FT_UINT8, BASE_HEX, NULL, 0, NULL,
          HFILL } },
        { &hf_kis_portal, { "Portal", "kis.portal", FT_UINT8, BASE_HEX, VALS(portal_names), 0,
          NULL, HFILL } },
        { &hf_kis_argument_count, { "Arguments", "kis.argument_count", FT_UINT8, BASE_DEC, NULL, 0,
          NULL, HFILL } },
        { &hf_kis_index, { "Index", "kis.index", FT_UINT16, BASE_HEX, VALS(index_names), 0,
          "What is asked for", HFILL } },
        { &hf_kis_reply_words, { "Reply words", "kis.reply_words", FT_UINT16, BASE_DEC, NULL, 0,
          "Words of four bytes the device shall send", HFILL } },
        { &hf_kis_request_size, { "Request size", "kis.request_size", FT_UINT32, BASE_DEC, NULL, 0,
          "Without this header", HFILL } },
        { &hf_kis_argument, { "Argument", "kis.argument", FT_UINT32, BASE_HEX, NULL, 0, NULL,
          HFILL } },
        { &hf_kis_value, { "Value", "kis.value", FT_UINT32, BASE_HEX_DEC, NULL, 0,
          "To be written; of the image to boot its length", HFILL } },
        { &hf_kis_upload_address, { "Address", "kis.upload.address", FT_UINT64, BASE_HEX, NULL, 0,
          "Counted from the start of the image", HFILL } },
        { &hf_kis_upload_length, { "Length", "kis.upload.length", FT_UINT32, BASE_DEC, NULL, 0,
          "Of this piece", HFILL } },
        { &hf_kis_upload_start_frame, { "Image started in", "kis.upload.start_frame", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0, NULL, HFILL } },
        { &hf_kis_upload_component, { "Component", "kis.upload.component", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_kis_upload_size, { "Image size", "kis.upload.size", FT_UINT64, BASE_DEC, NULL, 0,
          NULL, HFILL } },
        { &hf_kis_upload_sha1, { "SHA-1", "kis.upload.sha1", FT_STRING, BASE_NONE, NULL, 0,
          "Of the image", HFILL } },
        { &hf_kis_data, { "Data", "kis.data", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_kis_rest_of, { "Rest of", "kis.rest_of", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0, "The request that goes on here", HFILL } },
        { &hf_kis_size, { "Size", "kis.size", FT_UINT32, BASE_DEC, NULL, 0,
          "Bytes read or written", HFILL } },
        { &hf_kis_status, { "Status", "kis.status", FT_UINT32, BASE_HEX, NULL, 0,
          "Its values are unknown", HFILL } },
        { &hf_kis_response_in, { "Answered in", "kis.response_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL, HFILL } },
        { &hf_kis_request_in, { "Answers", "kis.request_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_kis_response_time, { "Time to answer", "kis.response_time", FT_RELATIVE_TIME,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_kis_boot, { "Boot", "kis.boot", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "The device shall start the image: it leaves the bus", HFILL } },
        { &hf_kis_info_ecid, { "ECID", "kis.info.ecid", FT_STRING, BASE_NONE, NULL, 0,
          "From the serial number", HFILL } },
        { &hf_kis_info_tag, { "Tag", "kis.info.tag", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_kis_info_unknown, { "Unknown", "kis.info.unknown", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_kis_info_max_upload, { "Longest upload", "kis.info.max_upload", FT_UINT32, BASE_DEC,
          NULL, 0, NULL, HFILL } },
        { &hf_kis_info_max_download, { "Longest download?", "kis.info.max_download", FT_UINT32,
          BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_kis_info_ram_base, { "RAM base", "kis.info.ram_base", FT_UINT64, BASE_HEX, NULL, 0,
          NULL, HFILL } },
        { &hf_kis_info_nonce_offset, { "Place of the nonces", "kis.info.nonce_offset", FT_UINT32,
          BASE_DEC, NULL, 0, "In words of four bytes", HFILL } },
        { &hf_kis_info_descriptor, { "Device descriptor", "kis.info.descriptor", FT_BYTES,
          BASE_NONE, NULL, 0, "Its strings are places in words of four bytes", HFILL } },
        { &hf_kis_info_vendor_id, { "idVendor", "kis.info.vendor_id", FT_UINT16, BASE_HEX, NULL, 0,
          NULL, HFILL } },
        { &hf_kis_info_product_id, { "idProduct", "kis.info.product_id", FT_UINT16, BASE_HEX, NULL,
          0, "The mode the device is in", HFILL } },
        { &hf_kis_info_device_version, { "bcdDevice", "kis.info.device_version", FT_UINT16,
          BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_kis_info_serial, { "Serial number", "kis.info.serial", FT_STRING, BASE_NONE, NULL, 0,
          "Chip, board and ECID, as in DFU", HFILL } },
        { &hf_kis_info_manufacturer, { "Manufacturer", "kis.info.manufacturer", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_kis_info_product, { "Product", "kis.info.product", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_kis_info_nonces, { "Nonces", "kis.info.nonces", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_kis_info_strings, { "Strings", "kis.info.strings", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_kis_short, { "kis.short", PI_UNDECODED, PI_NOTE,
          "Not all of it is there, or not all was captured", EXPFILL } },
        { &ei_kis_not_written, { "kis.not_written", PI_RESPONSE_CODE, PI_WARN,
          "The device did not take the value", EXPFILL } },
        { &ei_kis_out_of_order, { "kis.upload.unexpected", PI_SEQUENCE, PI_WARN,
          "Another piece of the image was due", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_kis, &ett_kis_info };

    proto_kis = proto_register_protocol("Apple KIS", "KIS", "kis");
    proto_register_field_array(proto_kis, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_kis), ei, array_length(ei));
    kis_handle = register_dissector("kis", dissect_kis, proto_kis);
}

#define KIS_ADD_PRODUCTS(name, mode, first, last)                                                  \
    for (guint32 id = (first); (mode) == RS_USB_KIS && id <= (last); id++)                         \
        dissector_add_uint("usb.product", (guint32)RS_USB_VENDOR_APPLE << 16 | id, kis_handle);

void
proto_reg_handoff_kis(void)
{
    RS_USB_PRODUCTS(KIS_ADD_PRODUCTS)
    dissector_add_for_decode_as("usb.device", kis_handle);
    heur_dissector_add("usb.bulk", dissect_kis_heur, "Apple KIS over USB", "kis_usb_bulk",
                       proto_kis, HEURISTIC_ENABLE);
}
