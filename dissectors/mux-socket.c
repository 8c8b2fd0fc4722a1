/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Remembers which TCP connections are streams to a device; see the header. */

#include "dissectors/mux-socket.h"

#include <epan/conversation.h>
#include <epan/wmem_scopes.h>

/* (port of usbmuxd, device number) -> struct apple_usb_attach *. usbmuxd never gives a number to a
 * second device while it runs. */
static wmem_map_t *devices;

static wmem_map_t *streams; /* index of the conversation -> struct mux_socket * */

static struct apple_usb_attach *
attach_of(guint16 daemon_port, guint32 device_id)
{
    gint64 key = (gint64)((guint64)daemon_port << 32 | device_id);
    struct apple_usb_attach *attach;
    gint64 *kept;

    if (!devices)
        devices = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_int64_hash,
                                         g_int64_equal);
    attach = (struct apple_usb_attach *)wmem_map_lookup(devices, &key);
    if (!attach) {
        attach = wmem_new0(wmem_file_scope(), struct apple_usb_attach);
        kept = wmem_new(wmem_file_scope(), gint64);
        *kept = key;
        wmem_map_insert(devices, kept, attach);
    }
    return attach;
}

struct mux_socket *
mux_socket_opened(packet_info *pinfo, guint32 device_id, guint16 device_port)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct mux_socket *socket = wmem_new0(wmem_file_scope(), struct mux_socket);

    socket->daemon_port = (guint16)pinfo->srcport;
    socket->device_port = device_port;
    socket->attach = attach_of(socket->daemon_port, device_id);
    if (!streams)
        streams = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash,
                                         g_direct_equal);
    wmem_map_insert(streams, GUINT_TO_POINTER(conversation->conv_index), socket);
    return socket;
}

const struct mux_socket *
mux_socket_of(const packet_info *pinfo)
{
    const conversation_t *conversation;

    if (!streams || pinfo->ptype != PT_TCP)
        return NULL;
    conversation = find_conversation(pinfo->num, &pinfo->src, &pinfo->dst, CONVERSATION_TCP,
                                     pinfo->srcport, pinfo->destport, 0);
    if (!conversation)
        return NULL;
    return (const struct mux_socket *)wmem_map_lookup(streams,
                                                      GUINT_TO_POINTER(conversation->conv_index));
}
