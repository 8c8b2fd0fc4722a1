/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What programs say to usbmuxd, the computer's end of usbmux, on its socket: a Unix socket, or a
 * TCP port on Windows and wherever USBMUXD_SOCKET_ADDRESS says so. Facts: usbmuxd 2efa75a,
 * src/client.c and src/usbmuxd-proto.h; libusbmuxd 93eb168, src/libusbmuxd.c; pymobiledevice3
 * 62e2957, usbmux.py (result 4). Fields of devices and programs are usbmuxd-content.h's.
 *
 *     u32 length, with this header | u32 version | u32 message | u32 tag | body      little-endian
 *
 * In version 0 each message has a body of its own, in version 1 every body is a plist. After a
 * granted Connect the connection is a stream to the device: its bytes are the carried protocol's.
 */

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/expert.h>
#include <epan/proto_data.h>

#include "dissectors/compat.h"
#include "dissectors/dissectors.h"
#include "dissectors/mux-service.h"
#include "dissectors/mux-socket.h"
#include "dissectors/usbmux.h"
#include "dissectors/usbmuxd-content.h"

#define USBMUXD_PORT 27015
#define HEADER_BYTES 16
#define LENGTH_MAX (1U << 20) /* usbmuxd's own limit for what it is sent is 64 KiB */

enum version { VERSION_BINARY, VERSION_PLIST };

enum { SLACK_BYTES = 64 }; /* a binary message may have grown by as much */

/* X(NAME, number, length of a binary one or 0, text: what version 1 calls it) */
/* clang-format off */
#define MESSAGE_TYPES(X)                     \
    X(RESULT, 1, 20, "Result")               \
    X(CONNECT, 2, 24, "Connect")             \
    X(LISTEN, 3, 16, "Listen")               \
    X(DEVICE_ADD, 4, 284, "Attached")        \
    X(DEVICE_REMOVE, 5, 20, "Detached")      \
    X(DEVICE_PAIRED, 6, 20, "Paired")        \
    X(PLIST, 8, 0, "Property list")
/* clang-format on */

#define MESSAGE_ENUM(name, number, length, text) TYPE_##name = (number),
enum message_type { MESSAGE_TYPES(MESSAGE_ENUM) };

#define MESSAGE_STRING(name, number, length, text) { (number), (text) },
static const value_string type_vals[] = { MESSAGE_TYPES(MESSAGE_STRING){ 0, NULL } };

static const value_string version_vals[] = { { VERSION_BINARY, "binary" },
                                             { VERSION_PLIST, "property list" },
                                             { 0, NULL } };

enum { RESULT_OK = 0 };

static const value_string result_vals[] = { { RESULT_OK, "OK" },
                                            { 1, "bad command" },
                                            { 2, "no such device" },
                                            { 3, "connection refused" },
                                            { 4, "no such service" },
                                            { 6, "bad version" },
                                            { 0, NULL } };

/* Questions about pair records are answered with an errno. */
static const value_string pair_result_vals[] = {
    { RESULT_OK, "OK" }, { 2, "no such record" }, { 22, "invalid argument" }, { 0, NULL }
};

static int proto_usbmuxd;
static int hf_usbmuxd_length = -1;
static int hf_usbmuxd_version = -1;
static int hf_usbmuxd_type = -1;
static int hf_usbmuxd_tag = -1;
static int hf_usbmuxd_message = -1;
static int hf_usbmuxd_result = -1;
static int hf_usbmuxd_port = -1;
static int hf_usbmuxd_data = -1;
static int hf_usbmuxd_response_in = -1;
static int hf_usbmuxd_request_in = -1;
static int hf_usbmuxd_response_time = -1;
static gint ett_usbmuxd = -1;
static expert_field ei_usbmuxd_refused = EI_INIT;
static expert_field ei_usbmuxd_unsynchronised = EI_INIT;
static expert_field ei_usbmuxd_no_plist = EI_INIT;

static dissector_handle_t usbmuxd_handle;

/* A request and the first frame of its answer. File scope. */
struct exchange {
    const char *name;
    guint32 question, answer; /* frames; answer is 0 while there is none */
    nstime_t asked;
    guint32 device_id; /* of a Connect, as is the port */
    guint16 port;
    dissector_handle_t carried; /* of a granted Connect: what the stream speaks */
};

/* Per connection; changes on the first pass only. */
struct connection {
    wmem_map_t *asked; /* tag -> the last struct exchange with that tag */
};

/* The segment on its way through the functions below. */
struct walk {
    const struct tcpinfo *tcp;
    struct connection *connection;
    int offset;                 /* of the message in the segment */
    guint nth;                  /* of the message in the frame: the same on every pass */
    dissector_handle_t carried; /* set by a granted Connect: the rest is a stream */
};

struct message {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    proto_item *item;
    struct walk *walk;
    const struct plist_value *values; /* of version 1 */
    const char *name;
    guint32 tag;
    gboolean is_request;
    gboolean is_event; /* nobody asked for it */
    gboolean has_result;
    guint32 result;
    proto_item *result_item;
    guint32 device_id;
    guint16 port;
};

#define MESSAGE_LENGTH(name, number, length, text)                                                 \
    case (number):                                                                                 \
        return (length);
static guint32
binary_length(guint32 type)
{
    switch (type) {
        MESSAGE_TYPES(MESSAGE_LENGTH)
    default:
        return 0;
    }
}

/* Strict, where nothing else says that this is usbmuxd's: exactly as long as such a message is. */
static gboolean
is_header(tvbuff_t *tvb, int offset, gboolean strict)
{
    guint32 length, version, type, least;

    if (tvb_captured_length_remaining(tvb, offset) < HEADER_BYTES)
        return FALSE;
    length = tvb_get_letohl(tvb, offset);
    version = tvb_get_letohl(tvb, offset + 4);
    type = tvb_get_letohl(tvb, offset + 8);
    if (length < HEADER_BYTES || length > LENGTH_MAX)
        return FALSE;
    if (version == VERSION_PLIST)
        return type == TYPE_PLIST && length > HEADER_BYTES;
    least = binary_length(type);
    if (version != VERSION_BINARY || least == 0)
        return FALSE;
    return strict ? length == least : length >= least && length <= least + SLACK_BYTES;
}

static struct connection *
connection_of(packet_info *pinfo, gboolean make)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct connection *connection =
        (struct connection *)conversation_get_proto_data(conversation, proto_usbmuxd);

    if (!connection && make) {
        connection = wmem_new0(wmem_file_scope(), struct connection);
        connection->asked = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
        conversation_add_proto_data(conversation, proto_usbmuxd, connection);
    }
    return connection;
}

static struct exchange *
kept_exchange(const struct message *message)
{
    return (struct exchange *)p_get_proto_data(wmem_file_scope(), message->pinfo, proto_usbmuxd,
                                               message->walk->nth);
}

static void
keep_exchange(const struct message *message, struct exchange *exchange)
{
    p_add_proto_data(wmem_file_scope(), message->pinfo, proto_usbmuxd, message->walk->nth,
                     exchange);
}

static struct exchange *
exchange_of_request(const struct message *message)
{
    struct exchange *exchange;

    if (PINFO_FD_VISITED(message->pinfo))
        return kept_exchange(message);
    exchange = wmem_new0(wmem_file_scope(), struct exchange);
    exchange->name = wmem_strdup(wmem_file_scope(), message->name);
    exchange->question = message->pinfo->num;
    exchange->asked = message->pinfo->abs_ts;
    exchange->device_id = message->device_id;
    exchange->port = message->port;
    wmem_map_insert(message->walk->connection->asked, GUINT_TO_POINTER(message->tag), exchange);
    keep_exchange(message, exchange);
    return exchange;
}

/* The connection is a stream to the device from here on: the next frame is the carried protocol's,
 * without us in between. */
static void
open_stream(const struct message *message, struct exchange *exchange)
{
    packet_info *pinfo = message->pinfo;
    struct mux_socket *stream = mux_socket_opened(pinfo, exchange->device_id, exchange->port);

    exchange->carried = usbmux_handle_for_port(stream->attach, exchange->port);
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num + 1,
                                                 exchange->carried);
}

static struct exchange *
exchange_of_answer(const struct message *message)
{
    struct exchange *exchange;

    if (PINFO_FD_VISITED(message->pinfo))
        return kept_exchange(message);
    exchange = (struct exchange *)wmem_map_lookup(message->walk->connection->asked,
                                                  GUINT_TO_POINTER(message->tag));
    if (!exchange || exchange->answer != 0)
        return NULL;
    exchange->answer = message->pinfo->num;
    keep_exchange(message, exchange);
    if (exchange->port != 0 && message->has_result && message->result == RESULT_OK)
        open_stream(message, exchange);
    return exchange;
}

static void
add_uint(const struct message *message, int hf, guint32 value)
{
    proto_item_set_generated(proto_tree_add_uint(message->tree, hf, message->tvb, 0, 0, value));
}

static void
show_request(const struct message *message)
{
    const struct exchange *exchange = exchange_of_request(message);

    if (exchange && exchange->answer != 0)
        add_uint(message, hf_usbmuxd_response_in, exchange->answer);
    mux_info(message->pinfo, "%s", message->name);
    if (message->port != 0)
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " device %u port %u", message->device_id,
                        message->port);
}

static void
show_result(const struct message *message, const struct exchange *exchange)
{
    gboolean is_errno = exchange && strstr(exchange->name, "PairRecord");
    const char *text = try_val_to_str(message->result, is_errno ? pair_result_vals : result_vals);

    if (!message->has_result)
        return;
    if (!text)
        text = wmem_strdup_printf(message->pinfo->pool, "%u", message->result);
    proto_item_append_text(message->result_item, " (%s)", text);
    if (message->result != RESULT_OK)
        expert_add_info(message->pinfo, message->result_item, &ei_usbmuxd_refused);
    col_append_fstr(message->pinfo->cinfo, COL_INFO, ": %s", text);
}

static void
show_answer(const struct message *message)
{
    const struct exchange *exchange = message->is_event ? NULL : exchange_of_answer(message);
    nstime_t delta;

    mux_info(message->pinfo, "%s", message->name);
    if (message->is_event && message->device_id != 0)
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " device %u", message->device_id);
    show_result(message, exchange);
    if (!exchange)
        return;
    add_uint(message, hf_usbmuxd_request_in, exchange->question);
    nstime_delta(&delta, &message->pinfo->abs_ts, &exchange->asked);
    proto_item_set_generated(
        proto_tree_add_time(message->tree, hf_usbmuxd_response_time, message->tvb, 0, 0, &delta));
    if (exchange->port != 0) {
        add_uint(message, hf_usbmuxd_port, exchange->port);
        col_append_fstr(message->pinfo->cinfo, COL_INFO, ", port %u", exchange->port);
    }
    message->walk->carried = exchange->carried;
}

static void
dissect_binary(struct message *message, guint32 type)
{
    tvbuff_t *tvb = message->tvb;
    guint32 port;

    message->name = val_to_str_const(type, type_vals, "unknown message");
    message->is_request = type == TYPE_CONNECT || type == TYPE_LISTEN;
    message->is_event = !message->is_request && type != TYPE_RESULT;
    proto_item_set_generated(
        proto_tree_add_string(message->tree, hf_usbmuxd_message, tvb, 8, 4, message->name));
    if (type == TYPE_RESULT) {
        message->has_result = TRUE;
        message->result_item = proto_tree_add_item_ret_uint(
            message->tree, hf_usbmuxd_result, tvb, 16, 4, ENC_LITTLE_ENDIAN, &message->result);
    } else if (type == TYPE_DEVICE_ADD) {
        message->device_id = usbmuxd_device_record_add(message->tree, tvb, HEADER_BYTES);
    } else if (type != TYPE_LISTEN) {
        message->device_id = usbmuxd_device_id_add(message->tree, tvb, HEADER_BYTES);
    }
    if (type == TYPE_CONNECT) {
        proto_tree_add_item_ret_uint(message->tree, hf_usbmuxd_port, tvb, 20, 2, ENC_BIG_ENDIAN,
                                     &port);
        message->port = (guint16)port;
    }
}

/* The port stands in the plist as a number whose two bytes are swapped. */
static void
add_port(struct message *message)
{
    const struct plist_value *value = plist_dict_get(message->values, "PortNumber");

    if (!value || value->type != PLIST_INTEGER || value->integer < 0 ||
        value->integer > G_MAXUINT16)
        return;
    message->port = GUINT16_SWAP_LE_BE((guint16)value->integer);
    proto_tree_add_uint_format_value(message->tree, hf_usbmuxd_port, message->tvb, value->offset,
                                     value->length, message->port, "%u (PortNumber %u)",
                                     message->port, (guint)value->integer);
}

/* Answers have no MessageType unless they are a Result: the key of their content names them. */
static const char *
name_of(const struct message *message)
{
    static const char *const contents[] = { "DeviceList", "ListenerList", "BUID",
                                            "PairRecordData" };
    const char *name = plist_dict_string(message->values, "MessageType");

    for (guint i = 0; !name && i < array_length(contents); i++)
        if (plist_dict_get(message->values, contents[i]))
            name = contents[i];
    return name ? name : "unnamed message";
}

static void
classify(struct message *message)
{
    const char *type = plist_dict_string(message->values, "MessageType");

    message->name = name_of(message);
    message->is_event = type && (strcmp(type, "Attached") == 0 || strcmp(type, "Detached") == 0 ||
                                 strcmp(type, "Paired") == 0);
    message->is_request = type && !message->is_event && strcmp(type, "Result") != 0;
}

static void
dissect_plist(struct message *message)
{
    const struct plist_value *number;
    gint64 device_id = 0;
    int count;

    message->values = plist_tree_add(message->tvb, message->pinfo, message->tree, HEADER_BYTES, -1);
    if (!message->values)
        expert_add_info(message->pinfo, message->item, &ei_usbmuxd_no_plist);
    classify(message);
    proto_tree_add_string(message->tree, hf_usbmuxd_message, message->tvb, HEADER_BYTES, -1,
                          message->name);
    number = plist_dict_get(message->values, "Number");
    message->result_item =
        plist_field_add(message->tree, message->tvb, message->pinfo, hf_usbmuxd_result, number);
    message->has_result = message->result_item && number->type == PLIST_INTEGER;
    message->result = message->has_result ? (guint32)number->integer : 0;
    if (plist_dict_integer(message->values, "DeviceID", &device_id))
        message->device_id = (guint32)device_id;
    add_port(message);
    count = usbmuxd_content_add(message->tree, message->tvb, message->pinfo, message->values);
    if (count >= 0)
        message->name = wmem_strdup_printf(message->pinfo->pool, "%s of %d", message->name, count);
}

/* What a granted Connect's segment has behind the Result: the device was quick to speak. */
static void
dissect_carried(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct walk *walk)
{
    struct tcpinfo tcp = { 0 };

    if (walk->tcp)
        tcp = *walk->tcp;
    tcp.seq += (guint32)walk->offset;
    /* One level of dissectors deeper than tcp reckons with. */
    pinfo->can_desegment++;
    pinfo->desegment_len = 0;
    col_set_fence(pinfo->cinfo, COL_INFO);
    call_dissector_with_data(walk->carried, tvb, pinfo, tree, &tcp);
    pinfo->can_desegment--;
    if (pinfo->desegment_len > 0)
        pinfo->desegment_offset += walk->offset;
}

static void
dissect_unsynchronised(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    proto_item *item = proto_tree_add_item(tree, proto_usbmuxd, tvb, 0, -1, ENC_NA);

    item = proto_tree_add_item(proto_item_add_subtree(item, ett_usbmuxd), hf_usbmuxd_data, tvb, 0,
                               -1, ENC_NA);
    expert_add_info(pinfo, item, &ei_usbmuxd_unsynchronised);
    mux_info(pinfo, "unexpected data");
}

static void
dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct walk *walk)
{
    struct message message = { .tvb = tvb, .pinfo = pinfo, .walk = walk };
    guint32 version, type;

    message.item = proto_tree_add_item(tree, proto_usbmuxd, tvb, 0, -1, ENC_NA);
    message.tree = proto_item_add_subtree(message.item, ett_usbmuxd);
    proto_tree_add_item(message.tree, hf_usbmuxd_length, tvb, 0, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item_ret_uint(message.tree, hf_usbmuxd_version, tvb, 4, 4, ENC_LITTLE_ENDIAN,
                                 &version);
    proto_tree_add_item_ret_uint(message.tree, hf_usbmuxd_type, tvb, 8, 4, ENC_LITTLE_ENDIAN,
                                 &type);
    proto_tree_add_item_ret_uint(message.tree, hf_usbmuxd_tag, tvb, 12, 4, ENC_LITTLE_ENDIAN,
                                 &message.tag);
    if (version == VERSION_PLIST)
        dissect_plist(&message);
    else
        dissect_binary(&message, type);
    proto_item_append_text(message.item, ", %s", message.name);
    if (message.is_request)
        show_request(&message);
    else
        show_answer(&message);
    walk->nth++;
}

static guint
message_length(packet_info *pinfo _U_, tvbuff_t *tvb, int offset, void *data)
{
    struct walk *walk = (struct walk *)data;

    walk->offset = offset;
    if (walk->carried || !is_header(tvb, offset, FALSE))
        return (guint)tvb_reported_length_remaining(tvb, offset);
    return tvb_get_letohl(tvb, offset);
}

static int
dissect_part(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct walk *walk = (struct walk *)data;

    if (walk->carried) {
        dissect_carried(tvb, pinfo, tree, walk);
    } else {
        col_set_str(pinfo->cinfo, COL_PROTOCOL, "USBMUXD");
        if (walk->offset == 0)
            col_clear(pinfo->cinfo, COL_INFO);
        if (is_header(tvb, 0, FALSE))
            dissect_message(tvb, pinfo, tree, walk);
        else
            dissect_unsynchronised(tvb, pinfo, tree);
    }
    return (int)tvb_captured_length(tvb);
}

static int
dissect_usbmuxd(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct walk walk = { .tcp = (const struct tcpinfo *)data };

    walk.connection = connection_of(pinfo, FALSE);
    if (!walk.connection && !is_header(tvb, 0, TRUE))
        return 0;
    if (!walk.connection)
        walk.connection = connection_of(pinfo, TRUE);
    tcp_dissect_pdus(tvb, pinfo, tree, TRUE, HEADER_BYTES, message_length, dissect_part, &walk);
    return (int)tvb_captured_length(tvb);
}

/* usbmuxd behind another port or, by a relay, its Unix socket. */
static rs_ws_bool
dissect_usbmuxd_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    guint32 length;

    if (!is_header(tvb, 0, TRUE))
        return FALSE;
    /* A binary message comes alone. Clients may send the header of a plist before the plist. */
    length = tvb_get_letohl(tvb, 0);
    if (tvb_get_letohl(tvb, 4) == VERSION_BINARY && tvb_reported_length(tvb) != length)
        return FALSE;
    if (tvb_captured_length(tvb) > HEADER_BYTES && tvb_get_letohl(tvb, 4) == VERSION_PLIST &&
        tvb_get_uint8(tvb, HEADER_BYTES) != '<' && tvb_get_uint8(tvb, HEADER_BYTES) != 'b')
        return FALSE;
    conversation_set_dissector(find_or_create_conversation(pinfo), usbmuxd_handle);
    return dissect_usbmuxd(tvb, pinfo, tree, data) > 0;
}

void
proto_register_usbmuxd(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_usbmuxd_length, { "Length", "usbmuxd.length", FT_UINT32, BASE_DEC, NULL, 0,
          "Including this header", HFILL } },
        { &hf_usbmuxd_version, { "Version", "usbmuxd.version", FT_UINT32, BASE_DEC,
          VALS(version_vals), 0, NULL, HFILL } },
        { &hf_usbmuxd_type, { "Type", "usbmuxd.type", FT_UINT32, BASE_DEC, VALS(type_vals), 0,
          "In version 1 the property list says what the message is", HFILL } },
        { &hf_usbmuxd_tag, { "Tag", "usbmuxd.tag", FT_UINT32, BASE_DEC, NULL, 0,
          "An answer repeats it; 0 where nobody asked", HFILL } },
        { &hf_usbmuxd_message, { "Message", "usbmuxd.message", FT_STRING, BASE_NONE, NULL, 0,
          "In both versions by the name version 1 has for it", HFILL } },
        { &hf_usbmuxd_result, { "Result", "usbmuxd.result", FT_UINT32, BASE_DEC, NULL, 0, NULL,
          HFILL } },
        { &hf_usbmuxd_port, { "Port", "usbmuxd.port", FT_UINT16, BASE_DEC, NULL, 0,
          "On the device, of a Connect and of its answer", HFILL } },
        { &hf_usbmuxd_data, { "Data", "usbmuxd.data", FT_BYTES, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_usbmuxd_response_in, { "Answered in", "usbmuxd.response_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL, HFILL } },
        { &hf_usbmuxd_request_in, { "Answers", "usbmuxd.request_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_usbmuxd_response_time, { "Time to answer", "usbmuxd.response_time",
          FT_RELATIVE_TIME, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_usbmuxd_refused, { "usbmuxd.refused", PI_RESPONSE_CODE, PI_NOTE,
          "usbmuxd does not do what it was asked", EXPFILL } },
        { &ei_usbmuxd_unsynchronised, { "usbmuxd.unsynchronised", PI_UNDECODED, PI_NOTE,
          "No message starts here: the capture may lack a part of the stream", EXPFILL } },
        { &ei_usbmuxd_no_plist, { "usbmuxd.no_plist", PI_MALFORMED, PI_WARN,
          "The message is no property list", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_usbmuxd };

    proto_usbmuxd = proto_register_protocol("Apple usbmuxd socket", "USBMUXD", "usbmuxd");
    proto_register_field_array(proto_usbmuxd, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_usbmuxd), ei, array_length(ei));
    usbmuxd_content_register(proto_usbmuxd);
    usbmuxd_handle = register_dissector("usbmuxd", dissect_usbmuxd, proto_usbmuxd);
}

void
proto_reg_handoff_usbmuxd(void)
{
    dissector_add_uint_with_preference("tcp.port", USBMUXD_PORT, usbmuxd_handle);
    heur_dissector_add("tcp", dissect_usbmuxd_heur, "Apple usbmuxd socket over TCP", "usbmuxd_tcp",
                       proto_usbmuxd, HEURISTIC_ENABLE);
}
