/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The length-and-plist framing of lockdownd, restored and most services below usbmux, and who its
 * messages are given to. Facts: libimobiledevice fa0f791, src/property_list_service.c.
 *
 *     u32 BE length | length bytes of plist, XML or binary
 *
 * Limitations: a message above 16 MiB (restored's firmware) is followed to its end but not decoded.
 * One that the capture holds only in part is decoded as far as it is there, and followed likewise.
 */

#include "dissectors/plist-service.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/expert.h>
#include <epan/proto_data.h>

#include "dissectors/core/plist.h"
#include "dissectors/mux-service.h"
#include "dissectors/plist-fields.h"
#include "dissectors/plist-long.h"
#include "dissectors/usbmux.h"

#define MUX_SERVICE_PORT 62078
#define PREFIX_BYTES 4
#define START_BYTES 6 /* enough to tell a plist from anything else */

enum {
    MESSAGE_BYTES_MAX = 1 << 30,  /* more is no length */
    DECODED_BYTES_MAX = 16 << 20, /* more is not decoded, and is no length for lockdownd */
    PEEKED_BYTES_MAX = 64 << 10,  /* messages that tell who sends them are far smaller */
    PEEKED_EVENTS_MAX = 4096
};

/* Of epan/dissectors/packet-tls-utils.h, which cannot be included without libgcrypt's headers. */
WS_DLL_PUBLIC void tls_set_appdata_dissector(dissector_handle_t tls, packet_info *pinfo,
                                             dissector_handle_t application);

static int proto_plist_service;
static int hf_plist_service_length = -1;
static int hf_plist_service_data = -1;
static gint ett_plist_service = -1;
static expert_field ei_plist_service_unsynchronised = EI_INIT;
static expert_field ei_plist_service_incomplete = EI_INIT;
static expert_field ei_plist_service_too_long = EI_INIT;

static dissector_handle_t port_handle;    /* port 62078, in clear and inside TLS */
static dissector_handle_t service_handle; /* ports of StartService */
static dissector_handle_t channel_handle; /* restored's DataPorts */
static dissector_handle_t lockdown_handle, restored_handle, generic_handle, tls_handle;
static dissector_handle_t tunnel_handle;

/* How the messages of one kind of stream are treated. */
struct stream_kind {
    dissector_handle_t (*choose)(tvbuff_t *body, packet_info *pinfo);
    gboolean is_channel;
    gboolean is_foreign; /* may speak something else altogether */
};

/* The position of a message in its frame. TLS records and several segments in one URB give several
 * calls for a frame, so that a position in a tvb would not do. */
static guint
next_nth(packet_info *pinfo)
{
    guint *count = (guint *)p_get_proto_data(pinfo->pool, pinfo, proto_plist_service, 0);

    if (!count) {
        count = wmem_new0(pinfo->pool, guint);
        p_add_proto_data(pinfo->pool, pinfo, proto_plist_service, 0, count);
    }
    return (*count)++;
}

static int
dissect_long_start(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                   const struct tcpinfo *tcp, guint32 length)
{
    proto_item *item = proto_tree_add_item(tree, proto_plist_service, tvb, offset, -1, ENC_NA);
    proto_tree *part_tree = proto_item_add_subtree(item, ett_plist_service);
    /* Only answers to restored's data requests are that long. */
    const struct mux_exchange *exchange = mux_exchange_answer(pinfo, next_nth(pinfo));

    proto_item_append_text(item, ", %s", size_text(pinfo, length));
    item = proto_tree_add_item(part_tree, hf_plist_service_length, tvb, offset, PREFIX_BYTES,
                               ENC_BIG_ENDIAN);
    expert_add_info(pinfo, item, &ei_plist_service_too_long);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "PLIST");
    plist_long_show_start(tvb, pinfo, part_tree, offset + PREFIX_BYTES, exchange, length);
    plist_long_begins(pinfo, tcp, offset, length + PREFIX_BYTES);
    return tvb_reported_length_remaining(tvb, offset);
}

static int
dissect_opaque(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
               expert_field *oddity)
{
    proto_item *item = proto_tree_add_item(tree, proto_plist_service, tvb, offset, -1, ENC_NA);
    proto_tree *data_tree = proto_item_add_subtree(item, ett_plist_service);
    int left = tvb_reported_length_remaining(tvb, offset);

    item = proto_tree_add_item(data_tree, hf_plist_service_data, tvb, offset, -1, ENC_NA);
    if (oddity)
        expert_add_info(pinfo, item, oddity);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "PLIST");
    mux_info(pinfo, "%s, %s", oddity ? "out of step" : "service data",
             size_text(pinfo, (guint)left));
    return left;
}

/* body: the message as far as it is there. */
static void
dissect_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, tvbuff_t *body,
             const struct stream_kind *kind)
{
    struct plist_message message = { .nth = next_nth(pinfo), .is_channel = kind->is_channel };
    proto_item *item =
        proto_tree_add_item(tree, proto_plist_service, tvb, offset, PREFIX_BYTES, ENC_NA);
    proto_tree *length_tree = proto_item_add_subtree(item, ett_plist_service);

    proto_item_append_text(item, ", %s", size_text(pinfo, tvb_reported_length(body)));
    item = proto_tree_add_item(length_tree, hf_plist_service_length, tvb, offset, PREFIX_BYTES,
                               ENC_BIG_ENDIAN);
    if (tvb_captured_length(body) < tvb_reported_length(body))
        expert_add_info(pinfo, item, &ei_plist_service_incomplete);
    call_dissector_with_data(kind->choose(body, pinfo), body, pinfo, tree, &message);
}

static int
dissect_whole(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, guint32 length,
              const struct stream_kind *kind)
{
    dissect_body(tvb, pinfo, tree, offset,
                 tvb_new_subset_length(tvb, offset + PREFIX_BYTES, (gint)length), kind);
    return (int)length + PREFIX_BYTES;
}

/* The segment was cut, so that nobody will ever have all of the message: what is there is shown,
 * and what is not is left out of the stream. */
static int
dissect_cut(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
            const struct tcpinfo *tcp, const struct stream_kind *kind)
{
    guint32 length = tvb_get_ntohl(tvb, offset);
    int captured = tvb_captured_length_remaining(tvb, offset + PREFIX_BYTES);

    dissect_body(tvb, pinfo, tree, offset,
                 tvb_new_subset_length_caplen(tvb, offset + PREFIX_BYTES, captured, (gint)length),
                 kind);
    plist_long_begins(pinfo, tcp, offset, length + PREFIX_BYTES);
    return tvb_reported_length_remaining(tvb, offset);
}

static gboolean
starts_like_plist(tvbuff_t *tvb, int offset)
{
    return tvb_memeql(tvb, offset, (const guint8 *)"bplist", START_BYTES) == 0 ||
           tvb_memeql(tvb, offset, (const guint8 *)"<?xml ", START_BYTES) == 0 ||
           tvb_memeql(tvb, offset, (const guint8 *)"<plist", START_BYTES) == 0 ||
           tvb_memeql(tvb, offset, (const guint8 *)"<!DOCT", START_BYTES) == 0;
}

static gboolean
is_length(tvbuff_t *tvb, int offset, guint32 length, const struct tcpinfo *tcp)
{
    /* Inside TLS, where there is only lockdownd, no message is followed across segments. */
    if (length < START_BYTES || length > (tcp ? MESSAGE_BYTES_MAX : DECODED_BYTES_MAX))
        return FALSE;
    return tvb_captured_length_remaining(tvb, offset) < PREFIX_BYTES + START_BYTES ||
           starts_like_plist(tvb, offset + PREFIX_BYTES);
}

/* How many bytes are missing before what starts at offset can be shown. While that is unknown, a
 * whole segment: tcp's second pass does not follow two requests for the same frame. */
static guint32
missing_bytes(tvbuff_t *tvb, int offset, const struct tcpinfo *tcp)
{
    guint32 left = (guint32)tvb_reported_length_remaining(tvb, offset);
    guint32 length;

    if (left < PREFIX_BYTES)
        return DESEGMENT_ONE_MORE_SEGMENT;
    length = tvb_get_ntohl(tvb, offset);
    if (!is_length(tvb, offset, length, tcp))
        return 0;
    if (length > DECODED_BYTES_MAX)
        return left < PREFIX_BYTES + START_BYTES ? DESEGMENT_ONE_MORE_SEGMENT : 0;
    return left < PREFIX_BYTES + length ? PREFIX_BYTES + length - left : 0;
}

/* What starts at offset, of which nothing is missing. Returns its length. */
static int
dissect_present(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                const struct tcpinfo *tcp, const struct stream_kind *kind)
{
    guint32 length = tvb_get_ntohl(tvb, offset);

    if (!is_length(tvb, offset, length, tcp))
        return dissect_opaque(tvb, pinfo, tree, offset,
                              kind->is_foreign ? NULL : &ei_plist_service_unsynchronised);
    if (length > DECODED_BYTES_MAX)
        return dissect_long_start(tvb, pinfo, tree, offset, tcp, length);
    return dissect_whole(tvb, pinfo, tree, offset, length, kind);
}

/* A message of which something is missing. FALSE: tcp was told to collect it. */
static gboolean
dissect_part(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, guint32 missing,
             const struct tcpinfo *tcp, const struct stream_kind *kind)
{
    gboolean is_measured = tcp && missing != DESEGMENT_ONE_MORE_SEGMENT;

    if (pinfo->can_desegment) {
        pinfo->desegment_offset = offset;
        pinfo->desegment_len = missing;
        if (is_measured)
            plist_long_expected(pinfo, tcp, offset, PREFIX_BYTES + tvb_get_ntohl(tvb, offset));
        return FALSE;
    }
    if (is_measured)
        dissect_cut(tvb, pinfo, tree, offset, tcp, kind);
    else
        dissect_opaque(tvb, pinfo, tree, offset, &ei_plist_service_incomplete);
    return TRUE;
}

static int
dissect_messages(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct tcpinfo *tcp,
                 const struct stream_kind *kind)
{
    int length = (int)tvb_reported_length(tvb);
    int offset = plist_long_part(tvb, pinfo, tree, tcp);
    gboolean is_first = offset == 0;

    while (offset < length) {
        guint32 missing = missing_bytes(tvb, offset, tcp);

        if (is_first && (missing == 0 || !pinfo->can_desegment))
            col_clear(pinfo->cinfo, COL_INFO);
        is_first = FALSE;
        if (missing == 0)
            offset += dissect_present(tvb, pinfo, tree, offset, tcp, kind);
        else if (dissect_part(tvb, pinfo, tree, offset, missing, tcp, kind))
            offset = length;
        else
            break;
    }
    return (int)tvb_captured_length(tvb);
}

/* A TLS record where plaintext was expected: a handshake, or the last alerts of a session. */
static gboolean
is_tls_record(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) >= 3 && tvb_get_uint8(tvb, 0) >= 0x14 &&
           tvb_get_uint8(tvb, 0) <= 0x17 && tvb_get_uint8(tvb, 1) == 0x03 &&
           tvb_get_uint8(tvb, 2) <= 0x04;
}

void
plist_service_start_tls(packet_info *pinfo)
{
    if (PINFO_FD_VISITED(pinfo) || !tls_handle)
        return;
    tls_set_appdata_dissector(tls_handle, pinfo, port_handle);
    /* Not ssl_starttls_ack(): that takes the frames before this one from us on the second pass. */
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num + 1,
                                                 tls_handle);
}

void
plist_service_stop_tls(packet_info *pinfo)
{
    if (!PINFO_FD_VISITED(pinfo))
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo),
                                                     pinfo->num + 1, port_handle);
}

/* What the keys of a message tell about its sender. */
struct peeked {
    gboolean is_message; /* has MsgType: restored's alone */
    char request[16];    /* Request */
    char type[32];       /* Type of QueryType's answer */
};

static void
peek_string(const struct rs_plist_parser *parser, const struct rs_plist_event *event, char *buffer,
            size_t size)
{
    size_t length = rs_plist_decode(parser, event, (guint8 *)buffer, size - 1);

    buffer[MIN(length, size - 1)] = '\0';
}

static void
peek(tvbuff_t *body, struct peeked *peeked)
{
    guint length = MIN(tvb_captured_length(body), PEEKED_BYTES_MAX);
    struct rs_plist_parser parser;
    struct rs_plist_event event;
    char key[16] = "";

    rs_plist_init(&parser, tvb_get_ptr(body, 0, (gint)length), length);
    for (guint i = 0; i < PEEKED_EVENTS_MAX; i++) {
        if (rs_plist_next(&parser, &event) != RS_PLIST_OK)
            break;
        if (event.depth != 1)
            continue;
        if (event.type == RS_PLIST_KEY) {
            peek_string(&parser, &event, key, sizeof key);
            peeked->is_message = peeked->is_message || strcmp(key, "MsgType") == 0;
        } else if (event.type == RS_PLIST_STRING && strcmp(key, "Request") == 0) {
            peek_string(&parser, &event, peeked->request, sizeof peeked->request);
        } else if (event.type == RS_PLIST_STRING && strcmp(key, "Type") == 0) {
            peek_string(&parser, &event, peeked->type, sizeof peeked->type);
        }
    }
}

/* Port 62078 is lockdownd's or restored's; until one of them has said its name a message that only
 * restored knows decides, and everything else is shown as lockdown's. */
static dissector_handle_t
choose_by_device(tvbuff_t *body, packet_info *pinfo)
{
    struct peeked peeked = { .is_message = FALSE };
    enum mux_service service = mux_service_at(pinfo);

    if (tvb_captured_length(body) > 0)
        peek(body, &peeked);
    if (peeked.is_message || strcmp(peeked.type, "com.apple.mobile.restored") == 0 ||
        strcmp(peeked.request, "StartRestore") == 0 || strcmp(peeked.request, "QueryValue") == 0)
        service = MUX_SERVICE_RESTORED;
    else if (strcmp(peeked.type, "com.apple.mobile.lockdown") == 0)
        service = MUX_SERVICE_LOCKDOWN;
    if (service != MUX_SERVICE_UNKNOWN)
        mux_service_seen(pinfo, service);
    return service == MUX_SERVICE_RESTORED ? restored_handle : lockdown_handle;
}

static dissector_handle_t
choose_restored(tvbuff_t *body _U_, packet_info *pinfo _U_)
{
    return restored_handle;
}

static dissector_handle_t
choose_generic(tvbuff_t *body _U_, packet_info *pinfo _U_)
{
    return generic_handle;
}

static int
dissect_port(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    static const struct stream_kind kind = { .choose = choose_by_device };

    if (data && is_tls_record(tvb))
        return call_dissector(tls_handle, tvb, pinfo, tree);
    return dissect_messages(tvb, pinfo, tree, (const struct tcpinfo *)data, &kind);
}

static int
dissect_channel(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    static const struct stream_kind kind = { .choose = choose_restored, .is_channel = TRUE };

    return dissect_messages(tvb, pinfo, tree, (const struct tcpinfo *)data, &kind);
}

/* The service that tunnels IPv6 to others, see packet-remotepairing.c. */
static gboolean
is_tunnel(tvbuff_t *tvb)
{
    return tvb_strneql(tvb, 0, "CDTunnel", 8) == 0;
}

/* From here on the stream is the tunnel's, in clear or inside TLS. */
static int
start_tunnel(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!PINFO_FD_VISITED(pinfo)) {
        if (data)
            conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo),
                                                         pinfo->num + 1, tunnel_handle);
        else
            tls_set_appdata_dissector(tls_handle, pinfo, tunnel_handle);
    }
    return call_dissector_with_data(tunnel_handle, tvb, pinfo, tree, data);
}

static int
dissect_service(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    static const struct stream_kind kind = { .choose = choose_generic,
                                             .is_channel = TRUE,
                                             .is_foreign = TRUE };

    if (is_tunnel(tvb))
        return start_tunnel(tvb, pinfo, tree, data);
    if (data && is_tls_record(tvb)) {
        if (!PINFO_FD_VISITED(pinfo)) {
            tls_set_appdata_dissector(tls_handle, pinfo, service_handle);
            conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo),
                                                         pinfo->num + 1, tls_handle);
        }
        return call_dissector(tls_handle, tvb, pinfo, tree);
    }
    return dissect_messages(tvb, pinfo, tree, (const struct tcpinfo *)data, &kind);
}

/* A message of a service that no dissector here knows: its most telling keys go to the info column.
 */
static int
dissect_generic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    static const char *const telling[] = { "Request", "Command", "MessageType",
                                           "Name",    "Error",   "Status" };
    const struct mux_exchange *service = mux_service_announced(pinfo);
    const struct plist_value *values = plist_tree_add(tvb, pinfo, tree, 0, -1);

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "PLIST");
    mux_info(pinfo, "%s", service ? service->name : "service message");
    for (guint i = 0; i < array_length(telling); i++) {
        const struct plist_value *value = plist_dict_get(values, telling[i]);

        if (value)
            col_append_fstr(pinfo->cinfo, COL_INFO, " %s=%s", telling[i],
                            plist_value_text(pinfo, value));
    }
    return (int)tvb_captured_length(tvb);
}

dissector_handle_t
plist_service_handle(void)
{
    return service_handle;
}

dissector_handle_t
plist_channel_handle(void)
{
    return channel_handle;
}

void
plist_service_register(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_plist_service_length, { "Length", "plist_service.length", FT_UINT32, BASE_DEC, NULL,
          0, "Of the property list that follows", HFILL } },
        { &hf_plist_service_data, { "Data", "plist_service.data", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_plist_service_unsynchronised, { "plist_service.unsynchronised", PI_UNDECODED,
          PI_WARN, "No message starts here: the capture lacks a part of the stream", EXPFILL } },
        { &ei_plist_service_incomplete, { "plist_service.incomplete", PI_UNDECODED, PI_NOTE,
          "The rest of the message is not in the capture", EXPFILL } },
        { &ei_plist_service_too_long, { "plist_service.too_long", PI_UNDECODED, PI_CHAT,
          "Too long to be decoded", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_plist_service };

    proto_plist_service =
        proto_register_protocol("Apple Property List Service", "PLIST", "plist_service");
    proto_register_field_array(proto_plist_service, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_plist_service), ei,
                                array_length(ei));
    plist_long_register(proto_plist_service);
    port_handle = register_dissector("plist_service", dissect_port, proto_plist_service);
    service_handle =
        register_dissector("plist_service.started", dissect_service, proto_plist_service);
    channel_handle =
        register_dissector("plist_service.channel", dissect_channel, proto_plist_service);
    generic_handle = create_dissector_handle(dissect_generic, proto_plist_service);
}

void
plist_service_handoff(void)
{
    lockdown_handle = find_dissector_add_dependency("lockdown", proto_plist_service);
    restored_handle = find_dissector_add_dependency("restored", proto_plist_service);
    tls_handle = find_dissector_add_dependency("tls", proto_plist_service);
    tunnel_handle = find_dissector_add_dependency("remotepairing", proto_plist_service);
    dissector_add_uint(USBMUX_PORT_TABLE, MUX_SERVICE_PORT, port_handle);
    dissector_add_uint("tls.port", MUX_SERVICE_PORT, port_handle); /* tells tls who the server is */
}
