/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names, flags and four-character types of components: idevicerestore 1.0.0, src/restore.c,
 * src/recovery.c and src/img4.c. Which of them share a file is as in published manifests. Lengths
 * are a fraction of real ones. */
#include "samples/lab/firmware/components.h"

#include <stdlib.h>
#include <string.h>

#define FLASH "Firmware/all_flash/"

enum { MODEM = LAB_HAS_MODEM, SE = LAB_HAS_SE, SAVAGE = LAB_HAS_SAVAGE, BMU = LAB_HAS_BMU };

/* In paths: {family}, {board}, {kernel}, {screen}, {modem} of the product, {ramdisk} and {os} the
 * names of disk images. */
/* clang-format off */
static const lab_component_t components[] = {
    { "Ap,SystemVolumeCanonicalMetadata", "msys", "msys", "Firmware/{os}.mtree",
      LAB_IMAGE4, 3000, 0, 0 },
    { "AppleLogo", "logo", "logo", FLASH "applelogo@{screen}.im4p",
      LAB_IMAGE4, 12000, LAB_FLASHED, 0 },
    { "BMU,FirmwareMap", NULL, NULL, "Firmware/BMU/{board}.FirmwareMap.plist",
      LAB_MAP, 0, 0, BMU },
    { "BasebandFirmware", NULL, NULL, "Firmware/{modem}.Release.bbfw", LAB_MODEM, 0, 0, MODEM },
    { "BatteryCharging0", "chg0", "chg0", FLASH "batterycharging0@{screen}.im4p",
      LAB_IMAGE4, 5000, LAB_FLASHED, 0 },
    { "BatteryFull", "batF", "batF", FLASH "batteryfull@{screen}.im4p",
      LAB_IMAGE4, 6000, LAB_FLASHED, 0 },
    { "BatteryLow0", "bat0", "bat0", FLASH "batterylow0@{screen}.im4p",
      LAB_IMAGE4, 4000, LAB_FLASHED, 0 },
    { "DeviceTree", "dtre", "dtre", FLASH "DeviceTree.{board}.im4p",
      LAB_IMAGE4, 60000, LAB_FLASHED, 0 },
    { "KernelCache", "krnl", "krnl", "kernelcache.release.{kernel}", LAB_IMAGE4, 420000, 0, 0 },
    { "LLB", "illb", "illb", FLASH "LLB.{family}.RELEASE.im4p",
      LAB_IMAGE4, 60000, LAB_FLASHED, 0 },
    { "Multitouch", "mtfw", "mtfw", "Firmware/{board}_Multitouch.im4p",
      LAB_IMAGE4, 8000, LAB_UPDATER, 0 },
    { "OS", NULL, NULL, "{os}", LAB_DISK, 0, 0, 0 },
    { "RecoveryMode", "recm", "recm", FLASH "recoverymode@{screen}.im4p",
      LAB_IMAGE4, 7000, LAB_FLASHED, 0 },
    { "RestoreDeviceTree", "rdtr", "dtre", FLASH "DeviceTree.{board}.im4p",
      LAB_IMAGE4, 60000, 0, 0 },
    { "RestoreKernelCache", "rkrn", "krnl", "kernelcache.release.{kernel}",
      LAB_IMAGE4, 420000, 0, 0 },
    { "RestoreLogo", "rlgo", "logo", FLASH "applelogo@{screen}.im4p", LAB_IMAGE4, 12000, 0, 0 },
    { "RestoreRamDisk", "rdsk", "rdsk", "{ramdisk}", LAB_IMAGE4, 700000, 0, 0 },
    { "RestoreSEP", "rsep", "sepi", FLASH "sep-firmware.{board}.RELEASE.im4p",
      LAB_IMAGE4, 90000, LAB_FLASHED, 0 },
    { "RestoreTrustCache", "rtsc", "trst", "Firmware/{ramdisk}.trustcache",
      LAB_IMAGE4, 9000, LAB_LOADED, 0 },
    { "SE,UpdatePayload", NULL, NULL, "Firmware/SE/SE.{board}.sefw", LAB_RAW, 9000, 0, SE },
    { "SEP", "sepi", "sepi", FLASH "sep-firmware.{board}.RELEASE.im4p",
      LAB_IMAGE4, 90000, LAB_FLASHED, 0 },
    { "Savage,B0-Prod-Patch", NULL, NULL, "Firmware/Savage/Savage.B0-Prod.fw",
      LAB_RAW, 6000, 0, SAVAGE },
    { "Savage,B2-Prod-Patch", NULL, NULL, "Firmware/Savage/Savage.B2-Prod.fw",
      LAB_RAW, 6000, 0, SAVAGE },
    { "Savage,BA-Prod-Patch", NULL, NULL, "Firmware/Savage/Savage.BA-Prod.fw",
      LAB_RAW, 6000, 0, SAVAGE },
    { "StaticTrustCache", "trst", "trst", "Firmware/{os}.trustcache", LAB_IMAGE4, 9000, 0, 0 },
    { "SystemVolume", "isys", "isys", "Firmware/{os}.root_hash", LAB_IMAGE4, 200, 0, 0 },
    { "iBEC", "ibec", "ibec", "Firmware/dfu/iBEC.{family}.RELEASE.im4p",
      LAB_IMAGE4, 180000, 0, 0 },
    { "iBSS", "ibss", "ibss", "Firmware/dfu/iBSS.{family}.RELEASE.im4p", LAB_IMAGE4, 90000, 0, 0 },
    { "iBoot", "ibot", "ibot", FLASH "iBoot.{family}.RELEASE.im4p",
      LAB_IMAGE4, 120000, LAB_FLASHED, 0 },
    { 0 }
};
/* clang-format on */

const lab_component_t *
lab_components(void)
{
    return components;
}

gboolean
lab_component_belongs(const lab_plan_t *plan, const lab_component_t *component)
{
    return (component->needs & ~plan->product->parts) == 0;
}

const lab_component_t *
lab_component_find(const lab_plan_t *plan, const char *name)
{
    for (const lab_component_t *c = components; c->name; c++)
        if (strcmp(c->name, name) == 0 && lab_component_belongs(plan, c))
            return c;
    return NULL;
}

/* A ramdisk and its trust cache are of one behavior, all else is of both. */
char *
lab_component_path(const lab_plan_t *plan, const lab_component_t *component,
                   lab_behavior_t behavior)
{
    const struct {
        const char *word, *value;
    } words[] = {
        { "{family}", plan->product->family },
        { "{board}", plan->model->name },
        { "{kernel}", plan->product->kernel },
        { "{screen}", plan->product->screen },
        { "{modem}", plan->product->modem },
        { "{ramdisk}", behavior == LAB_ERASE ? "018-00001-010.dmg" : "018-00003-010.dmg" },
        { "{os}", "018-00002-020.dmg" },
    };
    GString *path = g_string_new(component->path);

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_string_replace(path, words[i].word, words[i].value, 0);
    return g_string_free(path, FALSE);
}

/* Of the battery's chip: what it may run, by version. The tool adds a digest before it sends it. */
static GByteArray *
map_of(const lab_plan_t *plan)
{
    plist_t map = plist_new_dict(), entry = plist_new_dict();
    GByteArray *out = g_byte_array_new();
    uint32_t length = 0;
    char *xml = NULL;

    plist_dict_set_item(entry, "Path", plist_new_string("veridian.bin"));
    plist_dict_set_item(entry, "Version", plist_new_string(plan->build));
    plist_dict_set_item(map, "fw_1", entry);
    plist_to_xml(map, &xml, &length);
    g_byte_array_append(out, (const guint8 *)xml, length);
    free(xml);
    plist_free(map);
    return out;
}

GByteArray *
lab_component_file(const lab_plan_t *plan, const lab_component_t *component, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    GByteArray *content;

    switch (component->form) {
    case LAB_DISK:
        return lab_image_disk(name, plan->build, plan->filesystem);
    case LAB_MODEM:
        return lab_image_modem(plan->product->modem, plan->build);
    case LAB_MAP:
        return map_of(plan);
    case LAB_RAW:
        return lab_image_filler(name, plan->build, component->length);
    case LAB_IMAGE4:
        break;
    }
    content = lab_image_filler(name, plan->build, component->length);
    return lab_image_im4p(component->stored, plan->build, content);
}
