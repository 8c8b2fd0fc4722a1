/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lockdownd, the first service of a device in its normal system (usbmux port 62078): requests with
 * a key Request, answers that repeat it, errors as strings. Facts: libimobiledevice fa0f791,
 * src/lockdown.c. Called with one message's body by the framing in plist-service.c, in clear and
 * inside session TLS.
 *
 * What opens that TLS: a key log of the host's program. Where old devices agree on RSA key exchange
 * the private key of the device would do, as one of Wireshark's RSA keys. A pair record has only
 * the keys of the host, which sign and open nothing.
 */

#include <epan/expert.h>

#include "dissectors/compat.h"
#include "dissectors/dissectors.h"
#include "dissectors/lockdown-values.h"
#include "dissectors/message-tables.h"
#include "dissectors/mux-service.h"
#include "dissectors/plist-fields.h"
#include "dissectors/plist-service.h"
#include "dissectors/usbmux.h"

static int proto_lockdown;
static int hf_lockdown_request = -1;
static int hf_lockdown_error = -1;
static int hf_lockdown_key = -1;
static int hf_lockdown_value = -1;
static int hf_lockdown_domain = -1;
static int hf_lockdown_service = -1;
static int hf_lockdown_port = -1;
static int hf_lockdown_service_ssl = -1;
static int hf_lockdown_session_ssl = -1;
static int hf_lockdown_session_id = -1;
static int hf_lockdown_host_id = -1;
static int hf_lockdown_system_buid = -1;
static int hf_lockdown_type = -1;
static int hf_lockdown_label = -1;
static int hf_lockdown_result = -1;
static int hf_lockdown_ecid = -1;
static int hf_lockdown_product_type = -1;
static int hf_lockdown_product_version = -1;
static int hf_lockdown_response_in = -1;
static int hf_lockdown_request_in = -1;
static int hf_lockdown_response_time = -1;
static int lockdown_tables;
static gint ett_lockdown = -1;
static expert_field ei_lockdown_error = EI_INIT;
static expert_field ei_lockdown_refused = EI_INIT;
static expert_field ei_lockdown_no_message = EI_INIT;

static const struct plist_field message_fields[] = {
    { "Request", &hf_lockdown_request },
    { "Domain", &hf_lockdown_domain },
    { "Key", &hf_lockdown_key },
    { "Value", &hf_lockdown_value },
    { "Service", &hf_lockdown_service },
    { "Port", &hf_lockdown_port },
    { "EnableServiceSSL", &hf_lockdown_service_ssl },
    { "SessionID", &hf_lockdown_session_id },
    { "EnableSessionSSL", &hf_lockdown_session_ssl },
    { "HostID", &hf_lockdown_host_id },
    { "SystemBUID", &hf_lockdown_system_buid },
    { "Type", &hf_lockdown_type },
    { "Label", &hf_lockdown_label },
    { "Result", &hf_lockdown_result },
};

/* Values that say which device it is: asked for one by one or all at once. */
static const struct plist_field identity_fields[] = {
    { "ProductType", &hf_lockdown_product_type },
    { "ProductVersion", &hf_lockdown_product_version },
};

enum refusal { NOTE, WARN };

struct lockdown_error {
    const char *name;
    enum refusal severity;
    const char *meaning;
};

#define ERROR_ROW(name, severity, meaning) { #name, (severity), (meaning) },
static const struct lockdown_error errors[] = { LOCKDOWN_ERRORS(ERROR_ROW) };

static void
add_error(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct plist_value *values)
{
    static const struct lockdown_error unknown = { NULL, WARN,
                                                   "an error this program has no words for" };
    const struct plist_value *value = plist_dict_get(values, "Error");
    proto_item *item = plist_field_add(tree, tvb, pinfo, hf_lockdown_error, value);
    const struct lockdown_error *error = &unknown;
    const char *name;

    if (!value)
        return;
    name = plist_value_text(pinfo, value);
    for (guint i = 0; i < array_length(errors); i++) {
        if (strcmp(errors[i].name, name) == 0)
            error = &errors[i];
    }
    proto_item_append_text(item, " (%s)", error->meaning);
    expert_add_info_format(pinfo, item,
                           error->severity == WARN ? &ei_lockdown_refused : &ei_lockdown_error,
                           "lockdownd answers %s: %s", name, error->meaning);
}

static void
add_identity(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct plist_value *values)
{
    const struct plist_value *value = plist_dict_get(values, "Value");
    const char *key = plist_dict_string(values, "Key");

    if (value && value->type == PLIST_DICT) {
        plist_hex_add(tree, tvb, pinfo, hf_lockdown_ecid, plist_dict_get(value, "UniqueChipID"));
        plist_fields_add(tree, tvb, pinfo, value, identity_fields, array_length(identity_fields));
    }
    if (key && strcmp(key, "UniqueChipID") == 0)
        plist_hex_add(tree, tvb, pinfo, hf_lockdown_ecid, value);
    for (guint i = 0; value && key && i < array_length(identity_fields); i++) {
        if (strcmp(identity_fields[i].key, key) == 0)
            plist_field_add(tree, tvb, pinfo, *identity_fields[i].hf, value);
    }
}

/* What the info column says of a message after its name. */
static void
append_details(packet_info *pinfo, const struct plist_value *values)
{
    static const char *const shown[] = { "Domain", "Key", "Service" };
    const struct plist_value *value;

    for (guint i = 0; i < array_length(shown); i++) {
        const char *text = plist_dict_string(values, shown[i]);

        if (text)
            col_append_fstr(pinfo->cinfo, COL_INFO, " %s", text);
    }
    if ((value = plist_dict_get(values, "Value")) != NULL)
        col_append_fstr(pinfo->cinfo, COL_INFO, " = %s", plist_value_text(pinfo, value));
    if ((value = plist_dict_get(values, "Type")) != NULL)
        col_append_fstr(pinfo->cinfo, COL_INFO, " %s", plist_value_text(pinfo, value));
    if ((value = plist_dict_get(values, "Port")) != NULL)
        col_append_fstr(pinfo->cinfo, COL_INFO, " on port %s", plist_value_text(pinfo, value));
    if ((value = plist_dict_get(values, "Result")) != NULL)
        col_append_fstr(pinfo->cinfo, COL_INFO, " %s", plist_value_text(pinfo, value));
    if ((value = plist_dict_get(values, "Error")) != NULL)
        col_append_fstr(pinfo->cinfo, COL_INFO, ": %s", plist_value_text(pinfo, value));
}

static const char *
request_detail(const struct plist_value *values)
{
    const char *key = plist_dict_string(values, "Key");

    return key ? key : plist_dict_string(values, "Service");
}

static void
add_request(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct plist_value *values,
            guint nth)
{
    const char *request = plist_dict_string(values, "Request");
    struct mux_exchange *exchange =
        mux_exchange_question(pinfo, nth, request ? request : "unnamed request");

    mux_info(pinfo, "%s", request ? request : "unnamed request");
    message_tables_tell(lockdown_tables, pinfo, request, request_detail(values));
    if (exchange && exchange->answer) {
        proto_item *item =
            proto_tree_add_uint(tree, hf_lockdown_response_in, tvb, 0, 0, exchange->answer);
        proto_item_set_generated(item);
    }
}

/* What an answer changes: streams that become TLS, and ports that get a meaning. First pass only.
 */
static void
act_on_reply(packet_info *pinfo, const struct plist_value *values, const char *request,
             struct mux_exchange *exchange)
{
    gboolean is_ssl = FALSE;
    gint64 port = 0;

    if (plist_dict_get(values, "Error") || PINFO_FD_VISITED(pinfo))
        return;
    if (strcmp(request, "StartSession") == 0 &&
        plist_dict_boolean(values, "EnableSessionSSL", &is_ssl) && is_ssl)
        plist_service_start_tls(pinfo);
    if (strcmp(request, "StopSession") == 0)
        plist_service_stop_tls(pinfo);
    if (strcmp(request, "StartService") == 0 && exchange &&
        plist_dict_integer(values, "Port", &port) && port > 0 && port <= G_MAXUINT16) {
        const char *service = plist_dict_string(values, "Service");
        struct mux_exchange *started = wmem_new0(wmem_file_scope(), struct mux_exchange);

        started->name = wmem_strdup(wmem_file_scope(), service ? service : "service");
        started->question = exchange->question;
        mux_service_announce(pinfo, (guint16)port, started, plist_service_handle());
    }
}

static void
add_reply(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct plist_value *values,
          guint nth)
{
    struct mux_exchange *exchange = mux_exchange_answer(pinfo, nth);
    const char *request = plist_dict_string(values, "Request");
    proto_item *item;
    nstime_t delta;

    if (!request)
        request = exchange ? exchange->name : "unnamed";
    mux_info(pinfo, "%s reply", request);
    if (exchange) {
        item = proto_tree_add_uint(tree, hf_lockdown_request_in, tvb, 0, 0, exchange->question);
        proto_item_set_generated(item);
        nstime_delta(&delta, &pinfo->abs_ts, &exchange->asked);
        item = proto_tree_add_time(tree, hf_lockdown_response_time, tvb, 0, 0, &delta);
        proto_item_set_generated(item);
        message_tables_answered(lockdown_tables, pinfo, exchange);
    }
    act_on_reply(pinfo, values, request, exchange);
}

static int
dissect_lockdown(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct plist_message *message = (const struct plist_message *)data;
    const struct plist_value *values;
    proto_tree *lockdown_tree;
    proto_item *item;

    if (!message)
        return 0;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "LOCKDOWN");
    item = proto_tree_add_item(tree, proto_lockdown, tvb, 0, -1, ENC_NA);
    lockdown_tree = proto_item_add_subtree(item, ett_lockdown);
    values = plist_tree_add(tvb, pinfo, lockdown_tree, 0, -1);
    if (!values) {
        if (tvb_captured_length(tvb) == tvb_reported_length(tvb))
            expert_add_info(pinfo, item, &ei_lockdown_no_message);
        mux_info(pinfo, "no property list");
        return (int)tvb_captured_length(tvb);
    }
    plist_fields_add(lockdown_tree, tvb, pinfo, values, message_fields,
                     array_length(message_fields));
    add_identity(tvb, pinfo, lockdown_tree, values);
    add_error(tvb, pinfo, lockdown_tree, values);
    if (usbmux_from_host(pinfo))
        add_request(tvb, pinfo, lockdown_tree, values, message->nth);
    else
        add_reply(tvb, pinfo, lockdown_tree, values, message->nth);
    append_details(pinfo, values);
    if (plist_dict_string(values, "Request"))
        proto_item_append_text(item, ", %s %s", plist_dict_string(values, "Request"),
                               usbmux_from_host(pinfo) ? "request" : "reply");
    return (int)tvb_captured_length(tvb);
}

void
proto_register_lockdown(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_lockdown_request, { "Request", "lockdown.request", FT_STRING, BASE_NONE, NULL, 0,
          "Answers repeat it", HFILL } },
        { &hf_lockdown_error, { "Error", "lockdown.error", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_lockdown_key, { "Key", "lockdown.key", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_lockdown_value, { "Value", "lockdown.value", FT_STRING, BASE_NONE, NULL, 0,
          "As text, whatever its type", HFILL } },
        { &hf_lockdown_domain, { "Domain", "lockdown.domain", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_lockdown_service, { "Service", "lockdown.service", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_lockdown_port, { "Port", "lockdown.port", FT_UINT16, BASE_DEC, NULL, 0,
          "Where the started service listens", HFILL } },
        { &hf_lockdown_service_ssl, { "Service uses TLS", "lockdown.service_ssl", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_lockdown_session_ssl, { "Session uses TLS", "lockdown.session_ssl", FT_BOOLEAN,
          BASE_NONE, NULL, 0, "If so, TLS starts on this stream with the host's next byte",
          HFILL } },
        { &hf_lockdown_session_id, { "Session id", "lockdown.session_id", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_lockdown_host_id, { "Host id", "lockdown.host_id", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_lockdown_system_buid, { "System BUID", "lockdown.system_buid", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_lockdown_type, { "Type", "lockdown.type", FT_STRING, BASE_NONE, NULL, 0,
          "Who answers on this port", HFILL } },
        { &hf_lockdown_label, { "Label", "lockdown.label", FT_STRING, BASE_NONE, NULL, 0,
          "The program that asks", HFILL } },
        { &hf_lockdown_result, { "Result", "lockdown.result", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_lockdown_ecid, { "ECID", "lockdown.ecid", FT_STRING, BASE_NONE, NULL, 0,
          "UniqueChipID in hexadecimal", HFILL } },
        { &hf_lockdown_product_type, { "Product type", "lockdown.product_type", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_lockdown_product_version, { "Product version", "lockdown.product_version", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_lockdown_response_in, { "Answered in", "lockdown.response_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL, HFILL } },
        { &hf_lockdown_request_in, { "Answers", "lockdown.request_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_lockdown_response_time, { "Time to answer", "lockdown.response_time",
          FT_RELATIVE_TIME, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_lockdown_error, { "lockdown.error.note", PI_RESPONSE_CODE, PI_NOTE,
          "lockdownd answers with an error", EXPFILL } },
        { &ei_lockdown_refused, { "lockdown.error.refused", PI_RESPONSE_CODE, PI_WARN,
          "lockdownd refuses", EXPFILL } },
        { &ei_lockdown_no_message, { "lockdown.no_message", PI_MALFORMED, PI_WARN,
          "The message is no property list", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_lockdown };

    proto_lockdown = proto_register_protocol("Apple Lockdown", "LOCKDOWN", "lockdown");
    proto_register_field_array(proto_lockdown, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_lockdown), ei, array_length(ei));
    lockdown_tables = message_tables_register(proto_lockdown, "lockdown");
    register_dissector("lockdown", dissect_lockdown, proto_lockdown);
    mux_service_register(proto_lockdown);
    plist_service_register();
}

void
proto_reg_handoff_lockdown(void)
{
    plist_service_handoff();
}
