/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restored's requests. One connection runs the restore; further ones, to ask who is there, come and
 * go. There is no session and no TLS. */
#include "samples/lab/vphone/services/restored.h"

#include <string.h>

#include "samples/lab/vphone/services/data.h"

enum { USUAL_PROTOCOL = 15 };

typedef struct {
    lab_restored_t *restored;
    lab_stream_t *stream;
    lab_plist_link_t *link;
} conn_t;

static void
put(plist_t dict, const char *key, const char *text)
{
    plist_dict_set_item(dict, key, plist_new_string(text));
}

void
lab_restored_alter(plist_t message, const lab_act_t *act)
{
    g_autofree char *word =
        g_strdup_printf("%s=%s", lab_act_arg(act, 0, ""), lab_act_arg(act, 1, ""));

    (void)lab_data_put(message, word, NULL);
}

/* ---- values ---- */

static plist_t
hardware_info(lab_phone_t *phone)
{
    static const char *const yes[] = { "ProductionMode", "EffectiveProductionModeAp",
                                       "CertificateSecurityMode", "EffectiveSecurityModeAp",
                                       "SupportsImage4" };
    const lab_identity_t *who = lab_phone_identity(phone);
    plist_t info = plist_new_dict();

    plist_dict_set_item(info, "BoardID", plist_new_uint(who->model->board_id));
    plist_dict_set_item(info, "ChipID", plist_new_uint(who->model->chip_id));
    plist_dict_set_item(info, "SecurityDomain", plist_new_uint(1));
    plist_dict_set_item(info, "UniqueChipID", plist_new_uint(who->ecid));
    for (size_t i = 0; i < G_N_ELEMENTS(yes); i++)
        plist_dict_set_item(info, yes[i], plist_new_bool(1));
    return info;
}

/* What the last restore left behind; the script's line "saved" says it otherwise. */
static plist_t
saved_debug_info(const lab_script_t *script)
{
    const lab_line_t *line = lab_script_find(script, LAB_VERB_SAVED);
    plist_t info = line ? plist_copy(line->message) : plist_new_dict();

    if (!plist_dict_get_item(info, "PreviousExitStatus"))
        put(info, "PreviousExitStatus", "0x20000000");
    return info;
}

/* ---- requests ---- */

static void
query_type(conn_t *conn, plist_t request, plist_t reply)
{
    const lab_identity_t *who = lab_phone_identity(conn->restored->phone);
    const lab_line_t *line = lab_script_find(conn->restored->script, LAB_VERB_PROTOCOL);

    (void)request;
    put(reply, "Type", "com.apple.mobile.restored");
    put(reply, "HardwareModel", who->model->hardware);
    put(reply, "SerialNumber", who->serial);
    put(reply, "UniqueDeviceID", who->udid);
    plist_dict_set_item(reply, "RestoreProtocolVersion",
                        lab_data_int(line ? line->value : USUAL_PROTOCOL));
}

/* One value, or every one when the request names none. */
static void
query_value(conn_t *conn, plist_t request, plist_t reply)
{
    g_autofree char *key = lab_data_text(request, "QueryKey");
    bool hardware = g_strcmp0(key, "HardwareInfo") == 0;
    bool saved = g_strcmp0(key, "SavedDebugInfo") == 0;

    if (hardware || !key)
        plist_dict_set_item(reply, "HardwareInfo", hardware_info(conn->restored->phone));
    if (saved || !key)
        plist_dict_set_item(reply, "SavedDebugInfo", saved_debug_info(conn->restored->script));
    if (key && !hardware && !saved)
        put(reply, "Result", "Failure");
}

static void
succeed(conn_t *conn, plist_t request, plist_t reply)
{
    (void)conn;
    (void)request;
    put(reply, "Result", "Success");
}

static void
fail(conn_t *conn, plist_t request, plist_t reply)
{
    (void)conn;
    (void)request;
    put(reply, "Result", "Failure");
}

static void
hang_up(conn_t *conn)
{
    lab_stream_reset(conn->stream, NULL);
}

static void
reboot(conn_t *conn)
{
    lab_restored_reboot(conn->restored, LAB_MODE_RECOVERY);
}

typedef struct {
    const char *name;
    void (*answer)(conn_t *conn, plist_t request, plist_t reply); /* NULL: no answer */
    void (*after)(conn_t *conn);                                  /* when that is sent */
} request_t;

static const request_t requests[] = {
    { "QueryType", query_type, NULL },
    { "QueryValue", query_value, NULL },
    { "Goodbye", succeed, hang_up },
    { "Reboot", succeed, reboot },
};
static const request_t unknown = { NULL, fail, NULL };

static const request_t *
request_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++)
        if (strcmp(requests[i].name, name) == 0)
            return &requests[i];
    return &unknown;
}

static void
send_reply(conn_t *conn, plist_t reply, const lab_act_t *act)
{
    g_autoptr(GBytes) frame = lab_plist_frame(reply);
    gsize length;
    const void *data = g_bytes_get_data(frame, &length);

    if (act)
        lab_stream_send_marked(conn->stream, data, length, act, "restored answers otherwise");
    else
        lab_stream_send(conn->stream, data, length);
}

/* StartRestore has no answer: the messages of the restore follow it. */
static void
start_restore(conn_t *conn, lab_action_t action, const lab_act_t *act)
{
    lab_restored_t *restored = conn->restored;

    if (restored->run || action == LAB_DO_SILENT || action == LAB_DO_MUTE || action == LAB_DO_RESET)
        return;
    if (restored->waiter)
        g_source_remove(restored->waiter);
    restored->waiter = 0;
    restored->run = lab_run_new(restored, conn->stream);
    if (action == LAB_DO_SAY)
        lab_run_say(restored->run, act);
}

static void
answer(conn_t *conn, const char *name, plist_t message)
{
    const request_t *request = request_find(name);
    plist_t reply = plist_new_dict();
    lab_act_t act;
    lab_action_t action = lab_stream_step(conn->stream, LAB_STEP_RESTORED, name, &act);

    if (action == LAB_DO_DROP_ANSWER) {
        lab_stream_mark_request(conn->stream, &act, "restored does not answer a request");
    } else if (strcmp(name, "StartRestore") == 0) {
        start_restore(conn, action, &act);
    } else {
        put(reply, "Request", name);
        request->answer(conn, message, reply);
        if (action == LAB_DO_ANSWER)
            lab_restored_alter(reply, &act);
        send_reply(conn, reply, action == LAB_DO_ANSWER ? &act : NULL);
        if (request->after)
            request->after(conn);
    }
    plist_free(reply);
}

static void
got(void *self, void *plist)
{
    conn_t *conn = self;
    g_autofree char *request = lab_data_text(plist, "Request");

    if (request)
        answer(conn, request, plist);
    else if (conn->restored->run && lab_run_is_on(conn->restored->run, conn->stream))
        lab_run_take(conn->restored->run, plist);
}

static void
received(void *self, const uint8_t *data, size_t length)
{
    conn_t *conn = self;

    if (!lab_plist_link_feed(conn->link, data, length))
        lab_stream_reset(conn->stream, "recv(4) failed: not a message");
}

static void *
opened(lab_stream_t *stream, lab_phone_t *phone, void *user)
{
    conn_t *conn = g_new0(conn_t, 1);

    (void)phone;
    conn->restored = user;
    conn->stream = stream;
    conn->link = lab_plist_link_new(got, conn);
    return conn;
}

static void
closed(void *self)
{
    conn_t *conn = self;
    lab_run_t *run = conn->restored->run;

    if (run && lab_run_is_on(run, conn->stream))
        lab_run_lost(run);
    lab_plist_link_free(conn->link);
    g_free(conn);
}

const lab_service_t lab_restored_service = {
    .name = "restored",
    .opened = opened,
    .received = received,
    .closed = closed,
};
