/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes the files of a firmware; what is in them: components.c and manifest.c. */
#include "samples/lab/firmware/firmware.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "samples/lab/firmware/components.h"

G_DEFINE_QUARK(lab - firmware - error - quark, lab_firmware_error)

/* The files that are written once although several components are in them. */
typedef struct {
    const lab_plan_t *plan;
    const char *folder;
    GHashTable *damaged, *omitted; /* paths */
    GHashTable *written;           /* paths */
    GHashTable *digests;           /* see lab_manifest_new() */
} writer_t;

static gboolean
write_bytes(const char *folder, const char *path, const void *data, gsize length, GError **error)
{
    g_autofree char *full = g_build_filename(folder, path, NULL);
    g_autofree char *parent = g_path_get_dirname(full);

    if (g_mkdir_with_parents(parent, 0755) != 0) {
        g_set_error(error, LAB_FIRMWARE_ERROR, LAB_FIRMWARE_WRITE, "cannot make '%s': %s", parent,
                    g_strerror(errno));
        return FALSE;
    }
    return g_file_set_contents(full, (const char *)data, (gssize)length, error);
}

static gboolean
write_plist(const char *folder, const char *path, plist_t root, GError **error)
{
    uint32_t length = 0;
    char *xml = NULL;
    gboolean ok;

    plist_to_xml(root, &xml, &length);
    ok = write_bytes(folder, path, xml, length, error);
    free(xml);
    plist_free(root);
    return ok;
}

static GBytes *
digest_of(const GByteArray *file)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA384);
    guint8 bytes[48];
    gsize length = sizeof bytes;

    g_checksum_update(sum, file->data, file->len);
    g_checksum_get_digest(sum, bytes, &length);
    return g_bytes_new(bytes, length);
}

/* The digest is of what the device gets: of a shared file with the type changed. */
static void
take_digest(writer_t *w, const lab_component_t *component, const char *path, GByteArray *file)
{
    if (component->sent)
        g_assert_true(lab_image_retype(file, component->sent));
    g_hash_table_insert(w->digests, lab_digest_key(path, component), digest_of(file));
    if (component->sent)
        lab_image_retype(file, component->stored);
}

static gboolean
write_component(writer_t *w, const lab_component_t *component, lab_behavior_t behavior,
                GError **error)
{
    g_autofree char *path = lab_component_path(w->plan, component, behavior);
    g_autoptr(GByteArray) file = lab_component_file(w->plan, component, path);

    take_digest(w, component, path, file);
    if (g_hash_table_contains(w->omitted, path) || g_hash_table_contains(w->written, path))
        return TRUE;
    if (g_hash_table_contains(w->damaged, path))
        lab_image_spoil(file);
    g_hash_table_add(w->written, g_strdup(path));
    return write_bytes(w->folder, path, file->data, file->len, error);
}

static gboolean
write_all(writer_t *w, GError **error)
{
    for (const lab_component_t *c = lab_components(); c->name; c++)
        for (lab_behavior_t behavior = 0; behavior < LAB_N_BEHAVIORS; behavior++)
            if (lab_component_belongs(w->plan, c) && !write_component(w, c, behavior, error))
                return FALSE;
    return write_plist(w->folder, "BuildManifest.plist", lab_manifest_new(w->plan, w->digests),
                       error) &&
           write_plist(w->folder, "Restore.plist", lab_restore_plist_new(w->plan), error);
}

/* Adds the files of a component; nothing when `name` is NULL. */
static gboolean
add_paths(const lab_plan_t *plan, const char *name, GHashTable *paths, GError **error)
{
    const lab_component_t *component = name ? lab_component_find(plan, name) : NULL;

    if (name && !component) {
        g_set_error(error, LAB_FIRMWARE_ERROR, LAB_FIRMWARE_UNKNOWN,
                    "a firmware for %s has no component '%s'", plan->model->name, name);
        return FALSE;
    }
    for (lab_behavior_t behavior = 0; component && behavior < LAB_N_BEHAVIORS; behavior++)
        g_hash_table_add(paths, lab_component_path(plan, component, behavior));
    return TRUE;
}

gboolean
lab_firmware_write(const lab_firmware_options_t *options, const char *folder, GError **error)
{
    g_autoptr(GHashTable) damaged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) omitted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) written = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) digests =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    lab_plan_t plan = { .model = lab_model_find(options->model),
                        .product = lab_product_find(options->model),
                        .filesystem = options->filesystem_kib * 1024 };
    writer_t writer = { &plan, folder, damaged, omitted, written, digests };

    if (!plan.model || !plan.product) {
        g_set_error(error, LAB_FIRMWARE_ERROR, LAB_FIRMWARE_UNKNOWN, "no model '%s'",
                    options->model);
        return FALSE;
    }
    plan.version = options->version ? options->version : plan.product->version;
    plan.build = options->build ? options->build : plan.product->build;
    return add_paths(&plan, options->damage, damaged, error) &&
           add_paths(&plan, options->omit, omitted, error) && write_all(&writer, error);
}
