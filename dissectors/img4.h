/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Labels for the boot images that travel to the device: what container, which component. */
#pragma once

#include "dissectors/compat.h"

/* What the first bytes of an image say about it. */
struct img4_label {
    const char *kind;      /* "IMG4", "IM4P", ...; NULL: not recognised */
    char type[5];          /* the four-cc, "" when the container has none */
    const char *component; /* its name in a build manifest; NULL: no such four-cc known */
    guint64 size;          /* of the whole image as its header declares it; 0: not declared */
};

/* Reads the label of the image that starts at offset; FALSE leaves *ret_label cleared. */
gboolean img4_identify(tvbuff_t *tvb, int offset, struct img4_label *ret_label);

/* The bytes at offset begin an image that nobody but Apple makes (IMG3, IMG4, IM4P, IM4M). */
gboolean img4_is_apple(tvbuff_t *tvb, int offset);

/* The best name of a labelled image: component, else four-cc, else container; "data" for none. */
const char *img4_name(const struct img4_label *label);

/* Adds the "img4" protocol with the label of the image that starts at offset; nothing when the
 * bytes are no image. */
void img4_add_label(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset);
