/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Image recognition: labels are printable, what one prefix says no longer one takes back. */
#include <string.h>

#include "dissectors/core/image.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 256 }; /* sixty-four bytes are all that is looked at */

static enum rs_status
recognise(const uint8_t *data, size_t size, struct rs_image *ret_image)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    enum rs_status status;

    CLAIM(copy != NULL);
    memcpy(copy, data, size);
    status = rs_image_recognise(copy, size, ret_image);
    free(copy);
    return status;
}

static void
check_image(const struct rs_image *image)
{
    size_t length = strnlen(image->fourcc, sizeof image->fourcc);

    CLAIM(image->kind > RS_IMAGE_NONE && image->kind < RS_IMAGE_KIND_COUNT);
    CLAIM(length < sizeof image->fourcc);
    for (size_t i = 0; i < length; i++)
        CLAIM(image->fourcc[i] >= ' ' && image->fourcc[i] <= '~');
    CLAIM(rs_image_kind_name(image->kind)[0] != '\0');
    CLAIM(rs_image_component(image->fourcc) == NULL || length >= 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum rs_status before = RS_SHORT;
    struct rs_image known = { 0 };

    if (size > INPUT_MAX)
        return 0;
    for (size_t length = 0; length <= size; length++) {
        struct rs_image image;
        enum rs_status status = recognise(data, length, &image);

        CLAIM(before == RS_SHORT || status == before);
        if (status == RS_OK) {
            check_image(&image);
            CLAIM(before != RS_OK || image.kind == known.kind);
            CLAIM(known.fourcc[0] == '\0' || strcmp(image.fourcc, known.fourcc) == 0);
            known = image;
        }
        before = status;
    }
    return 0;
}
