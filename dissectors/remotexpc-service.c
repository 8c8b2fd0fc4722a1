/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ports of services behind RemoteXPC, and those services that do not speak it: the ones of old,
 * which exchange property lists as they do over usbmux, after a check-in (Request RSDCheckin).
 * Facts: pymobiledevice3 62e2957, remote/remote_service_discovery.py. */

#include "dissectors/remotexpc-service.h"

#include <epan/conversation.h>
#include <epan/to_str.h>
#include <epan/wmem_scopes.h>

enum { PREFIX_BYTES = 4, START_BYTES = 6, FIRST_BYTES_MAX = 1 << 20 };

static int proto_owner = -1; /* of packet-remotexpc.c */
static int hf_remotexpc_shim = -1;
static gint ett_remotexpc_shim = -1;

static dissector_handle_t shim_handle, plist_handle;

/* Port and address of a device -> name of the service there. */
static wmem_map_t *services;

static const char *
service_key(wmem_allocator_t *scope, const address *device, guint32 port)
{
    return wmem_strdup_printf(scope, "%s %u", address_to_str(scope, device), port);
}

void
remotexpc_service_found(packet_info *pinfo, const char *name, guint16 port)
{
    if (PINFO_FD_VISITED(pinfo))
        return;
    if (!services)
        services =
            wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_str_hash, g_str_equal);
    wmem_map_insert(services, service_key(wmem_file_scope(), &pinfo->src, port),
                    wmem_strdup(wmem_file_scope(), name));
}

const char *
remotexpc_service_at(packet_info *pinfo, const address *device, guint32 port)
{
    if (port == RSD_PORT)
        return "RSD";
    return services
               ? (const char *)wmem_map_lookup(services, service_key(pinfo->pool, device, port))
               : NULL;
}

const char *
remotexpc_service_of(packet_info *pinfo)
{
    const char *name = remotexpc_service_at(pinfo, &pinfo->dst, pinfo->destport);

    return name ? name : remotexpc_service_at(pinfo, &pinfo->src, pinfo->srcport);
}

static gboolean
is_link_local(const address *addr)
{
    const guint8 *bytes = (const guint8 *)addr->data;

    return addr->type == AT_IPv6 && addr->len == 16 && bytes[0] == 0xfe &&
           (bytes[1] & 0xc0) == 0x80;
}

gboolean
remotexpc_is_local(const packet_info *pinfo)
{
    return is_link_local(&pinfo->src) && is_link_local(&pinfo->dst);
}

/* A length and, unless it comes alone, a property list. */
static gboolean
starts_like_service(tvbuff_t *tvb)
{
    guint32 length;

    if (tvb_captured_length(tvb) < PREFIX_BYTES)
        return FALSE;
    length = tvb_get_ntohl(tvb, 0);
    if (length < START_BYTES || length > FIRST_BYTES_MAX)
        return FALSE;
    return tvb_reported_length(tvb) == PREFIX_BYTES ||
           tvb_strneql(tvb, PREFIX_BYTES, "bplist", START_BYTES) == 0 ||
           tvb_strneql(tvb, PREFIX_BYTES, "<?xml ", START_BYTES) == 0 ||
           tvb_strneql(tvb, PREFIX_BYTES, "<plist", START_BYTES) == 0;
}

static int
dissect_shim(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *service = remotexpc_service_of(pinfo);
    proto_item *item = proto_tree_add_item(tree, proto_owner, tvb, 0, 0, ENC_NA);

    proto_item_append_text(item, ", %s as over usbmux", service ? service : "a service");
    if (service)
        proto_item_set_generated(
            proto_tree_add_string(proto_item_add_subtree(item, ett_remotexpc_shim),
                                  hf_remotexpc_shim, tvb, 0, 0, service));
    return call_dissector_with_data(plist_handle, tvb, pinfo, tree, data);
}

static rs_ws_bool
dissect_shim_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!remotexpc_is_local(pinfo) || !remotexpc_service_at(pinfo, &pinfo->dst, pinfo->destport) ||
        !starts_like_service(tvb))
        return FALSE;
    /* Not before this frame: what was nobody's on the first pass must stay so. */
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num,
                                                 shim_handle);
    return dissect_shim(tvb, pinfo, tree, data) > 0;
}

void
remotexpc_service_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_remotexpc_shim, { "Service", "remotexpc.shim", FT_STRING, BASE_NONE, NULL, 0,
          "One of old, which speaks as it does over usbmux", HFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_remotexpc_shim };

    proto_owner = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    shim_handle = register_dissector("remotexpc.shim", dissect_shim, proto);
}

void
remotexpc_service_handoff(int proto)
{
    plist_handle = find_dissector_add_dependency("plist_service.started", proto);
    heur_dissector_add("tcp", dissect_shim_heur, "Services behind Apple RemoteXPC",
                       "remotexpc_shim_tcp", proto, HEURISTIC_ENABLE);
}
