/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The Ethernet interface of a device with iOS 17 or later, as it crosses the USB cable: frames in
 * the transfer blocks of CDC NCM. Wireshark takes them for MBIM's, a protocol made from it.
 * Facts: USB-IF, Network Control Model Devices 1.0, section 3.
 *
 *     header   'NCMH' | u16 length 12 | u16 sequence | u16 length of the block | u16 place of a
 * table table    'NCM0' | u16 length | u16 place of the next | { u16 place | u16 length }... | 0 |
 * 0
 *
 * With 'ncmh' and 'ncm0' places and lengths have four bytes. 'NCM1' and 'ncm1' have a checksum
 * behind each frame. All little-endian. */

#include <epan/expert.h>

#include "dissectors/apple-usb.h"
#include "dissectors/applencm.h"
#include "dissectors/compat.h"
#include "dissectors/core/usb-ids.h"
#include "dissectors/dissectors.h"

enum {
    HEADER16_BYTES = 12,
    HEADER32_BYTES = 16,
    TABLE16_BYTES = 8, /* before its first row */
    TABLE32_BYTES = 16,
    CRC_BYTES = 4,
    TABLES_MAX = 16,
    FRAMES_MAX = 512 /* in one block */
};

#define HEURISTIC "applencm_usb_bulk"

#define SIGNATURE_HEADER16 0x484d434eU /* "NCMH", read little-endian */
#define SIGNATURE_HEADER32 0x686d636eU
#define SIGNATURE_TABLE16 0x304d434eU /* "NCM0" */
#define SIGNATURE_TABLE32 0x306d636eU
#define SIGNATURE_CRC 0x01000000U /* added for a '1' at the end */

static int proto_applencm;
static int hf_applencm_signature = -1;
static int hf_applencm_header_length = -1;
static int hf_applencm_sequence = -1;
static int hf_applencm_block_length = -1;
static int hf_applencm_table = -1;
static int hf_applencm_table_signature = -1;
static int hf_applencm_table_length = -1;
static int hf_applencm_table_next = -1;
static int hf_applencm_index = -1;
static int hf_applencm_length = -1;
static gint ett_applencm = -1;
static gint ett_applencm_table = -1;
static expert_field ei_applencm_malformed = EI_INIT;
static expert_field ei_applencm_cut = EI_INIT;

static dissector_handle_t applencm_handle, ethernet_handle;
static heur_dissector_t mbim_heur; /* Wireshark's */

/* A block: places and lengths have `width` bytes. */
struct block {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *root, *tree;
    int width, header_bytes;
    guint32 length, table;
    guint frames;
};

static guint32
number_at(const struct block *block, int offset)
{
    return block->width == 2 ? tvb_get_letohs(block->tvb, offset)
                             : tvb_get_letohl(block->tvb, offset);
}

/* Is this the header of a block that a device would send? */
static gboolean
read_header(tvbuff_t *tvb, struct block *ret_block)
{
    struct block block = { .tvb = tvb };
    guint32 signature;

    if (tvb_captured_length(tvb) < HEADER16_BYTES)
        return FALSE;
    signature = tvb_get_letohl(tvb, 0);
    if (signature != SIGNATURE_HEADER16 && signature != SIGNATURE_HEADER32)
        return FALSE;
    block.width = signature == SIGNATURE_HEADER16 ? 2 : 4;
    block.header_bytes = block.width == 2 ? HEADER16_BYTES : HEADER32_BYTES;
    if (tvb_captured_length(tvb) < (guint)block.header_bytes ||
        tvb_get_letohs(tvb, 4) != block.header_bytes)
        return FALSE;
    block.length = number_at(&block, 8);
    block.table = number_at(&block, 8 + block.width);
    /* A block of no declared length ends with its transfer. */
    if (block.length == 0)
        block.length = tvb_reported_length(tvb);
    if (block.table < (guint32)block.header_bytes || block.table >= block.length)
        return FALSE;
    *ret_block = block;
    return TRUE;
}

static void
dissect_frame(struct block *block, proto_tree *tree, int row, guint32 offset, guint32 length)
{
    proto_item *item =
        proto_tree_add_uint(tree, hf_applencm_index, block->tvb, row, block->width, offset);
    int captured;

    proto_tree_add_uint(tree, hf_applencm_length, block->tvb, row + block->width, block->width,
                        length);
    if (offset >= block->length || length > block->length - offset) {
        expert_add_info(block->pinfo, item, &ei_applencm_malformed);
        return;
    }
    captured = tvb_captured_length_remaining(block->tvb, (int)offset);
    if (captured < (int)length)
        expert_add_info(block->pinfo, item, &ei_applencm_cut);
    /* Cut by the snap length it is shown as far as it goes; without its end it is no frame. */
    if (captured <= 0 || tvb_reported_length_remaining(block->tvb, (int)offset) < (int)length)
        return;
    if (block->frames++ > 0)
        col_set_fence(block->pinfo->cinfo, COL_INFO);
    call_dissector(ethernet_handle,
                   tvb_new_subset_length_caplen(block->tvb, (int)offset, MIN(captured, (int)length),
                                                (int)length),
                   block->pinfo, block->root);
}

/* The rows of a table. `end`: where its bytes end. */
static void
dissect_rows(struct block *block, proto_tree *tree, int start, int end, int crc)
{
    for (int row = start; row + 2 * block->width <= end; row += 2 * block->width) {
        guint32 offset = number_at(block, row), length = number_at(block, row + block->width);

        if (offset == 0 || length == 0 || block->frames >= FRAMES_MAX)
            return;
        dissect_frame(block, tree, row, offset, length > (guint32)crc ? length - (guint32)crc : 0);
    }
}

/* The table at `offset`; returns the place of the next one, or 0. */
static guint32
dissect_table(struct block *block, guint32 offset)
{
    guint32 wanted = block->width == 2 ? SIGNATURE_TABLE16 : SIGNATURE_TABLE32;
    int head = block->width == 2 ? TABLE16_BYTES : TABLE32_BYTES, start = (int)offset, length;
    int next = start + (block->width == 2 ? 6 : 8);
    proto_item *item;
    proto_tree *tree;
    guint32 signature;

    if (tvb_captured_length_remaining(block->tvb, start) < head)
        return 0;
    signature = tvb_get_letohl(block->tvb, start);
    length = tvb_get_letohs(block->tvb, start + 4);
    item = proto_tree_add_item(
        block->tree, hf_applencm_table, block->tvb, start,
        MIN(MAX(length, head), tvb_captured_length_remaining(block->tvb, start)), ENC_NA);
    tree = proto_item_add_subtree(item, ett_applencm_table);
    proto_tree_add_item(tree, hf_applencm_table_signature, block->tvb, start, 4, ENC_ASCII);
    proto_tree_add_item(tree, hf_applencm_table_length, block->tvb, start + 4, 2,
                        ENC_LITTLE_ENDIAN);
    proto_tree_add_uint(tree, hf_applencm_table_next, block->tvb, next, block->width,
                        number_at(block, next));
    if ((signature != wanted && signature != wanted + SIGNATURE_CRC) || length < head) {
        expert_add_info(block->pinfo, item, &ei_applencm_malformed);
        return 0;
    }
    dissect_rows(block, tree, start + head,
                 start + MIN(length, tvb_captured_length_remaining(block->tvb, start)),
                 signature == wanted ? 0 : CRC_BYTES);
    return number_at(block, next);
}

static int
dissect_applencm(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct block block;
    proto_item *item;
    guint32 place;

    if (!read_header(tvb, &block))
        return 0;
    block.pinfo = pinfo;
    block.root = tree;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "NCM");
    col_add_fstr(pinfo->cinfo, COL_INFO, "NCM block, %u bytes", block.length);
    item = proto_tree_add_item(tree, proto_applencm, tvb, 0, -1, ENC_NA);
    block.tree = proto_item_add_subtree(item, ett_applencm);
    proto_tree_add_item(block.tree, hf_applencm_signature, tvb, 0, 4, ENC_ASCII);
    proto_tree_add_item(block.tree, hf_applencm_header_length, tvb, 4, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(block.tree, hf_applencm_sequence, tvb, 6, 2, ENC_LITTLE_ENDIAN);
    item = proto_tree_add_uint(block.tree, hf_applencm_block_length, tvb, 8, block.width,
                               block.length);
    if (block.length > tvb_reported_length(tvb))
        expert_add_info(pinfo, item, &ei_applencm_cut);
    place = block.table;
    for (guint i = 0; i < TABLES_MAX && place != 0 && place < block.length; i++)
        place = dissect_table(&block, place);
    return (int)tvb_captured_length(tvb);
}

/* Of an unknown device it must be Ethernet: MBIM has other tables. */
gboolean
applencm_is_block(tvbuff_t *tvb)
{
    struct block block;

    return read_header(tvb, &block) && tvb_captured_length(tvb) >= block.table + 4 &&
           (tvb_get_letohl(tvb, (int)block.table) & ~SIGNATURE_CRC) ==
               (block.width == 2 ? SIGNATURE_TABLE16 : SIGNATURE_TABLE32);
}

static gboolean
is_ours(tvbuff_t *tvb, const rs_urb *urb)
{
    return urb &&
           (RS_URB_CONV(urb)->deviceVendor == RS_USB_VENDOR_APPLE ||
            RS_URB_CONV(urb)->deviceVendor == DEV_VENDOR_UNKNOWN) &&
           applencm_is_block(tvb);
}

static rs_ws_bool
dissect_applencm_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return is_ours(tvb, (const rs_urb *)data) && dissect_applencm(tvb, pinfo, tree, data) > 0;
}

static rs_ws_bool
dissect_mbim_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (is_ours(tvb, (const rs_urb *)data) && rs_ws_heur_is_on(HEURISTIC))
        return FALSE;
    return mbim_heur(tvb, pinfo, tree, data);
}

void
proto_register_applencm(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_applencm_signature, { "Signature", "applencm.signature", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_applencm_header_length, { "Header length", "applencm.header_length", FT_UINT16,
          BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_applencm_sequence, { "Sequence", "applencm.sequence", FT_UINT16, BASE_DEC, NULL, 0,
          "Of blocks in this direction", HFILL } },
        { &hf_applencm_block_length, { "Block length", "applencm.block_length", FT_UINT32,
          BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_applencm_table, { "Table of frames", "applencm.table", FT_NONE, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_applencm_table_signature, { "Signature", "applencm.table.signature", FT_STRING,
          BASE_NONE, NULL, 0, "Ends with 1 where frames have a checksum", HFILL } },
        { &hf_applencm_table_length, { "Length", "applencm.table.length", FT_UINT16, BASE_DEC,
          NULL, 0, NULL, HFILL } },
        { &hf_applencm_table_next, { "Next table at", "applencm.table.next", FT_UINT32, BASE_DEC,
          NULL, 0, "0: there is none", HFILL } },
        { &hf_applencm_index, { "Frame at", "applencm.index", FT_UINT32, BASE_DEC, NULL, 0,
          "In the block", HFILL } },
        { &hf_applencm_length, { "Frame length", "applencm.length", FT_UINT32, BASE_DEC, NULL, 0,
          "Without its checksum", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_applencm_malformed, { "applencm.malformed", PI_MALFORMED, PI_WARN,
          "No table, or no frame, lies there", EXPFILL } },
        { &ei_applencm_cut, { "applencm.cut", PI_UNDECODED, PI_NOTE,
          "Not all of it is in this transfer", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_applencm, &ett_applencm_table };

    proto_applencm = proto_register_protocol("Apple USB Ethernet (NCM)", "NCM", "applencm");
    proto_register_field_array(proto_applencm, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_applencm), ei, array_length(ei));
    applencm_handle = register_dissector("applencm", dissect_applencm, proto_applencm);
}

void
proto_reg_handoff_applencm(void)
{
    ethernet_handle = find_dissector_add_dependency("eth_withoutfcs", proto_applencm);
    dissector_add_for_decode_as("usb.device", applencm_handle);
    heur_dissector_add("usb.bulk", dissect_applencm_heur, "Apple Ethernet over USB (NCM)",
                       HEURISTIC, proto_applencm, HEURISTIC_ENABLE);
    mbim_heur = rs_ws_replace_heur("mbim_usb_bulk", dissect_mbim_heur);
}
