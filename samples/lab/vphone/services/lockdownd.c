/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lockdownd: one connection, its requests and its session (protocol: libimobiledevice 1.3.0,
 * src/lockdown.c). As phones do, it lets hosts it does not know ask for values and send the phone
 * to recovery mode; services that belong to the user need a session. */
#include <string.h>

#include "samples/lab/vphone/services/data.h"
#include "samples/lab/vphone/services/lockdownd.h"

enum { LEAVE_MS = 700, RETURN_MS = 2500, ESCROW_BAG = 32 };

#define TYPE "com.apple.mobile.lockdown"

typedef struct {
    lab_stream_t *stream;
    lab_phone_t *phone;
    lab_channel_t *channel;
    char *session_id;  /* NULL: no session */
    char *certificate; /* the device's, for the host of the session */
} lockdownd_t;

/* The name of an error or NULL; adds to `reply` what belongs there. */
typedef const char *answer_fn(lockdownd_t *l, plist_t request, plist_t reply);
/* What the answer brings about once it was sent. */
typedef void then_fn(lockdownd_t *l, plist_t reply);

static unsigned
milliseconds(const lab_phone_t *phone, const char *key, unsigned fallback)
{
    const char *text = lab_phone_config(phone, key, NULL);
    gint64 value;

    return text && lab_scenario_number(text, &value) ? (unsigned)value : fallback;
}

void
lab_lockdown_leave_for(lab_phone_t *phone, lab_mode_t mode)
{
    lab_phone_identity(phone)->stage = 0;
    lab_phone_enter_soon(phone, milliseconds(phone, "leave_ms", LEAVE_MS), mode,
                         milliseconds(phone, "return_ms", RETURN_MS));
}

static bool
is_yes(const lab_phone_t *phone, const char *key, const char *fallback)
{
    return strcmp(lab_phone_config(phone, key, fallback), "yes") == 0;
}

/* ---- values ---- */

static const char *
query_type(lockdownd_t *l, plist_t request, plist_t reply)
{
    (void)l;
    (void)request;
    plist_dict_set_item(reply, "Type", plist_new_string(TYPE));
    return NULL;
}

/* No domain but the nameless one has anything in it. */
static const char *
get_value(lockdownd_t *l, plist_t request, plist_t reply)
{
    g_autofree char *key = lab_data_text(request, "Key");
    plist_t value = NULL;

    if (!plist_dict_get_item(request, "Domain"))
        value = key ? lab_lockdown_value(l->phone, key) : lab_lockdown_values(l->phone);
    if (!value)
        return "MissingValue";
    plist_dict_set_item(reply, "Value", value);
    return NULL;
}

/* Without a session a host may only leave its name, for the question whether to trust it. */
static const char *
set_or_remove(lockdownd_t *l, plist_t request, plist_t value)
{
    g_autofree char *key = lab_data_text(request, "Key");

    if (!key)
        return "MissingKey";
    if (!l->session_id && strcmp(key, "UntrustedHostBUID") != 0)
        return "SessionInactive";
    if (plist_dict_get_item(request, "Domain"))
        return value ? "SetProhibited" : "RemoveProhibited";
    return lab_lockdown_set(l->phone, key, value);
}

static const char *
set_value(lockdownd_t *l, plist_t request, plist_t reply)
{
    plist_t value = plist_dict_get_item(request, "Value");
    const char *error = value ? set_or_remove(l, request, value) : "MissingValue";

    if (!error)
        plist_dict_set_item(reply, "Value", plist_copy(value));
    return error;
}

static const char *
remove_value(lockdownd_t *l, plist_t request, plist_t reply)
{
    (void)reply;
    return set_or_remove(l, request, NULL);
}

/* ---- pairing ---- */

/* A user who does not trust this computer leaves the question on the screen. One who refuses it, or
 * takes a while, is a fault of the scenario. */
static const char *
pair(lockdownd_t *l, plist_t request, plist_t reply)
{
    static const char escrow_bag[ESCROW_BAG];
    const char *error;

    if (is_yes(l->phone, "locked", "no"))
        return "PasswordProtected";
    if (!is_yes(l->phone, "trusted", "yes"))
        return "PairingDialogResponsePending";
    error = lab_pair(l->phone, plist_dict_get_item(request, "PairRecord"));
    if (!error)
        plist_dict_set_item(reply, "EscrowBag", plist_new_data(escrow_bag, sizeof escrow_bag));
    return error;
}

static const char *
validate_pair(lockdownd_t *l, plist_t request, plist_t reply)
{
    plist_t record = plist_dict_get_item(request, "PairRecord");
    g_autofree char *host_id = lab_data_text(record, "HostID");

    (void)reply;
    return record ? lab_pair_check(l->phone, host_id) : "MissingPairRecord";
}

static const char *
unpair(lockdownd_t *l, plist_t request, plist_t reply)
{
    g_autofree char *host_id = lab_data_text(plist_dict_get_item(request, "PairRecord"), "HostID");
    const char *error = validate_pair(l, request, reply);

    if (!error)
        lab_pair_forget(l->phone, host_id);
    return error;
}

/* ---- sessions ---- */

static const char *
start_session(lockdownd_t *l, plist_t request, plist_t reply)
{
    g_autofree char *host_id = lab_data_text(request, "HostID");
    g_autofree char *uuid = g_uuid_string_random();
    const char *error = lab_pair_check(l->phone, host_id);

    if (l->session_id)
        return "SessionActive";
    if (error)
        return error;
    l->session_id = g_ascii_strup(uuid, -1);
    l->certificate = g_strdup(lab_pair_certificate(l->phone, host_id));
    plist_dict_set_item(reply, "SessionID", plist_new_string(l->session_id));
    plist_dict_set_item(reply, "EnableSessionSSL", plist_new_bool(1));
    return NULL;
}

/* What the answer said counts, which a fault may have changed. */
static void
secure(lockdownd_t *l, plist_t reply)
{
    plist_t node = plist_dict_get_item(reply, "EnableSessionSSL");
    uint8_t is_on = 0;

    if (node && plist_get_node_type(node) == PLIST_BOOLEAN)
        plist_get_bool_val(node, &is_on);
    if (is_on && !lab_channel_secure(l->channel, l->certificate, true))
        lab_stream_reset(l->stream, NULL);
}

static void
end_session(lockdownd_t *l)
{
    g_clear_pointer(&l->session_id, g_free);
    g_clear_pointer(&l->certificate, g_free);
}

static const char *
stop_session(lockdownd_t *l, plist_t request, plist_t reply)
{
    g_autofree char *session_id = lab_data_text(request, "SessionID");

    (void)reply;
    if (!l->session_id)
        return "SessionInactive";
    if (!session_id)
        return "MissingSessionID";
    if (strcmp(session_id, l->session_id) != 0)
        return "InvalidSessionID";
    end_session(l);
    return NULL;
}

static void
unsecure(lockdownd_t *l, plist_t reply)
{
    (void)reply;
    lab_channel_unsecure(l->channel);
}

/* ---- the rest ---- */

static const char *
start_service(lockdownd_t *l, plist_t request, plist_t reply)
{
    g_autofree char *name = lab_data_text(request, "Service");
    const char *error;
    uint16_t port = 0;
    bool tls = false;

    if (!name)
        return "MissingService";
    error = lab_small_service_start(lab_stream_mux(l->stream), name, l->certificate, &port, &tls);
    if (error)
        return error;
    plist_dict_set_item(reply, "Port", plist_new_uint(port));
    if (tls)
        plist_dict_set_item(reply, "EnableServiceSSL", plist_new_bool(1));
    return NULL;
}

static const char *
agree(lockdownd_t *l, plist_t request, plist_t reply)
{
    (void)l;
    (void)request;
    (void)reply;
    return NULL;
}

static void
enter_recovery(lockdownd_t *l, plist_t reply)
{
    (void)reply;
    lab_lockdown_leave_for(l->phone, LAB_MODE_RECOVERY);
}

static const struct request {
    const char *name;
    answer_fn *answer;
    then_fn *then;
} requests[] = {
    { "QueryType", query_type, NULL },
    { "GetValue", get_value, NULL },
    { "SetValue", set_value, NULL },
    { "RemoveValue", remove_value, NULL },
    { "Pair", pair, NULL },
    { "ValidatePair", validate_pair, NULL },
    { "Unpair", unpair, NULL },
    { "StartSession", start_session, secure },
    { "StopSession", stop_session, unsecure },
    { "StartService", start_service, NULL },
    { "EnterRecovery", agree, enter_recovery },
    { "Goodbye", agree, NULL },
};

/* ---- answers ---- */

static const struct request *
find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++)
        if (strcmp(requests[i].name, name) == 0)
            return &requests[i];
    return NULL;
}

/* The head of an answer: what was asked. */
static plist_t
reply_to(plist_t request)
{
    static const char *const keys[] = { "Request", "Domain", "Key", "Service" };
    plist_t reply = plist_new_dict();

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        plist_t value = plist_dict_get_item(request, keys[i]);

        if (value)
            plist_dict_set_item(reply, keys[i], plist_copy(value));
    }
    return reply;
}

/* What the fault wants changed in the answer; the mark's text, to be freed with g_free(). */
static char *
spoil(plist_t reply, const lab_act_t *act, const char *name)
{
    const char *key = lab_act_arg(act, 0, ""), *value = lab_act_arg(act, 1, "");
    g_autofree char *word = g_strdup_printf("%s=%s", key, value);
    g_autoptr(GError) error = NULL;

    if (!lab_data_put(reply, word, &error))
        g_warning("answer of lockdownd to %s: %s", name, error->message);
    return g_strdup_printf("lockdownd answers %s with %s", name, word);
}

static void
answer(lockdownd_t *l, const struct request *entry, plist_t request, const lab_act_t *act)
{
    bool is_spoilt = act->name && act->action == LAB_DO_ANSWER;
    plist_t reply = reply_to(request);
    const char *error = entry->answer(l, request, reply);
    g_autofree char *what = NULL;

    if (error)
        plist_dict_set_item(reply, "Error", plist_new_string(error));
    if (is_spoilt)
        what = spoil(reply, act, entry->name);
    lab_channel_send(l->channel, reply, is_spoilt ? act : NULL, what);
    if (entry->then && !plist_dict_get_item(reply, "Error"))
        entry->then(l, reply);
    plist_free(reply);
}

static void
refuse(lockdownd_t *l, const char *name, plist_t request, const lab_act_t *act)
{
    const char *error = lab_act_arg(act, 0, "");
    g_autofree char *what = g_strdup_printf("lockdownd answers %s with %s", name, error);
    plist_t reply = reply_to(request);

    plist_dict_set_item(reply, "Error", plist_new_string(error));
    lab_channel_send(l->channel, reply, act, what);
    plist_free(reply);
}

static void
drop(lockdownd_t *l, const char *name, const lab_act_t *act)
{
    g_autofree char *what = g_strdup_printf("lockdownd does not answer %s", name);

    lab_stream_mark_request(l->stream, act, what);
}

/* A request that nobody answers has no effect either. */
static void
got(void *self, void *plist)
{
    lockdownd_t *l = self;
    g_autofree char *name = lab_data_text(plist, "Request");
    const struct request *entry = name ? find(name) : NULL;
    lab_act_t act = { .name = NULL };

    if (!entry) {
        lab_stream_reset(l->stream, NULL);
        return;
    }
    switch (lab_stream_step(l->stream, LAB_STEP_LOCKDOWN, name, &act)) {
    case LAB_DO_LOCKDOWN_ERROR:
        refuse(l, name, plist, &act);
        break;
    case LAB_DO_DROP_ANSWER:
        drop(l, name, &act);
        break;
    case LAB_DO_MUTE:
    case LAB_DO_SILENT:
    case LAB_DO_RESET:
        break;
    default:
        answer(l, entry, plist, &act);
    }
}

/* ---- the connection ---- */

static void *
opened(lab_stream_t *stream, lab_phone_t *phone, void *user)
{
    lockdownd_t *l = g_new0(lockdownd_t, 1);

    (void)user;
    l->stream = stream;
    l->phone = phone;
    l->channel = lab_channel_new(stream, got, l);
    return l;
}

static void
received(void *self, const uint8_t *data, size_t length)
{
    lockdownd_t *l = self;

    lab_channel_received(l->channel, data, length);
}

static void
closed(void *self)
{
    lockdownd_t *l = self;

    end_session(l);
    lab_channel_free(l->channel);
    g_free(l);
}

const lab_service_t lab_lockdownd = {
    .name = "lockdownd",
    .opened = opened,
    .received = received,
    .closed = closed,
};
