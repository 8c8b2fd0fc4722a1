/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shows the tags of a boot loader's serial number, "CPID:8015 CPRV:11 ... SRTG:[iBoot-1]", and of
 * its nonces. Parsing is core/serial.h's. */

#include "dissectors/boot-serial.h"

#include "dissectors/compat.h"

#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

#include "dissectors/core/serial.h"
#include "dissectors/tree-fields.h"

#define NUMBER_HF(tag, member, digits, meaning) static int hf_iboot_serial_##member = -1;
#define TEXT_HF(tag, member, size, meaning) static int hf_iboot_serial_##member = -1;
RS_SERIAL_NUMBERS(NUMBER_HF)
RS_SERIAL_TEXTS(TEXT_HF)
static int hf_iboot_serial = -1;
static int hf_iboot_serial_chip_name = -1;
static int hf_iboot_serial_product = -1;
static int hf_iboot_serial_board = -1;
static gint ett_iboot_serial = -1;

static dissector_handle_t serial_handle;
static int string_field = -1; /* Wireshark's */

static void
add_text(proto_tree *tree, tvbuff_t *tvb, int hf, const char *text)
{
    if (text && *text)
        proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, text));
}

/* The names of what the numbers stand for. */
static void
add_names(proto_tree *tree, tvbuff_t *tvb, proto_item *item, const struct rs_serial *serial)
{
    const struct rs_product *product = serial->has_chip && serial->has_board
                                           ? rs_product_find(serial->chip_id, serial->board_id)
                                           : NULL;

    if (serial->has_chip)
        add_text(tree, tvb, hf_iboot_serial_chip_name, rs_chip_name(serial->chip_id));
    if (!product)
        return;
    add_text(tree, tvb, hf_iboot_serial_product, product->identifier);
    add_text(tree, tvb, hf_iboot_serial_board, product->board);
    proto_item_append_text(item, ", %s", product->identifier);
}

#define ADD_NUMBER(tag, member, digits, meaning)                                                   \
    if (strstr(text, #tag ":"))                                                                    \
        proto_item_set_generated(                                                                  \
            proto_tree_add_uint64(tree, hf_iboot_serial_##member, tvb, 0, 0, serial.member));
#define ADD_TEXT(tag, member, size, meaning)                                                       \
    add_text(tree, tvb, hf_iboot_serial_##member, serial.member);

static void
add_serial(proto_tree *root, tvbuff_t *tvb, const char *text)
{
    struct rs_serial serial;
    proto_tree *tree;
    proto_item *item;

    if (!rs_serial_parse(text, &serial))
        return;
    item =
        proto_tree_add_string_format(root, hf_iboot_serial, tvb, 0, 0, text, "Apple boot loader");
    proto_item_set_generated(item);
    tree = proto_item_add_subtree(item, ett_iboot_serial);
    RS_SERIAL_NUMBERS(ADD_NUMBER)
    RS_SERIAL_TEXTS(ADD_TEXT)
    add_names(tree, tvb, item, &serial);
}

static int
dissect_serial(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const char *text;

    /* What is wanted of the tree is only sure to be there on the first pass. */
    if (!PINFO_FD_VISITED(pinfo) && (text = tree_field_text(pinfo, tree, string_field)) != NULL)
        p_add_proto_data(wmem_file_scope(), pinfo, hf_iboot_serial, 0,
                         wmem_strdup(wmem_file_scope(), text));
    text = (const char *)p_get_proto_data(wmem_file_scope(), pinfo, hf_iboot_serial, 0);
    if (text)
        add_serial(tree, tvb, text);
    return (int)tvb_captured_length(tvb);
}

void
boot_serial_register(int proto)
{
#define NUMBER_ROW(tag, member, digits, meaning)                                                   \
    { &hf_iboot_serial_##member,                                                                   \
      { #tag, "iboot.serial." #member, FT_UINT64, BASE_HEX, NULL, 0, meaning, HFILL } },
#define TEXT_ROW(tag, member, size, meaning)                                                       \
    { &hf_iboot_serial_##member,                                                                   \
      { #tag, "iboot.serial." #member, FT_STRING, BASE_NONE, NULL, 0, meaning, HFILL } },
    /* clang-format off */
    static hf_register_info hf[] = {
        RS_SERIAL_NUMBERS(NUMBER_ROW)
        RS_SERIAL_TEXTS(TEXT_ROW)
        { &hf_iboot_serial, { "Boot loader's serial number", "iboot.serial", FT_STRING, BASE_NONE,
          NULL, 0, "Of any mode before the system runs: DFU, recovery and their like", HFILL } },
        { &hf_iboot_serial_chip_name, { "Chip", "iboot.serial.chip", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_iboot_serial_product, { "Product", "iboot.serial.product", FT_STRING, BASE_NONE,
          NULL, 0, "By chip and board", HFILL } },
        { &hf_iboot_serial_board, { "Board", "iboot.serial.board", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_iboot_serial };

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    serial_handle = register_dissector("iboot.serial", dissect_serial, proto);
    register_postdissector(serial_handle);
}

void
boot_serial_handoff(void)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));

    string_field = tree_fields_want(wanted, "usb.bString");
    set_postdissector_wanted_hfids(serial_handle, wanted);
}
