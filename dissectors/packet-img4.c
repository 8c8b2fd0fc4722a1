/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Labels of boot images, wherever one is uploaded. Recognising them is core/image.h's. */

#include "dissectors/img4.h"

#include "dissectors/core/image.h"
#include "dissectors/dissectors.h"
#include "dissectors/export-objects.h"

enum { LABEL_BYTES = 64 }; /* all an image says of itself is within these */

static int proto_img4 = -1;

static int hf_img4_kind = -1;
static int hf_img4_type = -1;
static int hf_img4_component = -1;
static int hf_img4_size = -1;

static gint ett_img4 = -1;

static gboolean
recognise(tvbuff_t *tvb, int offset, struct rs_image *ret_image)
{
    int captured = MIN(tvb_captured_length_remaining(tvb, offset), LABEL_BYTES);

    return captured > 0 && rs_image_recognise(tvb_get_ptr(tvb, offset, captured), (size_t)captured,
                                              ret_image) == RS_OK;
}

gboolean
img4_identify(tvbuff_t *tvb, int offset, struct img4_label *ret_label)
{
    struct rs_image image;

    *ret_label = (struct img4_label){ .kind = NULL };
    if (!recognise(tvb, offset, &image) || image.kind == RS_IMAGE_NONE)
        return FALSE;
    ret_label->kind = rs_image_kind_name(image.kind);
    g_strlcpy(ret_label->type, image.fourcc, sizeof ret_label->type);
    ret_label->component = rs_image_component(image.fourcc);
    ret_label->size = image.size;
    return TRUE;
}

gboolean
img4_is_apple(tvbuff_t *tvb, int offset)
{
    struct rs_image image;

    return recognise(tvb, offset, &image) &&
           (image.kind == RS_IMAGE_IMG3 || image.kind == RS_IMAGE_IMG4 ||
            image.kind == RS_IMAGE_IM4P || image.kind == RS_IMAGE_IM4M);
}

const char *
img4_name(const struct img4_label *label)
{
    if (label->component)
        return label->component;
    if (label->type[0] != '\0')
        return label->type;
    return label->kind ? label->kind : "data";
}

void
img4_add_label(tvbuff_t *tvb, packet_info *pinfo _U_, proto_tree *tree, int offset)
{
    struct img4_label label;
    proto_item *item;
    proto_tree *label_tree;

    if (!img4_identify(tvb, offset, &label))
        return;
    item = proto_tree_add_item(tree, proto_img4, tvb, offset, -1, ENC_NA);
    proto_item_append_text(item, ", %s", img4_name(&label));
    label_tree = proto_item_add_subtree(item, ett_img4);
    proto_tree_add_string(label_tree, hf_img4_kind, tvb, offset, 0, label.kind);
    if (label.type[0] != '\0')
        proto_tree_add_string(label_tree, hf_img4_type, tvb, offset, 0, label.type);
    if (label.component)
        proto_tree_add_string(label_tree, hf_img4_component, tvb, offset, 0, label.component);
    if (label.size > 0)
        proto_tree_add_uint64(label_tree, hf_img4_size, tvb, offset, 0, label.size);
}

void
proto_register_img4(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_img4_kind,
          { "Container", "img4.kind", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_img4_type,
          { "Type", "img4.type", FT_STRING, BASE_NONE, NULL, 0, "Four-character code", HFILL } },
        { &hf_img4_component,
          { "Component", "img4.component", FT_STRING, BASE_NONE, NULL, 0,
            "Its name in a build manifest", HFILL } },
        { &hf_img4_size,
          { "Size", "img4.size", FT_UINT64, BASE_DEC, NULL, 0,
            "Of the whole image, by its header", HFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_img4 };

    proto_img4 = proto_register_protocol("Apple boot image", "IMG4", "img4");
    proto_register_field_array(proto_img4, hf, G_N_ELEMENTS(hf));
    proto_register_subtree_array(ett, G_N_ELEMENTS(ett));
    export_objects_register(EXPORT_IMAGES, proto_img4);
}

/* Nothing carries images by itself: the dissectors of uploads and tickets call img4_add_label(). */
void
proto_reg_handoff_img4(void)
{
}
