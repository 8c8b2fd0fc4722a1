/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of the program share: exit statuses, errors that carry one, messages. */
#pragma once

#include <glib.h>

enum rs_exit {
    RS_EXIT_OK = 0,
    RS_EXIT_FAULT = 1, /* only with -e */
    RS_EXIT_USAGE = 2,
    RS_EXIT_READ = 3,     /* a file cannot be read */
    RS_EXIT_NONE = 4,     /* no restore traffic in it */
    RS_EXIT_INTERNAL = 5, /* our own trouble: tshark or the plugin missing, disk full */
};

/* Errors of this domain have an enum rs_exit as their code. */
#define RS_CLI_ERROR (rs_cli_error_quark())
GQuark rs_cli_error_quark(void);

/* One line on stderr, "restorescope: ..." */
void rs_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Prints the error and gives the status to end with; RS_EXIT_INTERNAL for foreign errors. */
enum rs_exit rs_complain_error(const GError *error);

/* Prints the message and where help is to be had; RS_EXIT_USAGE. */
enum rs_exit rs_complain_usage(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The status of several files together: 5 > 3 > 4 > 1 > 0. */
enum rs_exit rs_exit_worse(enum rs_exit a, enum rs_exit b);

/* Writes to stdout. */
gboolean rs_print(const char *text, GError **error);

/* Did stdout's reader go away? Then nothing is wrong, and no message is called for. */
gboolean rs_output_gone(void);

/* A subcommand; argv[0] is its name. */
typedef int (*rs_command_func)(int argc, char **argv);
int rs_command_diagnose(int argc, char **argv);
int rs_command_timeline(int argc, char **argv);
int rs_command_watch(int argc, char **argv);
int rs_command_compare(int argc, char **argv);
int rs_command_explain(int argc, char **argv);
int rs_command_redact(int argc, char **argv);
int rs_command_rules(int argc, char **argv);
