/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What of the network matters: a host has a role by its name, which is asked for and given as text,
 * or by its address; so all of the network matters from the first frame on with such a word or an
 * address of Apple's in it, or from the first device on. On the bus the transfers of a device that
 * said it is another vendor's do not. Wireshark has no place for a look
 * at a frame before its dissection, so the look stands in the table of link types, before the
 * dissector that is there. Facts: epan/dissectors/packet-frame.c of Wireshark 4.0; USB 2.0 chapter
 * 9; RFC 791, 8200, 8446, 9000, 9113. */
#include "plugin/lookahead.h"

#include <epan/epan_dissect.h>
#include <string.h>
#include <wiretap/wtap.h>
#include <wsutil/pint.h>

#include "dissectors/core/usbheader.h"
#include "plugin/extract.h"
#include "plugin/filters.h"
#include "plugin/journal.h"

enum { BUSES = 64, ADDRESSES = 128, APPLE = 0x05ac, CLASS_HUB = 9 };

/* Transfers with content after which a device that never said who it is is none of Apple's, unless
 * the tracker has recognised it by then. */
enum { UNKNOWN_MAX = 1000 };

enum nearness { NOT_TOLD, OURS, FOREIGN };

static struct {
    GArray *wanted[RS_N_OUTLOOKS];
    GArray *added; /* those that this plugin adds to a frame itself; in none of the others */
    gboolean is_open;
    gboolean network_is_open; /* all of it matters */
    gboolean is_bypassed;
    guint32 frame; /* the last one looked at */
    gboolean matters;
    gboolean is_usb;
    enum rs_outlook outlook;
    guint16 bus; /* of a USB frame */
    guint8 address;
    guint8 nearness[BUSES][ADDRESSES];
    guint16 n_unknown[BUSES][ADDRESSES];
} look;

/* What IP carries. */
struct packet {
    const guint8 *source, *destination;
    gsize address_length;
    const guint8 *bytes;
    gsize length;
};

static GPtrArray *originals; /* dissector_handle_t by link type */

/* Does one of the words stand around the pair of letters at `at`? In a name server's messages a dot
 * is the length of what follows. */
static gboolean
has_word_at(const guint8 *bytes, gsize length, gsize at)
{
    static const struct {
        const char *text;
        gsize pair; /* where its "pp" or "ps" is */
    } words[] = {
        { "apple", 1 }, { "appldnld", 1 }, { "rppairing", 1 }, { ".ipsw", 2 }, { "\4ipsw", 2 }
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const gsize n = strlen(words[i].text), pair = words[i].pair;

        if (at >= pair && length - (at - pair) >= n &&
            g_ascii_strncasecmp((const char *)bytes + at - pair, words[i].text, n) == 0)
            return TRUE;
    }
    return FALSE;
}

/* All words have "pp" or "ps" in them. */
static inline guint8
is_pair(const guint8 *at)
{
    const guint8 first = at[0] | 0x20, second = at[1] | 0x20;

    return (guint8)((first == 'p') & ((second == 'p') | (second == 's')));
}

gboolean
rs_lookahead_says_apple(const guint8 *bytes, gsize length)
{
    enum { BLOCK = 64 }; /* without a branch in it, so that a compiler makes vectors of it */
    gsize at = 0;

    while (at + 1 < length) {
        const gsize n = length - at > BLOCK ? BLOCK : length - at - 1;
        guint8 found = 0;

        if (n == BLOCK)
            for (gsize i = 0; i < BLOCK; i++)
                found |= is_pair(bytes + at + i);
        for (gsize i = 0; (found || n < BLOCK) && i < n; i++)
            if (is_pair(bytes + at + i) && has_word_at(bytes, length, at + i))
                return TRUE;
        at += n;
    }
    return FALSE;
}

/* Its socket, by port and the version in its header. */
static gboolean
is_usbmuxd(const guint8 *bytes, gsize start, gsize length)
{
    enum { USBMUXD = 27015, HEADER = 16 };
    static const guint8 rest_of_version[3] = { 0 };
    const guint8 *version = bytes + start + 4; /* 0 or 1, least byte first */

    return (pntohu16(bytes) == USBMUXD || pntohu16(bytes + 2) == USBMUXD) &&
           length >= start + HEADER && version[0] <= 1 &&
           memcmp(version + 1, rest_of_version, sizeof rest_of_version) == 0;
}

/* A ClientHello whose name may be in the next segment. */
static gboolean
is_part_of_hello(const guint8 *bytes, gsize length)
{
    enum { HEADER = 5, HANDSHAKE = 0x16 };

    return length >= HEADER && bytes[0] == HANDSHAKE && bytes[1] == 3 &&
           HEADER + (gsize)pntohu16(bytes + 3) > length;
}

/* Content that says what it is, in a word or without: HTTP/2, for services of the device on a link
 * of its own, and their messages. Encrypted records say nothing. */
static gboolean
is_ours(const guint8 *bytes, gsize length)
{
    static const char preface[] = "PRI * HTTP/2";
    static const guint8 xpc[] = { 0x92, 0x0b, 0xb0, 0x29 };
    enum { HTTP2_HEADER = 9, APPLICATION_DATA = 0x17 };

    if (length >= 2 && bytes[0] == APPLICATION_DATA && bytes[1] == 3)
        return FALSE;
    if (length >= HTTP2_HEADER + sizeof xpc &&
        (memcmp(bytes, xpc, sizeof xpc) == 0 ||
         memcmp(bytes + HTTP2_HEADER, xpc, sizeof xpc) == 0 ||
         memcmp(bytes, preface, sizeof preface - 1) == 0))
        return TRUE;
    return rs_lookahead_says_apple(bytes, length);
}

static gboolean
tcp_matters(const struct packet *packet)
{
    enum { HEADER = 20 };
    const gsize start = packet->length >= HEADER ? (gsize)(packet->bytes[12] >> 4) * 4 : 0;

    if (start < HEADER || start > packet->length)
        return TRUE;
    if (is_usbmuxd(packet->bytes, start, packet->length) ||
        is_ours(packet->bytes + start, packet->length - start))
        look.network_is_open = TRUE;
    return look.network_is_open || is_part_of_hello(packet->bytes + start, packet->length - start);
}

/* The names in the first packets of QUIC cannot be seen here. */
static gboolean
udp_matters(const struct packet *packet)
{
    enum { HEADER = 8, HTTPS = 443, VXLAN = 4789, LONG_HEADER = 0xc0 };
    const guint8 *bytes = packet->bytes;

    if (packet->length <= HEADER || pntohu16(bytes + 2) == VXLAN)
        return TRUE;
    if (pntohu16(bytes) == HTTPS || pntohu16(bytes + 2) == HTTPS)
        return (bytes[HEADER] & LONG_HEADER) == LONG_HEADER;
    if (rs_lookahead_says_apple(bytes + HEADER, packet->length - HEADER))
        look.network_is_open = TRUE;
    return look.network_is_open;
}

static gboolean
is_apples_address(const guint8 *address, gsize length)
{
    enum { IP4 = 4, APPLES = 17 };

    return length == IP4 && address[0] == APPLES;
}

/* Other protocols may carry packets of their own, or tell of others'. */
static gboolean
packet_matters(const struct packet *packet, guint8 protocol)
{
    enum { IGMP = 2, TCP = 6, UDP = 17 };

    if (is_apples_address(packet->source, packet->address_length) ||
        is_apples_address(packet->destination, packet->address_length))
        look.network_is_open = TRUE;
    if (look.network_is_open)
        return TRUE;
    if (protocol == TCP)
        return tcp_matters(packet);
    if (protocol == UDP)
        return udp_matters(packet);
    return protocol != IGMP;
}

static gboolean
ip4_matters(const guint8 *bytes, gsize length)
{
    enum { HEADER = 20, FRAGMENT = 0x3fff };
    const gsize header = length >= HEADER ? (gsize)(bytes[0] & 0x0f) * 4 : 0;
    struct packet packet = { .source = bytes + 12, .destination = bytes + 16, .address_length = 4 };

    if (header < HEADER || header > length || (pntohu16(bytes + 6) & FRAGMENT))
        return TRUE;
    packet.bytes = bytes + header;
    packet.length = MIN(length, MAX(header, pntohu16(bytes + 2))) - header;
    return packet_matters(&packet, bytes[9]);
}

static gboolean
ip6_matters(const guint8 *bytes, gsize length)
{
    enum { HEADER = 40 };
    struct packet packet = { .source = bytes + 8, .destination = bytes + 24, .address_length = 16 };

    if (length < HEADER)
        return TRUE;
    packet.bytes = bytes + HEADER;
    packet.length = length - HEADER;
    return packet_matters(&packet, bytes[6]);
}

static gboolean
ethernet_matters(const guint8 *bytes, gsize length)
{
    enum { HEADER = 14, IP4 = 0x0800, ARP = 0x0806, VLAN = 0x8100, IP6 = 0x86dd, LLDP = 0x88cc };
    guint16 type;
    gsize at = HEADER;

    if (length < HEADER)
        return TRUE;
    type = pntohu16(bytes + at - 2);
    if (type == VLAN && length >= HEADER + 4) {
        at += 4;
        type = pntohu16(bytes + at - 2);
    }
    if (type == IP4)
        return ip4_matters(bytes + at, length - at);
    if (type == IP6)
        return ip6_matters(bytes + at, length - at);
    return type != ARP && type != LLDP;
}

/* A device descriptor as the answer to whatever was asked: who is it? Whoever is at address 0 will
 * not stay there. */
static void
learn_descriptor(const struct rs_usb_event *event, const guint8 *data)
{
    enum { CONTROL_IN = 0x80, LENGTH = 18, DEVICE = 1 };
    const gboolean is_descriptor = event->endpoint == CONTROL_IN && event->data_length >= 12 &&
                                   data[0] == LENGTH && data[1] == DEVICE;

    if (!is_descriptor || event->is_submission || event->address == 0)
        return;
    if (data[4] == CLASS_HUB || (data[8] | data[9] << 8) == APPLE)
        look.nearness[event->bus][event->address] = OURS;
    else
        look.nearness[event->bus][event->address] = FOREIGN;
}

static void
learn_address(const struct rs_usb_event *event)
{
    enum { SET_ADDRESS = 5 };

    if (event->has_setup && event->setup.request_type == 0 && event->setup.request == SET_ADDRESS &&
        event->setup.value < ADDRESSES) {
        look.nearness[event->bus][event->setup.value] = NOT_TOLD;
        look.n_unknown[event->bus][event->setup.value] = 0;
    }
}

static enum rs_outlook
outlook_of(const struct rs_usb_event *event)
{
    if (event->status != 0)
        return RS_ANY_FRAME;
    return event->transfer == RS_USB_CONTROL || event->data_length > 0 ? RS_ENDED_WELL
                                                                       : RS_MOVED_NONE;
}

static gboolean
usb_matters(enum rs_usb_link link, const guint8 *bytes, gsize length)
{
    struct rs_usb_event event = { 0 };

    look.is_usb = rs_usb_read_header(link, bytes, length, &event) == RS_OK;
    if (!look.is_usb || event.bus >= BUSES || event.address >= ADDRESSES)
        return TRUE;
    look.bus = event.bus;
    look.address = event.address;
    look.outlook = outlook_of(&event);
    if (event.transfer == RS_USB_CONTROL) {
        learn_descriptor(&event, bytes + event.data_offset);
        learn_address(&event);
        return TRUE;
    }
    if (look.nearness[event.bus][event.address] == NOT_TOLD && event.data_length > 0 &&
        ++look.n_unknown[event.bus][event.address] > UNKNOWN_MAX)
        look.nearness[event.bus][event.address] = FOREIGN;
    return event.address == 0 || look.nearness[event.bus][event.address] != FOREIGN;
}

static gboolean
frame_matters(int link, const guint8 *bytes, gsize length)
{
    enum rs_usb_link usb;

    if (rs_extract_usb_link(link, &usb))
        return usb_matters(usb, bytes, length);
    return link != WTAP_ENCAP_ETHERNET || look.network_is_open || ethernet_matters(bytes, length);
}

static void
look_at(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const guint length = tvb_captured_length(tvb);
    epan_dissect_t edt = { .tree = tree };

    look.frame = pinfo->num;
    look.is_usb = FALSE;
    look.outlook = RS_ANY_FRAME;
    look.address = 0;
    look.matters = frame_matters(pinfo->rec->rec_header.packet_header.pkt_encap,
                                 tvb_get_ptr(tvb, 0, (gint)length), length) ||
                   look.is_open;
    if (look.matters && tree)
        epan_dissect_prime_with_hfid_array(&edt, look.wanted[look.outlook]);
}

static int
dissect_ahead(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    dissector_handle_t original =
        (dissector_handle_t)g_ptr_array_index(originals, pinfo->match_uint);

    if (!PINFO_FD_VISITED(pinfo) && look.wanted[RS_ANY_FRAME] && look.frame != pinfo->num)
        look_at(tvb, pinfo, tree);
    return call_dissector_only(original, tvb, pinfo, tree, data);
}

void
rs_lookahead_handoff(void)
{
    const dissector_table_t table = find_dissector_table("wtap_encap");
    const dissector_handle_t ahead = create_dissector_handle(dissect_ahead, -1);
    const guint n = (guint)wtap_get_num_encap_types();

    originals = g_ptr_array_sized_new(n);
    g_ptr_array_set_size(originals, (gint)n);
    for (guint link = 0; link < n; link++) {
        dissector_handle_t original = dissector_get_uint_handle(table, link);

        g_ptr_array_index(originals, link) = original;
        if (original)
            dissector_add_uint("wtap_encap", link, ahead);
    }
}

static gboolean
is_of(int hfid, const char *const *protocols)
{
    const header_field_info *info = proto_registrar_get_nth((guint)hfid);
    const header_field_info *protocol =
        info->parent == -1 ? info : proto_registrar_get_nth((guint)info->parent);

    return g_strv_contains(protocols, protocol->abbrev);
}

/* Those of the wanted fields that are of these protocols, or those that are not. */
static GArray *
wanted_of(GArray *wanted, const char *const *protocols, gboolean is_theirs)
{
    GArray *some = g_array_new(FALSE, FALSE, sizeof(int));

    for (guint i = 0; wanted && i < wanted->len; i++)
        if (is_of(g_array_index(wanted, int, i), protocols) == is_theirs)
            g_array_append_val(some, g_array_index(wanted, int, i));
    rs_extract_once(some);
    return some;
}

static void
forget_wanted(void)
{
    for (int outlook = 0; outlook < RS_N_OUTLOOKS; outlook++)
        g_clear_pointer(&look.wanted[outlook], g_array_unref);
    g_clear_pointer(&look.added, g_array_unref);
}

void
rs_lookahead_start(GArray *const *wanted, gboolean is_open)
{
    static const char *const own[] = { "restore", NULL };

    forget_wanted();
    memset(&look, 0, sizeof look);
    look.added = wanted_of(wanted[RS_ANY_FRAME], own, TRUE);
    for (int outlook = 0; outlook < RS_N_OUTLOOKS; outlook++) {
        look.wanted[outlook] = wanted_of(wanted[outlook], own, FALSE);
        g_array_unref(wanted[outlook]);
    }
    look.is_open = is_open;
}

void
rs_lookahead_stop(void)
{
    forget_wanted();
}

/* What a frame has before its link type is looked up, and one that has none. */
GArray *
rs_lookahead_wanted_always(void)
{
    static const char *const protocols[] = { "frame", "pkt_comment", "systemd_journal", NULL };
    GArray *always = wanted_of(look.wanted[RS_ANY_FRAME], protocols, TRUE);

    rs_journal_wanted(always);
    rs_extract_once(always);
    return always;
}

void
rs_lookahead_will_add(proto_tree *tree)
{
    epan_dissect_t edt = { .tree = tree };

    if (look.added)
        epan_dissect_prime_with_hfid_array(&edt, look.added);
}

gboolean
rs_lookahead_is_bypassed(const packet_info *pinfo, GArray **ret_wanted)
{
    if (look.is_bypassed || look.frame == pinfo->num || pinfo->rec->rec_type != REC_TYPE_PACKET)
        return FALSE;
    look.is_bypassed = TRUE;
    *ret_wanted = g_array_copy(look.wanted[RS_ANY_FRAME]);
    return TRUE;
}

/* With keys, requests can be read that name no host of Apple's. */
static gboolean
was_decrypted(const packet_info *pinfo)
{
    for (const GSList *at = pinfo->data_src ? pinfo->data_src->next : NULL; at; at = at->next) {
        char *name = get_data_source_description((const struct data_source *)at->data);
        const gboolean is_decrypted = strstr(name, "ecrypted TLS") != NULL;

        wmem_free(NULL, name);
        if (is_decrypted)
            return TRUE;
    }
    return FALSE;
}

gboolean
rs_lookahead_mattered(const packet_info *pinfo, const rs_tracker *tracker, gboolean *ret_is_usb)
{
    *ret_is_usb = look.is_usb;
    if (look.frame != pinfo->num)
        return TRUE;
    if (!look.is_usb && !look.network_is_open && was_decrypted(pinfo))
        look.network_is_open = TRUE;
    if (look.is_usb && look.address && rs_tracker_tracks(tracker, look.bus, look.address)) {
        look.nearness[look.bus][look.address] = OURS;
        look.network_is_open = TRUE; /* rules are spared nothing once there is a device */
    }
    return look.matters;
}
