/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Products: versions and the style of names are those of published firmwares (The Apple Wiki,
 * "Firmware"); numbers of modem firmwares are made up. */
#include "samples/lab/firmware/product.h"

#include <string.h>

enum {
    PHONE = LAB_HAS_MODEM | LAB_HAS_SE,
    FACE = PHONE | LAB_HAS_SAVAGE,
};

/* clang-format off */
static const lab_product_t products[] = {
    { "d221", "d22",  "iphone10b", "2436~iphone", "16.7.8", "20H343", "ICE17-5.01.00", FACE },
    { "d22",  "d22",  "iphone10b", "2436~iphone", "16.7.8", "20H343", "Mav17-6.01.00", FACE },
    { "n71",  "n71",  "iphone8b",  "1334~iphone", "15.8",   "19H370", "Mav13-7.01.00", PHONE },
    { "n841", "n841", "iphone11b", "1792~iphone", "17.1.2", "21B101", "ICE18-4.01.00", FACE },
    { "d79",  "d79",  "iphone12c", "1334~iphone", "17.1.2", "21B101", "ICE19-3.01.00",
      PHONE | LAB_HAS_BMU },
    { "j71b", "j71b", "ipad7b",    "2048~ipad",   "17.1.2", "21B101", "", 0 },
};
/* clang-format on */

const lab_product_t *
lab_product_find(const char *model)
{
    for (size_t i = 0; i < G_N_ELEMENTS(products); i++)
        if (strcmp(products[i].model, model) == 0)
            return &products[i];
    return NULL;
}
