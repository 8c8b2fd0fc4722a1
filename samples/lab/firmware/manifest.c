/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The property lists of a firmware. Keys: idevicerestore 1.0.0 and 405fcd1, src/idevicerestore.c,
 * src/restore.c and src/tss.c, and published manifests. */
#include "samples/lab/firmware/components.h"

#include <string.h>

static const struct {
    const char *name, *variant, *ramdisks;
} behaviors[LAB_N_BEHAVIORS] = {
    [LAB_ERASE] = { "Erase", "Customer Erase Install (IPSW)", "User" },
    [LAB_UPDATE] = { "Update", "Customer Upgrade Install (IPSW)", "Update" },
};

static void
set_text(plist_t dict, const char *key, const char *value)
{
    plist_dict_set_item(dict, key, plist_new_string(value));
}

static void
set_bool(plist_t dict, const char *key, gboolean value)
{
    plist_dict_set_item(dict, key, plist_new_bool(value ? 1 : 0));
}

static void
set_hex(plist_t dict, const char *key, unsigned value)
{
    g_autofree char *text = g_strdup_printf("0x%02X", value);

    set_text(dict, key, text);
}

/* The first `length` bytes of a digest of some text: what has to be there and is never looked at.
 */
static void
set_made_up(plist_t dict, const char *key, const char *text, gsize length)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA384);
    guint8 bytes[48];
    gsize n = sizeof bytes;

    g_checksum_update(sum, (const guchar *)key, -1);
    g_checksum_update(sum, (const guchar *)text, -1);
    g_checksum_get_digest(sum, bytes, &n);
    plist_dict_set_item(dict, key, plist_new_data((const char *)bytes, MIN(n, length)));
}

static void
set_digest(plist_t dict, const char *key, GBytes *digest)
{
    gsize length;
    const char *bytes = (const char *)g_bytes_get_data(digest, &length);

    plist_dict_set_item(dict, key, plist_new_data(bytes, length));
}

/* When `condition` holds for a phone that knows Image4, the signing request gets `action`. */
static plist_t
rule_new(const char *condition, const char *action)
{
    plist_t rule = plist_new_dict(), conditions = plist_new_dict(), actions = plist_new_dict();

    set_bool(conditions, condition, TRUE);
    set_bool(conditions, "ApRequiresImage4", TRUE);
    set_bool(actions, action, TRUE);
    plist_dict_set_item(rule, "Actions", actions);
    plist_dict_set_item(rule, "Conditions", conditions);
    return rule;
}

static plist_t
component_info_new(const lab_component_t *component, const char *path)
{
    plist_t info = plist_new_dict(), rules;

    set_text(info, "Path", path);
    if (component->form != LAB_IMAGE4)
        return info;
    rules = plist_new_array();
    plist_array_append_item(rules, rule_new("ApRawProductionMode", "EPRO"));
    plist_array_append_item(rules, rule_new("ApRawSecurityMode", "ESEC"));
    set_text(info, "Img4PayloadType", component->sent);
    set_bool(info, "IsFUDFirmware", component->uses & LAB_UPDATER);
    set_bool(info, "IsFirmwarePayload", component->uses & LAB_FLASHED);
    set_bool(info, "IsLoadedByiBoot", component->uses & LAB_LOADED);
    set_bool(info, "IsLoadedByiBootStage1", FALSE);
    set_bool(info, "Personalize", TRUE);
    plist_dict_set_item(info, "RestoreRequestRules", rules);
    return info;
}

/* Chips of their own makers are signed by other things than a digest of the file. */
static void
add_proof(plist_t entry, const lab_plan_t *plan, const lab_component_t *component, GBytes *digest)
{
    static const char *const intel[] = { "PSI-PartialDigest", "RestorePSI-PartialDigest" };
    static const char *const qualcomm[] = { "SBL1-PartialDigest", "RestoreSBL1-PartialDigest" };
    const char *const *parts = g_str_has_prefix(plan->product->modem, "ICE") ? intel : qualcomm;

    if (component->form == LAB_MODEM) {
        for (int i = 0; i < 2; i++)
            set_made_up(entry, parts[i], plan->build, 36);
    } else if (component->needs & LAB_HAS_SE) {
        set_digest(entry, "ProductionUpdatePayloadHash", digest);
        set_made_up(entry, "ProductionCMAC", plan->build, 16);
        set_made_up(entry, "DevelopmentUpdatePayloadHash", plan->build, 32);
        set_made_up(entry, "DevelopmentCMAC", plan->build, 16);
    } else {
        set_digest(entry, "Digest", digest);
        set_bool(entry, "Trusted", TRUE);
    }
}

char *
lab_digest_key(const char *path, const lab_component_t *component)
{
    return g_strconcat(path, " ", component->sent ? component->sent : "", NULL);
}

static plist_t
components_new(const lab_plan_t *plan, lab_behavior_t behavior, GHashTable *digests)
{
    plist_t manifest = plist_new_dict();

    for (const lab_component_t *c = lab_components(); c->name; c++) {
        g_autofree char *path = lab_component_path(plan, c, behavior);
        g_autofree char *key = lab_digest_key(path, c);
        plist_t entry;

        if (!lab_component_belongs(plan, c))
            continue;
        entry = plist_new_dict();
        add_proof(entry, plan, c, (GBytes *)g_hash_table_lookup(digests, key));
        plist_dict_set_item(entry, "Info", component_info_new(c, path));
        plist_dict_set_item(manifest, c->name, entry);
    }
    return manifest;
}

/* MiB of room that are left beside the system, by the phone's GiB. */
static plist_t
padding_new(void)
{
    static const struct {
        const char *size;
        unsigned room;
    } rooms[] = { { "1024", 1280 }, { "128", 1280 }, { "16", 160 }, { "256", 1280 },
                  { "32", 320 },    { "512", 1280 }, { "64", 640 }, { "8", 80 } };
    plist_t padding = plist_new_dict();

    for (gsize i = 0; i < G_N_ELEMENTS(rooms); i++)
        plist_dict_set_item(padding, rooms[i].size, plist_new_uint(rooms[i].room));
    return padding;
}

static plist_t
identity_info_new(const lab_plan_t *plan, lab_behavior_t behavior)
{
    g_autofree char *board = g_ascii_strdown(plan->model->hardware, -1);
    plist_t info = plist_new_dict();

    set_text(info, "BuildNumber", plan->build);
    set_text(info, "BuildTrain", "Lab");
    set_text(info, "DeviceClass", board);
    set_bool(info, "FDRSupport", TRUE);
    plist_dict_set_item(info, "MinimumSystemPartition", plist_new_uint(6144));
    set_text(info, "MobileDeviceMinVersion", "1253.100.1");
    set_text(info, "RestoreBehavior", behaviors[behavior].name);
    plist_dict_set_item(info, "SystemPartitionPadding", padding_new());
    set_text(info, "Variant", behaviors[behavior].variant);
    return info;
}

/* What signing requests for chips beside the processor take from here. */
static void
add_chips(plist_t identity, const lab_plan_t *plan)
{
    if (plan->product->parts & LAB_HAS_SE)
        set_text(identity, "SE,ChipID", "0x73");
    if (plan->product->parts & LAB_HAS_SAVAGE) {
        set_text(identity, "Savage,ChipID", "0x2");
        set_text(identity, "Savage,PatchEpoch", "0x1");
        set_made_up(identity, "PearlCertificationRootPub", plan->build, 48);
    }
    if (plan->product->parts & LAB_HAS_BMU) {
        plist_dict_set_item(identity, "BMU,BoardID", plist_new_uint(plan->model->board_id));
        plist_dict_set_item(identity, "BMU,ChipID", plist_new_uint(8));
    }
    if (plan->product->parts & LAB_HAS_MODEM) {
        set_made_up(identity, "BbFDRSecurityKeyHash", plan->build, 32);
        set_made_up(identity, "BbProvisioningManifestKeyHash", plan->build, 32);
    }
}

static plist_t
identity_new(const lab_plan_t *plan, lab_behavior_t behavior, GHashTable *digests)
{
    g_autofree char *unique =
        g_strconcat(plan->build, plan->model->name, behaviors[behavior].name, NULL);
    plist_t identity = plist_new_dict();

    set_text(identity, "Ap,ProductType", plan->model->product);
    set_text(identity, "Ap,SDKPlatform", "iphoneos");
    set_text(identity, "Ap,Target", plan->model->hardware);
    set_hex(identity, "ApBoardID", plan->model->board_id);
    set_hex(identity, "ApChipID", plan->model->chip_id);
    set_hex(identity, "ApSecurityDomain", 1);
    add_chips(identity, plan);
    set_made_up(identity, "UniqueBuildID", unique, 20);
    plist_dict_set_item(identity, "Info", identity_info_new(plan, behavior));
    plist_dict_set_item(identity, "Manifest", components_new(plan, behavior, digests));
    return identity;
}

static void
add_version(plist_t root, const lab_plan_t *plan)
{
    plist_t products = plist_new_array();

    plist_array_append_item(products, plist_new_string(plan->model->product));
    set_text(root, "ProductBuildVersion", plan->build);
    set_text(root, "ProductVersion", plan->version);
    plist_dict_set_item(root, "SupportedProductTypes", products);
}

plist_t
lab_manifest_new(const lab_plan_t *plan, GHashTable *digests)
{
    plist_t root = plist_new_dict(), identities = plist_new_array();

    for (lab_behavior_t behavior = 0; behavior < LAB_N_BEHAVIORS; behavior++)
        plist_array_append_item(identities, identity_new(plan, behavior, digests));
    plist_dict_set_item(root, "BuildIdentities", identities);
    plist_dict_set_item(root, "ManifestVersion", plist_new_uint(0));
    add_version(root, plan);
    return root;
}

plist_t
lab_restore_plist_new(const lab_plan_t *plan)
{
    plist_t root = plist_new_dict(), map = plist_new_array(), board = plist_new_dict();
    plist_t images = plist_new_dict(), ramdisks = plist_new_dict();
    g_autofree char *config = g_ascii_strdown(plan->model->hardware, -1);

    plist_dict_set_item(board, "BDID", plist_new_uint(plan->model->board_id));
    set_text(board, "BoardConfig", config);
    plist_dict_set_item(board, "CPID", plist_new_uint(plan->model->chip_id));
    set_text(board, "Platform", plan->model->platform);
    plist_dict_set_item(board, "SCEP", plist_new_uint(1));
    plist_dict_set_item(board, "SDOM", plist_new_uint(1));
    plist_array_append_item(map, board);
    plist_dict_set_item(root, "DeviceMap", map);
    set_text(root, "FirmwareDirectory", "Firmware");
    for (lab_behavior_t behavior = 0; behavior < LAB_N_BEHAVIORS; behavior++) {
        g_autofree char *ramdisk =
            lab_component_path(plan, lab_component_find(plan, "RestoreRamDisk"), behavior);
        g_autofree char *os = lab_component_path(plan, lab_component_find(plan, "OS"), behavior);

        set_text(ramdisks, behaviors[behavior].ramdisks, ramdisk);
        set_text(images, behaviors[behavior].ramdisks, os);
    }
    set_text(root, "ProductType", plan->model->product);
    plist_dict_set_item(root, "RestoreRamDisks", ramdisks);
    plist_dict_set_item(root, "SystemRestoreImages", images);
    add_version(root, plan);
    return root;
}
