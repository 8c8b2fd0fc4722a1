/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Recovery mode: how a host talks to iBoot. Commands and replies are vendor control transfers with
 * text, images go over one bulk pipe, iBoot's console comes over another. Facts: libirecovery
 * 04d04f7, src/libirecovery.c; idevicerestore 405fcd1, src/recovery.c.
 *
 * Limitations: iOS 1 (interrupt pipes) is not decoded; uploads are measured and hashed, not kept.
 */

#include "dissectors/compat.h"

#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

#include "dissectors/boot-serial.h"
#include "dissectors/core/usb-ids.h"
#include "dissectors/dissectors.h"
#include "dissectors/export-objects.h"
#include "dissectors/iboot-state.h"

#define IBOOT_KIND_STRING(name, value, text) { value, text },
static const value_string kind_names[] = { IBOOT_KINDS(IBOOT_KIND_STRING){ 0, NULL } };

struct iboot_packet {
    enum iboot_kind kind;
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    proto_item *item;
    gboolean is_setup; /* the bytes begin with the setup */
    const char *text;  /* of a command, a reply or the console */
    struct iboot_frame *frame;
};

static int proto_iboot = -1;

static int hf_iboot_type = -1;
static int hf_iboot_request = -1;
static int hf_iboot_value = -1;
static int hf_iboot_index = -1;
static int hf_iboot_length = -1;
static int hf_iboot_command = -1;
static int hf_iboot_verb = -1;
static int hf_iboot_leaves = -1;
static int hf_iboot_reply = -1;
static int hf_iboot_reply_command = -1;
static int hf_iboot_reply_to = -1;
static int hf_iboot_console = -1;
static int hf_iboot_upload = -1;
static int hf_iboot_upload_start_frame = -1;
static int hf_iboot_upload_last_frame = -1;
static int hf_iboot_upload_used_in = -1;
static int hf_iboot_upload_offset = -1;
static int hf_iboot_upload_length = -1;
static int hf_iboot_upload_component = -1;
static int hf_iboot_upload_type = -1;
static int hf_iboot_upload_declared = -1;
static int hf_iboot_upload_complete = -1;
static int hf_iboot_upload_size = -1;
static int hf_iboot_upload_sha1 = -1;
static int hf_iboot_upload_rate = -1;
static int hf_iboot_upload_data = -1;

static gint ett_iboot = -1;
static gint ett_iboot_upload = -1;

static expert_field ei_iboot_unterminated = EI_INIT;
static expert_field ei_iboot_unannounced = EI_INIT;
static expert_field ei_iboot_cut = EI_INIT;
static expert_field ei_iboot_incomplete = EI_INIT;
static expert_field ei_iboot_nvram = EI_INIT;
static expert_field ei_iboot_console_error = EI_INIT;

static dissector_handle_t iboot_handle;

/* The text at offset up to its NUL, for the packet's life. */
static const char *
text_at(const struct iboot_packet *packet, int offset)
{
    int length = tvb_captured_length_remaining(packet->tvb, offset);
    int end;

    if (length <= 0)
        return "";
    end = tvb_find_uint8(packet->tvb, offset, length, 0);
    if (end >= 0)
        length = end - offset;
    return (const char *)tvb_get_string_enc(packet->pinfo->pool, packet->tvb, offset, length,
                                            ENC_ASCII);
}

static void
add_setup(const struct iboot_packet *packet)
{
    proto_tree_add_item(packet->tree, hf_iboot_request, packet->tvb, 0, 1, ENC_NA);
    proto_tree_add_item(packet->tree, hf_iboot_value, packet->tvb, 1, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(packet->tree, hf_iboot_index, packet->tvb, 3, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(packet->tree, hf_iboot_length, packet->tvb, 5, 2, ENC_LITTLE_ENDIAN);
}

static void
add_label(proto_tree *tree, tvbuff_t *tvb, const struct img4_label *label)
{
    if (label->kind) {
        proto_item *item =
            proto_tree_add_string(tree, hf_iboot_upload_component, tvb, 0, 0, img4_name(label));

        proto_item_set_generated(item);
    }
    if (label->type[0] != '\0') {
        proto_item *item =
            proto_tree_add_string(tree, hf_iboot_upload_type, tvb, 0, 0, label->type);

        proto_item_set_generated(item);
    }
}

static void
add_frame_link(proto_tree *tree, tvbuff_t *tvb, int hf, guint32 frame)
{
    proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, frame));
}

static void
add_totals(proto_tree *tree, tvbuff_t *tvb, guint64 size, const char *sha1)
{
    proto_item_set_generated(proto_tree_add_uint64(tree, hf_iboot_upload_size, tvb, 0, 0, size));
    if (sha1)
        proto_item_set_generated(
            proto_tree_add_string(tree, hf_iboot_upload_sha1, tvb, 0, 0, sha1));
}

/* Draws an upload that is over, on the frame that ended or used it. */
static void
add_finished(const struct iboot_packet *packet, const struct boot_upload *upload)
{
    wmem_allocator_t *pool = packet->pinfo->pool;
    tvbuff_t *tvb = packet->tvb;
    proto_item *item;
    proto_tree *tree;
    double rate;

    item = proto_tree_add_string(packet->tree, hf_iboot_upload, tvb, 0, 0,
                                 wmem_strdup_printf(pool, "%s, %s", img4_name(&upload->label),
                                                    boot_upload_size_text(pool, upload->size)));
    proto_item_set_generated(item);
    tree = proto_item_add_subtree(item, ett_iboot_upload);
    add_frame_link(tree, tvb, hf_iboot_upload_start_frame, upload->start_frame);
    add_frame_link(tree, tvb, hf_iboot_upload_last_frame, upload->last_frame);
    add_label(tree, tvb, &upload->label);
    add_totals(tree, tvb, upload->size, upload->sha1);
    if (boot_upload_rate(upload, &rate))
        proto_item_set_generated(
            proto_tree_add_double(tree, hf_iboot_upload_rate, tvb, 0, 0, rate));
    if (upload->cut)
        expert_add_info(packet->pinfo, item, &ei_iboot_cut);
    if (packet->frame->ended == upload && upload->size < upload->label.size)
        expert_add_info_format(packet->pinfo, item, &ei_iboot_incomplete,
                               "The upload of %s ended at byte %" G_GUINT64_FORMAT
                               " of %" G_GUINT64_FORMAT,
                               img4_name(&upload->label), upload->size, upload->label.size);
}

static void
add_uploads(const struct iboot_packet *packet)
{
    const struct iboot_frame *frame = packet->frame;

    if (frame->ended)
        add_finished(packet, frame->ended);
    if (frame->used && frame->used != frame->ended)
        add_finished(packet, frame->used);
}

static void
show_command(const struct iboot_packet *packet)
{
    const struct iboot_verb *verb = iboot_find_verb(packet->text);
    column_info *cinfo = packet->pinfo->cinfo;
    int length = tvb_captured_length_remaining(packet->tvb, IBOOT_SETUP_LENGTH);
    proto_item *item;

    item = proto_tree_add_string(packet->tree, hf_iboot_command, packet->tvb, IBOOT_SETUP_LENGTH,
                                 length, packet->text);
    if (length > 0 && tvb_find_uint8(packet->tvb, IBOOT_SETUP_LENGTH, length, 0) < 0)
        expert_add_info(packet->pinfo, item, &ei_iboot_unterminated);
    proto_tree_add_string(
        packet->tree, hf_iboot_verb, packet->tvb, IBOOT_SETUP_LENGTH, length,
        wmem_strndup(packet->pinfo->pool, packet->text, strcspn(packet->text, " ")));
    if (verb && verb->leaves)
        proto_item_set_generated(
            proto_tree_add_boolean(packet->tree, hf_iboot_leaves, packet->tvb, 0, 0, TRUE));
    proto_item_append_text(packet->item, ", %s", packet->text);
    if (packet->text[0] != '\0')
        col_add_str(cinfo, COL_INFO, packet->text);
    else
        col_add_str(cinfo, COL_INFO, length > 0 ? "empty command" : "command without text");
    if (packet->frame->used) {
        const struct boot_upload *upload = packet->frame->used;

        col_append_fstr(cinfo, COL_INFO, " (after %s, %s)", img4_name(&upload->label),
                        boot_upload_size_text(packet->pinfo->pool, upload->size));
    }
}

/* Apple's own host reads saveenv's return code with "getenv ?". */
static void
check_nvram(const struct iboot_packet *packet, proto_item *item)
{
    if (g_strcmp0(packet->frame->asked, "getenv ?") != 0)
        return;
    if (strcmp(packet->text, "-1") == 0)
        expert_add_info_format(packet->pinfo, item, &ei_iboot_nvram,
                               "The NVRAM is full (restore error 102)");
    else if (strcmp(packet->text, "-2") == 0)
        expert_add_info_format(packet->pinfo, item, &ei_iboot_nvram,
                               "The NVRAM could not be written (restore error 103)");
}

static void
show_reply(const struct iboot_packet *packet)
{
    const char *asked = packet->frame->asked;
    proto_item *item;

    item = proto_tree_add_string(packet->tree, hf_iboot_reply, packet->tvb, 0, -1, packet->text);
    check_nvram(packet, item);
    proto_item_append_text(packet->item, ", %s", packet->text);
    col_add_fstr(packet->pinfo->cinfo, COL_INFO, "reply %s",
                 packet->text[0] != '\0' ? packet->text : "empty");
    if (!asked)
        return;
    item = proto_tree_add_string(packet->tree, hf_iboot_reply_command, packet->tvb, 0, 0, asked);
    proto_item_set_generated(item);
    add_frame_link(packet->tree, packet->tvb, hf_iboot_reply_to, packet->frame->asked_in);
    col_append_fstr(packet->pinfo->cinfo, COL_INFO, " (to %s)", asked);
}

static void
show_console(const struct iboot_packet *packet)
{
    char *line = g_strchomp(wmem_strdup(packet->pinfo->pool, packet->text));
    proto_item *item;

    item = proto_tree_add_string(packet->tree, hf_iboot_console, packet->tvb, 0, -1, packet->text);
    if (strstr(packet->text, "ermission denied") || strstr(packet->text, "rror"))
        expert_add_info_format(packet->pinfo, item, &ei_iboot_console_error, "iBoot says: %s",
                               line);
    col_add_fstr(packet->pinfo->cinfo, COL_INFO, "console: %s", line);
}

static void
add_piece(const struct iboot_packet *packet, proto_tree *tree)
{
    const struct iboot_frame *frame = packet->frame;
    const struct boot_upload *upload = frame->upload;
    guint32 length = tvb_reported_length(packet->tvb);
    proto_item *item;

    add_frame_link(tree, packet->tvb, hf_iboot_upload_start_frame, upload->start_frame);
    if (upload->used_in != 0)
        add_frame_link(tree, packet->tvb, hf_iboot_upload_used_in, upload->used_in);
    add_label(tree, packet->tvb, &upload->label);
    if (upload->label.size > 0)
        proto_item_set_generated(proto_tree_add_uint64(tree, hf_iboot_upload_declared, packet->tvb,
                                                       0, 0, upload->label.size));
    item = proto_tree_add_uint64(tree, hf_iboot_upload_offset, packet->tvb, 0, 0, frame->offset);
    proto_item_set_generated(item);
    if (!upload->announced && frame->first)
        expert_add_info(packet->pinfo, item, &ei_iboot_unannounced);
    item = proto_tree_add_uint(tree, hf_iboot_upload_length, packet->tvb, 0, 0, length);
    proto_item_set_generated(item);
    if (tvb_captured_length(packet->tvb) < length)
        expert_add_info(packet->pinfo, item, &ei_iboot_cut);
    if (frame->whole) {
        proto_item_set_generated(
            proto_tree_add_boolean(tree, hf_iboot_upload_complete, packet->tvb, 0, 0, TRUE));
        add_totals(tree, packet->tvb, frame->offset + length, frame->whole_sha1);
    }
    proto_tree_add_item(tree, hf_iboot_upload_data, packet->tvb, 0,
                        (int)tvb_captured_length(packet->tvb), ENC_NA);
}

static void
show_data(const struct iboot_packet *packet)
{
    const struct iboot_frame *frame = packet->frame;
    guint32 length = tvb_reported_length(packet->tvb);

    if (!frame->upload)
        return;
    add_piece(packet, packet->tree);
    proto_item_append_text(packet->item, ", %s at 0x%" G_GINT64_MODIFIER "x",
                           img4_name(&frame->upload->label), frame->offset);
    col_add_fstr(
        packet->pinfo->cinfo, COL_INFO, "upload %s 0x%x bytes @ 0x%" G_GINT64_MODIFIER "x%s",
        img4_name(&frame->upload->label), length, frame->offset, frame->whole ? " (complete)" : "");
}

static void
show(const struct iboot_packet *packet)
{
    switch (packet->kind) {
    case IBOOT_COMMAND:
        show_command(packet);
        break;
    case IBOOT_REPLY:
        show_reply(packet);
        break;
    case IBOOT_CONSOLE:
        show_console(packet);
        break;
    case IBOOT_UPLOAD_DATA:
        show_data(packet);
        break;
    default:
        col_add_str(packet->pinfo->cinfo, COL_INFO,
                    val_to_str_const(packet->kind, kind_names, "?"));
    }
    add_uploads(packet);
}

/* The frame's notes: made on the first pass, found again later. One frame may hold several packets.
 */
static struct iboot_frame *
notes_of(packet_info *pinfo)
{
    guint32 key = pinfo->curr_layer_num;
    struct iboot_frame *frame =
        (struct iboot_frame *)p_get_proto_data(wmem_file_scope(), pinfo, proto_iboot, key);

    if (!frame) {
        frame = wmem_new0(wmem_file_scope(), struct iboot_frame);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_iboot, key, frame);
    }
    return frame;
}

static int
dissect_iboot(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const rs_urb *urb = (const rs_urb *)data;
    struct apple_usb_attach *attach = apple_usb_attach_of(pinfo);
    struct iboot_packet packet = { .tvb = tvb, .pinfo = pinfo, .text = "" };

    if (!urb || !attach)
        return 0;
    packet.kind = iboot_classify(urb, pinfo, &packet.tvb, &packet.is_setup);
    if (packet.kind == IBOOT_NONE)
        return 0;
    tvb = packet.tvb;
    if (packet.kind == IBOOT_COMMAND)
        packet.text = text_at(&packet, IBOOT_SETUP_LENGTH);
    else if (packet.kind == IBOOT_REPLY || packet.kind == IBOOT_CONSOLE)
        packet.text = text_at(&packet, 0);
    packet.frame = notes_of(pinfo);
    if (!PINFO_FD_VISITED(pinfo))
        iboot_track(attach, pinfo, tvb, packet.kind, packet.text, packet.frame);

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "IBOOT");
    packet.item = proto_tree_add_item(tree, proto_iboot, tvb, 0, -1, ENC_NA);
    packet.tree = proto_item_add_subtree(packet.item, ett_iboot);
    proto_item_set_generated(
        proto_tree_add_uint(packet.tree, hf_iboot_type, tvb, 0, 0, packet.kind));
    if (packet.is_setup)
        add_setup(&packet);
    show(&packet);
    if (packet.kind == IBOOT_UPLOAD_DATA && packet.frame->upload)
        export_upload_piece(pinfo, packet.frame->upload, tvb, 0, tvb_reported_length(tvb));
    if (packet.kind == IBOOT_UPLOAD_DATA && packet.frame->first)
        img4_add_label(tvb, pinfo, tree, 0);
    return (int)tvb_captured_length(tvb);
}

/* Claims devices whose enumeration was not captured, by bytes that nothing else sends. */
static rs_ws_bool
dissect_iboot_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const rs_urb *urb = (const rs_urb *)data;
    struct apple_usb_attach *attach;
    tvbuff_t *whole = tvb;
    enum iboot_kind kind;
    gboolean is_setup;
    guint16 vendor;

    if (!urb)
        return FALSE;
    vendor = RS_URB_CONV(urb)->deviceVendor;
    if (vendor != 0 && vendor != RS_USB_VENDOR_APPLE)
        return FALSE;
    kind = iboot_classify(urb, pinfo, &whole, &is_setup);
    if (kind == IBOOT_NONE)
        return FALSE;
    attach = apple_usb_attach_of(pinfo);
    if (!attach || attach->generation != 0)
        return FALSE;
    if (!attach->iboot &&
        !(kind == IBOOT_COMMAND && iboot_is_distinctive(whole, pinfo, urb->usb_trans_info)) &&
        !(kind == IBOOT_UPLOAD_DATA && img4_is_apple(whole, 0)))
        return FALSE;
    return dissect_iboot(tvb, pinfo, tree, data) > 0;
}

void
proto_register_iboot(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_iboot_type,
          { "Type", "iboot.type", FT_UINT8, BASE_DEC, VALS(kind_names), 0, NULL, HFILL } },
        { &hf_iboot_request,
          { "bRequest", "iboot.request", FT_UINT8, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_iboot_value,
          { "wValue", "iboot.value", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_iboot_index,
          { "wIndex", "iboot.index", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_iboot_length,
          { "wLength", "iboot.length", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_iboot_command,
          { "Command", "iboot.command", FT_STRING, BASE_NONE, NULL, 0,
            "The whole command line", HFILL } },
        { &hf_iboot_verb,
          { "Verb", "iboot.command.verb", FT_STRING, BASE_NONE, NULL, 0,
            "The first word of the command", HFILL } },
        { &hf_iboot_leaves,
          { "Leaves the mode", "iboot.command.leaves", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The device is expected to disconnect", HFILL } },
        { &hf_iboot_reply,
          { "Reply", "iboot.reply", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_iboot_reply_command,
          { "Reply to", "iboot.reply.command", FT_STRING, BASE_NONE, NULL, 0,
            "The command before this reply", HFILL } },
        { &hf_iboot_reply_to,
          { "Command in", "iboot.reply.command_frame", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_iboot_console,
          { "Console", "iboot.console", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_iboot_upload,
          { "Finished upload", "iboot.upload", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_iboot_upload_start_frame,
          { "Upload started in", "iboot.upload.start_frame", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0, NULL, HFILL } },
        { &hf_iboot_upload_last_frame,
          { "Last piece in", "iboot.upload.last_frame", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0, NULL, HFILL } },
        { &hf_iboot_upload_used_in,
          { "Used by the command in", "iboot.upload.used_in", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL, HFILL } },
        { &hf_iboot_upload_offset,
          { "Offset", "iboot.upload.offset", FT_UINT64, BASE_DEC_HEX, NULL, 0,
            "Of this piece in the upload", HFILL } },
        { &hf_iboot_upload_length,
          { "Length", "iboot.upload.length", FT_UINT32, BASE_DEC_HEX, NULL, 0,
            "Of this piece", HFILL } },
        { &hf_iboot_upload_component,
          { "Component", "iboot.upload.component", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_iboot_upload_type,
          { "Image type", "iboot.upload.type", FT_STRING, BASE_NONE, NULL, 0,
            "Four-character code of the image", HFILL } },
        { &hf_iboot_upload_declared,
          { "Declared size", "iboot.upload.declared", FT_UINT64, BASE_DEC, NULL, 0,
            "By the header of the image", HFILL } },
        { &hf_iboot_upload_complete,
          { "Complete", "iboot.upload.complete", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "This piece completes the declared size", HFILL } },
        { &hf_iboot_upload_size,
          { "Size", "iboot.upload.size", FT_UINT64, BASE_DEC, NULL, 0,
            "Of the whole upload", HFILL } },
        { &hf_iboot_upload_sha1,
          { "SHA-1", "iboot.upload.sha1", FT_STRING, BASE_NONE, NULL, 0,
            "Of the whole upload", HFILL } },
        { &hf_iboot_upload_rate,
          { "Bytes per second", "iboot.upload.rate", FT_DOUBLE, BASE_NONE, NULL, 0, NULL,
            HFILL } },
        { &hf_iboot_upload_data,
          { "Data", "iboot.upload.data", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_iboot_unterminated,
          { "iboot.command.unterminated", PI_PROTOCOL, PI_WARN,
            "The command does not end with a NUL", EXPFILL } },
        { &ei_iboot_unannounced,
          { "iboot.upload.unannounced", PI_SEQUENCE, PI_NOTE,
            "The start of this upload is not in the capture", EXPFILL } },
        { &ei_iboot_cut,
          { "iboot.upload.cut", PI_UNDECODED, PI_NOTE,
            "The capture does not hold all bytes of the upload", EXPFILL } },
        { &ei_iboot_incomplete,
          { "iboot.upload.incomplete", PI_SEQUENCE, PI_WARN,
            "The upload ended before the end of the image", EXPFILL } },
        { &ei_iboot_nvram,
          { "iboot.nvram", PI_RESPONSE_CODE, PI_ERROR, "The NVRAM is full or broken", EXPFILL } },
        { &ei_iboot_console_error,
          { "iboot.console.error", PI_RESPONSE_CODE, PI_WARN, "iBoot reports an error", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_iboot, &ett_iboot_upload };

    proto_iboot = proto_register_protocol("Apple iBoot (recovery mode)", "IBOOT", "iboot");
    proto_register_field_array(proto_iboot, hf, G_N_ELEMENTS(hf));
    proto_register_subtree_array(ett, G_N_ELEMENTS(ett));
    expert_register_field_array(expert_register_protocol(proto_iboot), ei, G_N_ELEMENTS(ei));
    iboot_handle = register_dissector("iboot", dissect_iboot, proto_iboot);
    boot_serial_register(proto_iboot);
}

#define IBOOT_ADD_PRODUCTS(name, mode, first, last)                                                \
    for (guint32 id = (first); ((mode) == RS_USB_RECOVERY) && id <= (last); id++)                  \
        dissector_add_uint("usb.product", (guint32)RS_USB_VENDOR_APPLE << 16 | id, iboot_handle);

void
proto_reg_handoff_iboot(void)
{
    RS_USB_PRODUCTS(IBOOT_ADD_PRODUCTS)
    dissector_add_for_decode_as("usb.device", iboot_handle);
    boot_serial_handoff();
    heur_dissector_add("usb.control", dissect_iboot_heur, "iBoot commands over USB",
                       "iboot_usb_control", proto_iboot, HEURISTIC_ENABLE);
    heur_dissector_add("usb.bulk", dissect_iboot_heur, "iBoot uploads over USB", "iboot_usb_bulk",
                       proto_iboot, HEURISTIC_ENABLE);
}
