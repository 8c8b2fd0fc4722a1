/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * make-firmware: the program. */
#include <stdio.h>

#include "samples/lab/firmware/firmware.h"

enum {
    USAGE = 2,
    FAILED = 5,
    FILESYSTEM_KIB = 2048,
    FILESYSTEM_KIB_MAX = 1024 * 1024,
};

int
main(int argc, char **argv)
{
    lab_firmware_options_t options = { 0 };
    g_autofree char *model = NULL, *version = NULL, *build = NULL, *damage = NULL, *omit = NULL;
    gint64 kib = FILESYSTEM_KIB;
    const GOptionEntry entries[] = {
        { "model", 0, 0, G_OPTION_ARG_STRING, &model, "for this model (d221, ...)", "MODEL" },
        { "version", 0, 0, G_OPTION_ARG_STRING, &version, "of the system in it", "VERSION" },
        { "build", 0, 0, G_OPTION_ARG_STRING, &build, "of the system in it", "BUILD" },
        { "filesystem-kib", 0, 0, G_OPTION_ARG_INT64, &kib, "size of the filesystem (2048)", "N" },
        { "damage", 0, 0, G_OPTION_ARG_STRING, &damage, "spoil this component", "COMPONENT" },
        { "omit", 0, 0, G_OPTION_ARG_STRING, &omit, "leave its file out", "COMPONENT" },
        G_OPTION_ENTRY_NULL
    };
    g_autoptr(GOptionContext) context = g_option_context_new("DIR");
    g_autoptr(GError) error = NULL;

    g_option_context_set_summary(context, "Writes a firmware that idevicerestore restores.");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "make-firmware: %s\n", error->message);
        return USAGE;
    }
    if (argc != 2 || !model || kib < 1 || kib > FILESYSTEM_KIB_MAX) {
        fprintf(stderr, "usage: make-firmware [OPTION]... --model MODEL DIR\n");
        return USAGE;
    }
    options = (lab_firmware_options_t){ model, version, build, damage, omit, (gsize)kib };
    if (!lab_firmware_write(&options, argv[1], &error)) {
        fprintf(stderr, "make-firmware: %s\n", error->message);
        return g_error_matches(error, LAB_FIRMWARE_ERROR, LAB_FIRMWARE_UNKNOWN) ? USAGE : FAILED;
    }
    return 0;
}
