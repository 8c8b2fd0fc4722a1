/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What every subcommand begins with: its options and operands, or its help. */
#pragma once

#include "plugin/cli/options.h"

struct rs_usage {
    const char *name;     /* of the subcommand */
    const char *operands; /* "FILE..." */
    const char *about;    /* paragraph below the usage line */
    const struct rs_option *options;
    gsize n_options;
    guint min_operands, max_operands;
};

/* Reads the command line. FALSE when the program is to end with *ret_status: help was asked for, or
 * the usage is wrong and that has been said. --help and --color are known to every subcommand. */
gboolean rs_command_begin(const struct rs_usage *usage, int argc, char **argv, GPtrArray *operands,
                          gboolean *ret_colour, int *ret_status);
