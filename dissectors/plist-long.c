/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Follows long and cut messages through the segments of a stream; see the header. */

#include "dissectors/plist-long.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/expert.h>
#include <epan/proto_data.h>

#include "dissectors/apple-usb.h"
#include "dissectors/plist-fields.h"
#include "dissectors/usbmux.h"

static int proto_owner = -1; /* of plist-service.c */
static int hf_plist_service_part = -1;
static int hf_plist_service_first_frame = -1;
static int hf_plist_service_request_in = -1;
static gint ett_plist_service_part = -1;
static expert_field ei_plist_service_cut = EI_INIT;

/* A message, and what one segment carries of it. File scope. */
struct long_message {
    guint32 frame, end_seq, length;
};

struct long_part {
    const struct long_message *message;
    guint32 bytes, done;
};

/* One direction of a stream; changes on the first pass only. */
struct direction {
    struct long_message *current;
    struct long_message expected; /* tcp collects it; length 0: none */
};

static struct direction *
direction_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct direction *directions =
        (struct direction *)conversation_get_proto_data(conversation, proto_owner);

    if (!directions) {
        directions = wmem_alloc0_array(wmem_file_scope(), struct direction, 2);
        conversation_add_proto_data(conversation, proto_owner, directions);
    }
    /* Services behind RemoteXPC have real ports: any order of them tells the directions apart. */
    return &directions[apple_usb_attach_of(pinfo) ? usbmux_from_host(pinfo)
                                                  : pinfo->srcport < pinfo->destport];
}

static struct long_message
message_at(const packet_info *pinfo, const struct tcpinfo *tcp, int offset, guint32 bytes)
{
    return (struct long_message){
        .frame = pinfo->num,
        .length = bytes,
        .end_seq = tcp->seq + (guint32)offset + bytes,
    };
}

void
plist_long_begins(packet_info *pinfo, const struct tcpinfo *tcp, int offset, guint32 bytes)
{
    struct direction *direction;

    if (PINFO_FD_VISITED(pinfo))
        return;
    direction = direction_of(pinfo);
    direction->expected.length = 0;
    direction->current = wmem_new(wmem_file_scope(), struct long_message);
    *direction->current = message_at(pinfo, tcp, offset, bytes);
}

void
plist_long_expected(packet_info *pinfo, const struct tcpinfo *tcp, int offset, guint32 bytes)
{
    if (!PINFO_FD_VISITED(pinfo))
        direction_of(pinfo)->expected = message_at(pinfo, tcp, offset, bytes);
}

/* A segment that tcp does not collect lies in a message it began to collect. */
static void
give_up_collecting(packet_info *pinfo, const struct tcpinfo *tcp, struct direction *direction)
{
    guint32 left = direction->expected.end_seq - tcp->seq;

    if (direction->current || pinfo->can_desegment || left == 0 ||
        left >= direction->expected.length)
        return;
    direction->current = wmem_new(wmem_file_scope(), struct long_message);
    *direction->current = direction->expected;
    direction->expected.length = 0;
}

/* First pass: what of this segment belongs to a message that began before. */
static struct long_part *
place_in_message(packet_info *pinfo, const struct tcpinfo *tcp, guint32 length)
{
    struct direction *direction = direction_of(pinfo);
    struct long_part *part;
    guint32 left;

    give_up_collecting(pinfo, tcp, direction);
    if (!direction->current)
        return NULL;
    left = direction->current->end_seq - tcp->seq;
    if (left == 0 || left > direction->current->length) {
        direction->current = NULL;
        return NULL;
    }
    part = wmem_new0(wmem_file_scope(), struct long_part);
    part->message = direction->current;
    part->bytes = MIN(left, length);
    part->done = direction->current->length - left + part->bytes;
    p_add_proto_data(wmem_file_scope(), pinfo, proto_owner, tcp->seq, part);
    return part;
}

int
plist_long_part(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct tcpinfo *tcp)
{
    struct long_part *part;
    proto_tree *part_tree;
    proto_item *item;
    int captured;

    if (!tcp)
        return 0;
    part = (struct long_part *)p_get_proto_data(wmem_file_scope(), pinfo, proto_owner, tcp->seq);
    if (!part && !PINFO_FD_VISITED(pinfo))
        part = place_in_message(pinfo, tcp, tvb_reported_length(tvb));
    if (!part)
        return 0;
    captured = MIN((int)part->bytes, (int)tvb_captured_length(tvb));
    item = proto_tree_add_item(tree, proto_owner, tvb, 0, captured, ENC_NA);
    part_tree = proto_item_add_subtree(item, ett_plist_service_part);
    item = proto_tree_add_item(part_tree, hf_plist_service_part, tvb, 0, captured, ENC_NA);
    if ((guint32)captured < part->bytes)
        expert_add_info(pinfo, item, &ei_plist_service_cut);
    proto_item_set_generated(proto_tree_add_uint(part_tree, hf_plist_service_first_frame, tvb, 0, 0,
                                                 part->message->frame));
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "PLIST");
    col_clear(pinfo->cinfo, COL_INFO);
    mux_info(pinfo, "%s of a %s message that began in frame %u", size_text(pinfo, part->done),
             size_text(pinfo, part->message->length), part->message->frame);
    return (int)part->bytes;
}

void
plist_long_show_start(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int data_offset,
                      const struct mux_exchange *exchange, guint32 length)
{
    proto_tree_add_item(tree, hf_plist_service_part, tvb, data_offset, -1, ENC_NA);
    if (exchange)
        proto_item_set_generated(
            proto_tree_add_uint(tree, hf_plist_service_request_in, tvb, 0, 0, exchange->question));
    mux_info(pinfo, "%s answer of %s begins", exchange ? exchange->name : "data",
             size_text(pinfo, length));
}

void
plist_long_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_plist_service_part, { "Part of a message", "plist_service.part", FT_BYTES,
          BASE_NONE, NULL, 0, "Of one above 16 MiB, or not captured whole: not decoded", HFILL } },
        { &hf_plist_service_first_frame, { "Message began in", "plist_service.first_frame",
          FT_FRAMENUM, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_service_request_in, { "Answers", "plist_service.request_in", FT_FRAMENUM,
          BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, "Of an answer not decoded", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_plist_service_cut, { "plist_service.cut", PI_UNDECODED, PI_NOTE,
          "The capture does not hold all bytes of this part", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_plist_service_part };

    proto_owner = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
