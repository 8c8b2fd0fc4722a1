/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * State of the dialogues below usbmux; see the header. Everything here is of file scope, written on
 * the first pass in order of frames and looked up by frame afterwards. */

#include "dissectors/mux-service.h"

#include <epan/conversation.h>
#include <epan/proto_data.h>

#include "dissectors/usbmux.h"

/* Per attachment; the trees are keyed by the frame from which a value holds. */
struct service_state {
    wmem_tree_t *service;          /* enum mux_service + 1 */
    wmem_tree_t *protocol_version; /* RestoreProtocolVersion */
    wmem_map_t *ports;             /* port -> wmem_tree_t of struct mux_exchange */
};

/* Per stream: the last question of either side. */
struct dialogue {
    struct mux_exchange *last[2]; /* [1]: the host asked */
};

static int proto_owner = -1; /* what per-frame and per-stream data are kept under */

static struct service_state *
state_of(const packet_info *pinfo)
{
    struct apple_usb_attach *attach = apple_usb_attach_of(pinfo);

    if (attach && !attach->service) {
        struct service_state *state = wmem_new0(wmem_file_scope(), struct service_state);

        state->service = wmem_tree_new(wmem_file_scope());
        state->protocol_version = wmem_tree_new(wmem_file_scope());
        state->ports = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
        attach->service = state;
    }
    return attach ? (struct service_state *)attach->service : NULL;
}

enum mux_service
mux_service_at(const packet_info *pinfo)
{
    struct service_state *state = state_of(pinfo);
    guint value = state ? GPOINTER_TO_UINT(wmem_tree_lookup32_le(state->service, pinfo->num)) : 0;

    return value ? (enum mux_service)(value - 1) : MUX_SERVICE_UNKNOWN;
}

void
mux_service_seen(const packet_info *pinfo, enum mux_service service)
{
    struct service_state *state = state_of(pinfo);

    if (!state || PINFO_FD_VISITED(pinfo) || mux_service_at(pinfo) == service)
        return;
    wmem_tree_insert32(state->service, pinfo->num, GUINT_TO_POINTER((guint)service + 1));
}

guint
mux_service_protocol_version(const packet_info *pinfo)
{
    struct service_state *state = state_of(pinfo);

    return state ? GPOINTER_TO_UINT(wmem_tree_lookup32_le(state->protocol_version, pinfo->num)) : 0;
}

void
mux_service_protocol_version_seen(const packet_info *pinfo, guint version)
{
    struct service_state *state = state_of(pinfo);

    if (!state || PINFO_FD_VISITED(pinfo) || mux_service_protocol_version(pinfo) == version)
        return;
    wmem_tree_insert32(state->protocol_version, pinfo->num, GUINT_TO_POINTER(version));
}

static struct dialogue *
dialogue_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct dialogue *dialogue =
        (struct dialogue *)conversation_get_proto_data(conversation, proto_owner);

    if (!dialogue) {
        dialogue = wmem_new0(wmem_file_scope(), struct dialogue);
        conversation_add_proto_data(conversation, proto_owner, dialogue);
    }
    return dialogue;
}

static struct mux_exchange *
remembered(packet_info *pinfo, guint nth)
{
    return (struct mux_exchange *)p_get_proto_data(wmem_file_scope(), pinfo, proto_owner, nth);
}

struct mux_exchange *
mux_exchange_elsewhere(packet_info *pinfo, guint nth, const char *name)
{
    struct mux_exchange *exchange;

    if (PINFO_FD_VISITED(pinfo))
        return remembered(pinfo, nth);
    exchange = wmem_new0(wmem_file_scope(), struct mux_exchange);
    exchange->name = wmem_strdup(wmem_file_scope(), name);
    exchange->question = pinfo->num;
    exchange->asked = pinfo->abs_ts;
    p_add_proto_data(wmem_file_scope(), pinfo, proto_owner, nth, exchange);
    return exchange;
}

struct mux_exchange *
mux_exchange_question(packet_info *pinfo, guint nth, const char *name)
{
    struct mux_exchange *exchange = mux_exchange_elsewhere(pinfo, nth, name);

    if (!PINFO_FD_VISITED(pinfo))
        dialogue_of(pinfo)->last[usbmux_from_host(pinfo)] = exchange;
    return exchange;
}

struct mux_exchange *
mux_exchange_answer(packet_info *pinfo, guint nth)
{
    struct mux_exchange *exchange;

    if (PINFO_FD_VISITED(pinfo))
        return remembered(pinfo, nth);
    exchange = dialogue_of(pinfo)->last[!usbmux_from_host(pinfo)];
    if (!exchange)
        exchange = mux_service_announced(pinfo);
    if (exchange) {
        mux_exchange_answered(pinfo, exchange);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_owner, nth, exchange);
    }
    return exchange;
}

void
mux_exchange_answered(packet_info *pinfo, struct mux_exchange *exchange)
{
    if (exchange && !PINFO_FD_VISITED(pinfo) && exchange->answer == 0)
        exchange->answer = pinfo->num;
}

void
mux_service_announce(packet_info *pinfo, guint16 port, struct mux_exchange *exchange,
                     dissector_handle_t handle)
{
    struct service_state *state = state_of(pinfo);
    wmem_tree_t *meanings;

    if (!state || !exchange || !handle || port == 0 || PINFO_FD_VISITED(pinfo))
        return;
    meanings = (wmem_tree_t *)wmem_map_lookup(state->ports, GUINT_TO_POINTER((guint)port));
    if (!meanings) {
        meanings = wmem_tree_new(wmem_file_scope());
        wmem_map_insert(state->ports, GUINT_TO_POINTER((guint)port), meanings);
    }
    wmem_tree_insert32(meanings, pinfo->num, exchange);
    usbmux_port_announced(apple_usb_attach_of(pinfo), port, handle);
}

struct mux_exchange *
mux_service_announced(const packet_info *pinfo)
{
    struct service_state *state = state_of(pinfo);
    wmem_tree_t *meanings;

    if (!state)
        return NULL;
    meanings = (wmem_tree_t *)wmem_map_lookup(state->ports,
                                              GUINT_TO_POINTER((guint)usbmux_device_port(pinfo)));
    return meanings ? (struct mux_exchange *)wmem_tree_lookup32_le(meanings, pinfo->num) : NULL;
}

void
mux_info(packet_info *pinfo, const char *format, ...)
{
    const char *before;
    gboolean is_apart;
    va_list args;

    if (!col_get_writable(pinfo->cinfo, COL_INFO))
        return;
    before = col_get_text(pinfo->cinfo, COL_INFO);
    is_apart = before && g_str_has_suffix(before, " ");
    va_start(args, format);
    col_append_sep_str(pinfo->cinfo, COL_INFO, is_apart ? "" : "; ",
                       wmem_strdup_vprintf(pinfo->pool, format, args));
    va_end(args);
}

void
mux_service_register(int proto)
{
    proto_owner = proto;
}
