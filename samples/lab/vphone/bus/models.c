/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kinds of phone the lab has. Chip, board and product: libirecovery's device table; boot ROM
 * versions: The Apple Wiki, "Bootrom". */
#include <string.h>

#include "samples/lab/vphone/phone.h"

/* clang-format off */
static const lab_model_t models[] = {
    { "d221", "iPhone10,6", "D221AP", 0x8015, 0x0e, "t8015", "iBoot-3332.0.0.1.23",   0x12a8 },
    { "d22",  "iPhone10,3", "D22AP",  0x8015, 0x06, "t8015", "iBoot-3332.0.0.1.23",   0x12a8 },
    { "n71",  "iPhone8,1",  "N71AP",  0x8000, 0x04, "s8000", "iBoot-2234.0.0.3.3",    0x12a8 },
    { "n841", "iPhone11,8", "N841AP", 0x8020, 0x0c, "t8020", "iBoot-3865.0.0.4.7",    0x12a8 },
    { "d79",  "iPhone12,8", "D79AP",  0x8030, 0x10, "t8030", "iBoot-4479.0.0.100.4",  0x12a8 },
    { "j71b", "iPad7,5",    "J71bAP", 0x8010, 0x18, "t8010", "iBoot-2696.0.0.1.33",   0x12ab },
    { 0 }
};
/* clang-format on */

const lab_model_t *
lab_models(void)
{
    return models;
}

const lab_model_t *
lab_model_find(const char *name)
{
    for (const lab_model_t *model = models; model->name; model++)
        if (strcmp(model->name, name) == 0)
            return model;
    return NULL;
}
