/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restored, the daemon of the restore ramdisk (usbmux port 62078 in restore mode, and the DataPorts
 * it announces). The host asks with a key Request, restored drives the restore with messages that
 * have a MsgType. Facts: idevicerestore 405fcd1, src/restore.c; libimobiledevice fa0f791,
 * src/restore.c. Called with one message's body by the framing in plist-service.c. */

#include <epan/expert.h>

#include "dissectors/compat.h"
#include "dissectors/dissectors.h"
#include "dissectors/export-objects.h"
#include "dissectors/message-tables.h"
#include "dissectors/plist-service.h"
#include "dissectors/restored-message.h"
#include "dissectors/restored-names.h"
#include "dissectors/usbmux.h"

static int proto_restored;
static int hf_restored_request = -1, hf_restored_query_key = -1, hf_restored_type = -1;
static int hf_restored_protocol_version = -1, hf_restored_hardware_model = -1;
static int hf_restored_serial = -1, hf_restored_ecid = -1, hf_restored_chip_id = -1;
static int hf_restored_board_id = -1, hf_restored_previous_exit = -1, hf_restored_panic_log = -1;
static int hf_restored_usb_log = -1, hf_restored_uuid = -1, hf_restored_erase = -1;
static int hf_restored_result = -1, hf_restored_msg_type = -1, hf_restored_data_type = -1;
static int hf_restored_data_port = -1, hf_restored_async_context = -1;
static int hf_restored_previous_log = -1, hf_restored_http_status = -1;
static int hf_restored_archive = -1;
static int restored_tables;
static gint ett_restored = -1;
static expert_field ei_restored_unknown = EI_INIT;
static expert_field ei_restored_no_message = EI_INIT;

/* Keys of the messages themselves. */
static const struct plist_field message_fields[] = {
    { "Request", &hf_restored_request },
    { "QueryKey", &hf_restored_query_key },
    { "Type", &hf_restored_type },
    { "RestoreProtocolVersion", &hf_restored_protocol_version },
    { "HardwareModel", &hf_restored_hardware_model },
    { "SerialNumber", &hf_restored_serial },
    { "Result", &hf_restored_result },
    { "MsgType", &hf_restored_msg_type },
    { "DataType", &hf_restored_data_type },
    { "DataPort", &hf_restored_data_port },
    { "AsyncContextUUID", &hf_restored_async_context },
    { "ResponseStatus", &hf_restored_http_status },
};

static const struct plist_field hardware_fields[] = { { "ChipID", &hf_restored_chip_id },
                                                      { "BoardID", &hf_restored_board_id } };

static const struct plist_field debug_fields[] = {
    { "PreviousExitStatus", &hf_restored_previous_exit },
};

/* Of SavedDebugInfo, as lines. */
static const struct plist_field debug_logs[] = {
    { "PanicLog", &hf_restored_panic_log },
    { "USBLog", &hf_restored_usb_log },
};

static const struct plist_field option_fields[] = {
    { "UUID", &hf_restored_uuid }, { "CreateFilesystemPartitions", &hf_restored_erase }
};

void
restored_count_answer(packet_info *pinfo, const struct mux_exchange *exchange)
{
    message_tables_answered(restored_tables, pinfo, exchange);
}

/* A text of several lines. */
static void
add_log(const struct restored_message *message, int hf, const struct plist_value *value)
{
    restored_add_lines(
        message, plist_field_add(message->tree, message->tvb, message->pinfo, hf, value), value);
}

static void
add_previous_log(const struct restored_message *message)
{
    add_log(message, hf_restored_previous_log,
            plist_dict_get(message->values, "PreviousRestoreLog"));
    restored_add_previous_log(message);
}

/* Asks the host whether to attest: it answers on the same connection. */
static void
add_attestation(const struct restored_message *message)
{
    restored_add_links(
        message, mux_exchange_question(message->pinfo, message->nth, "RestoreAttestation"), FALSE);
}

/* What a MsgType has beyond the keys that every message shares. */
static const struct {
    const char *type;
    void (*add)(const struct restored_message *message);
} details[] = {
    { "DataRequestMsg", restored_add_data_request },
    { "AsyncDataRequestMsg", restored_add_data_request },
    { "BasebandUpdaterOutputData", restored_add_data_request },
    { "ProgressMsg", restored_add_progress },
    { "CheckpointMsg", restored_add_checkpoint },
    { "StatusMsg", restored_add_status },
    { "BBUpdateStatusMsg", restored_add_baseband_status },
    { "RestoredCrash", restored_add_crash },
    { "CrashLog", restored_add_crash_log },
    { "PreviousRestoreLogMsg", add_previous_log },
    { "RestoreAttestation", add_attestation },
};

/* What tells messages of a type apart. */
static const char *
detail_of(const struct restored_message *message)
{
    gint64 operation;

    if (plist_dict_integer(message->values, "Operation", &operation))
        return restored_operation_name(message->pinfo, mux_service_protocol_version(message->pinfo),
                                       operation);
    return plist_dict_string(message->values, "DataType");
}

static void
add_typed(const struct restored_message *message)
{
    mux_info(message->pinfo, "%s", message->type);
    proto_item_append_text(message->item, ", %s", message->type);
    if (!restored_knows_message(message->type))
        expert_add_info_format(message->pinfo, message->item, &ei_restored_unknown,
                               "Unknown message type %s", message->type);
    for (guint i = 0; i < array_length(details); i++) {
        if (strcmp(details[i].type, message->type) == 0)
            details[i].add(message);
    }
    restored_add_context(message);
    message_tables_tell(restored_tables, message->pinfo, message->type, detail_of(message));
}

static void
add_request(const struct restored_message *message, const char *request)
{
    const struct plist_value *options = plist_dict_dict(message->values, "RestoreOptions");

    plist_fields_add(message->tree, message->tvb, message->pinfo, options, option_fields,
                     array_length(option_fields));
    mux_info(message->pinfo, "%s", request);
    message_tables_tell(restored_tables, message->pinfo, request, NULL);
    proto_item_append_text(message->item, ", %s", request);
    restored_append_info(message, "QueryKey");
    if (strcmp(request, "StartRestore") == 0)
        restored_started(message->pinfo);
    restored_add_links(message, mux_exchange_question(message->pinfo, message->nth, request),
                       FALSE);
}

static void
add_reply(const struct restored_message *message)
{
    const struct mux_exchange *exchange = mux_exchange_answer(message->pinfo, message->nth);
    const struct plist_value *hardware = plist_dict_dict(message->values, "HardwareInfo");
    const struct plist_value *debug = plist_dict_dict(message->values, "SavedDebugInfo");
    gint64 version = 0;

    plist_hex_add(message->tree, message->tvb, message->pinfo, hf_restored_ecid,
                  plist_dict_get(hardware, "UniqueChipID"));
    plist_fields_add(message->tree, message->tvb, message->pinfo, hardware, hardware_fields,
                     array_length(hardware_fields));
    plist_fields_add(message->tree, message->tvb, message->pinfo, debug, debug_fields,
                     array_length(debug_fields));
    for (guint i = 0; i < array_length(debug_logs); i++)
        add_log(message, *debug_logs[i].hf, plist_dict_get(debug, debug_logs[i].key));
    mux_info(message->pinfo, "%s reply", exchange ? exchange->name : "restored");
    restored_append_info(message, "Type");
    restored_append_info(message, "Result");
    if (plist_dict_integer(message->values, "RestoreProtocolVersion", &version) && version > 0 &&
        version < G_MAXINT32) {
        col_append_fstr(message->pinfo->cinfo, COL_INFO, ", protocol %" G_GINT64_FORMAT, version);
        mux_service_protocol_version_seen(message->pinfo, (guint)version);
    }
    restored_add_links(message, exchange, TRUE);
}

/* The capture lacks the end of the message, and with it perhaps the key that says what it is. */
static gboolean
is_cut(const struct restored_message *message)
{
    return tvb_captured_length(message->tvb) < tvb_reported_length(message->tvb);
}

static void
add_message(struct restored_message *message)
{
    const char *request = plist_dict_string(message->values, "Request");

    plist_fields_add(message->tree, message->tvb, message->pinfo, message->values, message_fields,
                     array_length(message_fields));
    message->type = plist_dict_string(message->values, "MsgType");
    if (message->type)
        add_typed(message);
    else if (request && usbmux_from_host(message->pinfo))
        add_request(message, request);
    else if (usbmux_from_host(message->pinfo))
        restored_add_answer(message);
    else if (is_cut(message))
        mux_info(message->pinfo, "the beginning of a message");
    else
        add_reply(message);
}

static int
dissect_restored(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct plist_message *framed = (const struct plist_message *)data;
    struct restored_message message = { .tvb = tvb, .pinfo = pinfo };

    if (!framed)
        return 0;
    message.nth = framed->nth;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RESTORED");
    message.item = proto_tree_add_item(tree, proto_restored, tvb, 0, -1, ENC_NA);
    message.tree = proto_item_add_subtree(message.item, ett_restored);
    message.values = plist_tree_add(tvb, pinfo, message.tree, 0, -1);
    if (message.values) {
        add_message(&message);
    } else if (is_cut(&message) && usbmux_from_host(pinfo)) {
        restored_add_answer(&message); /* a binary one: without its end there are no keys */
    } else if (is_cut(&message)) {
        mux_info(pinfo, "the beginning of a message");
    } else {
        expert_add_info(pinfo, message.item, &ei_restored_no_message);
        mux_info(pinfo, "no property list");
    }
    return (int)tvb_captured_length(tvb);
}

/* A DataPort that carries a cpio archive until it is closed. */
static int
dissect_archive(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct restored_message message = { .tvb = tvb, .pinfo = pinfo };
    struct mux_exchange *exchange = mux_service_announced(pinfo);

    message.item = proto_tree_add_item(tree, proto_restored, tvb, 0, -1, ENC_NA);
    message.tree = proto_item_add_subtree(message.item, ett_restored);
    mux_exchange_answered(pinfo, exchange);
    proto_tree_add_item(message.tree, hf_restored_archive, tvb, 0, -1, ENC_NA);
    restored_add_links(&message, exchange, TRUE);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RESTORED");
    col_add_fstr(pinfo->cinfo, COL_INFO, "%s, %s of a cpio archive",
                 exchange ? exchange->name : "data", size_text(pinfo, tvb_reported_length(tvb)));
    return (int)tvb_captured_length(tvb);
}

void
proto_register_restored(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_restored_request, { "Request", "restored.request", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_query_key, { "Query key", "restored.query_key", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_restored_type, { "Type", "restored.type", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_protocol_version, { "Protocol version", "restored.protocol_version",
          FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_restored_hardware_model, { "Hardware model", "restored.hardware_model", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_serial, { "Serial number", "restored.serial", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_ecid, { "ECID", "restored.ecid", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_chip_id, { "Chip id", "restored.chip_id", FT_UINT32, BASE_HEX, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_board_id, { "Board id", "restored.board_id", FT_UINT32, BASE_HEX, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_previous_exit, { "Previous exit status", "restored.previous_exit",
          FT_STRING, BASE_NONE, NULL, 0, "How the restore before this one ended", HFILL } },
        { &hf_restored_panic_log, { "Panic log", "restored.panic_log", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_restored_usb_log, { "USB log", "restored.usb_log", FT_STRING, BASE_NONE, NULL, 0,
          "Of the restore before this one", HFILL } },
        { &hf_restored_uuid, { "Restore UUID", "restored.uuid", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_erase, { "Creates filesystem partitions", "restored.erase", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_result, { "Result", "restored.result", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_restored_msg_type, { "Message type", "restored.msg_type", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_restored_data_type, { "Data type", "restored.data_type", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_restored_data_port, { "Data port", "restored.data_port", FT_UINT16, BASE_DEC, NULL,
          0, NULL, HFILL } },
        { &hf_restored_async_context, { "Async context", "restored.async_context", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_previous_log, { "Previous restore's log", "restored.previous_log",
          FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_http_status, { "HTTP status", "restored.http_status", FT_INT64, BASE_DEC,
          NULL, 0, "Of a request made for the device; 0: none", HFILL } },
        { &hf_restored_archive, { "cpio archive", "restored.archive", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_restored_unknown, { "restored.msg_type.unknown", PI_UNDECODED, PI_NOTE,
          "Unknown message type", EXPFILL } },
        { &ei_restored_no_message, { "restored.no_message", PI_MALFORMED, PI_WARN,
          "The message is no property list", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_restored };

    proto_restored = proto_register_protocol("Apple Restore Daemon", "RESTORED", "restored");
    proto_register_field_array(proto_restored, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_restored), ei, array_length(ei));
    restored_tables = message_tables_register(proto_restored, "restored");
    export_objects_register(EXPORT_LOGS, proto_restored);
    register_dissector("restored", dissect_restored, proto_restored);
    restored_status_register(proto_restored);
    restored_data_register(proto_restored,
                           register_dissector("restored.archive", dissect_archive, proto_restored));
    restored_log_register(proto_restored);
}

void
proto_reg_handoff_restored(void)
{
    restored_data_handoff(proto_restored);
}
