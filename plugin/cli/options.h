/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Command line options from a table; the same table prints the help. GLib's own parser takes "-1"
 * for an option and words its messages differently from ours. */
#pragma once

#include <glib.h>

/* Exactly one of flag and value is set. */
struct rs_option {
    char letter;          /* '\0' when it has none */
    const char *name;     /* without the dashes */
    const char *argument; /* how the help calls its value, NULL for a flag */
    const char *help;
    gboolean *flag;
    const char **value;
};

/* Reads argv from index 1; options may follow operands, "--" ends them, "-" and negative numbers
 * are operands. Operands are borrowed from argv. Sets error (RS_CLI_ERROR) on wrong usage. */
gboolean rs_options_parse(const struct rs_option *options, gsize n_options, int argc, char **argv,
                          GPtrArray *operands, GError **error);

/* One line per option. The caller's. */
char *rs_options_help(const struct rs_option *options, gsize n_options);
