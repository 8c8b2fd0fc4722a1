/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The components of a firmware: which file each is in and what the manifest says about it. */
#pragma once

#include "samples/lab/firmware/firmware.h"
#include "samples/lab/firmware/image.h"
#include "samples/lab/firmware/product.h"

/* What is in a file. */
typedef enum {
    LAB_IMAGE4,
    LAB_DISK,  /* the filesystem */
    LAB_RAW,   /* of no known form */
    LAB_MODEM, /* an archive */
    LAB_MAP,   /* a property list */
} lab_form_t;

/* Who wants it, as Info says. */
typedef enum {
    LAB_FLASHED = 1 << 0, /* IsFirmwarePayload: goes with NORData */
    LAB_LOADED = 1 << 1,  /* IsLoadedByiBoot: sent in recovery mode, with "firmware" after it */
    LAB_UPDATER = 1 << 2, /* IsFUDFirmware */
} lab_use_t;

typedef struct {
    const char *name;   /* key in the manifest */
    const char *sent;   /* four characters of the image as the device gets it; NULL: no Image4 */
    const char *stored; /* the same in the file, which another component may share */
    const char *path;   /* see lab_component_path() */
    lab_form_t form;
    gsize length;         /* of the content; 0: as asked for */
    unsigned uses, needs; /* lab_use_t; lab_part_t of products that have it */
} lab_component_t;

/* The two ways to install. */
typedef enum { LAB_ERASE, LAB_UPDATE, LAB_N_BEHAVIORS } lab_behavior_t;

/* Everything that decides what is in a firmware. */
typedef struct {
    const lab_model_t *model;
    const lab_product_t *product;
    const char *version, *build;
    gsize filesystem; /* bytes */
} lab_plan_t;

/* Every component, in the order manifests have them, up to one without a name. */
const lab_component_t *lab_components(void);
/* NULL when the product of `plan` has no such component. */
const lab_component_t *lab_component_find(const lab_plan_t *plan, const char *name);
gboolean lab_component_belongs(const lab_plan_t *plan, const lab_component_t *component);

/* Where its file is below the firmware's folder; g_free() it. */
char *lab_component_path(const lab_plan_t *plan, const lab_component_t *component,
                         lab_behavior_t behavior);
/* What is in that file. */
GByteArray *lab_component_file(const lab_plan_t *plan, const lab_component_t *component,
                               const char *path);

/* BuildManifest.plist and Restore.plist. `digests` has, by path and four characters as sent
 * ("PATH fourcc"), SHA-384 in GBytes. */
plist_t lab_manifest_new(const lab_plan_t *plan, GHashTable *digests);
plist_t lab_restore_plist_new(const lab_plan_t *plan);
char *lab_digest_key(const char *path, const lab_component_t *component);
