/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the tracker's facts out of the protocol tree, by field, and the transfer header out of the
 * frame's first bytes. Only fields primed through set_postdissector_wanted_hfids() can be found in
 * a tree nobody looks at. */

#include "plugin/extract.h"

#include <epan/address_types.h>
#include <epan/to_str.h>
#include <wiretap/wtap.h>

#include "plugin/journal.h"
#include "plugin/lanes.h"
#include "plugin/tracker/facts.h"

#define MAX_FACTS 64 /* per frame; a flood of more repeats what is known */

#define FACT_ROW(name, protocol, field) { RS_FACT_##name, (protocol), (field), NULL, NULL },
static struct {
    enum rs_fact_id id;
    const char *protocol;
    const char *field;
    const header_field_info *protocol_info, *field_info;
} facts[] = { RS_FACTS(FACT_ROW) };

static const header_field_info *tcp_info, *tcp_stream_info, *tcp_flags_info, *ip_src_info,
    *ip_dst_info, *ipv6_info, *usbmux_info;

static void
want(GArray *wanted, int hfid)
{
    g_array_append_val(wanted, hfid);
}

gboolean
rs_extract_want_field(GArray *wanted, const char *field)
{
    const header_field_info *info = proto_registrar_get_byname(field);

    if (!info)
        return FALSE;
    while (info->same_name_prev_id != -1)
        info = proto_registrar_get_nth((guint)info->same_name_prev_id);
    for (; info; info = info->same_name_next)
        want(wanted, info->id);
    return TRUE;
}

static gint
compare_ints(gconstpointer a, gconstpointer b)
{
    const int x = *(const int *)a, y = *(const int *)b;

    return (x > y) - (x < y);
}

void
rs_extract_once(GArray *wanted)
{
    guint kept = 0;

    g_array_sort(wanted, compare_ints);
    for (guint i = 0; i < wanted->len; i++)
        if (kept == 0 || g_array_index(wanted, int, i) != g_array_index(wanted, int, kept - 1))
            g_array_index(wanted, int, kept++) = g_array_index(wanted, int, i);
    g_array_set_size(wanted, kept);
}

static const header_field_info *
wanted_info(GArray *wanted, const char *field)
{
    rs_extract_want_field(wanted, field);
    return proto_registrar_get_byname(field);
}

void
rs_extract_wanted(GArray *wanted)
{
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        facts[i].protocol_info = wanted_info(wanted, facts[i].protocol);
        facts[i].field_info = wanted_info(wanted, facts[i].field);
    }
    tcp_info = wanted_info(wanted, "tcp");
    tcp_stream_info = wanted_info(wanted, "tcp.stream");
    tcp_flags_info = wanted_info(wanted, "tcp.flags");
    ip_src_info = wanted_info(wanted, "ip.src");
    ip_dst_info = wanted_info(wanted, "ip.dst");
    ipv6_info = wanted_info(wanted, "ipv6");
    usbmux_info = wanted_info(wanted, "usbmux");
    rs_journal_wanted(wanted);
    rs_lanes_wanted(wanted);
}

static GPtrArray *
finfos(proto_tree *tree, const header_field_info *field)
{
    GPtrArray *found;

    if (!field || !tree)
        return NULL;
    found = proto_get_finfo_ptr_array(tree, field->id);
    return found && found->len > 0 ? found : NULL;
}

static const field_info *
first_finfo(proto_tree *tree, const header_field_info *field)
{
    GPtrArray *found;

    while (field && field->same_name_prev_id != -1)
        field = proto_registrar_get_nth((guint)field->same_name_prev_id);
    for (; field; field = field->same_name_next) {
        found = finfos(tree, field);
        if (found)
            return (const field_info *)g_ptr_array_index(found, 0);
    }
    return NULL;
}

static char *
finfo_text(wmem_allocator_t *pool, const field_info *finfo)
{
    if (finfo->hfinfo->type == FT_DOUBLE)
        return wmem_strdup_printf(pool, "%.1f", fvalue_get_floating(RS_FVALUE(finfo)));
    return fvalue_to_string_repr(pool, RS_FVALUE(finfo), FTREPR_DISPLAY,
                                 finfo->hfinfo->display & FIELD_DISPLAY_E_MASK);
}

char *
rs_extract_text(wmem_allocator_t *pool, proto_tree *tree, const header_field_info *field)
{
    const field_info *finfo = first_finfo(tree, field);

    return finfo ? finfo_text(pool, finfo) : NULL;
}

gint64
rs_extract_number(const field_info *finfo)
{
    switch (finfo->hfinfo->type) {
    case FT_BOOLEAN:
    case FT_UINT64:
        return (gint64)fvalue_get_uinteger64(RS_FVALUE(finfo));
    case FT_INT64:
        return fvalue_get_sinteger64(RS_FVALUE(finfo));
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
        return fvalue_get_uinteger(RS_FVALUE(finfo));
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
        return fvalue_get_sinteger(RS_FVALUE(finfo));
    default:
        return 0;
    }
}

static gboolean
is_textual(enum ftenum type)
{
    return FT_IS_STRING(type) || type == FT_IPv4 || type == FT_IPv6;
}

static guint
collect_facts(packet_info *pinfo, proto_tree *tree, struct rs_fact *out)
{
    const char *checked = NULL;
    gboolean present = FALSE;
    guint count = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        GPtrArray *found;

        if (facts[i].protocol != checked) { /* literals of one protocol stand together */
            checked = facts[i].protocol;
            present = finfos(tree, facts[i].protocol_info) != NULL;
        }
        found = present ? finfos(tree, facts[i].field_info) : NULL;
        for (guint j = 0; found && j < found->len && count < MAX_FACTS; j++) {
            const field_info *finfo = (const field_info *)g_ptr_array_index(found, j);
            struct rs_fact *fact = &out[count++];

            fact->id = facts[i].id;
            fact->number = rs_extract_number(finfo);
            fact->text = is_textual(finfo->hfinfo->type) ? finfo_text(pinfo->pool, finfo) : NULL;
        }
    }
    return count;
}

gboolean
rs_extract_usb_link(int encapsulation, enum rs_usb_link *ret_link)
{
    switch (encapsulation) {
    case WTAP_ENCAP_USB_LINUX:
        *ret_link = RS_USB_LINUX;
        return TRUE;
    case WTAP_ENCAP_USB_LINUX_MMAPPED:
        *ret_link = RS_USB_LINUX_MMAPPED;
        return TRUE;
    case WTAP_ENCAP_USBPCAP:
        *ret_link = RS_USB_USBPCAP;
        return TRUE;
    case WTAP_ENCAP_USB_DARWIN:
        *ret_link = RS_USB_DARWIN;
        return TRUE;
    default:
        return FALSE;
    }
}

static const struct rs_usb_observation *
observe_usb(tvbuff_t *tvb, packet_info *pinfo)
{
    guint length = tvb_captured_length(tvb);
    const guint8 *bytes = tvb_get_ptr(tvb, 0, (gint)length);
    struct rs_usb_observation *usb;
    struct rs_usb_event *event;
    enum rs_usb_link link;

    if (pinfo->rec->rec_type != REC_TYPE_PACKET ||
        !rs_extract_usb_link(pinfo->rec->rec_header.packet_header.pkt_encap, &link))
        return NULL;
    event = wmem_new0(pinfo->pool, struct rs_usb_event);
    if (rs_usb_read_header(link, bytes, length, event) != RS_OK)
        return NULL;
    usb = wmem_new0(pinfo->pool, struct rs_usb_observation);
    usb->event = event;
    usb->data = bytes + event->data_offset;
    return usb;
}

static void
add_addresses(packet_info *pinfo, proto_tree *tree, const header_field_info *field,
              struct rs_net_observation *net, guint *count)
{
    GPtrArray *found = finfos(tree, field);

    for (guint i = 0; found && i < found->len && *count < G_N_ELEMENTS(net->addresses); i++)
        net->addresses[(*count)++] =
            finfo_text(pinfo->pool, (const field_info *)g_ptr_array_index(found, i));
}

static const struct rs_net_observation *
observe_net(packet_info *pinfo, proto_tree *tree)
{
    struct rs_net_observation *net;
    const field_info *finfo;
    guint count = 0;

    if (finfos(tree, usbmux_info) || (!finfos(tree, ip_src_info) && !finfos(tree, ipv6_info)))
        return NULL;
    net = wmem_new0(pinfo->pool, struct rs_net_observation);
    add_addresses(pinfo, tree, ip_src_info, net, &count);
    add_addresses(pinfo, tree, ip_dst_info, net, &count);
    if (count == 0) {
        net->addresses[0] = address_to_str(pinfo->pool, &pinfo->net_src);
        net->addresses[1] = address_to_str(pinfo->pool, &pinfo->net_dst);
    }
    net->stream = -1;
    if (finfos(tree, tcp_info)) {
        finfo = first_finfo(tree, tcp_stream_info);
        net->stream = finfo ? rs_extract_number(finfo) : -1;
        finfo = first_finfo(tree, tcp_flags_info);
        net->tcp_flags = (guint8)(finfo ? rs_extract_number(finfo) : 0);
    }
    return net;
}

const struct rs_observation *
rs_extract(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    struct rs_observation *observation = wmem_new0(pinfo->pool, struct rs_observation);
    struct rs_fact *found = wmem_alloc_array(pinfo->pool, struct rs_fact, MAX_FACTS);

    observation->frame = pinfo->num;
    observation->time_us = (gint64)pinfo->abs_ts.secs * G_USEC_PER_SEC + pinfo->abs_ts.nsecs / 1000;
    observation->is_cut = tvb_captured_length(tvb) < tvb_reported_length(tvb);
    observation->usb = observe_usb(tvb, pinfo);
    if (!observation->usb)
        observation->net = observe_net(pinfo, tree);
    observation->kernel_bus = rs_journal_bus(pinfo, tree);
    observation->facts = found;
    if (observation->usb || observation->net)
        observation->n_facts = collect_facts(pinfo, tree, found);
    return observation;
}
