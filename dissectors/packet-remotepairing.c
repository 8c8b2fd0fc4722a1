/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How computers get to the services of iOS 17 and later without the Ethernet of the cable: a
 * pairing dialogue over TCP, and a tunnel that carries IPv6 over a service of lockdownd. Facts:
 * pymobiledevice3 62e2957, remote/tunnel_service.py and remote/core_device_tunnel_service.py.
 *
 *     pairing   "RPPairing" | u16 BE length | JSON or plist
 *     tunnel    "CDTunnel" | u16 BE length | JSON, once each way; then IPv6 packets, one after
 * other
 *
 * What a paired connection and the tunnel's other forms (QUIC, TLS with a shared key) carry is
 * encrypted with keys that no capture has. */

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/expert.h>

#include "dissectors/compat.h"
#include "dissectors/dissectors.h"
#include "dissectors/mux-service.h"
#include "dissectors/plist-fields.h"

#define PAIRING_MAGIC "RPPairing"
#define TUNNEL_MAGIC "CDTunnel"

enum {
    PAIRING_MAGIC_BYTES = 9,
    TUNNEL_MAGIC_BYTES = 8,
    LENGTH_BYTES = 2,
    IPV6_BYTES = 40,
    IPV6_LENGTH_OFFSET = 4,
    MESSAGE_BYTES_MIN = 2, /* "{}" */
    LEAST_BYTES = PAIRING_MAGIC_BYTES + LENGTH_BYTES
};

static int proto_remotepairing;
static int hf_remotepairing_magic = -1;
static int hf_remotepairing_length = -1;
static int hf_remotepairing_kind = -1;
static int hf_remotepairing_data = -1;
static gint ett_remotepairing = -1;
static expert_field ei_remotepairing_unsynchronised = EI_INIT;

static dissector_handle_t remotepairing_handle, json_handle, ipv6_handle;

enum kind { KIND_NONE, KIND_PAIRING, KIND_TUNNEL, KIND_PACKET };

static const value_string kind_names[] = { { KIND_PAIRING, "pairing message" },
                                           { KIND_TUNNEL, "tunnel handshake" },
                                           { KIND_PACKET, "tunnelled packet" },
                                           { 0, NULL } };

/* What starts here, and how long it is in bytes. */
static enum kind
recognise(tvbuff_t *tvb, int offset, int *ret_header, guint *ret_length)
{
    int left = tvb_captured_length_remaining(tvb, offset);

    if (left >= LEAST_BYTES && tvb_strneql(tvb, offset, PAIRING_MAGIC, PAIRING_MAGIC_BYTES) == 0) {
        *ret_header = PAIRING_MAGIC_BYTES + LENGTH_BYTES;
        *ret_length = (guint)*ret_header + tvb_get_ntohs(tvb, offset + PAIRING_MAGIC_BYTES);
        return KIND_PAIRING;
    }
    if (left >= LEAST_BYTES && tvb_strneql(tvb, offset, TUNNEL_MAGIC, TUNNEL_MAGIC_BYTES) == 0) {
        *ret_header = TUNNEL_MAGIC_BYTES + LENGTH_BYTES;
        *ret_length = (guint)*ret_header + tvb_get_ntohs(tvb, offset + TUNNEL_MAGIC_BYTES);
        return KIND_TUNNEL;
    }
    if (left >= LEAST_BYTES && tvb_get_uint8(tvb, offset) >> 4 == 6) {
        *ret_header = 0;
        *ret_length = IPV6_BYTES + (guint)tvb_get_ntohs(tvb, offset + IPV6_LENGTH_OFFSET);
        return KIND_PACKET;
    }
    return KIND_NONE;
}

static void
dissect_content(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, proto_tree *tree, int offset)
{
    int left = tvb_captured_length_remaining(tvb, offset);

    if (left <= 0 || plist_tree_add(tvb, pinfo, tree, offset, -1))
        return;
    if (json_handle && tvb_get_uint8(tvb, offset) == '{')
        call_dissector(json_handle, tvb_new_subset_remaining(tvb, offset), pinfo, root);
    else
        proto_tree_add_item(tree, hf_remotepairing_data, tvb, offset, -1, ENC_NA);
}

static int
dissect_one(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    int header = 0;
    guint length = 0;
    enum kind kind = recognise(tvb, 0, &header, &length);
    proto_item *item = proto_tree_add_item(tree, proto_remotepairing, tvb, 0, -1, ENC_NA);
    proto_tree *sub = proto_item_add_subtree(item, ett_remotepairing);
    const char *name = val_to_str_const(kind, kind_names, "data");

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RemotePairing");
    proto_item_append_text(item, ", %s", name);
    if (kind == KIND_NONE) {
        item = proto_tree_add_item(sub, hf_remotepairing_data, tvb, 0, -1, ENC_NA);
        expert_add_info(pinfo, item, &ei_remotepairing_unsynchronised);
        mux_info(pinfo, "unexpected data");
        return (int)tvb_captured_length(tvb);
    }
    proto_item_set_generated(proto_tree_add_uint(sub, hf_remotepairing_kind, tvb, 0, 0, kind));
    mux_info(pinfo, "%s", name);
    if (kind == KIND_PACKET) {
        call_dissector(ipv6_handle, tvb, pinfo, tree);
        return (int)tvb_captured_length(tvb);
    }
    proto_tree_add_item(sub, hf_remotepairing_magic, tvb, 0, header - LENGTH_BYTES, ENC_ASCII);
    proto_tree_add_item(sub, hf_remotepairing_length, tvb, header - LENGTH_BYTES, LENGTH_BYTES,
                        ENC_BIG_ENDIAN);
    dissect_content(tvb, pinfo, tree, sub, header);
    return (int)tvb_captured_length(tvb);
}

static guint
length_of(packet_info *pinfo _U_, tvbuff_t *tvb, int offset, void *data _U_)
{
    int header;
    guint length;

    if (recognise(tvb, offset, &header, &length) == KIND_NONE)
        return (guint)tvb_reported_length_remaining(tvb, offset);
    return length;
}

static int
dissect_remotepairing(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    col_clear(pinfo->cinfo, COL_INFO);
    tcp_dissect_pdus(tvb, pinfo, tree, TRUE, LEAST_BYTES, length_of, dissect_one, data);
    return (int)tvb_captured_length(tvb);
}

/* Only a message with a name of its own starts a connection. */
static rs_ws_bool
dissect_remotepairing_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    int header = 0;
    guint length = 0;
    enum kind kind = recognise(tvb, 0, &header, &length);

    if ((kind != KIND_PAIRING && kind != KIND_TUNNEL) || length < (guint)header + MESSAGE_BYTES_MIN)
        return FALSE;
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num,
                                                 remotepairing_handle);
    return dissect_remotepairing(tvb, pinfo, tree, data) > 0;
}

void
proto_register_remotepairing(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_remotepairing_kind, { "Kind", "remotepairing.kind", FT_UINT8, BASE_DEC,
          VALS(kind_names), 0, NULL, HFILL } },
        { &hf_remotepairing_magic, { "Magic", "remotepairing.magic", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_remotepairing_length, { "Length", "remotepairing.length", FT_UINT16, BASE_DEC, NULL,
          0, "Of what follows", HFILL } },
        { &hf_remotepairing_data, { "Data", "remotepairing.data", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_remotepairing_unsynchronised, { "remotepairing.unsynchronised", PI_UNDECODED,
          PI_NOTE, "No message starts here: the capture may lack a part of the stream",
          EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_remotepairing };

    proto_remotepairing =
        proto_register_protocol("Apple Remote Pairing", "RemotePairing", "remotepairing");
    proto_register_field_array(proto_remotepairing, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_remotepairing), ei,
                                array_length(ei));
    remotepairing_handle =
        register_dissector("remotepairing", dissect_remotepairing, proto_remotepairing);
}

void
proto_reg_handoff_remotepairing(void)
{
    json_handle = find_dissector_add_dependency("json", proto_remotepairing);
    ipv6_handle = find_dissector_add_dependency("ipv6", proto_remotepairing);
    heur_dissector_add("tcp", dissect_remotepairing_heur, "Apple Remote Pairing over TCP",
                       "remotepairing_tcp", proto_remotepairing, HEURISTIC_ENABLE);
    dissector_add_for_decode_as("tcp.port", remotepairing_handle);
}
