/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a restored asks the host for, and what the host answers: DataRequestMsg and its kin. With a
 * DataPort the answer goes there, otherwise over the connection of the request. Asynchronous
 * requests open a context, which later messages name. Facts: idevicerestore 405fcd1, src/restore.c;
 * pymobiledevice3 62e2957, restore/restore.py. */

#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

#include "dissectors/compat.h"
#include "dissectors/core/image.h"
#include "dissectors/export-objects.h"
#include "dissectors/plist-service.h"
#include "dissectors/restored-data-types.h"
#include "dissectors/restored-message.h"

#define ASR_PORT 12345

enum {
    CONTEXT_KEY = 1 << 16, /* of the notes of a frame: the messages themselves count from 0 */
    ANSWER_KEYS_MAX = 4,   /* in one line */
    ANSWER_IMAGES_MAX = 256
};

static int proto_owner = -1; /* of packet-restored.c */
static int hf_restored_data_meaning = -1, hf_restored_updater = -1, hf_restored_url = -1;
static int hf_restored_method = -1, hf_restored_image_name = -1, hf_restored_image_type = -1;
static int hf_restored_variant = -1, hf_restored_loop = -1;
static int hf_restored_answer = -1, hf_restored_answer_image = -1, hf_restored_attest = -1;
static int hf_restored_response_in = -1, hf_restored_request_in = -1;
static int hf_restored_response_time = -1, hf_restored_context_in = -1;
static expert_field ei_restored_http = EI_INIT;
static expert_field ei_restored_data_unknown = EI_INIT;

static dissector_handle_t asr_handle, archive_handle;

/* AsyncContextUUID -> number of the frame that asked. */
static wmem_map_t *contexts;

static const struct plist_field argument_fields[] = {
    { "ImageName", &hf_restored_image_name },
    { "ImageType", &hf_restored_image_type },
    { "MessageArgUpdaterName", &hf_restored_updater },
    { "MessageArgUpdaterLoopCount", &hf_restored_loop },
    { "RequestURL", &hf_restored_url },
    { "RequestMethod", &hf_restored_method },
    { "Variant", &hf_restored_variant },
};

struct data_type {
    const char *name, *meaning;
};

#define DATA_TYPE_ROW(name, meaning) { #name, (meaning) },
static const struct data_type data_types[] = { RESTORED_DATA_TYPES(DATA_TYPE_ROW) };

static void
add_meaning(const struct restored_message *message, const char *data_type)
{
    for (guint i = 0; i < array_length(data_types); i++) {
        if (strcmp(data_types[i].name, data_type) != 0)
            continue;
        if (data_types[i].meaning)
            proto_item_set_generated(proto_tree_add_string(message->tree, hf_restored_data_meaning,
                                                           message->tvb, 0, 0,
                                                           data_types[i].meaning));
        return;
    }
    expert_add_info_format(message->pinfo, message->item, &ei_restored_data_unknown,
                           "Unknown data type %s", data_type);
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

void
restored_add_links(const struct restored_message *message, const struct mux_exchange *exchange,
                   gboolean is_answer)
{
    proto_item *item;
    nstime_t delta;

    if (exchange && is_answer) {
        restored_count_answer(message->pinfo, exchange);
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

void
restored_add_data_request(const struct restored_message *message)
{
    packet_info *pinfo = message->pinfo;
    const char *data_type = plist_dict_string(message->values, "DataType");
    const struct plist_value *arguments = plist_dict_dict(message->values, "Arguments");
    struct mux_exchange *exchange;
    gint64 port = 0;

    if (!data_type)
        data_type = message->type;
    add_meaning(message, data_type);
    plist_fields_add(message->tree, message->tvb, pinfo, arguments, argument_fields,
                     array_length(argument_fields));
    restored_append_info(message, "DataType");
    if (plist_dict_integer(message->values, "DataPort", &port))
        col_append_fstr(pinfo->cinfo, COL_INFO, " on port %" G_GINT64_FORMAT, port);
    if (port == 0 && handle_for_data(data_type) == asr_handle)
        port = ASR_PORT;
    if (port > 0 && port <= G_MAXUINT16) {
        exchange = mux_exchange_elsewhere(pinfo, message->nth, data_type);
        mux_service_announce(pinfo, (guint16)port, exchange, handle_for_data(data_type));
    } else {
        exchange = mux_exchange_question(pinfo, message->nth, data_type);
    }
    restored_add_links(message, exchange, FALSE);
}

/* First pass: the first message with a context is the request that opened it. */
static guint32
frame_of_context(const struct restored_message *message, const char *context)
{
    guint32 frame;

    if (!contexts)
        contexts =
            wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_str_hash, g_str_equal);
    frame = GPOINTER_TO_UINT(wmem_map_lookup(contexts, context));
    if (frame != 0)
        return frame;
    if (message->type && strcmp(message->type, "AsyncDataRequestMsg") == 0)
        wmem_map_insert(contexts, wmem_strdup(wmem_file_scope(), context),
                        GUINT_TO_POINTER(message->pinfo->num));
    return 0;
}

void
restored_add_context(const struct restored_message *message)
{
    const char *context = plist_dict_string(message->values, "AsyncContextUUID");
    guint key = CONTEXT_KEY + message->nth;
    packet_info *pinfo = message->pinfo;
    guint32 frame;

    if (!context)
        return;
    if (!PINFO_FD_VISITED(pinfo))
        p_add_proto_data(wmem_file_scope(), pinfo, proto_owner, key,
                         GUINT_TO_POINTER(frame_of_context(message, context)));
    frame = GPOINTER_TO_UINT(p_get_proto_data(wmem_file_scope(), pinfo, proto_owner, key));
    if (frame != 0)
        proto_item_set_generated(
            proto_tree_add_uint(message->tree, hf_restored_context_in, message->tvb, 0, 0, frame));
}

/* Says of every image in an answer what it is: below a key, in a list or in a dictionary of it. */
static void
add_images(const struct restored_message *message, const struct plist_value *value,
           const char *name, guint *count)
{
    struct rs_image image;
    const char *component;

    for (; value && *count < ANSWER_IMAGES_MAX; value = value->next) {
        const char *key = value->key ? value->key : name;

        if (value->type == PLIST_DICT || value->type == PLIST_ARRAY)
            add_images(message, value->first_child, key, count);
        if (value->type != PLIST_DATA || value->head_length == 0 ||
            rs_image_recognise(value->head, value->head_length, &image) != RS_OK ||
            image.kind == RS_IMAGE_NONE)
            continue;
        ++*count;
        component = rs_image_component(image.fourcc);
        proto_item_set_generated(proto_tree_add_string(
            message->tree, hf_restored_answer_image, message->tvb, value->offset,
            tvb_bytes_exist(message->tvb, value->offset, value->length) ? value->length : 0,
            wmem_strdup_printf(message->pinfo->pool, "%s: %s%s%s%s%s, %s", key ? key : "data",
                               rs_image_kind_name(image.kind), *image.fourcc ? " " : "",
                               image.fourcc, component ? " " : "", component ? component : "",
                               size_text(message->pinfo, value->data_length))));
    }
}

static const char *
answer_text(const struct restored_message *message)
{
    wmem_strbuf_t *text = wmem_strbuf_new(message->pinfo->pool, "");
    const struct plist_value *value = message->values ? message->values->first_child : NULL;

    for (guint shown = 0; value && shown < ANSWER_KEYS_MAX; value = value->next, shown++) {
        wmem_strbuf_append_printf(text, "%s%s", shown > 0 ? ", " : "",
                                  value->key ? value->key : "");
        if (value->type == PLIST_DATA)
            wmem_strbuf_append_printf(text, " (%s)", size_text(message->pinfo, value->data_length));
    }
    if (!message->values)
        wmem_strbuf_append(text, "not in the capture");
    else if (wmem_strbuf_get_len(text) == 0)
        wmem_strbuf_append(text, "nothing");
    return wmem_strbuf_get_str(text);
}

/* Tickets are worth a file; images are in the property list's. */
static void
export_tickets(const struct restored_message *message)
{
    const struct plist_value *value = message->values ? message->values->first_child : NULL;

    for (; value; value = value->next) {
        if (value->type == PLIST_DATA && value->key && strstr(value->key, "Ticket"))
            export_object(EXPORT_IMAGES, message->pinfo, value->key, "im4m", value->data,
                          value->data_length);
    }
}

/* Its keys say what it is. */
void
restored_add_answer(const struct restored_message *message)
{
    const struct mux_exchange *exchange = mux_exchange_answer(message->pinfo, message->nth);
    const char *text = answer_text(message);
    gint64 http_status = 200;
    guint images = 0;
    proto_item *item =
        proto_tree_add_string(message->tree, hf_restored_answer, message->tvb, 0, 0, text);

    proto_item_set_generated(item);
    if (plist_dict_integer(message->values, "ResponseStatus", &http_status) &&
        (http_status < 200 || http_status > 299))
        expert_add_info_format(
            message->pinfo, item, &ei_restored_http,
            "The host's HTTP request for the device ended with %" G_GINT64_FORMAT, http_status);
    restored_add_value(message, hf_restored_attest, "RestoreShouldAttest");
    if (message->values)
        add_images(message, message->values->first_child, NULL, &images);
    export_tickets(message);
    mux_info(message->pinfo, "%s answer: %s", exchange ? exchange->name : "data", text);
    restored_add_links(message, exchange, TRUE);
}

void
restored_data_register(int proto, dissector_handle_t archive)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_restored_data_meaning, { "What it is", "restored.data_type.meaning", FT_STRING,
          BASE_NONE, NULL, 0, "Of the data type", HFILL } },
        { &hf_restored_image_name, { "Image name", "restored.image_name", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_restored_image_type, { "Image type", "restored.image_type", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_restored_variant, { "Variant", "restored.variant", FT_STRING, BASE_NONE, NULL, 0,
          "Of the build", HFILL } },
        { &hf_restored_updater, { "Updater", "restored.updater", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restored_loop, { "Updater's turn", "restored.updater.loop", FT_INT64, BASE_DEC, NULL,
          0, "An updater may ask several times", HFILL } },
        { &hf_restored_url, { "URL", "restored.url", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_method, { "HTTP method", "restored.http_method", FT_STRING, BASE_NONE, NULL,
          0, "Of the request the host makes for the device", HFILL } },
        { &hf_restored_answer, { "Answer", "restored.answer", FT_STRING, BASE_NONE, NULL, 0,
          "Keys of the host's answer to a data request", HFILL } },
        { &hf_restored_answer_image, { "Image", "restored.answer.image", FT_STRING, BASE_NONE,
          NULL, 0, "By its first bytes", HFILL } },
        { &hf_restored_attest, { "Shall attest", "restored.should_attest", FT_BOOLEAN, BASE_NONE,
          NULL, 0, "Answer to RestoreAttestation", HFILL } },
        { &hf_restored_context_in, { "Context opened in", "restored.async_context.frame",
          FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0,
          "The request this message belongs to", HFILL } },
        { &hf_restored_response_in, { "Answered in", "restored.response_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL, HFILL } },
        { &hf_restored_request_in, { "Answers", "restored.request_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_restored_response_time, { "Time to answer", "restored.response_time",
          FT_RELATIVE_TIME, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_restored_http, { "restored.http_status.failed", PI_RESPONSE_CODE, PI_WARN,
          "The host could not fetch what the device asked for", EXPFILL } },
        { &ei_restored_data_unknown, { "restored.data_type.unknown", PI_UNDECODED, PI_NOTE,
          "Unknown data type", EXPFILL } },
    };
    /* clang-format on */

    proto_owner = proto;
    archive_handle = archive;
    proto_register_field_array(proto, hf, array_length(hf));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}

void
restored_data_handoff(int proto)
{
    asr_handle = find_dissector_add_dependency("asr", proto);
}
