/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every firmware the lab makes is whole: each file of its manifest is there and is what its digest
 * says, but for what was to be damaged or left out. */
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>
#include <plist/plist.h>

#include "samples/lab/firmware/firmware.h"
#include "samples/lab/firmware/image.h"
#include "samples/lab/vphone/phone.h"

/* A firmware in a folder of its own. */
typedef struct {
    char *folder;
    plist_t manifest;
} made_t;

static plist_t
read_plist(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    plist_t root = NULL;
    gsize length = 0;

    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    plist_from_xml(text, (uint32_t)length, &root);
    g_assert_nonnull(root);
    return root;
}

static made_t
make(const lab_firmware_options_t *options)
{
    g_autoptr(GError) error = NULL;
    made_t made = { g_dir_make_tmp("lab-XXXXXX", NULL), NULL };

    g_assert_nonnull(made.folder);
    lab_firmware_write(options, made.folder, &error);
    g_assert_no_error(error);
    made.manifest = read_plist(made.folder, "BuildManifest.plist");
    return made;
}

static void
remove_all(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;

    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);

        remove_all(inner);
    }
    g_assert_cmpint(g_remove(path), ==, 0);
}

static void
unmake(made_t *made)
{
    remove_all(made->folder);
    g_free(made->folder);
    plist_free(made->manifest);
}

static char *
text_of(plist_t node)
{
    char *raw = NULL, *text;

    g_assert_nonnull(node);
    plist_get_string_val(node, &raw);
    text = g_strdup(raw);
    free(raw);
    return text;
}

/* The file as the restore tool sends it; NULL when it is not there. */
static GByteArray *
file_as_sent(const made_t *made, plist_t entry)
{
    plist_t info = plist_dict_get_item(entry, "Info");
    plist_t type = plist_dict_get_item(info, "Img4PayloadType");
    g_autofree char *path = text_of(plist_dict_get_item(info, "Path"));
    g_autofree char *full = g_build_filename(made->folder, path, NULL);
    GByteArray *file;
    char *bytes = NULL;
    gsize length = 0;

    if (!g_file_get_contents(full, &bytes, &length, NULL))
        return NULL;
    g_assert_cmpuint(length, >, 0);
    file = g_byte_array_new_take((guint8 *)bytes, length);
    if (type) {
        g_autofree char *fourcc = text_of(type);

        g_assert_true(lab_image_retype(file, fourcc));
    }
    return file;
}

static gboolean
digest_fits(plist_t entry, const GByteArray *file)
{
    plist_t digest = plist_dict_get_item(entry, "Digest");
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA384);
    guint8 bytes[48];
    gsize length = sizeof bytes;
    uint64_t wanted = 0;

    if (!digest)
        return TRUE;
    g_checksum_update(sum, file->data, file->len);
    g_checksum_get_digest(sum, bytes, &length);
    plist_get_data_ptr(digest, &wanted);
    return wanted == length && memcmp(plist_get_data_ptr(digest, &wanted), bytes, length) == 0;
}

static plist_t
components_of(const made_t *made, uint32_t identity)
{
    plist_t identities = plist_dict_get_item(made->manifest, "BuildIdentities");

    return plist_dict_get_item(plist_array_get_item(identities, identity), "Manifest");
}

/* The names of components whose file is missing (or, with `wrong`, not what its digest says). */
static char *
list_bad(const made_t *made, gboolean wrong)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (uint32_t i = 0; i < 2; i++) {
        plist_t components = components_of(made, i), entry = NULL;
        plist_dict_iter it = NULL;
        char *key = NULL;

        plist_dict_new_iter(components, &it);
        for (plist_dict_next_item(components, it, &key, &entry); key;
             plist_dict_next_item(components, it, &key, &entry)) {
            g_autoptr(GByteArray) file = file_as_sent(made, entry);

            if (wrong ? file && !digest_fits(entry, file) : !file)
                g_string_append_printf(names, "%s;", key);
            free(key);
        }
        free(it);
    }
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static void
assert_bad(const made_t *made, const char *missing, const char *damaged)
{
    g_autofree char *are_missing = list_bad(made, FALSE), *are_damaged = list_bad(made, TRUE);

    g_assert_cmpstr(are_missing, ==, missing);
    g_assert_cmpstr(are_damaged, ==, damaged);
}

/* Whole for every model; what restore tools look for names that model and no other. */
static void
test_models(void)
{
    static const char *const needed[] = { "OS",
                                          "iBSS",
                                          "iBEC",
                                          "RestoreLogo",
                                          "RestoreRamDisk",
                                          "RestoreTrustCache",
                                          "RestoreDeviceTree",
                                          "LLB",
                                          "RestoreKernelCache",
                                          "RestoreSEP",
                                          "SEP",
                                          "iBoot" };

    for (const lab_model_t *model = lab_models(); model->name; model++) {
        made_t made = make(&(lab_firmware_options_t){ .model = model->name, .filesystem_kib = 8 });
        plist_t identity =
            plist_array_get_item(plist_dict_get_item(made.manifest, "BuildIdentities"), 0);
        g_autofree char *class = text_of(plist_access_path(identity, 2, "Info", "DeviceClass"));
        g_autofree char *chip = text_of(plist_dict_get_item(identity, "ApChipID"));
        g_autofree char *product = text_of(
            plist_array_get_item(plist_dict_get_item(made.manifest, "SupportedProductTypes"), 0));

        g_assert_cmpint(g_ascii_strcasecmp(class, model->hardware), ==, 0);
        g_assert_cmpuint(strtoul(chip, NULL, 16), ==, model->chip_id);
        g_assert_cmpstr(product, ==, model->product);
        for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
            g_assert_nonnull(plist_dict_get_item(components_of(&made, 0), needed[i]));
        assert_bad(&made, "", "");
        unmake(&made);
    }
}

/* The restore tool finds one identity for -e and one for an update. */
static void
test_behaviors(void)
{
    static const char *const names[] = { "Erase", "Update" };
    made_t made = make(&(lab_firmware_options_t){ .model = "d221", .filesystem_kib = 8 });
    plist_t identities = plist_dict_get_item(made.manifest, "BuildIdentities");

    g_assert_cmpuint(plist_array_get_size(identities), ==, G_N_ELEMENTS(names));
    for (uint32_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = text_of(
            plist_access_path(plist_array_get_item(identities, i), 2, "Info", "RestoreBehavior"));

        g_assert_cmpstr(name, ==, names[i]);
    }
    unmake(&made);
}

static void
test_damage(void)
{
    made_t made =
        make(&(lab_firmware_options_t){ .model = "d22", .damage = "iBEC", .filesystem_kib = 8 });

    assert_bad(&made, "", "iBEC;iBEC;");
    unmake(&made);
    made = make(&(lab_firmware_options_t){ .model = "d22", .damage = "OS", .filesystem_kib = 8 });
    assert_bad(&made, "", "OS;OS;");
    unmake(&made);
}

/* A file that two components share is missing for both. */
static void
test_omit(void)
{
    made_t made = make(
        &(lab_firmware_options_t){ .model = "d22", .omit = "KernelCache", .filesystem_kib = 8 });

    assert_bad(&made, "KernelCache;RestoreKernelCache;KernelCache;RestoreKernelCache;", "");
    unmake(&made);
}

static void
test_options(void)
{
    made_t made = make(&(lab_firmware_options_t){
        .model = "n71", .version = "14.1", .build = "18A8395", .filesystem_kib = 40 });
    g_autofree char *version = text_of(plist_dict_get_item(made.manifest, "ProductVersion"));
    g_autofree char *build = text_of(plist_dict_get_item(made.manifest, "ProductBuildVersion"));
    g_autoptr(GByteArray) os =
        file_as_sent(&made, plist_dict_get_item(components_of(&made, 0), "OS"));

    g_assert_cmpstr(version, ==, "14.1");
    g_assert_cmpstr(build, ==, "18A8395");
    g_assert_cmpuint(os->len, ==, 40 * 1024);
    g_assert_cmpint(memcmp(os->data + os->len - 512, "koly", 4), ==, 0);
    unmake(&made);
}

static void
test_unknown(void)
{
    static const lab_firmware_options_t wrong[] = {
        { .model = "d0" },
        { .model = "d22", .damage = "Kernel" },
        { .model = "j71b", .omit = "BasebandFirmware" }, /* it has no modem */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(lab_firmware_write(&wrong[i], "/nonexistent", &error));
        g_assert_error(error, LAB_FIRMWARE_ERROR, LAB_FIRMWARE_UNKNOWN);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/firmware/models", test_models);
    g_test_add_func("/lab/firmware/behaviors", test_behaviors);
    g_test_add_func("/lab/firmware/damage", test_damage);
    g_test_add_func("/lab/firmware/omit", test_omit);
    g_test_add_func("/lab/firmware/options", test_options);
    g_test_add_func("/lab/firmware/unknown", test_unknown);
    return g_test_run();
}
