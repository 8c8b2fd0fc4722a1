/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ASR, Apple Software Restore: the filesystem image on its way to the device (usbmux port 12345, or
 * the DataPort of restored's SystemImageData). Facts: idevicerestore 405fcd1, src/asr.c and
 * src/asr.h.
 *
 * Only the XML messages go through desegmentation; the image, gigabytes of it, passes segment by
 * segment. */

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/expert.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>

#include "dissectors/asr-stream.h"
#include "dissectors/core/plist.h"
#include "dissectors/dissectors.h"
#include "dissectors/mux-service.h"
#include "dissectors/plist-fields.h"
#include "dissectors/usbmux.h"

#define ASR_PORT 12345

static int proto_asr;
static int hf_asr_command = -1;
static int hf_asr_checksum_chunks = -1;
static int hf_asr_chunk_size = -1;
static int hf_asr_oob_offset = -1;
static int hf_asr_oob_length = -1;
static int hf_asr_oob_data = -1;
static int hf_asr_oob_request_in = -1;
static int hf_asr_oob_response_in = -1;
static int hf_asr_payload_progress = -1;
static int hf_asr_payload_rate = -1;
static int hf_asr_payload_size = -1;
static int hf_asr_payload_offset = -1;
static int hf_asr_payload_done = -1;
static int hf_asr_payload_data = -1;
static int hf_asr_chunk_number = -1;
static int hf_asr_chunk_sha1 = -1;
static int hf_asr_chunk_sha1_ok = -1;
static int hf_asr_payload_cut = -1;
static int hf_asr_unexpected = -1;
static int hf_asr_request_in = -1;
static gint ett_asr = -1;
static gint ett_asr_chunk = -1;
static expert_field ei_asr_chunk_sha1 = EI_INIT;
static expert_field ei_asr_cut = EI_INIT;
static expert_field ei_asr_surplus = EI_INIT;
static expert_field ei_asr_unexpected = EI_INIT;

static dissector_handle_t asr_handle;
static rs_ws_bool asr_verify_chunks = TRUE;

static const struct plist_field message_fields[] = {
    { "Command", &hf_asr_command },
    { "Checksum Chunks", &hf_asr_checksum_chunks },
    { "OOB Offset", &hf_asr_oob_offset },
    { "OOB Length", &hf_asr_oob_length },
    { "Checksum Chunk Size", &hf_asr_chunk_size },
};

static const struct plist_field payload_fields[] = {
    { "Size", &hf_asr_payload_size },
};

static struct asr_stream *
stream_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct asr_stream *stream =
        (struct asr_stream *)conversation_get_proto_data(conversation, proto_asr);

    if (!stream) {
        stream = asr_stream_new();
        conversation_add_proto_data(conversation, proto_asr, stream);
    }
    return stream;
}

static const char *
name_of(const char *command)
{
    return command ? command : "message";
}

/* What the device asks for decides what the host's next bytes are. */
/* Key of the question an OOBData command asks, beside the sequence numbers of the host's segments,
 * which are another direction's. */
#define QUESTION_KEY 0

static void
note_command(packet_info *pinfo, const struct plist_value *values, const char *command)
{
    struct asr_stream *stream;
    gint64 offset = 0, length = 0;

    if (PINFO_FD_VISITED(pinfo) || !command)
        return;
    stream = stream_of(pinfo);
    plist_dict_integer(values, "OOB Offset", &offset);
    plist_dict_integer(values, "OOB Length", &length);
    if (strcmp(command, "Initiate") == 0)
        asr_stream_initiate(stream);
    else if (strcmp(command, "OOBData") == 0 && length > 0)
        p_add_proto_data(wmem_file_scope(), pinfo, proto_asr, QUESTION_KEY,
                         asr_stream_oob(stream, (guint64)offset, (guint64)length, pinfo->num));
    else if (strcmp(command, "Payload") == 0) {
        asr_stream_payload(stream, &pinfo->abs_ts);
        usbmux_stream_is_long(pinfo);
    }
}

static void
add_answer_in(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct asr_question *question = (const struct asr_question *)p_get_proto_data(
        wmem_file_scope(), pinfo, proto_asr, QUESTION_KEY);

    if (question && question->asked_in == pinfo->num && question->answered_in)
        proto_item_set_generated(
            proto_tree_add_uint(tree, hf_asr_oob_response_in, tvb, 0, 0, question->answered_in));
}

static void
dissect_command(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int length)
{
    const struct plist_value *values = plist_tree_add(tvb, pinfo, tree, offset, length);
    const char *command = plist_dict_string(values, "Command");
    gint64 oob_offset = 0, oob_length = 0;

    plist_fields_add(tree, tvb, pinfo, values, message_fields, array_length(message_fields));
    mux_info(pinfo, "%s", name_of(command));
    if (plist_dict_integer(values, "OOB Offset", &oob_offset) &&
        plist_dict_integer(values, "OOB Length", &oob_length))
        col_append_fstr(pinfo->cinfo, COL_INFO, " request, %" G_GINT64_FORMAT " @ 0x%" PRIx64,
                        oob_length, (guint64)oob_offset);
    note_command(pinfo, values, command);
    add_answer_in(tvb, pinfo, tree);
}

static void
add_request_in(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    struct mux_exchange *exchange = mux_service_announced(pinfo);
    proto_item *item;

    if (!exchange)
        return;
    mux_exchange_answered(pinfo, exchange);
    item = proto_tree_add_uint(tree, hf_asr_request_in, tvb, 0, 0, exchange->question);
    proto_item_set_generated(item);
}

static void
dissect_packet_info(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int length)
{
    const struct plist_value *values = plist_tree_add(tvb, pinfo, tree, offset, length);
    const struct plist_value *payload = plist_dict_dict(values, "Payload");
    gint64 size = 0, chunk_size = 0;

    plist_fields_add(tree, tvb, pinfo, values, message_fields, array_length(message_fields));
    plist_fields_add(tree, tvb, pinfo, payload, payload_fields, array_length(payload_fields));
    plist_dict_integer(payload, "Size", &size);
    plist_dict_integer(values, "Checksum Chunk Size", &chunk_size);
    mux_info(pinfo, "packet info, image of %s", size_text(pinfo, size > 0 ? (guint64)size : 0));
    add_request_in(tvb, pinfo, tree);
    if (!PINFO_FD_VISITED(pinfo))
        asr_stream_packet_info(stream_of(pinfo), size > 0 ? (guint64)size : 0,
                               chunk_size > 0 && chunk_size <= G_MAXINT32 ? (guint32)chunk_size
                                                                          : 0);
}

static void
dissect_unexpected(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int length)
{
    proto_item *item = proto_tree_add_item(tree, hf_asr_unexpected, tvb, offset, length, ENC_NA);

    expert_add_info(pinfo, item, &ei_asr_unexpected);
    mux_info(pinfo, "%s out of turn", size_text(pinfo, (guint)length));
}

static void
dissect_oob(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct asr_part *part)
{
    int offset = (int)part->offset, length = (int)part->length;
    proto_item *item;

    item = proto_tree_add_uint64(tree, hf_asr_oob_offset, tvb, offset, 0, part->oob_offset);
    proto_item_set_generated(item);
    item = proto_tree_add_uint64(tree, hf_asr_oob_length, tvb, offset, 0, part->oob_length);
    proto_item_set_generated(item);
    proto_tree_add_item(tree, hf_asr_oob_data, tvb, offset,
                        MIN(length, tvb_captured_length_remaining(tvb, offset)), ENC_NA);
    if (part->question) {
        proto_item_set_generated(proto_tree_add_uint(tree, hf_asr_oob_request_in, tvb, offset, 0,
                                                     part->question->asked_in));
        if (!PINFO_FD_VISITED(pinfo) && part->oob_done == part->oob_length)
            part->question->answered_in = pinfo->num;
    }
    mux_info(pinfo, "OOBData %" PRIu64 " @ 0x%" PRIx64, part->oob_length, part->oob_offset);
    if (part->oob_done < part->oob_length || part->oob_done > part->length)
        col_append_fstr(pinfo->cinfo, COL_INFO, ", up to %" PRIu64, part->oob_done);
}

static void
add_chunk(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct asr_chunk *chunk)
{
    int end = (int)chunk->end, trailer = MIN(end, ASR_SHA1_BYTES);
    proto_item *item;

    tree = proto_tree_add_subtree_format(tree, tvb, end - trailer, trailer, ett_asr_chunk, &item,
                                         "Chunk %" PRIu64, chunk->number);
    proto_tree_add_uint64(tree, hf_asr_chunk_number, tvb, end - trailer, trailer, chunk->number);
    proto_tree_add_item(tree, hf_asr_chunk_sha1, tvb, end - trailer, trailer, ENC_NA);
    if (!chunk->is_verified)
        return;
    item = proto_tree_add_boolean(tree, hf_asr_chunk_sha1_ok, tvb, end - trailer, trailer,
                                  chunk->sha1_ok ? 1 : 0);
    proto_item_set_generated(item);
    if (!chunk->sha1_ok) {
        expert_add_info_format(pinfo, item, &ei_asr_chunk_sha1,
                               "Chunk %" PRIu64 " does not have the SHA-1 that follows it",
                               chunk->number);
        col_append_fstr(pinfo->cinfo, COL_INFO, ", chunk %" PRIu64 " is corrupt", chunk->number);
    }
}

/* How far the image is, and how fast it went until here. */
static void
add_progress(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct asr_part *part,
             const nstime_t *started)
{
    int offset = (int)part->offset;
    nstime_t elapsed;

    if (part->payload_size > 0)
        proto_item_set_generated(
            proto_tree_add_double(tree, hf_asr_payload_progress, tvb, offset, 0,
                                  100.0 * (double)part->payload_done / (double)part->payload_size));
    if (!started)
        return;
    nstime_delta(&elapsed, &pinfo->abs_ts, started);
    if (nstime_to_sec(&elapsed) > 0)
        proto_item_set_generated(
            proto_tree_add_double(tree, hf_asr_payload_rate, tvb, offset, 0,
                                  (double)part->payload_done / nstime_to_sec(&elapsed)));
}

static void
tell_payload(packet_info *pinfo, const struct asr_part *part)
{
    if (!col_get_writable(pinfo->cinfo, COL_INFO))
        return;
    mux_info(pinfo, "payload %s", size_text(pinfo, part->payload_done));
    if (part->payload_size > 0)
        col_append_fstr(pinfo->cinfo, COL_INFO, " of %s", size_text(pinfo, part->payload_size));
}

static void
dissect_payload(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct asr_part *part,
                const nstime_t *started)
{
    int offset = (int)part->offset;
    proto_item *item;

    item = proto_tree_add_uint64(tree, hf_asr_payload_offset, tvb, offset, 0, part->payload_offset);
    proto_item_set_generated(item);
    item = proto_tree_add_uint64(tree, hf_asr_payload_done, tvb, offset, 0, part->payload_done);
    proto_item_set_generated(item);
    if (part->payload_size > 0) {
        item = proto_tree_add_uint64(tree, hf_asr_payload_size, tvb, offset, 0, part->payload_size);
        proto_item_set_generated(item);
    }
    add_progress(tvb, pinfo, tree, part, started);
    tell_payload(pinfo, part);
    if (part->is_cut) {
        item = proto_tree_add_boolean(tree, hf_asr_payload_cut, tvb, offset, 0, 1);
        proto_item_set_generated(item);
        if (part->is_first_cut)
            expert_add_info(pinfo, item, &ei_asr_cut);
    }
    item = proto_tree_add_item(tree, hf_asr_payload_data, tvb, offset, (int)part->length, ENC_NA);
    if (part->surplus > 0)
        expert_add_info(pinfo, item, &ei_asr_surplus);
    for (guint32 i = 0; i < part->chunk_count; i++)
        add_chunk(tvb, pinfo, tree, &part->chunks[i]);
}

static proto_tree *
add_protocol(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset)
{
    proto_item *item = proto_tree_add_item(tree, proto_asr, tvb, offset, -1, ENC_NA);

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "ASR");
    col_clear(pinfo->cinfo, COL_INFO);
    return proto_item_add_subtree(item, ett_asr);
}

static void
ask_for_more(packet_info *pinfo, int offset)
{
    pinfo->desegment_offset = offset;
    pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
}

static void
dissect_from_host(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, guint32 seq)
{
    struct asr_parts *parts =
        (struct asr_parts *)p_get_proto_data(wmem_file_scope(), pinfo, proto_asr, seq);
    struct asr_stream *stream = stream_of(pinfo);
    proto_tree *asr_tree = NULL;

    if (!parts && !PINFO_FD_VISITED(pinfo)) {
        parts = asr_stream_cut(stream, tvb, seq, asr_verify_chunks);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_asr, seq, parts);
    }
    for (guint i = 0; parts && i < parts->count; i++) {
        const struct asr_part *part = &parts->part[i];
        int offset = (int)part->offset, length = (int)part->length;

        if (part->kind == ASR_MORE && pinfo->can_desegment) {
            ask_for_more(pinfo, offset);
            return;
        }
        if (!asr_tree)
            asr_tree = add_protocol(tvb, pinfo, tree, offset);
        if (part->kind == ASR_XML)
            dissect_packet_info(tvb, pinfo, asr_tree, offset, length);
        else if (part->kind == ASR_OOB)
            dissect_oob(tvb, pinfo, asr_tree, part);
        else if (part->kind == ASR_PAYLOAD)
            dissect_payload(tvb, pinfo, asr_tree, part, asr_stream_started(stream));
        else
            dissect_unexpected(tvb, pinfo, asr_tree, offset, length);
    }
}

static void
dissect_from_device(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    int captured = (int)tvb_captured_length(tvb), offset = 0;
    proto_tree *asr_tree = NULL;

    while (offset < captured) {
        size_t left = (size_t)(captured - offset), extent = left;
        enum rs_status status =
            rs_plist_xml_extent(tvb_get_ptr(tvb, offset, captured - offset), left, &extent);

        if (status == RS_SHORT && pinfo->can_desegment && left < ASR_XML_BYTES_MAX) {
            ask_for_more(pinfo, offset);
            return;
        }
        if (!asr_tree)
            asr_tree = add_protocol(tvb, pinfo, tree, offset);
        if (status == RS_OK)
            dissect_command(tvb, pinfo, asr_tree, offset, (int)extent);
        else
            dissect_unexpected(tvb, pinfo, asr_tree, offset, captured - offset);
        offset += status == RS_OK ? (int)extent : captured - offset;
    }
}

static int
dissect_asr(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct tcpinfo *tcp = (const struct tcpinfo *)data;
    guint32 here = 0;

    if (!tcp)
        return 0;
    if (usbmux_rest_follows(tcp->seq, &here))
        tvb = tvb_new_subset_length_caplen(tvb, 0, (gint)tvb_captured_length(tvb), (gint)here);
    if (usbmux_from_host(pinfo))
        dissect_from_host(tvb, pinfo, tree, tcp->seq);
    else
        dissect_from_device(tvb, pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

void
proto_register_asr(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_asr_command, { "Command", "asr.command", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_asr_checksum_chunks, { "Chunks have checksums", "asr.checksum_chunks", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_asr_chunk_size, { "Chunk size", "asr.chunk.size", FT_UINT32, BASE_DEC, NULL, 0,
          "Without the SHA-1 after each", HFILL } },
        { &hf_asr_oob_offset, { "OOB offset", "asr.oob.offset", FT_UINT64, BASE_DEC, NULL, 0,
          "Where in the image", HFILL } },
        { &hf_asr_oob_length, { "OOB length", "asr.oob.length", FT_UINT64, BASE_DEC, NULL, 0, NULL,
          HFILL } },
        { &hf_asr_oob_data, { "OOB data", "asr.oob.data", FT_BYTES, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_asr_oob_request_in, { "Read asked for in", "asr.oob.request_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_asr_oob_response_in, { "Read answered in", "asr.oob.response_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, "The last frame of the answer",
          HFILL } },
        { &hf_asr_payload_progress, { "Progress in percent", "asr.payload.progress", FT_DOUBLE,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_asr_payload_rate, { "Bytes per second", "asr.payload.rate", FT_DOUBLE, BASE_NONE,
          NULL, 0, "Of the image, since the device asked for it", HFILL } },
        { &hf_asr_payload_size, { "Payload size", "asr.payload.size", FT_UINT64, BASE_DEC, NULL, 0,
          "Of the whole image, without checksums", HFILL } },
        { &hf_asr_payload_offset, { "Payload offset", "asr.payload.offset", FT_UINT64, BASE_DEC,
          NULL, 0, "In the image, without checksums", HFILL } },
        { &hf_asr_payload_done, { "Payload delivered", "asr.payload.done", FT_UINT64, BASE_DEC,
          NULL, 0, "Image bytes up to the end of this segment", HFILL } },
        { &hf_asr_payload_data, { "Payload data", "asr.payload.data", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_asr_payload_cut, { "Payload cut", "asr.payload.cut", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Some payload up to here was not captured; restorecap leaves it out by default",
          HFILL } },
        { &hf_asr_chunk_number, { "Number", "asr.chunk.number", FT_UINT64, BASE_DEC, NULL, 0,
          "From 0", HFILL } },
        { &hf_asr_chunk_sha1, { "SHA-1", "asr.chunk.sha1", FT_BYTES, BASE_NONE, NULL, 0,
          "Its last bytes, when it began in the segment before", HFILL } },
        { &hf_asr_chunk_sha1_ok, { "SHA-1 is the chunk's", "asr.chunk.sha1_ok", FT_BOOLEAN,
          BASE_NONE, NULL, 0, "Absent when a part of the chunk was not captured", HFILL } },
        { &hf_asr_unexpected, { "Unexpected data", "asr.unexpected", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_asr_request_in, { "Asked for in", "asr.request_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, "restored's data request", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_asr_chunk_sha1, { "asr.chunk.corrupt", PI_CHECKSUM, PI_ERROR,
          "A chunk does not have its SHA-1", EXPFILL } },
        { &ei_asr_cut, { "asr.payload.not_checked", PI_UNDECODED, PI_NOTE,
          "Not captured whole: its chunks cannot be checked against their SHA-1", EXPFILL } },
        { &ei_asr_surplus, { "asr.payload.surplus", PI_PROTOCOL, PI_NOTE,
          "More bytes than the image has", EXPFILL } },
        { &ei_asr_unexpected, { "asr.unexpected.note", PI_UNDECODED, PI_NOTE,
          "Nobody asked for these bytes, or the question was not captured", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_asr, &ett_asr_chunk };
    module_t *module;

    proto_asr = proto_register_protocol("Apple Software Restore", "ASR", "asr");
    proto_register_field_array(proto_asr, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_asr), ei, array_length(ei));
    asr_handle = register_dissector("asr", dissect_asr, proto_asr);
    module = prefs_register_protocol(proto_asr, NULL);
    prefs_register_bool_preference(module, "verify_chunks", "Verify the SHA-1 of each chunk",
                                   "Costs one SHA-1 over the whole filesystem image",
                                   &asr_verify_chunks);
}

void
proto_reg_handoff_asr(void)
{
    dissector_add_uint(USBMUX_PORT_TABLE, ASR_PORT, asr_handle);
}
