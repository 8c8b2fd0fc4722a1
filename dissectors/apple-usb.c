/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Attachments of devices to addresses. Wireshark's usb dissector keys its own state the same way,
 * by bus, address and frame (epan/dissectors/packet-usb.h); below usbmux the address is read back
 * from the synthetic IPv6 addresses that usbmux_set_addresses() wrote. Streams through usbmuxd's
 * socket have real addresses and are mux-socket.h's. */

#include "dissectors/apple-usb.h"

#include <epan/address_types.h>
#include <epan/wmem_scopes.h>
#include <wsutil/pint.h>

#include "dissectors/mux-socket.h"
#include "dissectors/usbmux.h"

enum { DIRECTION_IN = 0x80, SETUP_TAIL = 7 /* bRequest, wValue, wIndex, wLength */ };

#define HOST_DEVICE 0xffffffffU /* what the usb dissector stores for the host's end */

static const guint8 mux_prefix[8] = { 0xfd, 0x00, 'u', 's', 'b', 'm', 'u', 'x' };

/* (bus << 8 | address) -> wmem_array_t of struct apple_usb_attach *, in order of first_frame. */
static wmem_map_t *attachments;

static wmem_array_t *
generations(guint16 bus, guint8 address)
{
    gpointer key = GUINT_TO_POINTER((guint)bus << 8 | address);
    wmem_array_t *list;

    if (!attachments)
        attachments = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash,
                                             g_direct_equal);
    list = (wmem_array_t *)wmem_map_lookup(attachments, key);
    if (!list) {
        list = wmem_array_new(wmem_file_scope(), sizeof(struct apple_usb_attach *));
        wmem_map_insert(attachments, key, list);
    }
    return list;
}

static struct apple_usb_attach *
append(wmem_array_t *list, guint16 bus, guint8 address, guint32 frame)
{
    struct apple_usb_attach *attach = wmem_new0(wmem_file_scope(), struct apple_usb_attach);

    attach->bus = bus;
    attach->address = address;
    attach->generation = wmem_array_get_count(list);
    attach->first_frame = frame;
    wmem_array_append_one(list, attach);
    return attach;
}

static struct apple_usb_attach *
nth(wmem_array_t *list, guint index)
{
    return *(struct apple_usb_attach **)wmem_array_index(list, index);
}

struct apple_usb_attach *
apple_usb_attach_at(guint16 bus, guint8 address, guint32 frame)
{
    wmem_array_t *list = generations(bus, address);
    guint low = 0, high;

    if (wmem_array_get_count(list) == 0)
        append(list, bus, address, 0);
    high = wmem_array_get_count(list);
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (nth(list, middle)->first_frame <= frame)
            low = middle;
        else
            high = middle;
    }
    return nth(list, low);
}

void
apple_usb_enumerated(guint16 bus, guint8 address, guint32 frame)
{
    wmem_array_t *list = generations(bus, address);

    if (wmem_array_get_count(list) == 0)
        append(list, bus, address, 0);
    if (nth(list, wmem_array_get_count(list) - 1)->first_frame < frame)
        append(list, bus, address, frame);
}

static gboolean
device_end(const address *addr, guint16 *ret_bus, guint8 *ret_address)
{
    const usb_address_t *usb = (const usb_address_t *)addr->data;

    if (!usb || addr->len < (int)sizeof *usb || usb->device == HOST_DEVICE)
        return FALSE;
    *ret_bus = GUINT16_FROM_LE(usb->bus_id);
    *ret_address = (guint8)GUINT32_FROM_LE(usb->device);
    return TRUE;
}

gboolean
apple_usb_endpoint(const packet_info *pinfo, guint16 *ret_bus, guint8 *ret_address)
{
    static int usb_type = -1;

    if (usb_type < 0)
        usb_type = address_type_get_by_name("AT_USB");
    if (pinfo->src.type == usb_type && device_end(&pinfo->src, ret_bus, ret_address))
        return TRUE;
    return pinfo->dst.type == usb_type && device_end(&pinfo->dst, ret_bus, ret_address);
}

gboolean
apple_usb_from_host(const rs_urb *urb)
{
    return urb->direction == P2P_DIR_SENT;
}

static void
put_le16(guint8 *bytes, guint16 value)
{
    bytes[0] = (guint8)(value & 0xff);
    bytes[1] = (guint8)(value >> 8);
}

static tvbuff_t *
request_with_data(tvbuff_t *tvb, packet_info *pinfo, const usb_trans_info_t *trans)
{
    guint captured = tvb_captured_length(tvb);
    guint8 *bytes = (guint8 *)wmem_alloc(pinfo->pool, SETUP_TAIL + captured);
    tvbuff_t *whole;

    bytes[0] = trans->setup.request;
    put_le16(bytes + 1, trans->setup.wValue);
    put_le16(bytes + 3, trans->setup.wIndex);
    put_le16(bytes + 5, trans->setup.wLength);
    tvb_memcpy(tvb, bytes + SETUP_TAIL, 0, captured);
    whole = tvb_new_child_real_data(tvb, bytes, SETUP_TAIL + captured,
                                    (gint)(SETUP_TAIL + tvb_reported_length(tvb)));
    add_new_data_source(pinfo, whole, "USB Control");
    return whole;
}

tvbuff_t *
apple_usb_control(tvbuff_t *tvb, packet_info *pinfo, const usb_trans_info_t *trans,
                  gboolean *ret_is_setup)
{
    gboolean goes_out = (trans->setup.requesttype & DIRECTION_IN) == 0;
    gboolean is_setup = trans->request_in == pinfo->num;
    gboolean may_be_split =
        trans->header_type == USB_HEADER_DARWIN || trans->header_type == USB_HEADER_USBPCAP;

    *ret_is_setup = is_setup || goes_out;
    if (!may_be_split || !goes_out || trans->setup.wLength == 0)
        return tvb;
    if (is_setup)
        return tvb_reported_length(tvb) > SETUP_TAIL ? tvb : NULL;
    return tvb_reported_length(tvb) > 0 ? request_with_data(tvb, pinfo, trans) : NULL;
}

void
usbmux_set_addresses(packet_info *pinfo, const struct apple_usb_attach *attach, gboolean from_host)
{
    for (int device_side = 0; device_side <= 1; device_side++) {
        guint8 *ip6 = (guint8 *)wmem_alloc0(pinfo->pool, 16);
        gboolean is_source = from_host != device_side;

        memcpy(ip6, mux_prefix, sizeof mux_prefix);
        phtonu16(ip6 + 8, attach->bus);
        phtonu16(ip6 + 10, attach->address);
        phtonu16(ip6 + 12, (guint16)attach->generation);
        phtonu16(ip6 + 14, (guint16)(device_side ? 1 : 0));
        if (is_source) {
            set_address(&pinfo->net_src, AT_IPv6, 16, ip6);
            copy_address_shallow(&pinfo->src, &pinfo->net_src);
        } else {
            set_address(&pinfo->net_dst, AT_IPv6, 16, ip6);
            copy_address_shallow(&pinfo->dst, &pinfo->net_dst);
        }
    }
}

static gboolean
is_mux_address(const address *addr)
{
    return addr->type == AT_IPv6 && addr->len == 16 &&
           memcmp(addr->data, mux_prefix, sizeof mux_prefix) == 0;
}

struct apple_usb_attach *
apple_usb_attach_of(const packet_info *pinfo)
{
    const struct mux_socket *socket;
    guint16 bus;
    guint8 address;

    if (is_mux_address(&pinfo->src)) {
        const guint8 *ip6 = (const guint8 *)pinfo->src.data;

        return apple_usb_attach_at(pntohu16(ip6 + 8), ip6[11], pinfo->num);
    }
    if (apple_usb_endpoint(pinfo, &bus, &address))
        return apple_usb_attach_at(bus, address, pinfo->num);
    socket = mux_socket_of(pinfo);
    return socket ? socket->attach : NULL;
}

gboolean
usbmux_from_host(const packet_info *pinfo)
{
    const struct mux_socket *socket;

    if (is_mux_address(&pinfo->src))
        return ((const guint8 *)pinfo->src.data)[15] == 0;
    socket = mux_socket_of(pinfo);
    return socket && pinfo->destport == socket->daemon_port;
}

guint16
usbmux_device_port(const packet_info *pinfo)
{
    const struct mux_socket *socket;

    if (is_mux_address(&pinfo->src))
        return (guint16)(usbmux_from_host(pinfo) ? pinfo->destport : pinfo->srcport);
    socket = mux_socket_of(pinfo);
    return socket ? socket->device_port : 0;
}
