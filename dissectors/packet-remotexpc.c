/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RemoteXPC, by which computers talk to iOS 17 and later over the Ethernet interface of the USB
 * cable: XPC messages in the DATA frames of HTTP/2 without TLS, between link-local addresses. The
 * first port, 58783, is that of the service discovery (RSD), whose handshake tells the ports of all
 * services. Facts: pymobiledevice3 62e2957, remote/remotexpc.py and
 * remote/remote_service_discovery.py; go-ios 3ebc297, ios/http; HTTP/2 is RFC 9113.
 *
 * HTTP/2 stays Wireshark's own: it is given the whole stream, and after it the DATA frames are
 * looked through for messages. A stream is taken over only from a message on, or from the client's
 * preface to a port that is known to be a service's; until then nothing is claimed.
 *
 * Limitations: a file transfer's stream, which has no messages, is left to HTTP/2. */

#include <epan/conversation.h>
#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/reassemble.h>

#include "dissectors/compat.h"
#include "dissectors/core/xpc.h"
#include "dissectors/dissectors.h"
#include "dissectors/mux-service.h"
#include "dissectors/remotexpc-service.h"
#include "dissectors/remotexpc-tree.h"

enum {
    PREFACE_BYTES = 24,
    FRAME_HEADER_BYTES = 9,
    FRAME_DATA = 0,
    FRAME_TYPE_MAX = 0x10, /* PRIORITY_UPDATE; none above is in use */
    FLAG_PADDED = 0x08,
    SLICES_MAX = 256, /* messages in one DATA frame; 16 KiB of the shortest would be 682 */
};

enum xpc_flag {
    XPC_ALWAYS_SET = 0x00000001,
    XPC_PING = 0x00000002,
    XPC_DATA = 0x00000100,
    XPC_WANTS_REPLY = 0x00010000,
    XPC_REPLY = 0x00020000,
    XPC_FILE_REQUEST = 0x00100000,
    XPC_FILE_RESPONSE = 0x00200000,
    XPC_HANDSHAKE = 0x00400000
};

#define HEURISTIC "remotexpc_tcp"

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static int proto_remotexpc;
static int hf_remotexpc_stream = -1;
static int hf_remotexpc_service = -1;
static int hf_remotexpc_magic = -1;
static int hf_remotexpc_flags = -1;
static int hf_remotexpc_flag_always_set = -1;
static int hf_remotexpc_flag_ping = -1;
static int hf_remotexpc_flag_data = -1;
static int hf_remotexpc_flag_wants_reply = -1;
static int hf_remotexpc_flag_reply = -1;
static int hf_remotexpc_flag_file_request = -1;
static int hf_remotexpc_flag_file_response = -1;
static int hf_remotexpc_flag_handshake = -1;
static int hf_remotexpc_length = -1;
static int hf_remotexpc_message_id = -1;
static int hf_remotexpc_body_magic = -1;
static int hf_remotexpc_body_version = -1;
static int hf_remotexpc_fragment = -1;
static int hf_remotexpc_fragments = -1;
static int hf_remotexpc_fragment_overlap = -1;
static int hf_remotexpc_fragment_overlap_conflicts = -1;
static int hf_remotexpc_fragment_multiple_tails = -1;
static int hf_remotexpc_fragment_too_long = -1;
static int hf_remotexpc_fragment_error = -1;
static int hf_remotexpc_fragment_count = -1;
static int hf_remotexpc_reassembled_in = -1;
static int hf_remotexpc_reassembled_length = -1;
static gint ett_remotexpc = -1;
static gint ett_remotexpc_flags = -1;
static gint ett_remotexpc_fragment = -1;
static gint ett_remotexpc_fragments = -1;
static expert_field ei_remotexpc_no_object = EI_INIT;

static dissector_handle_t stream_handle, message_handle, http2_handle;
static heur_dissector_t http2_heur; /* Wireshark's */
static reassembly_table xpc_reassembly_table;

static const fragment_items xpc_fragment_items = { &ett_remotexpc_fragment,
                                                   &ett_remotexpc_fragments,
                                                   &hf_remotexpc_fragments,
                                                   &hf_remotexpc_fragment,
                                                   &hf_remotexpc_fragment_overlap,
                                                   &hf_remotexpc_fragment_overlap_conflicts,
                                                   &hf_remotexpc_fragment_multiple_tails,
                                                   &hf_remotexpc_fragment_too_long,
                                                   &hf_remotexpc_fragment_error,
                                                   &hf_remotexpc_fragment_count,
                                                   &hf_remotexpc_reassembled_in,
                                                   &hf_remotexpc_reassembled_length,
                                                   NULL,
                                                   "XPC message fragments" };

/* One direction of one HTTP/2 stream; changes on the first pass only. */
struct xpc_direction {
    struct rs_xpc_framer framer;
    guint32 message_id; /* for the reassembly: of the message under way */
};

/* How the first pass cut a DATA frame. */
struct chunk_slices {
    guint count;
    struct {
        struct rs_xpc_slice cut;
        guint32 id;
    } slice[];
};

/* A DATA frame's payload in the bytes of one call. */
struct chunk {
    int offset, length;
    guint32 stream;
};

static guint32 next_message_id; /* file scope: reset with the reassembly table */

static gboolean
starts_with_preface(tvbuff_t *tvb, int offset)
{
    return tvb_captured_length_remaining(tvb, offset) >= PREFACE_BYTES &&
           tvb_memeql(tvb, offset, (const guint8 *)preface, PREFACE_BYTES) == 0;
}

/* The next DATA frame in the bytes before `end`; *offset moves behind it. FALSE when there is none,
 * or what is there is no HTTP/2. */
static gboolean
next_chunk(tvbuff_t *tvb, int *offset, int end, struct chunk *ret_chunk)
{
    if (starts_with_preface(tvb, *offset))
        *offset += PREFACE_BYTES;
    while (end - *offset >= FRAME_HEADER_BYTES &&
           tvb_captured_length_remaining(tvb, *offset) >= FRAME_HEADER_BYTES) {
        int length = (int)tvb_get_ntoh24(tvb, *offset), start = *offset + FRAME_HEADER_BYTES;
        guint8 type = tvb_get_uint8(tvb, *offset + 3), flags = tvb_get_uint8(tvb, *offset + 4);
        guint32 stream = tvb_get_ntohl(tvb, *offset + 5);
        int padding = 0;

        if (type > FRAME_TYPE_MAX || stream > G_MAXINT32)
            return FALSE;
        *offset = start + length;
        if (type != FRAME_DATA)
            continue;
        if (flags & FLAG_PADDED && tvb_captured_length_remaining(tvb, start) > 0)
            padding = 1 + tvb_get_uint8(tvb, start);
        if (padding > length)
            return FALSE;
        ret_chunk->offset = start + (padding > 0);
        ret_chunk->length = length - padding;
        ret_chunk->stream = stream;
        return TRUE;
    }
    return FALSE;
}

/* Does a message start in one of the DATA frames? */
static gboolean
shows_message(tvbuff_t *tvb)
{
    int offset = 0, end = (int)tvb_reported_length(tvb);
    struct chunk chunk;

    while (next_chunk(tvb, &offset, end, &chunk)) {
        if (chunk.length >= RS_XPC_HEADER_SHORT &&
            tvb_captured_length_remaining(tvb, chunk.offset) >= 4 &&
            tvb_get_letohl(tvb, chunk.offset) == RS_XPC_MAGIC)
            return TRUE;
    }
    return FALSE;
}

static struct xpc_direction *
direction_of(packet_info *pinfo, guint32 stream)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    wmem_map_t *directions =
        (wmem_map_t *)conversation_get_proto_data(conversation, proto_remotexpc);
    gint64 key = (gint64)((guint64)stream << 16 | pinfo->srcport), *kept;
    struct xpc_direction *direction;

    if (!directions) {
        directions = wmem_map_new(wmem_file_scope(), g_int64_hash, g_int64_equal);
        conversation_add_proto_data(conversation, proto_remotexpc, directions);
    }
    direction = (struct xpc_direction *)wmem_map_lookup(directions, &key);
    if (!direction) {
        direction = wmem_new0(wmem_file_scope(), struct xpc_direction);
        kept = wmem_new(wmem_file_scope(), gint64);
        *kept = key;
        wmem_map_insert(directions, kept, direction);
    }
    return direction;
}

/* The position of a DATA frame in its packet: the same on every pass. */
static guint
next_nth(packet_info *pinfo)
{
    guint *count = (guint *)p_get_proto_data(pinfo->pool, pinfo, proto_remotexpc, 0);

    if (!count) {
        count = wmem_new0(pinfo->pool, guint);
        p_add_proto_data(pinfo->pool, pinfo, proto_remotexpc, 0, count);
    }
    return (*count)++;
}

/* First pass: cuts a DATA frame and keeps the cuts for later passes. */
static struct chunk_slices *
cut_chunk(tvbuff_t *tvb, packet_info *pinfo, const struct chunk *chunk, guint nth)
{
    struct xpc_direction *direction = direction_of(pinfo, chunk->stream);
    guint32 length = (guint32)MIN(chunk->length, tvb_captured_length_remaining(tvb, chunk->offset));
    struct rs_xpc_slice cuts[SLICES_MAX];
    struct chunk_slices *slices;
    guint32 offset = 0;
    guint count = 0;

    while (count < SLICES_MAX &&
           rs_xpc_next_slice(&direction->framer, tvb_get_ptr(tvb, chunk->offset, (gint)length),
                             length, &offset, &cuts[count]))
        count++;
    slices = (struct chunk_slices *)wmem_alloc0(wmem_file_scope(),
                                                sizeof *slices + count * sizeof slices->slice[0]);
    slices->count = count;
    for (guint i = 0; i < count; i++) {
        if (cuts[i].first)
            direction->message_id = ++next_message_id;
        slices->slice[i].cut = cuts[i];
        slices->slice[i].id = direction->message_id;
    }
    /* What the capture lacks, or what is left over, cannot be counted. */
    if (length < (guint32)chunk->length || count == SLICES_MAX)
        direction->framer = (struct rs_xpc_framer){ 0 };
    p_add_proto_data(wmem_file_scope(), pinfo, proto_remotexpc, nth, slices);
    return slices;
}

static void
dissect_slice(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct chunk *chunk,
              const struct rs_xpc_slice *cut, guint32 id)
{
    int offset = chunk->offset + (int)cut->offset;
    guint32 stream = chunk->stream;
    tvbuff_t *message;
    fragment_head *head;

    if (cut->unsynchronised)
        return;
    if (cut->first && cut->last) {
        message = tvb_new_subset_length(tvb, offset, (gint)cut->length);
    } else {
        head = fragment_add_check(&xpc_reassembly_table, tvb, offset, pinfo, id, NULL,
                                  cut->message_offset, cut->length, !cut->last);
        message = process_reassembled_data(tvb, offset, pinfo, "Reassembled XPC message", head,
                                           &xpc_fragment_items, NULL, tree);
    }
    if (message)
        call_dissector_with_data(message_handle, message, pinfo, tree, &stream);
}

static void
dissect_chunk(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct chunk *chunk)
{
    guint nth = next_nth(pinfo);
    const struct chunk_slices *slices = (const struct chunk_slices *)p_get_proto_data(
        wmem_file_scope(), pinfo, proto_remotexpc, nth);

    if (!slices && !PINFO_FD_VISITED(pinfo) && chunk->length > 0 &&
        tvb_captured_length_remaining(tvb, chunk->offset) > 0)
        slices = cut_chunk(tvb, pinfo, chunk, nth);
    for (guint i = 0; slices && i < slices->count; i++) {
        const struct rs_xpc_slice *cut = &slices->slice[i].cut;

        if (tvb_bytes_exist(tvb, chunk->offset + (int)cut->offset, (int)cut->length))
            dissect_slice(tvb, pinfo, tree, chunk, cut, slices->slice[i].id);
    }
}

/* A whole connection: HTTP/2's first, with what it desegments, then ours. */
static int
dissect_stream(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    int offset = 0, end = (int)tvb_reported_length(tvb);
    struct chunk chunk;

    pinfo->can_desegment++; /* http2 is one level deeper than tcp reckons with */
    call_dissector_with_data(http2_handle, tvb, pinfo, tree, data);
    pinfo->can_desegment--;
    if (pinfo->desegment_len > 0)
        end = MIN(end, pinfo->desegment_offset);
    while (next_chunk(tvb, &offset, end, &chunk) && offset <= end)
        dissect_chunk(tvb, pinfo, tree, &chunk);
    return (int)tvb_captured_length(tvb);
}

static gboolean
is_ours(tvbuff_t *tvb, packet_info *pinfo)
{
    if (!remotexpc_is_local(pinfo) || !http2_handle)
        return FALSE;
    if (starts_with_preface(tvb, 0) &&
        remotexpc_service_at(pinfo, &pinfo->dst, pinfo->destport) != NULL)
        return TRUE;
    return shows_message(tvb);
}

static rs_ws_bool
dissect_stream_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!is_ours(tvb, pinfo))
        return FALSE;
    /* Not before this frame: what was nobody's on the first pass must stay so. */
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num,
                                                 stream_handle);
    return dissect_stream(tvb, pinfo, tree, data) > 0;
}

static rs_ws_bool
dissect_http2_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (is_ours(tvb, pinfo) && rs_ws_heur_is_on(HEURISTIC))
        return FALSE;
    return http2_heur(tvb, pinfo, tree, data);
}

static void
say_info(packet_info *pinfo, proto_item *item, const struct rs_xpc_header *header,
         const struct remotexpc_content *content)
{
    const char *kind = header->flags & XPC_HANDSHAKE ? "opens the stream"
                       : header->flags & XPC_PING    ? "ping"
                       : header->body_length == 0    ? "empty"
                       : header->flags & XPC_REPLY   ? "reply"
                                                     : "message";
    const char *text = content->message_type ? content->message_type
                       : content->command    ? content->command
                       : content->result     ? content->result
                                             : kind;

    proto_item_append_text(item, ", %s", text);
    mux_info(pinfo, "XPC %s", text);
    if (content->services > 0)
        col_append_fstr(pinfo->cinfo, COL_INFO, ", %u services", content->services);
}

static void
add_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
         struct remotexpc_content *content)
{
    proto_item *item;

    if (tvb_captured_length_remaining(tvb, offset) < RS_XPC_BODY_HEADER) {
        expert_add_info(pinfo, tree, &ei_remotexpc_no_object);
        return;
    }
    item = proto_tree_add_item(tree, hf_remotexpc_body_magic, tvb, offset, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_remotexpc_body_version, tvb, offset + 4, 4, ENC_LITTLE_ENDIAN);
    if (tvb_get_letohl(tvb, offset) == RS_XPC_BODY_MAGIC)
        remotexpc_tree_add(tvb, pinfo, tree, offset + RS_XPC_BODY_HEADER, remotexpc_service_found,
                           content);
    else
        expert_add_info(pinfo, item, &ei_remotexpc_no_object);
}

/* One whole message. data: the HTTP/2 stream it came in. */
static int
dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    static int *const flags[] = { &hf_remotexpc_flag_always_set,
                                  &hf_remotexpc_flag_ping,
                                  &hf_remotexpc_flag_data,
                                  &hf_remotexpc_flag_wants_reply,
                                  &hf_remotexpc_flag_reply,
                                  &hf_remotexpc_flag_file_request,
                                  &hf_remotexpc_flag_file_response,
                                  &hf_remotexpc_flag_handshake,
                                  NULL };
    guint length = MIN(tvb_captured_length(tvb), RS_XPC_HEADER);
    struct remotexpc_content content = { .services = 0 };
    const char *service = remotexpc_service_of(pinfo);
    struct rs_xpc_header header;
    proto_tree *xpc_tree;
    proto_item *item;

    if (!data || rs_xpc_read_header(tvb_get_ptr(tvb, 0, (gint)length), length, &header) != RS_OK)
        return 0;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RemoteXPC");
    item = proto_tree_add_item(tree, proto_remotexpc, tvb, 0, -1, ENC_NA);
    xpc_tree = proto_item_add_subtree(item, ett_remotexpc);
    proto_item_set_generated(
        proto_tree_add_uint(xpc_tree, hf_remotexpc_stream, tvb, 0, 0, *(const guint32 *)data));
    if (service)
        proto_item_set_generated(
            proto_tree_add_string(xpc_tree, hf_remotexpc_service, tvb, 0, 0, service));
    proto_tree_add_item(xpc_tree, hf_remotexpc_magic, tvb, 0, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_bitmask(xpc_tree, tvb, 4, hf_remotexpc_flags, ett_remotexpc_flags, flags,
                           ENC_LITTLE_ENDIAN);
    proto_tree_add_item(xpc_tree, hf_remotexpc_length, tvb, 8, 8, ENC_LITTLE_ENDIAN);
    if (header.has_number)
        proto_tree_add_item(xpc_tree, hf_remotexpc_message_id, tvb, 16, 8, ENC_LITTLE_ENDIAN);
    if (header.body_length > 0)
        add_body(tvb, pinfo, xpc_tree, (int)header.size, &content);
    say_info(pinfo, item, &header, &content);
    return (int)tvb_captured_length(tvb);
}

static void
remotexpc_init(void)
{
    next_message_id = 0;
}

static void
register_fields(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_remotexpc_stream, { "HTTP/2 stream", "remotexpc.stream", FT_UINT32, BASE_DEC, NULL, 0,
          NULL, HFILL } },
        { &hf_remotexpc_service, { "Service", "remotexpc.service", FT_STRING, BASE_NONE, NULL, 0,
          "The service on the device that this connection is to", HFILL } },
        { &hf_remotexpc_magic, { "Magic", "remotexpc.magic", FT_UINT32, BASE_HEX, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_flags, { "Flags", "remotexpc.flags", FT_UINT32, BASE_HEX, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_flag_always_set, { "Always set", "remotexpc.flags.always_set", FT_BOOLEAN,
          32, NULL, XPC_ALWAYS_SET, NULL, HFILL } },
        { &hf_remotexpc_flag_ping, { "Ping", "remotexpc.flags.ping", FT_BOOLEAN, 32, NULL,
          XPC_PING, NULL, HFILL } },
        { &hf_remotexpc_flag_data, { "Has data", "remotexpc.flags.data", FT_BOOLEAN, 32, NULL,
          XPC_DATA, NULL, HFILL } },
        { &hf_remotexpc_flag_wants_reply, { "Wants a reply", "remotexpc.flags.wants_reply",
          FT_BOOLEAN, 32, NULL, XPC_WANTS_REPLY, NULL, HFILL } },
        { &hf_remotexpc_flag_reply, { "Is a reply", "remotexpc.flags.reply", FT_BOOLEAN, 32, NULL,
          XPC_REPLY, NULL, HFILL } },
        { &hf_remotexpc_flag_file_request, { "Asks for a file", "remotexpc.flags.file_request",
          FT_BOOLEAN, 32, NULL, XPC_FILE_REQUEST, NULL, HFILL } },
        { &hf_remotexpc_flag_file_response, { "Opens a file", "remotexpc.flags.file_response",
          FT_BOOLEAN, 32, NULL, XPC_FILE_RESPONSE, NULL, HFILL } },
        { &hf_remotexpc_flag_handshake, { "Opens the stream", "remotexpc.flags.handshake",
          FT_BOOLEAN, 32, NULL, XPC_HANDSHAKE, NULL, HFILL } },
        { &hf_remotexpc_length, { "Body length", "remotexpc.length", FT_UINT64, BASE_DEC, NULL, 0,
          NULL, HFILL } },
        { &hf_remotexpc_message_id, { "Message number", "remotexpc.message_id", FT_UINT64,
          BASE_DEC, NULL, 0, "A reply repeats it", HFILL } },
        { &hf_remotexpc_body_magic, { "Body magic", "remotexpc.body.magic", FT_UINT32, BASE_HEX,
          NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_body_version, { "Body version", "remotexpc.body.version", FT_UINT32,
          BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragments, { "Message fragments", "remotexpc.fragments", FT_NONE,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragment, { "Message fragment", "remotexpc.fragment", FT_FRAMENUM,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragment_overlap, { "Overlap", "remotexpc.fragment.overlap", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragment_overlap_conflicts, { "Overlap conflict",
          "remotexpc.fragment.overlap.conflicts", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragment_multiple_tails, { "Multiple tails",
          "remotexpc.fragment.multiple_tails", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragment_too_long, { "Too long", "remotexpc.fragment.too_long",
          FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragment_error, { "Error", "remotexpc.fragment.error", FT_FRAMENUM,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_fragment_count, { "Fragment count", "remotexpc.fragment.count", FT_UINT32,
          BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_reassembled_in, { "Reassembled in", "remotexpc.reassembled.in",
          FT_FRAMENUM, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_reassembled_length, { "Reassembled length",
          "remotexpc.reassembled.length", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
    };
    /* clang-format on */

    proto_register_field_array(proto_remotexpc, hf, array_length(hf));
}

void
proto_register_remotexpc(void)
{
    /* clang-format off */
    static ei_register_info ei[] = {
        { &ei_remotexpc_no_object, { "remotexpc.no_object", PI_MALFORMED, PI_WARN,
          "The body does not begin as an XPC object does", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_remotexpc, &ett_remotexpc_flags, &ett_remotexpc_fragment,
                           &ett_remotexpc_fragments };

    proto_remotexpc = proto_register_protocol("Apple RemoteXPC", "RemoteXPC", "remotexpc");
    register_fields();
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_remotexpc), ei, array_length(ei));
    remotexpc_tree_register(proto_remotexpc);
    remotexpc_service_register(proto_remotexpc);
    message_handle = register_dissector("remotexpc", dissect_message, proto_remotexpc);
    stream_handle = register_dissector("remotexpc.stream", dissect_stream, proto_remotexpc);
    reassembly_table_register(&xpc_reassembly_table, &addresses_reassembly_table_functions);
    register_init_routine(remotexpc_init);
}

void
proto_reg_handoff_remotexpc(void)
{
    http2_handle = find_dissector_add_dependency("http2", proto_remotexpc);
    heur_dissector_add("tcp", dissect_stream_heur, "Apple RemoteXPC over HTTP/2", HEURISTIC,
                       proto_remotexpc, HEURISTIC_ENABLE);
    http2_heur = rs_ws_replace_heur("http2_tcp", dissect_http2_heur);
    dissector_add_for_decode_as("tcp.port", stream_handle);
    remotexpc_service_handoff(proto_remotexpc);
}
