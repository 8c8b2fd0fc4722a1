/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What kind of image an upload is, told from how it begins. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So much of an image's beginning is enough. */
enum { LAB_IMAGE_HEAD = 64 };

/* The four characters that name the component ("ibec"), of an IMG4, IM4P or IMG3; "IM4M" of a bare
 * ticket. False, with `ret_type` as it was, when it is none of these. */
bool lab_image_type(const uint8_t *data, size_t n, char ret_type[5]);

/* The beginning of an image that arrives in pieces. */
typedef struct {
    uint8_t bytes[LAB_IMAGE_HEAD];
    size_t n;
} lab_image_head_t;

void lab_image_head_add(lab_image_head_t *head, const uint8_t *data, size_t n);
