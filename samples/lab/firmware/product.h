/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What differs from model to model in a firmware: names of files, and which parts there are. */
#pragma once

#include "samples/lab/vphone/phone.h"

/* Parts that not every phone has. */
typedef enum {
    LAB_HAS_MODEM = 1 << 0,
    LAB_HAS_SE = 1 << 1,     /* secure element */
    LAB_HAS_SAVAGE = 1 << 2, /* the camera that knows its user */
    LAB_HAS_BMU = 1 << 3,    /* battery management, "Veridian" */
} lab_part_t;

typedef struct {
    const char *model;           /* name of the lab_model_t */
    const char *family;          /* in names of boot loaders: "d22" */
    const char *kernel;          /* in the name of the kernel cache: "iphone10b" */
    const char *screen;          /* in names of pictures: "2436~iphone" */
    const char *version, *build; /* of the firmware when no other are asked for */
    const char *modem;           /* name of the modem's firmware */
    unsigned parts;              /* of lab_part_t */
} lab_product_t;

/* NULL when nothing is known about such a model. */
const lab_product_t *lab_product_find(const char *model);
