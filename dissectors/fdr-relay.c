/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Links what a device asks of the reverse proxy to what the host does for it. The host resolves the
 * name and connects by itself, but the TLS hello is the device's own, passed on unchanged: its
 * random bytes tell which connection of the host is meant, whatever its address. Before it, the
 * name, the address it has and the time have to do.
 *
 * A post-dissector, for these frames are Wireshark's. All state is of file scope and changes on the
 * first pass only. */

#include "dissectors/fdr-relay.h"

#include <epan/conversation.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

#include "dissectors/apple-usb.h"
#include "dissectors/tree-fields.h"

enum {
    RELAY_SECONDS_MAX = 30, /* from the question to what is taken for its consequence */
    NAMES_MAX = 64          /* looked at in one frame */
};

struct relay {
    const char *host;
    guint16 port;
    guint32 asked_in; /* frames; 0 while there is none */
    guint32 query_in, connection_in, hello_in;
    nstime_t asked;
};

/* A frame's notes are kept under the number of the field that shows them. */
static int hf_fdr_relay = -1;
static int hf_fdr_relay_asked_in = -1;
static int hf_fdr_relay_query_in = -1;
static int hf_fdr_relay_connection_in = -1;
static int hf_fdr_relay_hello_in = -1;
static gint ett_fdr_relay = -1;

static dissector_handle_t relay_handle;

/* Wireshark's fields. */
static int dns_name = -1, dns_a = -1, dns_aaaa = -1;
static int ip_dst = -1, ipv6_dst = -1, tcp_dstport = -1, tcp_syn = -1, tcp_ack = -1;
static int tls_type = -1, tls_random = -1;

/* By what a later frame is known: the last one of each. */
static wmem_map_t *by_name, *by_address, *by_random;
static wmem_map_t *by_stream; /* index of the conversation with the device */

static wmem_map_t *
new_map(GHashFunc hash, GEqualFunc equal)
{
    return wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash, equal);
}

static const char *
lower_case(wmem_allocator_t *scope, const char *name)
{
    char *lower = wmem_strdup(scope, name);

    for (char *at = lower; *at != '\0'; at++)
        *at = g_ascii_tolower(*at);
    return lower;
}

static void
keep(wmem_map_t *map, const char *key, struct relay *relay)
{
    wmem_map_insert(map, wmem_strdup(wmem_file_scope(), key), relay);
}

/* What is wanted is wanted of every frame and costs its time: nothing before a device asked. */
static void
find_fields(GArray *wanted)
{
    const struct {
        int *field;
        const char *name;
    } fields[] = {
        { &dns_name, "dns.qry.name" },       { &dns_a, "dns.a" },
        { &dns_aaaa, "dns.aaaa" },           { &ip_dst, "ip.dst" },
        { &ipv6_dst, "ipv6.dst" },           { &tcp_dstport, "tcp.dstport" },
        { &tcp_syn, "tcp.flags.syn" },       { &tcp_ack, "tcp.flags.ack" },
        { &tls_type, "tls.handshake.type" }, { &tls_random, "tls.handshake.random" },
    };

    for (guint i = 0; i < array_length(fields); i++)
        *fields[i].field = tree_fields_want(wanted, fields[i].name);
    set_postdissector_wanted_hfids(relay_handle, wanted);
}

static void
want_nothing(void)
{
    set_postdissector_wanted_hfids(relay_handle, g_array_new(FALSE, FALSE, sizeof(int)));
}

void
fdr_relay_asked(packet_info *pinfo, const char *host, guint16 port)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct relay *relay;

    if (PINFO_FD_VISITED(pinfo) || *host == '\0')
        return;
    if (wmem_map_size(by_name) == 0)
        find_fields(g_array_new(FALSE, FALSE, sizeof(int)));
    relay = wmem_new0(wmem_file_scope(), struct relay);
    relay->host = lower_case(wmem_file_scope(), host);
    relay->port = port;
    relay->asked_in = pinfo->num;
    relay->asked = pinfo->abs_ts;
    keep(by_name, relay->host, relay);
    keep(by_address, relay->host, relay); /* when it is no name */
    wmem_map_insert(by_stream, GUINT_TO_POINTER(conversation->conv_index), relay);
    p_add_proto_data(wmem_file_scope(), pinfo, hf_fdr_relay_asked_in, 0, relay);
}

static void
add_frame(tvbuff_t *tvb, proto_tree *tree, int hf, guint32 frame)
{
    if (frame != 0)
        proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, frame));
}

void
fdr_relay_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct relay *relay =
        (const struct relay *)p_get_proto_data(wmem_file_scope(), pinfo, hf_fdr_relay_asked_in, 0);

    if (!relay)
        return;
    add_frame(tvb, tree, hf_fdr_relay_query_in, relay->query_in);
    add_frame(tvb, tree, hf_fdr_relay_connection_in, relay->connection_in);
    add_frame(tvb, tree, hf_fdr_relay_hello_in, relay->hello_in);
}

static struct relay *
recent(const packet_info *pinfo, wmem_map_t *map, const char *key)
{
    struct relay *relay = key ? (struct relay *)wmem_map_lookup(map, key) : NULL;
    nstime_t since;

    if (!relay)
        return NULL;
    nstime_delta(&since, &pinfo->abs_ts, &relay->asked);
    return since.secs < RELAY_SECONDS_MAX ? relay : NULL;
}

/* A query for the name, or an answer, whose addresses are remembered. */
static struct relay *
take_names(packet_info *pinfo, proto_tree *tree)
{
    const char *name = tree_field_text(pinfo, tree, dns_name);
    const int addresses[] = { dns_a, dns_aaaa };
    struct relay *relay = name ? recent(pinfo, by_name, lower_case(pinfo->pool, name)) : NULL;

    if (!relay)
        return NULL;
    if (relay->query_in == 0)
        relay->query_in = pinfo->num;
    for (guint kind = 0; kind < array_length(addresses); kind++) {
        GPtrArray *found = tree_fields(tree, addresses[kind]);

        for (guint i = 0; found && i < MIN(found->len, NAMES_MAX); i++)
            keep(by_address, tree_fields_text(pinfo, found, i), relay);
    }
    return relay;
}

static struct relay *
take_connection(packet_info *pinfo, proto_tree *tree)
{
    const char *address = tree_field_text(pinfo, tree, ip_dst);
    const char *port = tree_field_text(pinfo, tree, tcp_dstport);
    struct relay *relay;

    if (!port || !tree_field_is_set(tree, tcp_syn) || tree_field_is_set(tree, tcp_ack))
        return NULL;
    relay = recent(pinfo, by_address, address ? address : tree_field_text(pinfo, tree, ipv6_dst));
    if (!relay || relay->connection_in != 0 || g_ascii_strtoull(port, NULL, 10) != relay->port)
        return NULL;
    relay->connection_in = pinfo->num;
    return relay;
}

/* The device's hello, on its way into the proxy: what to look for on the network. */
static void
learn_hello(packet_info *pinfo, proto_tree *tree)
{
    const char *random = tree_field_text(pinfo, tree, tls_random);
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    struct relay *relay =
        conversation
            ? (struct relay *)wmem_map_lookup(by_stream, GUINT_TO_POINTER(conversation->conv_index))
            : NULL;

    if (relay && random)
        keep(by_random, random, relay);
}

static struct relay *
take_hello(packet_info *pinfo, proto_tree *tree)
{
    struct relay *relay = recent(pinfo, by_random, tree_field_text(pinfo, tree, tls_random));

    if (!relay || relay->hello_in != 0)
        return NULL;
    relay->hello_in = pinfo->num;
    return relay;
}

static gboolean
is_client_hello(packet_info *pinfo, proto_tree *tree)
{
    const char *type = tree_field_text(pinfo, tree, tls_type);

    return type && strcmp(type, "1") == 0;
}

static struct relay *
take(packet_info *pinfo, proto_tree *tree)
{
    if (apple_usb_attach_of(pinfo)) {
        if (is_client_hello(pinfo, tree))
            learn_hello(pinfo, tree);
        return NULL;
    }
    if (is_client_hello(pinfo, tree))
        return take_hello(pinfo, tree);
    if (tree_fields(tree, dns_name))
        return take_names(pinfo, tree);
    return take_connection(pinfo, tree);
}

static int
dissect_relay(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct relay *relay;
    proto_item *item;

    if (wmem_map_size(by_name) == 0)
        return 0; /* nearly always */
    if (!PINFO_FD_VISITED(pinfo) && tree && (relay = take(pinfo, tree)) != NULL)
        p_add_proto_data(wmem_file_scope(), pinfo, hf_fdr_relay, 0, relay);
    relay = (struct relay *)p_get_proto_data(wmem_file_scope(), pinfo, hf_fdr_relay, 0);
    if (!relay)
        return 0;
    item = proto_tree_add_string_format(tree, hf_fdr_relay, tvb, 0, 0, relay->host,
                                        "Apple Restore Reverse Proxy, the host's side: %s:%u",
                                        relay->host, relay->port);
    proto_item_set_generated(item);
    add_frame(tvb, proto_item_add_subtree(item, ett_fdr_relay), hf_fdr_relay_asked_in,
              relay->asked_in);
    return (int)tvb_captured_length(tvb);
}

void
fdr_relay_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_fdr_relay, { "For the device", "fdr.relay", FT_STRING, BASE_NONE, NULL, 0,
          "The host does this because the device asked for it", HFILL } },
        { &hf_fdr_relay_asked_in, { "Asked for in", "fdr.relay.asked_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_fdr_relay_query_in, { "Name asked for in", "fdr.relay.query_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, "On the host's network", HFILL } },
        { &hf_fdr_relay_connection_in, { "Connection begins in", "fdr.relay.connection_in",
          FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, "On the host's network",
          HFILL } },
        { &hf_fdr_relay_hello_in, { "TLS hello passed on in", "fdr.relay.hello_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, "On the host's network", HFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_fdr_relay };

    by_name = new_map(g_str_hash, g_str_equal);
    by_address = new_map(g_str_hash, g_str_equal);
    by_random = new_map(g_str_hash, g_str_equal);
    by_stream = new_map(g_direct_hash, g_direct_equal);
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    relay_handle = register_dissector("fdr.relay", dissect_relay, proto);
    register_postdissector(relay_handle);
    register_init_routine(want_nothing);
}

void
fdr_relay_handoff(void)
{
    find_fields(g_array_new(FALSE, FALSE, sizeof(int)));
}
