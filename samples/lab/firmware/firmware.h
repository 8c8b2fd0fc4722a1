/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A firmware as the restore tool wants it: the folder that an IPSW would be when unpacked. Its
 * property lists are those of real ones as far as the tool reads them; its images are filler. */
#pragma once

#include <glib.h>
#include <plist/plist.h>

#define LAB_FIRMWARE_ERROR lab_firmware_error_quark()
GQuark lab_firmware_error_quark(void);
enum { LAB_FIRMWARE_UNKNOWN, LAB_FIRMWARE_WRITE };

typedef struct {
    const char *model;           /* name of a lab_model_t */
    const char *version, *build; /* NULL: the usual ones of the model */
    const char *damage, *omit;   /* a component each, or NULL */
    gsize filesystem_kib;
} lab_firmware_options_t;

/* Writes it into `folder`, which is made when it does not exist. The digests in the manifest are
 * those of undamaged files. Components may share a file, which is then damaged or missing for all
 * of them. */
gboolean lab_firmware_write(const lab_firmware_options_t *options, const char *folder,
                            GError **error);
