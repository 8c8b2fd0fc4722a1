/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restored, the daemon of the restore ramdisk (usbmux port 62078 in restore mode, and the DataPorts
 * it announces). The host asks with a key Request, restored drives the restore with messages that
 * have a MsgType. Facts: idevicerestore 405fcd1, src/restore.c; libimobiledevice fa0f791,
 * src/restore.c. Called with one message's body by the framing in plist-service.c. */

#include <epan/expert.h>

#include "dissectors/compat.h"
#include "dissectors/dissectors.h"
#include "dissectors/mux-service.h"
#include "dissectors/plist-fields.h"
#include "dissectors/plist-service.h"
#include "dissectors/restored-names.h"
#include "dissectors/usbmux.h"

#define ASR_PORT 12345

static int proto_restored;
static int hf_restored_request = -1, hf_restored_query_key = -1, hf_restored_type = -1;
static int hf_restored_protocol_version = -1, hf_restored_hardware_model = -1;
static int hf_restored_serial = -1, hf_restored_ecid = -1, hf_restored_chip_id = -1;
static int hf_restored_board_id = -1, hf_restored_previous_exit = -1, hf_restored_panic_log = -1;
static int hf_restored_uuid = -1, hf_restored_erase = -1, hf_restored_result = -1;
static int hf_restored_msg_type = -1, hf_restored_data_type = -1, hf_restored_data_port = -1;
static int hf_restored_image_name = -1, hf_restored_image_type = -1, hf_restored_updater = -1;
static int hf_restored_url = -1, hf_restored_async_context = -1, hf_restored_operation = -1;
static int hf_restored_operation_name = -1, hf_restored_progress = -1;
static int hf_restored_checkpoint_id = -1, hf_restored_checkpoint_step = -1;
static int hf_restored_checkpoint_name = -1, hf_restored_checkpoint_result = -1;
static int hf_restored_checkpoint_complete = -1, hf_restored_checkpoint_error = -1;
static int hf_restored_checkpoint_warning = -1, hf_restored_status = -1, hf_restored_amr_error = -1;
static int hf_restored_error_text = -1, hf_restored_log = -1, hf_restored_previous_log = -1;
static int hf_restored_bb_accepted = -1, hf_restored_bb_done = -1, hf_restored_backtrace = -1;
static int hf_restored_answer = -1, hf_restored_http_status = -1, hf_restored_archive = -1;
static int hf_restored_response_in = -1, hf_restored_request_in = -1;
static int hf_restored_response_time = -1;
static gint ett_restored = -1;
static expert_field ei_restored_status = EI_INIT;
static expert_field ei_restored_checkpoint = EI_INIT;
static expert_field ei_restored_unknown = EI_INIT;
static expert_field ei_restored_crash = EI_INIT;
static expert_field ei_restored_baseband = EI_INIT;
static expert_field ei_restored_previous = EI_INIT;
static expert_field ei_restored_http = EI_INIT;
static expert_field ei_restored_no_message = EI_INIT;

static dissector_handle_t archive_handle;
static dissector_handle_t asr_handle;

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
    { "PreviousRestoreLog", &hf_restored_previous_log },
    { "Log", &hf_restored_log },
    { "ResponseStatus", &hf_restored_http_status },
};

static const struct plist_field argument_fields[] = {
    { "ImageName", &hf_restored_image_name },
    { "ImageType", &hf_restored_image_type },
    { "MessageArgUpdaterName", &hf_restored_updater },
    { "RequestURL", &hf_restored_url },
};

static const struct plist_field hardware_fields[] = { { "ChipID", &hf_restored_chip_id },
                                                      { "BoardID", &hf_restored_board_id } };

static const struct plist_field debug_fields[] = {
    { "PreviousExitStatus", &hf_restored_previous_exit }, { "PanicLog", &hf_restored_panic_log }
};

static const struct plist_field option_fields[] = {
    { "UUID", &hf_restored_uuid }, { "CreateFilesystemPartitions", &hf_restored_erase }
};

/* One message on its way through the functions below. */
struct restored_message {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    proto_item *item;
    const struct plist_value *values;
    guint nth;
    const char *type; /* MsgType */
};

static void
append_info(const struct restored_message *message, const char *key)
{
    const struct plist_value *value = plist_dict_get(message->values, key);

    if (value)
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " %s",
                        plist_value_text(message->pinfo, value));
}

static proto_item *
add_value(const struct restored_message *message, int hf, const char *key)
{
    return plist_field_add(message->tree, message->tvb, message->pinfo, hf,
                           plist_dict_get(message->values, key));
}

static void
add_progress(const struct restored_message *message)
{
    gint64 operation = 0, progress = -1;
    proto_item *item;
    const char *name;

    if (plist_dict_integer(message->values, "Operation", &operation)) {
        name = restored_operation_name(message->pinfo, mux_service_protocol_version(message->pinfo),
                                       operation);
        item = add_value(message, hf_restored_operation, "Operation");
        proto_item_append_text(item, " (%s)", name);
        item = proto_tree_add_string(message->tree, hf_restored_operation_name, message->tvb, 0, 0,
                                     name);
        proto_item_set_generated(item);
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " %s", name);
    }
    item = add_value(message, hf_restored_progress, "Progress");
    if (plist_dict_integer(message->values, "Progress", &progress) && progress < 0)
        proto_item_append_text(item, " (indeterminate)");
    else if (item)
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " %" G_GINT64_FORMAT "%%", progress);
}

static void
add_checkpoint(const struct restored_message *message)
{
    column_info *cinfo = message->pinfo->cinfo;
    gint64 id = 0, result = 0;
    gboolean is_complete = FALSE;
    proto_item *item;
    const char *name;

    if (plist_dict_integer(message->values, "CHECKPOINT_ID", &id)) {
        add_value(message, hf_restored_checkpoint_id, "CHECKPOINT_ID");
        item = proto_tree_add_uint(message->tree, hf_restored_checkpoint_step, message->tvb, 0, 0,
                                   (guint32)(id & 0xffff));
        proto_item_set_generated(item);
    }
    name = plist_dict_string(message->values, "CHECKPOINT_NAME");
    if (!name) /* ids are re-assigned between releases: the name, when there is one, always wins */
        name = restored_checkpoint_name(message->pinfo, id);
    item = add_value(message, hf_restored_checkpoint_name, "CHECKPOINT_NAME");
    if (!item) {
        item = proto_tree_add_string(message->tree, hf_restored_checkpoint_name, message->tvb, 0, 0,
                                     name);
        proto_item_set_generated(item);
    }
    add_value(message, hf_restored_checkpoint_complete, "CHECKPOINT_COMPLETE");
    add_value(message, hf_restored_checkpoint_warning, "CHECKPOINT_WARNING");
    add_value(message, hf_restored_checkpoint_error, "CHECKPOINT_ERROR");
    item = add_value(message, hf_restored_checkpoint_result, "CHECKPOINT_RESULT");
    plist_dict_boolean(message->values, "CHECKPOINT_COMPLETE", &is_complete);
    col_append_fstr(cinfo, COL_INFO, " %s %s", name, is_complete ? "ends" : "begins");
    if (plist_dict_integer(message->values, "CHECKPOINT_RESULT", &result) && result != 0) {
        col_append_fstr(cinfo, COL_INFO, " with %" G_GINT64_FORMAT " (%s)", result,
                        restored_error_name(result));
        expert_add_info_format(message->pinfo, item, &ei_restored_checkpoint,
                               "Checkpoint %s failed with %" G_GINT64_FORMAT ": %s", name, result,
                               restored_error_name(result));
    }
}

/* Error is a CFError written as dicts: the words are in Content.UserInfo.NSDescription.Content. */
static const struct plist_value *
error_description(const struct plist_value *values)
{
    const struct plist_value *dict = plist_dict_dict(values, "Error");

    dict = plist_dict_dict(dict, "Content");
    dict = plist_dict_dict(dict, "UserInfo");
    dict = plist_dict_dict(dict, "NSDescription");
    return plist_dict_get(dict, "Content");
}

static void
add_status(const struct restored_message *message)
{
    const struct plist_value *description = error_description(message->values);
    gint64 status = 0;
    proto_item *item = add_value(message, hf_restored_status, "Status");

    add_value(message, hf_restored_amr_error, "AMRError");
    plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_error_text,
                    description);
    if (!plist_dict_integer(message->values, "Status", &status))
        return;
    col_append_fstr(message->pinfo->cinfo, COL_INFO, " %" G_GINT64_FORMAT " (%s)", status,
                    restored_error_name(status));
    if (status != 0)
        expert_add_info_format(message->pinfo, item, &ei_restored_status,
                               "The restore failed with %" G_GINT64_FORMAT ": %s", status,
                               restored_error_name(status));
}

static void
add_baseband_status(const struct restored_message *message)
{
    gboolean is_accepted = TRUE;
    proto_item *item = add_value(message, hf_restored_bb_accepted, "Accepted");

    plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_bb_done,
                    plist_dict_get(plist_dict_dict(message->values, "Output"), "done"));
    plist_dict_boolean(message->values, "Accepted", &is_accepted);
    col_append_str(message->pinfo->cinfo, COL_INFO, is_accepted ? " accepted" : " refused");
    if (!is_accepted)
        expert_add_info(message->pinfo, item, &ei_restored_baseband);
}

/* The backtrace comes as one string or as one per line. */
static void
add_crash(const struct restored_message *message)
{
    const struct plist_value *value = plist_dict_get(message->values, "RestoredBacktrace");

    if (value && value->type == PLIST_ARRAY) {
        for (value = value->first_child; value; value = value->next)
            plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_backtrace,
                            value);
    } else {
        plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_backtrace, value);
    }
    expert_add_info(message->pinfo, message->item, &ei_restored_crash);
}

static void
add_previous_log(const struct restored_message *message)
{
    const char *log = plist_dict_string(message->values, "PreviousRestoreLog");

    if (log && log[0] != '\0')
        expert_add_info(message->pinfo, message->item, &ei_restored_previous);
}

/* Who takes the connection that a request asks for. */
static dissector_handle_t
handle_for_data(const char *data_type)
{
    if (strcmp(data_type, "SystemImageData") == 0 || strcmp(data_type, "RecoveryOSASRImage") == 0)
        return asr_handle;
    if (strcmp(data_type, "BootabilityBundle") == 0 ||
        strcmp(data_type, "BasebandUpdaterOutputData") == 0)
        return archive_handle;
    return plist_channel_handle();
}

static void
add_links(const struct restored_message *message, const struct mux_exchange *exchange,
          gboolean is_answer)
{
    proto_item *item;
    nstime_t delta;

    if (exchange && is_answer) {
        item = proto_tree_add_uint(message->tree, hf_restored_request_in, message->tvb, 0, 0,
                                   exchange->question);
        proto_item_set_generated(item);
        nstime_delta(&delta, &message->pinfo->abs_ts, &exchange->asked);
        item = proto_tree_add_time(message->tree, hf_restored_response_time, message->tvb, 0, 0,
                                   &delta);
        proto_item_set_generated(item);
    } else if (exchange && exchange->answer) {
        item = proto_tree_add_uint(message->tree, hf_restored_response_in, message->tvb, 0, 0,
                                   exchange->answer);
        proto_item_set_generated(item);
    }
}

/* DataRequestMsg, AsyncDataRequestMsg and BasebandUpdaterOutputData, which is its own DataType. */
static void
add_data_request(const struct restored_message *message)
{
    const char *data_type = plist_dict_string(message->values, "DataType");
    const struct plist_value *arguments = plist_dict_dict(message->values, "Arguments");
    struct mux_exchange *exchange;
    gint64 port = 0;

    if (!data_type)
        data_type = message->type;
    plist_fields_add(message->tree, message->tvb, message->pinfo, arguments, argument_fields,
                     array_length(argument_fields));
    append_info(message, "DataType");
    if (plist_dict_integer(message->values, "DataPort", &port))
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " on port %" G_GINT64_FORMAT, port);
    exchange = mux_exchange_question(message->pinfo, message->nth, data_type);
    add_links(message, exchange, FALSE);
    if (port == 0 && handle_for_data(data_type) == asr_handle)
        port = ASR_PORT;
    if (port > 0 && port <= G_MAXUINT16)
        mux_service_announce(message->pinfo, (guint16)port, exchange, handle_for_data(data_type));
}

/* What a MsgType has beyond the keys that every message shares. */
static const struct {
    const char *type;
    void (*add)(const struct restored_message *message);
} details[] = {
    { "DataRequestMsg", add_data_request },
    { "AsyncDataRequestMsg", add_data_request },
    { "BasebandUpdaterOutputData", add_data_request },
    { "ProgressMsg", add_progress },
    { "CheckpointMsg", add_checkpoint },
    { "StatusMsg", add_status },
    { "BBUpdateStatusMsg", add_baseband_status },
    { "RestoredCrash", add_crash },
    { "PreviousRestoreLogMsg", add_previous_log },
};

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
}

static void
add_request(const struct restored_message *message, const char *request)
{
    const struct plist_value *options = plist_dict_dict(message->values, "RestoreOptions");

    plist_fields_add(message->tree, message->tvb, message->pinfo, options, option_fields,
                     array_length(option_fields));
    mux_info(message->pinfo, "%s", request);
    proto_item_append_text(message->item, ", %s", request);
    append_info(message, "QueryKey");
    add_links(message, mux_exchange_question(message->pinfo, message->nth, request), FALSE);
}

static void
add_reply(const struct restored_message *message)
{
    const struct mux_exchange *exchange = mux_exchange_answer(message->pinfo, message->nth);
    const struct plist_value *hardware = plist_dict_dict(message->values, "HardwareInfo");
    gint64 version = 0;

    plist_hex_add(message->tree, message->tvb, message->pinfo, hf_restored_ecid,
                  plist_dict_get(hardware, "UniqueChipID"));
    plist_fields_add(message->tree, message->tvb, message->pinfo, hardware, hardware_fields,
                     array_length(hardware_fields));
    plist_fields_add(message->tree, message->tvb, message->pinfo,
                     plist_dict_dict(message->values, "SavedDebugInfo"), debug_fields,
                     array_length(debug_fields));
    mux_info(message->pinfo, "%s reply", exchange ? exchange->name : "restored");
    append_info(message, "Type");
    append_info(message, "Result");
    if (plist_dict_integer(message->values, "RestoreProtocolVersion", &version) && version > 0 &&
        version < G_MAXINT32) {
        col_append_fstr(message->pinfo->cinfo, COL_INFO, ", protocol %" G_GINT64_FORMAT, version);
        mux_service_protocol_version_seen(message->pinfo, (guint)version);
    }
    add_links(message, exchange, TRUE);
}

/* The host's answer to a data request: its keys say what it is. */
static void
add_answer(const struct restored_message *message)
{
    const struct mux_exchange *exchange = mux_exchange_answer(message->pinfo, message->nth);
    wmem_strbuf_t *text = wmem_strbuf_new(message->pinfo->pool, "");
    const struct plist_value *value = message->values->first_child;
    gint64 http_status = 200;
    proto_item *item;

    for (guint shown = 0; value && shown < 4; value = value->next, shown++) {
        wmem_strbuf_append_printf(text, "%s%s", shown > 0 ? ", " : "",
                                  value->key ? value->key : "");
        if (value->type == PLIST_DATA)
            wmem_strbuf_append_printf(text, " (%s)", size_text(message->pinfo, value->data_length));
    }
    if (wmem_strbuf_get_len(text) == 0)
        wmem_strbuf_append(text, "nothing");
    item = proto_tree_add_string(message->tree, hf_restored_answer, message->tvb, 0, 0,
                                 wmem_strbuf_get_str(text));
    proto_item_set_generated(item);
    if (plist_dict_integer(message->values, "ResponseStatus", &http_status) &&
        (http_status < 200 || http_status > 299))
        expert_add_info_format(
            message->pinfo, item, &ei_restored_http,
            "The host's HTTP request for the device ended with %" G_GINT64_FORMAT, http_status);
    mux_info(message->pinfo, "%s answer: %s", exchange ? exchange->name : "data",
             wmem_strbuf_get_str(text));
    add_links(message, exchange, TRUE);
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
    else if (!usbmux_from_host(message->pinfo))
        add_reply(message);
    else if (request)
        add_request(message, request);
    else
        add_answer(message);
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
    struct mux_exchange *exchange = mux_service_announced(pinfo);
    proto_item *item = proto_tree_add_item(tree, proto_restored, tvb, 0, -1, ENC_NA);
    proto_tree *restored_tree = proto_item_add_subtree(item, ett_restored);

    mux_exchange_answered(pinfo, exchange);
    proto_tree_add_item(restored_tree, hf_restored_archive, tvb, 0, -1, ENC_NA);
    if (exchange) {
        item = proto_tree_add_uint(restored_tree, hf_restored_request_in, tvb, 0, 0,
                                   exchange->question);
        proto_item_set_generated(item);
    }
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
        { &hf_restored_image_name, { "Image name", "restored.image_name", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_restored_image_type, { "Image type", "restored.image_type", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_restored_updater, { "Updater", "restored.updater", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_url, { "URL", "restored.url", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_async_context, { "Async context", "restored.async_context", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_operation, { "Operation", "restored.operation", FT_INT64, BASE_DEC, NULL, 0,
          "As on the wire; its meaning depends on the protocol version", HFILL } },
        { &hf_restored_operation_name, { "Operation name", "restored.operation.name", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_progress, { "Progress", "restored.progress", FT_INT64, BASE_DEC, NULL, 0,
          "Percent; -1 is indeterminate", HFILL } },
        { &hf_restored_checkpoint_id, { "Checkpoint id", "restored.checkpoint.id", FT_UINT64,
          BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_step, { "Checkpoint step", "restored.checkpoint.step", FT_UINT16,
          BASE_HEX, VALS(restored_checkpoint_vals), 0,
          "Low 16 bits of the id; its meaning varies between releases", HFILL } },
        { &hf_restored_checkpoint_name, { "Checkpoint name", "restored.checkpoint.name", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_result, { "Checkpoint result", "restored.checkpoint.result",
          FT_INT64, BASE_DEC | BASE_VAL64_STRING, VALS64(restored_error_vals), 0, NULL, HFILL } },
        { &hf_restored_checkpoint_complete, { "Checkpoint complete",
          "restored.checkpoint.complete", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_error, { "Checkpoint error", "restored.checkpoint.error",
          FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_warning, { "Checkpoint warning", "restored.checkpoint.warning",
          FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_status, { "Status", "restored.status", FT_INT64,
          BASE_DEC | BASE_VAL64_STRING, VALS64(restored_error_vals), 0, NULL, HFILL } },
        { &hf_restored_amr_error, { "AMRestore error", "restored.amr_error", FT_INT64,
          BASE_DEC | BASE_VAL64_STRING, VALS64(restored_error_vals), 0, NULL, HFILL } },
        { &hf_restored_error_text, { "Error description", "restored.error_text", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_log, { "Log", "restored.log", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_previous_log, { "Previous restore's log", "restored.previous_log",
          FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_bb_accepted, { "Baseband firmware accepted", "restored.bb_accepted",
          FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_bb_done, { "Baseband update done", "restored.bb_done", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_backtrace, { "Backtrace", "restored.backtrace", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_restored_answer, { "Answer", "restored.answer", FT_STRING, BASE_NONE, NULL, 0,
          "Keys of the host's answer to a data request", HFILL } },
        { &hf_restored_http_status, { "HTTP status", "restored.http_status", FT_INT64, BASE_DEC,
          NULL, 0, "Of a request made for the device; 0: none", HFILL } },
        { &hf_restored_archive, { "cpio archive", "restored.archive", FT_BYTES, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_response_in, { "Answered in", "restored.response_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL, HFILL } },
        { &hf_restored_request_in, { "Answers", "restored.request_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_restored_response_time, { "Time to answer", "restored.response_time",
          FT_RELATIVE_TIME, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_restored_status, { "restored.status.failed", PI_RESPONSE_CODE, PI_ERROR,
          "The restore failed", EXPFILL } },
        { &ei_restored_checkpoint, { "restored.checkpoint.failed", PI_RESPONSE_CODE, PI_ERROR,
          "A checkpoint failed", EXPFILL } },
        { &ei_restored_unknown, { "restored.msg_type.unknown", PI_UNDECODED, PI_NOTE,
          "Unknown message type", EXPFILL } },
        { &ei_restored_crash, { "restored.crash", PI_RESPONSE_CODE, PI_ERROR, "restored crashed",
          EXPFILL } },
        { &ei_restored_baseband, { "restored.bb_accepted.refused", PI_RESPONSE_CODE, PI_ERROR,
          "The baseband refused its firmware", EXPFILL } },
        { &ei_restored_previous, { "restored.previous_log.present", PI_RESPONSE_CODE, PI_CHAT,
          "The device hands over the log of an earlier restore", EXPFILL } },
        { &ei_restored_http, { "restored.http_status.failed", PI_RESPONSE_CODE, PI_WARN,
          "The host could not fetch what the device asked for", EXPFILL } },
        { &ei_restored_no_message, { "restored.no_message", PI_MALFORMED, PI_WARN,
          "The message is no property list", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_restored };

    proto_restored = proto_register_protocol("Apple Restore Daemon", "RESTORED", "restored");
    proto_register_field_array(proto_restored, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_restored), ei, array_length(ei));
    register_dissector("restored", dissect_restored, proto_restored);
    archive_handle = register_dissector("restored.archive", dissect_archive, proto_restored);
}

void
proto_reg_handoff_restored(void)
{
    asr_handle = find_dissector_add_dependency("asr", proto_restored);
}
