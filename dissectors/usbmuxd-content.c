/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The contents of usbmuxd's messages: packet-usbmuxd.c has the framing and the dialogue. Facts:
 * usbmuxd 2efa75a, src/client.c and src/usbmuxd-proto.h; the two layouts of a sockaddr are those of
 * macOS and Linux. */

#include "dissectors/usbmuxd-content.h"

#include <epan/to_str.h>

enum { SERIAL_BYTES = 256, SOCKADDR_BYTES_MIN = 8, SOCKADDR6_BYTES_MIN = 24 };

static int hf_usbmuxd_device_id = -1;
static int hf_usbmuxd_client_version = -1;
static int hf_usbmuxd_program = -1;
static int hf_usbmuxd_bundle_id = -1;
static int hf_usbmuxd_library_version = -1;
static int hf_usbmuxd_conn_type = -1;
static int hf_usbmuxd_blacklisted = -1;
static int hf_usbmuxd_listener = -1;
static int hf_usbmuxd_listener_id = -1;
static int hf_usbmuxd_pair_record_id = -1;
static int hf_usbmuxd_pair_record = -1;
static int hf_usbmuxd_buid = -1;
static int hf_usbmuxd_device = -1;
static int hf_usbmuxd_connection_type = -1;
static int hf_usbmuxd_connection_speed = -1;
static int hf_usbmuxd_location_id = -1;
static int hf_usbmuxd_product_id = -1;
static int hf_usbmuxd_serial = -1;
static int hf_usbmuxd_network_address = -1;
static int hf_usbmuxd_service_name = -1;
static int hf_usbmuxd_interface_index = -1;
static gint ett_usbmuxd_content = -1;

/* Of a request and of a listener in a list. */
static const struct plist_field program_fields[] = {
    { "ClientVersionString", &hf_usbmuxd_client_version },
    { "ProgName", &hf_usbmuxd_program },
    { "BundleID", &hf_usbmuxd_bundle_id },
    { "kLibUSBMuxVersion", &hf_usbmuxd_library_version },
    { "ConnType", &hf_usbmuxd_conn_type },
    { "Blacklisted", &hf_usbmuxd_blacklisted },
    { "ID String", &hf_usbmuxd_listener_id },
    { "PairRecordID", &hf_usbmuxd_pair_record_id },
    { "BUID", &hf_usbmuxd_buid },
};

static const struct plist_field device_fields[] = {
    { "ConnectionType", &hf_usbmuxd_connection_type },
    { "ConnectionSpeed", &hf_usbmuxd_connection_speed },
    { "LocationID", &hf_usbmuxd_location_id },
    { "ProductID", &hf_usbmuxd_product_id },
    { "SerialNumber", &hf_usbmuxd_serial },
    { "EscapedFullServiceName", &hf_usbmuxd_service_name },
    { "InterfaceIndex", &hf_usbmuxd_interface_index },
};

/* A struct sockaddr: BSD's has its length before the family, Linux's the family in two bytes. */
static void
add_network_address(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo,
                    const struct plist_value *value)
{
    enum { INET = 2, LINUX_INET6 = 10, BSD_INET6 = 30 };
    const guint8 *bytes = value && value->type == PLIST_DATA ? value->data : NULL;
    guint8 family;
    address addr;

    if (!bytes || value->data_length < SOCKADDR_BYTES_MIN)
        return;
    family = bytes[1] == 0 ? bytes[0] : bytes[1];
    if (family == INET)
        set_address(&addr, AT_IPv4, 4, bytes + 4);
    else if ((family == LINUX_INET6 || family == BSD_INET6) &&
             value->data_length >= SOCKADDR6_BYTES_MIN)
        set_address(&addr, AT_IPv6, 16, bytes + 8);
    else
        return;
    proto_tree_add_string(tree, hf_usbmuxd_network_address, tvb, value->offset, value->length,
                          address_to_str(pinfo->pool, &addr));
}

static void
add_dict(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo, const struct plist_value *dict)
{
    const struct plist_value *properties = plist_dict_dict(dict, "Properties");

    plist_fields_add(tree, tvb, pinfo, dict, program_fields, array_length(program_fields));
    plist_field_add(tree, tvb, pinfo, hf_usbmuxd_device_id, plist_dict_get(dict, "DeviceID"));
    plist_fields_add(tree, tvb, pinfo, properties, device_fields, array_length(device_fields));
    add_network_address(tree, tvb, pinfo, plist_dict_get(properties, "NetworkAddress"));
}

/* Each dictionary of a list as a subtree. */
static int
add_list(proto_tree *tree, tvbuff_t *tvb, const packet_info *pinfo, int hf,
         const struct plist_value *list)
{
    int count = 0;

    if (!list || list->type != PLIST_ARRAY)
        return -1;
    for (const struct plist_value *dict = list->first_child; dict; dict = dict->next, count++) {
        proto_item *item = proto_tree_add_item(tree, hf, tvb, dict->offset, dict->length, ENC_NA);

        add_dict(proto_item_add_subtree(item, ett_usbmuxd_content), tvb, pinfo, dict);
    }
    return count;
}

/* A plist in a plist. It holds the private keys of the host. */
static void
add_pair_record(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo,
                const struct plist_value *value)
{
    proto_item *item;
    tvbuff_t *record;

    if (!value || value->type != PLIST_DATA || !value->data || value->data_length == 0)
        return;
    item = proto_tree_add_item(tree, hf_usbmuxd_pair_record, tvb, value->offset, value->length,
                               ENC_NA);
    record =
        tvb_new_child_real_data(tvb, value->data, value->data_length, (gint)value->data_length);
    add_new_data_source(pinfo, record, "Pair record");
    plist_tree_add(record, pinfo, proto_item_add_subtree(item, ett_usbmuxd_content), 0, -1);
}

int
usbmuxd_content_add(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo,
                    const struct plist_value *message)
{
    int devices, listeners;

    add_dict(tree, tvb, pinfo, message);
    devices = add_list(tree, tvb, pinfo, hf_usbmuxd_device, plist_dict_get(message, "DeviceList"));
    listeners =
        add_list(tree, tvb, pinfo, hf_usbmuxd_listener, plist_dict_get(message, "ListenerList"));
    add_pair_record(tree, tvb, pinfo, plist_dict_get(message, "PairRecordData"));
    return MAX(devices, listeners);
}

guint32
usbmuxd_device_id_add(proto_tree *tree, tvbuff_t *tvb, int offset)
{
    guint32 device_id;

    proto_tree_add_item_ret_uint(tree, hf_usbmuxd_device_id, tvb, offset, 4, ENC_LITTLE_ENDIAN,
                                 &device_id);
    return device_id;
}

/* u32 device number | u16 product | char[256] serial number | u16 nothing | u32 location */
guint32
usbmuxd_device_record_add(proto_tree *tree, tvbuff_t *tvb, int offset)
{
    guint32 device_id = usbmuxd_device_id_add(tree, tvb, offset);

    proto_tree_add_item(tree, hf_usbmuxd_product_id, tvb, offset + 4, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_usbmuxd_serial, tvb, offset + 6, SERIAL_BYTES, ENC_ASCII | ENC_NA);
    proto_tree_add_item(tree, hf_usbmuxd_location_id, tvb, offset + 8 + SERIAL_BYTES, 4,
                        ENC_LITTLE_ENDIAN);
    return device_id;
}

void
usbmuxd_content_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_usbmuxd_device_id, { "Device number", "usbmuxd.device_id", FT_UINT32, BASE_DEC,
          NULL, 0, "Of this attachment, by usbmuxd's count", HFILL } },
        { &hf_usbmuxd_client_version, { "Client version", "usbmuxd.client_version", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmuxd_program, { "Program", "usbmuxd.program", FT_STRING, BASE_NONE, NULL, 0,
          "That asks or listens", HFILL } },
        { &hf_usbmuxd_bundle_id, { "Bundle id", "usbmuxd.bundle_id", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_usbmuxd_library_version, { "Library version", "usbmuxd.library_version", FT_UINT32,
          BASE_DEC, NULL, 0, "kLibUSBMuxVersion", HFILL } },
        { &hf_usbmuxd_conn_type, { "Connection types", "usbmuxd.conn_type", FT_UINT32, BASE_DEC,
          NULL, 0, "That the listener wants to be told of", HFILL } },
        { &hf_usbmuxd_blacklisted, { "Blacklisted", "usbmuxd.blacklisted", FT_BOOLEAN, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_usbmuxd_listener, { "Listener", "usbmuxd.listener", FT_NONE, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_usbmuxd_listener_id, { "Listener id", "usbmuxd.listener.id", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_usbmuxd_pair_record_id, { "Pair record id", "usbmuxd.pair_record_id", FT_STRING,
          BASE_NONE, NULL, 0, "The device's UDID", HFILL } },
        { &hf_usbmuxd_pair_record, { "Pair record", "usbmuxd.pair_record", FT_NONE, BASE_NONE,
          NULL, 0, "With the host's private keys", HFILL } },
        { &hf_usbmuxd_buid, { "BUID", "usbmuxd.buid", FT_STRING, BASE_NONE, NULL, 0,
          "Names this computer to devices", HFILL } },
        { &hf_usbmuxd_device, { "Device", "usbmuxd.device", FT_NONE, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_usbmuxd_connection_type, { "Connection type", "usbmuxd.connection_type", FT_STRING,
          BASE_NONE, NULL, 0, "USB or Network", HFILL } },
        { &hf_usbmuxd_connection_speed, { "Connection speed", "usbmuxd.connection_speed",
          FT_UINT64, BASE_DEC, NULL, 0, "In bits per second", HFILL } },
        { &hf_usbmuxd_location_id, { "Location", "usbmuxd.location_id", FT_UINT32, BASE_HEX, NULL,
          0, "On Linux bus and address", HFILL } },
        { &hf_usbmuxd_product_id, { "Product id", "usbmuxd.product_id", FT_UINT16, BASE_HEX, NULL,
          0, NULL, HFILL } },
        { &hf_usbmuxd_serial, { "Serial number", "usbmuxd.serial", FT_STRING, BASE_NONE, NULL, 0,
          "The device's UDID", HFILL } },
        { &hf_usbmuxd_network_address, { "Network address", "usbmuxd.network_address", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_usbmuxd_service_name, { "Service name", "usbmuxd.service_name", FT_STRING,
          BASE_NONE, NULL, 0, "Of mDNS", HFILL } },
        { &hf_usbmuxd_interface_index, { "Interface index", "usbmuxd.interface_index", FT_UINT32,
          BASE_DEC, NULL, 0, "Of the network interface", HFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_usbmuxd_content };

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
}
