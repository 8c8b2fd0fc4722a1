/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The reverse proxy by which a restore ramdisk reaches the network, mostly for its factory data
 * (FDR): a control connection to usbmux port 1082 and data connections to the ConnPort it
 * announces. Facts: idevicerestore 405fcd1, src/fdr.c; libimobiledevice fa0f791,
 * src/reverse_proxy.c; SOCKS5 is RFC 1928.
 *
 *     control   host "BeginCtrl\0", u32 LE length + bplist; device u32 LE length + bplist
 * {ConnPort}; then the device's u32 LE messages data      host "HelloConn\0"; device u32 LE length
 * + bplist; then the device's u16 LE command: 0xbbaa, a plist question, or 0x0105, which is the
 * start of a SOCKS5 dialogue whose client is the device */

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/to_str.h>

#include "dissectors/compat.h"
#include "dissectors/dissectors.h"
#include "dissectors/fdr-relay.h"
#include "dissectors/mux-service.h"
#include "dissectors/plist-fields.h"
#include "dissectors/usbmux.h"

#define FDR_CONTROL_PORT 1082

enum {
    HELLO_BYTES = 10,          /* nine letters and a NUL */
    PLIST_BYTES_MAX = 1 << 20, /* the longest seen are some hundred bytes */
    PLIST_BYTES_MIN = 8,
    COMMAND_PLIST = 0xbbaa,
    SOCKS_VERSION = 5
};

static int proto_fdr;
static int hf_fdr_command = -1;
static int hf_fdr_message = -1;
static int hf_fdr_conn_port = -1;
static int hf_fdr_version = -1;
static int hf_fdr_identifier = -1;
static int hf_fdr_pong = -1;
static int hf_fdr_tag = -1;
static int hf_fdr_length = -1;
static int hf_fdr_socks_version = -1;
static int hf_fdr_socks_count = -1;
static int hf_fdr_socks_methods = -1;
static int hf_fdr_socks_method = -1;
static int hf_fdr_socks_reply = -1;
static int hf_fdr_socks_reserved = -1;
static int hf_fdr_socks_address_type = -1;
static int hf_fdr_host = -1;
static int hf_fdr_port = -1;
static int hf_fdr_data = -1;
static gint ett_fdr = -1;
static expert_field ei_fdr_unsynchronised = EI_INIT;
static expert_field ei_fdr_refused = EI_INIT;

static dissector_handle_t control_handle, data_handle;
static dissector_handle_t tls_handle, http_handle;

static const value_string message_vals[] = { { 1, "open a data connection" },
                                             { 2, "shut down" },
                                             { 0, NULL } };

static const value_string address_type_vals[] = {
    { 1, "IPv4" }, { 3, "name" }, { 4, "IPv6" }, { 0, NULL }
};

static const struct plist_field plist_fields[] = {
    { "Command", &hf_fdr_command },    { "CtrlProtoVersion", &hf_fdr_version },
    { "ConnPort", &hf_fdr_conn_port }, { "Identifier", &hf_fdr_identifier },
    { "Pong", &hf_fdr_pong },
};

/* How far one side of a data connection is. */
enum stage {
    STAGE_HELLO,
    STAGE_CHOICE, /* device: its u16 command; host: a plist or its SOCKS method */
    STAGE_SOCKS,  /* device: CONNECT; host: its reply */
    STAGE_TUNNEL
};

/* Per data connection; changes on the first pass only. [1]: the host's side. */
struct fdr_stream {
    enum stage stage[2];
};

/* The bytes of one call on their way through the functions below. */
struct walk {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *root;
    proto_tree *tree; /* made when the first item is shown */
    gboolean from_host;
    enum stage stage;
};

/* Shows what is at offset. Returns its length, or minus the number of bytes missing. */
typedef int (*step)(struct walk *walk, int offset);

static proto_tree *
tree_of(struct walk *walk, int offset)
{
    if (!walk->tree) {
        proto_item *item =
            proto_tree_add_item(walk->root, proto_fdr, walk->tvb, offset, -1, ENC_NA);

        walk->tree = proto_item_add_subtree(item, ett_fdr);
        col_set_str(walk->pinfo->cinfo, COL_PROTOCOL, "FDR");
        col_clear(walk->pinfo->cinfo, COL_INFO);
    }
    return walk->tree;
}

static int
left_at(const struct walk *walk, int offset)
{
    return tvb_reported_length_remaining(walk->tvb, offset);
}

static int
unsynchronised(struct walk *walk, int offset)
{
    proto_item *item =
        proto_tree_add_item(tree_of(walk, offset), hf_fdr_data, walk->tvb, offset, -1, ENC_NA);

    expert_add_info(walk->pinfo, item, &ei_fdr_unsynchronised);
    mux_info(walk->pinfo, "unexpected data");
    return left_at(walk, offset);
}

/* Nine letters and a NUL: BeginCtrl, HelloCtrl, HelloConn. */
static gboolean
is_hello(const struct walk *walk, int offset, const char *name)
{
    int captured = tvb_captured_length_remaining(walk->tvb, offset);

    return captured > 0 && tvb_memeql(walk->tvb, offset, (const guint8 *)name,
                                      (size_t)MIN(captured, HELLO_BYTES)) == 0;
}

static int
hello(struct walk *walk, int offset, const char *name)
{
    if (left_at(walk, offset) < HELLO_BYTES)
        return left_at(walk, offset) - HELLO_BYTES;
    proto_tree_add_item(tree_of(walk, offset), hf_fdr_command, walk->tvb, offset, HELLO_BYTES,
                        ENC_ASCII);
    mux_info(walk->pinfo, "%s", name);
    return HELLO_BYTES;
}

static void
announce(const struct walk *walk, gint64 port)
{
    struct mux_exchange *exchange;

    if (PINFO_FD_VISITED(walk->pinfo) || port <= 0 || port > G_MAXUINT16)
        return;
    exchange = wmem_new0(wmem_file_scope(), struct mux_exchange);
    exchange->name = "reverse proxy data";
    exchange->question = walk->pinfo->num;
    mux_service_announce(walk->pinfo, (guint16)port, exchange, data_handle);
}

/* u32 LE length, plist. `extra` bytes before the length belong to it. */
static int
framed_plist(struct walk *walk, int offset, int extra)
{
    int left = left_at(walk, offset), start = offset + extra;
    const struct plist_value *values;
    const char *command;
    proto_tree *tree;
    gint64 port = 0;
    guint32 length;

    if (left < extra + 4)
        return left - extra - 4;
    length = tvb_get_letohl(walk->tvb, start);
    if (length < PLIST_BYTES_MIN || length > PLIST_BYTES_MAX)
        return unsynchronised(walk, offset);
    if (left - extra - 4 < (int)length)
        return left - extra - 4 - (int)length;
    tree = tree_of(walk, offset);
    if (extra > 0)
        proto_tree_add_item(tree, hf_fdr_tag, walk->tvb, offset, extra, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_fdr_length, walk->tvb, start, 4, ENC_LITTLE_ENDIAN);
    values = plist_tree_add(walk->tvb, walk->pinfo, tree, start + 4, (int)length);
    plist_fields_add(tree, walk->tvb, walk->pinfo, values, plist_fields,
                     array_length(plist_fields));
    command = plist_dict_string(values, "Command");
    if (!command)
        command = plist_dict_get(values, "Pong") ? "Pong" : "message";
    mux_info(walk->pinfo, "%s", command);
    if (plist_dict_integer(values, "ConnPort", &port)) {
        col_append_fstr(walk->pinfo->cinfo, COL_INFO, ", data on port %" G_GINT64_FORMAT, port);
        announce(walk, port);
    }
    return extra + 4 + (int)length;
}

static int
control_message(struct walk *walk, int offset)
{
    guint32 message;

    proto_tree_add_item_ret_uint(tree_of(walk, offset), hf_fdr_message, walk->tvb, offset, 4,
                                 ENC_LITTLE_ENDIAN, &message);
    mux_info(walk->pinfo, "%s", val_to_str_const(message, message_vals, "message"));
    return 4;
}

/* Version 1: the device's HelloCtrl has the port right behind it. */
static int
hello_with_port(struct walk *walk, int offset)
{
    guint32 port;

    if (left_at(walk, offset) < HELLO_BYTES + 2)
        return left_at(walk, offset) - HELLO_BYTES - 2;
    hello(walk, offset, "HelloCtrl");
    proto_tree_add_item_ret_uint(tree_of(walk, offset), hf_fdr_conn_port, walk->tvb,
                                 offset + HELLO_BYTES, 2, ENC_LITTLE_ENDIAN, &port);
    col_append_fstr(walk->pinfo->cinfo, COL_INFO, ", data on port %u", port);
    announce(walk, port);
    return HELLO_BYTES + 2;
}

static int
control_step(struct walk *walk, int offset)
{
    if (walk->from_host && is_hello(walk, offset, "BeginCtrl"))
        return hello(walk, offset, "BeginCtrl");
    if (is_hello(walk, offset, "HelloCtrl"))
        return walk->from_host ? hello(walk, offset, "HelloCtrl") : hello_with_port(walk, offset);
    if (left_at(walk, offset) < 4)
        return left_at(walk, offset) - 4;
    if (!walk->from_host && try_val_to_str(tvb_get_letohl(walk->tvb, offset), message_vals))
        return control_message(walk, offset);
    return framed_plist(walk, offset, 0);
}

/* Method negotiation: 05 n methods[n] from the device, 05 method from the host. */
static int
socks_methods(struct walk *walk, int offset)
{
    int left = left_at(walk, offset), size = 2;

    if (left < size)
        return left - size;
    if (!walk->from_host)
        size += tvb_get_uint8(walk->tvb, offset + 1);
    if (left < size)
        return left - size;
    tree_of(walk, offset);
    proto_tree_add_item(walk->tree, hf_fdr_socks_version, walk->tvb, offset, 1, ENC_NA);
    if (walk->from_host) {
        proto_tree_add_item(walk->tree, hf_fdr_socks_method, walk->tvb, offset + 1, 1, ENC_NA);
    } else {
        proto_tree_add_item(walk->tree, hf_fdr_socks_count, walk->tvb, offset + 1, 1, ENC_NA);
        proto_tree_add_item(walk->tree, hf_fdr_socks_methods, walk->tvb, offset + 2, size - 2,
                            ENC_NA);
    }
    mux_info(walk->pinfo, "%s", walk->from_host ? "SOCKS method accepted" : "SOCKS hello");
    walk->stage = STAGE_SOCKS;
    return size;
}

static int
address_bytes(const struct walk *walk, int offset)
{
    switch (tvb_get_uint8(walk->tvb, offset)) {
    case 1:
        return 4;
    case 3:
        return 1 + tvb_get_uint8(walk->tvb, offset + 1);
    case 4:
        return 16;
    default:
        return -1;
    }
}

static const char *
add_address(struct walk *walk, int offset, int length)
{
    int type = tvb_get_uint8(walk->tvb, offset), start = offset + 1 + (type == 3);
    const char *host;

    length -= type == 3;
    if (type == 3)
        host = (const char *)tvb_get_string_enc(walk->pinfo->pool, walk->tvb, start, length,
                                                ENC_UTF_8);
    else if (type == 1)
        host = tvb_ip_to_str(walk->pinfo->pool, walk->tvb, start);
    else
        host = tvb_ip6_to_str(walk->pinfo->pool, walk->tvb, start);
    proto_tree_add_string(walk->tree, hf_fdr_host, walk->tvb, offset + 1,
                          start + length - offset - 1, host);
    return host;
}

/* CONNECT and its reply have one shape: 05, command or reply, 00, address, port. */
static int
socks_connect(struct walk *walk, int offset)
{
    int left = left_at(walk, offset), address;
    guint32 code, port;
    const char *host;
    proto_item *item;

    if (left < 5)
        return left - 5;
    address = address_bytes(walk, offset + 3);
    if (tvb_get_uint8(walk->tvb, offset) != SOCKS_VERSION || address < 0)
        return unsynchronised(walk, offset);
    if (left < 4 + address + 2)
        return left - 4 - address - 2;
    tree_of(walk, offset);
    proto_tree_add_item(walk->tree, hf_fdr_socks_version, walk->tvb, offset, 1, ENC_NA);
    code = tvb_get_uint8(walk->tvb, offset + 1);
    if (walk->from_host) {
        item =
            proto_tree_add_item(walk->tree, hf_fdr_socks_reply, walk->tvb, offset + 1, 1, ENC_NA);
        if (code != 0)
            expert_add_info(walk->pinfo, item, &ei_fdr_refused);
    } else {
        proto_tree_add_string(walk->tree, hf_fdr_command, walk->tvb, offset + 1, 1, "CONNECT");
    }
    proto_tree_add_item(walk->tree, hf_fdr_socks_reserved, walk->tvb, offset + 2, 1, ENC_NA);
    proto_tree_add_item(walk->tree, hf_fdr_socks_address_type, walk->tvb, offset + 3, 1, ENC_NA);
    host = add_address(walk, offset + 3, address);
    proto_tree_add_item_ret_uint(walk->tree, hf_fdr_port, walk->tvb, offset + 4 + address, 2,
                                 ENC_BIG_ENDIAN, &port);
    mux_info(walk->pinfo, "%s %s:%u",
             !walk->from_host ? "CONNECT"
             : code == 0      ? "connecting"
                              : "refused",
             host, port);
    if (!walk->from_host) {
        fdr_relay_asked(walk->pinfo, host, (guint16)port);
        fdr_relay_add(walk->tvb, walk->pinfo, walk->tree);
    }
    walk->stage = STAGE_TUNNEL;
    return 4 + address + 2;
}

static struct fdr_stream *
stream_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct fdr_stream *stream =
        (struct fdr_stream *)conversation_get_proto_data(conversation, proto_fdr);

    if (!stream) {
        stream = wmem_new0(wmem_file_scope(), struct fdr_stream);
        conversation_add_proto_data(conversation, proto_fdr, stream);
    }
    return stream;
}

static dissector_handle_t
handle_for_port(guint16 port)
{
    return port == 443 ? tls_handle : port == 80 ? http_handle : NULL;
}

/* From the frame after the host's reply on the stream is somebody else's. */
static void
open_tunnel(packet_info *pinfo, guint16 port)
{
    dissector_handle_t handle = handle_for_port(port);

    if (!PINFO_FD_VISITED(pinfo) && handle)
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo),
                                                     pinfo->num + 1, handle);
}

static int
connect_or_reply(struct walk *walk, int offset)
{
    int used = socks_connect(walk, offset);

    if (used > 0 && walk->stage == STAGE_TUNNEL && walk->from_host)
        open_tunnel(walk->pinfo, tvb_get_ntohs(walk->tvb, offset + used - 2));
    return used;
}

static int
tunnelled(struct walk *walk, int offset)
{
    proto_tree_add_item(tree_of(walk, offset), hf_fdr_data, walk->tvb, offset, -1, ENC_NA);
    mux_info(walk->pinfo, "%s relayed", size_text(walk->pinfo, (guint)left_at(walk, offset)));
    return left_at(walk, offset);
}

/* What follows the greeting: a question in a plist, its answer, or SOCKS. */
static int
choice(struct walk *walk, int offset)
{
    int left = left_at(walk, offset);

    if (left < 2)
        return left - 2;
    if (!walk->from_host && tvb_get_letohs(walk->tvb, offset) == COMMAND_PLIST)
        return framed_plist(walk, offset, 2);
    if (tvb_get_uint8(walk->tvb, offset) == SOCKS_VERSION &&
        (!walk->from_host || tvb_get_uint8(walk->tvb, offset + 1) == 0))
        return socks_methods(walk, offset);
    return framed_plist(walk, offset, 0);
}

static int
data_step(struct walk *walk, int offset)
{
    int used;

    switch (walk->stage) {
    case STAGE_HELLO:
        used = is_hello(walk, offset, "HelloConn") ? hello(walk, offset, "HelloConn")
                                                   : choice(walk, offset);
        if (used > 0 && walk->stage == STAGE_HELLO)
            walk->stage = STAGE_CHOICE;
        return used;
    case STAGE_CHOICE:
        return choice(walk, offset);
    case STAGE_SOCKS:
        return connect_or_reply(walk, offset);
    case STAGE_TUNNEL:
        break;
    }
    return tunnelled(walk, offset);
}

static void
take_steps(struct walk *walk, step next)
{
    int length = (int)tvb_reported_length(walk->tvb), offset = 0;

    while (offset < length) {
        int used = next(walk, offset);

        if (used < 0 && walk->pinfo->can_desegment) {
            walk->pinfo->desegment_offset = offset;
            /* Not the exact number: tcp's second pass does not follow two requests for one frame.
             */
            walk->pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
            return;
        }
        offset += used > 0 ? used : unsynchronised(walk, offset);
    }
}

static int
dissect_control(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct walk walk = {
        .tvb = tvb, .pinfo = pinfo, .root = tree, .from_host = usbmux_from_host(pinfo)
    };

    take_steps(&walk, control_step);
    return (int)tvb_captured_length(tvb);
}

static int
dissect_data(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct tcpinfo *tcp = (const struct tcpinfo *)data;
    struct walk walk = {
        .tvb = tvb, .pinfo = pinfo, .root = tree, .from_host = usbmux_from_host(pinfo)
    };
    struct fdr_stream *stream;
    enum stage *start;

    if (!tcp)
        return 0;
    stream = stream_of(pinfo);
    start = (enum stage *)p_get_proto_data(wmem_file_scope(), pinfo, proto_fdr, tcp->seq);
    if (!start) {
        start = wmem_new(wmem_file_scope(), enum stage);
        *start = stream->stage[walk.from_host];
        p_add_proto_data(wmem_file_scope(), pinfo, proto_fdr, tcp->seq, start);
    }
    walk.stage = *start;
    take_steps(&walk, data_step);
    if (!PINFO_FD_VISITED(pinfo))
        stream->stage[walk.from_host] = walk.stage;
    return (int)tvb_captured_length(tvb);
}

void
proto_register_fdr(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_fdr_command, { "Command", "fdr.command", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_fdr_message, { "Message", "fdr.message", FT_UINT32, BASE_DEC, VALS(message_vals), 0,
          "The device's wish on the control connection", HFILL } },
        { &hf_fdr_conn_port, { "Data port", "fdr.conn_port", FT_UINT16, BASE_DEC, NULL, 0,
          "Where the device listens for data connections", HFILL } },
        { &hf_fdr_version, { "Control protocol version", "fdr.version", FT_INT64, BASE_DEC, NULL,
          0, "One client sends an uninitialised value", HFILL } },
        { &hf_fdr_identifier, { "Identifier", "fdr.identifier", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_fdr_pong, { "Pong", "fdr.pong", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fdr_tag, { "Tag", "fdr.tag", FT_UINT16, BASE_HEX, NULL, 0,
          "Marks a command with a property list", HFILL } },
        { &hf_fdr_length, { "Length", "fdr.length", FT_UINT32, BASE_DEC, NULL, 0,
          "Of the property list that follows", HFILL } },
        { &hf_fdr_socks_version,
          { "SOCKS version", "fdr.socks.version", FT_UINT8, BASE_DEC, NULL, 0,
          NULL, HFILL } },
        { &hf_fdr_socks_count, { "SOCKS methods offered", "fdr.socks.method_count", FT_UINT8,
          BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_fdr_socks_reserved, { "SOCKS reserved", "fdr.socks.reserved", FT_UINT8, BASE_HEX,
          NULL, 0, NULL, HFILL } },
        { &hf_fdr_socks_address_type, { "SOCKS address type", "fdr.socks.address_type", FT_UINT8,
          BASE_DEC, VALS(address_type_vals), 0, NULL, HFILL } },
        { &hf_fdr_socks_methods, { "SOCKS methods", "fdr.socks.methods", FT_BYTES, BASE_NONE, NULL,
          0, "What the device offers", HFILL } },
        { &hf_fdr_socks_method, { "SOCKS method", "fdr.socks.method", FT_UINT8, BASE_DEC, NULL, 0,
          NULL, HFILL } },
        { &hf_fdr_socks_reply, { "SOCKS reply", "fdr.socks.reply", FT_UINT8, BASE_DEC, NULL, 0,
          "0 is success, which the host says before it has connected", HFILL } },
        { &hf_fdr_host, { "Host", "fdr.host", FT_STRING, BASE_NONE, NULL, 0,
          "What the device wants to reach", HFILL } },
        { &hf_fdr_port, { "Port", "fdr.port", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_fdr_data, { "Data", "fdr.data", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_fdr_unsynchronised, { "fdr.unsynchronised", PI_UNDECODED, PI_NOTE,
          "Not what the dialogue has here: the capture may lack its start", EXPFILL } },
        { &ei_fdr_refused, { "fdr.socks.refused", PI_RESPONSE_CODE, PI_WARN,
          "The host refuses to connect", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_fdr };

    proto_fdr = proto_register_protocol("Apple Restore Reverse Proxy", "FDR", "fdr");
    proto_register_field_array(proto_fdr, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_fdr), ei, array_length(ei));
    fdr_relay_register(proto_fdr);
    control_handle = register_dissector("fdr", dissect_control, proto_fdr);
    data_handle = register_dissector("fdr.data", dissect_data, proto_fdr);
}

void
proto_reg_handoff_fdr(void)
{
    tls_handle = find_dissector_add_dependency("tls", proto_fdr);
    http_handle = find_dissector_add_dependency("http", proto_fdr);
    fdr_relay_handoff();
    dissector_add_uint(USBMUX_PORT_TABLE, FDR_CONTROL_PORT, control_handle);
}
