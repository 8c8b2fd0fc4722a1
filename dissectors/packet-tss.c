/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * TSS, Apple's signing server: property lists posted over HTTP, answered by a line of text with a
 * ticket in it. Facts: libtatsu, src/tss.c; idevicerestore 405fcd1, src/restore.c (tickets of the
 * updaters).
 *
 * HTTP gives a body to the dissector of its media type. We stand before the ones that TSS bodies
 * come as and hand everything else on, unseen; bodies without a known type reach the heuristic. */

#include "dissectors/compat.h"

#include <epan/conversation.h>
#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>
#include <wsutil/strtoi.h>

#include "dissectors/core/image.h"
#include "dissectors/dissectors.h"
#include "dissectors/export-objects.h"
#include "dissectors/tss-request.h"

enum {
    RECOGNISE_BYTES = 4096,   /* a request shows what it is within these */
    MESSAGE_MAX = 4096,       /* of an answer; real ones have some dozens */
    ITUNES_ERROR_BASE = 3100, /* what a user sees: this plus STATUS */
    ITUNES_STATUS_MAX = 899
};

static const value_string status_names[] = {
    { 0, "success" },
    { 8, "bad baseband request" },
    { 49, "bad baseband data" },
    { 69, "device not eligible for this build" },
    { 94, "device not eligible for the requested build: the firmware is not signed" },
    { 100, "malformed request or internal error" },
    { 126, "internal error or malformed request" },
    { 128, "internal error: wrong or missing tags" },
    { 133, "internal error: wrong or missing tags" },
    { 162, "internal error: wrong or missing tags" },
    { 168, "internal error: wrong or missing tags" },
    { 0, NULL },
};

/* The request of a TCP connection that waits for its answer; first pass only. */
struct tss_conversation {
    struct tss_exchange *waiting; /* NULL when there is none */
    guint32 client_port;
};

enum tss_body { TSS_NONE, TSS_REQUEST, TSS_ANSWER, TSS_NO_STATUS };

struct tss_job {
    enum tss_body body;
    struct tss_exchange *exchange; /* of a request, or the one that is answered; or NULL */
};

static int proto_tss = -1;

static int hf_tss_status = -1;
static int hf_tss_message = -1;
static int hf_tss_request_string = -1;
static int hf_tss_itunes_error = -1;
static int hf_tss_no_status = -1;
static int hf_tss_ticket = -1;
static int hf_tss_ticket_size = -1;
static int hf_tss_ticket_container = -1;
static int hf_tss_request_frame = -1;
static int hf_tss_time = -1;

static gint ett_tss = -1;

static expert_field ei_tss_refused = EI_INIT;
static expert_field ei_tss_no_status = EI_INIT;
static expert_field ei_tss_bad_status = EI_INIT;
static expert_field ei_tss_bad_plist = EI_INIT;

static dissector_handle_t tss_handle;

static gboolean
starts_with(tvbuff_t *tvb, int offset, const char *text)
{
    return tvb_strneql(tvb, offset, text, strlen(text)) == 0;
}

static gboolean
has_ticket_key(const char *text, size_t length)
{
    static const char tag[] = "<key>@";
    const char *end = text + length;
    const char *key = (const char *)memmem(text, length, tag, sizeof tag - 1);

    while (key) {
        const char *name = key + sizeof tag - 2;
        const char *close = (const char *)memchr(name, '<', (size_t)(end - name));

        if (!close)
            return FALSE;
        if (tss_is_ticket_key(name, (size_t)(close - name)))
            return TRUE;
        key = (const char *)memmem(close, (size_t)(end - close), tag, sizeof tag - 1);
    }
    return FALSE;
}

static gboolean
is_request(tvbuff_t *tvb)
{
    static const char platform[] = "<key>@HostPlatformInfo</key>";
    int length = MIN((int)tvb_captured_length(tvb), RECOGNISE_BYTES);
    const char *text;

    if (!starts_with(tvb, 0, "<?xml") && !starts_with(tvb, 0, "<!DOCTYPE plist") &&
        !starts_with(tvb, 0, "<plist"))
        return FALSE;
    text = (const char *)tvb_get_ptr(tvb, 0, length);
    return memmem(text, (size_t)length, "<plist", 6) != NULL &&
           (memmem(text, (size_t)length, platform, sizeof platform - 1) != NULL ||
            has_ticket_key(text, (size_t)length));
}

static struct tss_exchange *
kept_exchange(packet_info *pinfo)
{
    return (struct tss_exchange *)p_get_proto_data(wmem_file_scope(), pinfo, proto_tss,
                                                   pinfo->curr_layer_num);
}

/* The first pass takes the connection's waiting request, later passes find what it took. */
static struct tss_exchange *
take_request(packet_info *pinfo)
{
    struct tss_conversation *state;
    struct tss_exchange *exchange;
    conversation_t *conversation;

    if (PINFO_FD_VISITED(pinfo))
        return kept_exchange(pinfo);
    conversation = find_conversation_pinfo(pinfo, 0);
    state = conversation
                ? (struct tss_conversation *)conversation_get_proto_data(conversation, proto_tss)
                : NULL;
    if (!state || !state->waiting || state->client_port != pinfo->destport)
        return NULL;
    exchange = state->waiting;
    state->waiting = NULL;
    exchange->answer = pinfo->num;
    p_add_proto_data(wmem_file_scope(), pinfo, proto_tss, pinfo->curr_layer_num, exchange);
    return exchange;
}

static struct tss_exchange *
remember_request(packet_info *pinfo)
{
    conversation_t *conversation;
    struct tss_conversation *state;

    if (PINFO_FD_VISITED(pinfo))
        return kept_exchange(pinfo);
    conversation = find_or_create_conversation(pinfo);
    state = (struct tss_conversation *)conversation_get_proto_data(conversation, proto_tss);
    if (!state) {
        state = wmem_new0(wmem_file_scope(), struct tss_conversation);
        conversation_add_proto_data(conversation, proto_tss, state);
    }
    state->waiting = wmem_new0(wmem_file_scope(), struct tss_exchange);
    state->waiting->question = pinfo->num;
    state->waiting->asked = pinfo->abs_ts;
    state->client_port = pinfo->srcport;
    p_add_proto_data(wmem_file_scope(), pinfo, proto_tss, pinfo->curr_layer_num, state->waiting);
    return state->waiting;
}

static struct tss_job
recognise(tvbuff_t *tvb, packet_info *pinfo)
{
    struct tss_job job = { .body = TSS_NONE };

    if (is_request(tvb)) {
        job.body = TSS_REQUEST;
        job.exchange = remember_request(pinfo);
        return job;
    }
    job.exchange = take_request(pinfo);
    if (starts_with(tvb, 0, "STATUS=") && (job.exchange || tvb_find_uint8(tvb, 0, 20, '&') > 0))
        job.body = TSS_ANSWER;
    else if (job.exchange)
        job.body = TSS_NO_STATUS;
    return job;
}

static void
add_request_link(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                 const struct tss_exchange *exchange)
{
    nstime_t elapsed;

    if (!exchange)
        return;
    proto_item_set_generated(
        proto_tree_add_uint(tree, hf_tss_request_frame, tvb, 0, 0, exchange->question));
    nstime_delta(&elapsed, &pinfo->abs_ts, &exchange->asked);
    proto_item_set_generated(proto_tree_add_time(tree, hf_tss_time, tvb, 0, 0, &elapsed));
}

/* The text from start to end, cut at a length no real answer has. */
static const char *
text_between(tvbuff_t *tvb, packet_info *pinfo, int start, int end)
{
    int length = MIN(end - start, MESSAGE_MAX);

    if (length <= 0)
        return "";
    return g_strchomp((char *)tvb_get_string_enc(pinfo->pool, tvb, start, length, ENC_UTF_8));
}

static void
show_status(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int end)
{
    static const int start = (int)sizeof "STATUS=" - 1;
    const char *text = text_between(tvb, pinfo, start, end);
    proto_item *item;
    gint32 status;

    if (!ws_strtoi32(text, NULL, &status)) {
        proto_tree_add_expert(tree, pinfo, &ei_tss_bad_status, tvb, 0, end);
        return;
    }
    item = proto_tree_add_int(tree, hf_tss_status, tvb, 0, end, status);
    col_append_fstr(pinfo->cinfo, COL_INFO, "TSS STATUS=%d", status);
    if (status == 0)
        return;
    expert_add_info_format(pinfo, item, &ei_tss_refused,
                           "The signing server refused with STATUS %d: %s", status,
                           val_to_str_const((guint32)status, status_names, "meaning unknown"));
    if (status < 0 || status > ITUNES_STATUS_MAX)
        return;
    item = proto_tree_add_uint(tree, hf_tss_itunes_error, tvb, start, end - start,
                               (guint32)(ITUNES_ERROR_BASE + status));
    proto_item_set_generated(item);
}

/* Draws the tickets of a successful answer. */
static void
show_tickets(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset)
{
    const struct plist_value *dict = plist_tree_add(tvb, pinfo, tree, offset, -1);
    struct rs_image image;

    if (!dict || dict->type != PLIST_DICT) {
        proto_tree_add_expert(tree, pinfo, &ei_tss_bad_plist, tvb, offset, -1);
        return;
    }
    for (const struct plist_value *v = dict->first_child; v; v = v->next) {
        if (v->type != PLIST_DATA || !v->key || !strstr(v->key, "Ticket"))
            continue;
        proto_tree_add_string(tree, hf_tss_ticket, tvb, v->offset, v->length, v->key);
        export_object(EXPORT_IMAGES, pinfo, v->key, "im4m", v->data, v->data_length);
        proto_tree_add_uint(tree, hf_tss_ticket_size, tvb, v->offset, v->length, v->data_length);
        if (rs_image_recognise(v->head, v->head_length, &image) == RS_OK &&
            image.kind != RS_IMAGE_NONE)
            proto_tree_add_string(tree, hf_tss_ticket_container, tvb, v->offset, v->length,
                                  rs_image_kind_name(image.kind));
    }
}

/* STATUS=<n>&MESSAGE=<text>&REQUEST_STRING=<plist> */
static void
dissect_answer(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    static const char message_tag[] = "&MESSAGE=", plist_tag[] = "&REQUEST_STRING=";
    int length = (int)tvb_captured_length(tvb);
    int status_end = tvb_find_uint8(tvb, 0, length, '&');
    int message, end = length;

    show_status(tvb, pinfo, tree, status_end < 0 ? length : status_end);
    if (status_end < 0 || !starts_with(tvb, status_end, message_tag))
        return;
    message = status_end + (int)sizeof message_tag - 1;
    for (int at = tvb_find_uint8(tvb, message, MESSAGE_MAX, '&'); at >= 0;
         at = tvb_find_uint8(tvb, at + 1, message + MESSAGE_MAX - at, '&')) {
        if (starts_with(tvb, at, plist_tag)) {
            end = at;
            break;
        }
    }
    proto_tree_add_string(tree, hf_tss_message, tvb, status_end, end - status_end,
                          text_between(tvb, pinfo, message, end));
    col_append_fstr(pinfo->cinfo, COL_INFO, " %s", text_between(tvb, pinfo, message, end));
    if (end == length)
        return;
    proto_tree_add_item(tree, hf_tss_request_string, tvb, end, (int)sizeof plist_tag - 1, ENC_NA);
    show_tickets(tvb, pinfo, tree, end + (int)sizeof plist_tag - 1);
}

static int
dissect_tss(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct tss_job *job = (const struct tss_job *)data;
    proto_item *item = proto_tree_add_item(tree, proto_tss, tvb, 0, -1, ENC_NA);
    proto_tree *tss_tree = proto_item_add_subtree(item, ett_tss);
    proto_item *no_status;

    col_append_str(pinfo->cinfo, COL_PROTOCOL, "/TSS");
    if (job->body != TSS_REQUEST)
        add_request_link(tvb, pinfo, tss_tree, job->exchange);
    switch (job->body) {
    case TSS_REQUEST:
        if (!tss_request_add(tvb, pinfo, tss_tree, item, job->exchange))
            expert_add_info(pinfo, item, &ei_tss_bad_plist);
        break;
    case TSS_ANSWER:
        dissect_answer(tvb, pinfo, tss_tree);
        break;
    default:
        no_status = proto_tree_add_boolean(tss_tree, hf_tss_no_status, tvb, 0,
                                           (gint)tvb_captured_length(tvb), TRUE);
        proto_item_set_generated(no_status);
        expert_add_info(pinfo, no_status, &ei_tss_no_status);
        col_append_str(pinfo->cinfo, COL_INFO, "TSS answer without STATUS");
    }
    return (int)tvb_captured_length(tvb);
}

/* Stands before the dissector of a media type. What is not TSS, it gets as if we were not there. */
static int
dissect_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
              dissector_handle_t original)
{
    guint16 can_desegment = pinfo->saved_can_desegment;
    struct tss_job job = recognise(tvb, pinfo);

    if (job.body != TSS_NONE) {
        int used = call_dissector_only(tss_handle, tvb, pinfo, tree, &job);

        if (used > 0 && job.body != TSS_NO_STATUS)
            return used;
    }
    pinfo->can_desegment = can_desegment;
    return call_dissector_only(original, tvb, pinfo, tree, data);
}

static rs_ws_bool
dissect_tss_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct tss_job job = recognise(tvb, pinfo);

    if (job.body == TSS_NONE)
        return FALSE;
    dissect_tss(tvb, pinfo, tree, &job);
    if (job.body == TSS_NO_STATUS)
        call_data_dissector(tvb, pinfo, tree);
    return TRUE;
}

/* X(name, media type): the types TSS bodies come as. */
#define TSS_MEDIA_TYPES(X)                                                                         \
    X(text_xml, "text/xml")                                                                        \
    X(text_html, "text/html")                                                                      \
    X(text_plain, "text/plain")                                                                    \
    X(application_xml, "application/xml")

#define TSS_MEDIA_DISSECTOR(name, type)                                                            \
    static dissector_handle_t original_##name;                                                     \
    static int dissect_##name(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)     \
    {                                                                                              \
        return dissect_media(tvb, pinfo, tree, data, original_##name);                             \
    }
TSS_MEDIA_TYPES(TSS_MEDIA_DISSECTOR)

/* A type nobody dissects is left alone: its bodies reach the heuristic. What belongs to no protocol
 * needs a description of its own since Wireshark 4.6. */
static void
stand_before(const char *type, const char *description, dissector_t dissect,
             dissector_handle_t *ret_original)
{
    *ret_original = dissector_get_string_handle(find_dissector_table("media_type"), type);
    if (*ret_original)
        dissector_add_string(
            "media_type", type,
            create_dissector_handle_with_name_and_description(dissect, -1, NULL, description));
}

void
proto_register_tss(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_tss_status,
          { "Status", "tss.status", FT_INT32, BASE_DEC, VALS(status_names), 0, NULL, HFILL } },
        { &hf_tss_request_string,
          { "Property list with the tickets", "tss.request_string", FT_NONE, BASE_NONE, NULL, 0,
            "Its name in the answer", HFILL } },
        { &hf_tss_message,
          { "Message", "tss.message", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_tss_itunes_error,
          { "iTunes error", "tss.itunes_error", FT_UINT32, BASE_DEC, NULL, 0,
            "What iTunes and Finder show for this status", HFILL } },
        { &hf_tss_no_status,
          { "No STATUS", "tss.no_status", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The answer to a signing request is none of the signing server's", HFILL } },
        { &hf_tss_ticket,
          { "Ticket", "tss.ticket", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_tss_ticket_size,
          { "Ticket size", "tss.ticket.size", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_tss_ticket_container,
          { "Ticket container", "tss.ticket.container", FT_STRING, BASE_NONE, NULL, 0,
            "By its first bytes: IM4M is what boot images are signed by", HFILL } },
        { &hf_tss_request_frame,
          { "Request in", "tss.request_frame", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_tss_time,
          { "Time since request", "tss.time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_tss_refused,
          { "tss.refused", PI_RESPONSE_CODE, PI_ERROR, "The signing server refused", EXPFILL } },
        { &ei_tss_no_status,
          { "tss.no_status.expert", PI_RESPONSE_CODE, PI_WARN,
            "The answer to a signing request carries no STATUS", EXPFILL } },
        { &ei_tss_bad_status,
          { "tss.status.malformed", PI_MALFORMED, PI_WARN, "STATUS is no number", EXPFILL } },
        { &ei_tss_bad_plist,
          { "tss.plist.malformed", PI_MALFORMED, PI_WARN, "Not a property list with a dictionary",
            EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_tss };

    proto_tss = proto_register_protocol("Apple TSS (signing server)", "TSS", "tss");
    proto_register_field_array(proto_tss, hf, G_N_ELEMENTS(hf));
    proto_register_subtree_array(ett, G_N_ELEMENTS(ett));
    expert_register_field_array(expert_register_protocol(proto_tss), ei, G_N_ELEMENTS(ei));
    tss_request_register(proto_tss);
    tss_handle = create_dissector_handle(dissect_tss, proto_tss);
}

void
proto_reg_handoff_tss(void)
{
#define TSS_STAND_BEFORE(name, type)                                                               \
    stand_before(type, "TSS, else " type, dissect_##name, &original_##name);
    TSS_MEDIA_TYPES(TSS_STAND_BEFORE)
#undef TSS_STAND_BEFORE
    heur_dissector_add("http", dissect_tss_heur, "TSS over HTTP", "tss_http", proto_tss,
                       HEURISTIC_ENABLE);
}
