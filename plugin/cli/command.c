/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What every subcommand begins with. */
#include "plugin/cli/command.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/terminal.h"

enum { OPTIONS_MAX = 16, COMMON = 2 };

static int
print_help(const struct rs_usage *usage, const struct rs_option *options, gsize n_options)
{
    g_autofree char *list = rs_options_help(options, n_options);
    g_autofree char *text =
        g_strdup_printf("usage: restorescope %s [OPTION]...%s%s\n\n%s\n\n%s", usage->name,
                        *usage->operands ? " " : "", usage->operands, usage->about, list);
    g_autoptr(GError) error = NULL;

    return rs_print(text, &error) ? RS_EXIT_OK : (int)rs_complain_error(error);
}

static gboolean
check_operands(const struct rs_usage *usage, const GPtrArray *operands)
{
    if (operands->len < usage->min_operands)
        rs_complain_usage(usage->name, "missing operand: %s", usage->operands);
    else if (operands->len > usage->max_operands)
        rs_complain_usage(usage->name, "extra operand '%s'",
                          (const char *)g_ptr_array_index(operands, usage->max_operands));
    else
        return TRUE;
    return FALSE;
}

gboolean
rs_command_begin(const struct rs_usage *usage, int argc, char **argv, GPtrArray *operands,
                 gboolean *ret_colour, int *ret_status)
{
    gboolean help = FALSE;
    const char *colour = NULL;
    const struct rs_option common[COMMON] = {
        { '\0', "color", "WHEN", "auto, always or never", NULL, &colour },
        { 'h', "help", NULL, "print this help", &help, NULL },
    };
    struct rs_option options[OPTIONS_MAX];
    const gsize n = usage->n_options + COMMON;
    g_autoptr(GError) error = NULL;

    g_assert(n <= OPTIONS_MAX);
    for (gsize i = 0; i < n; i++)
        options[i] = i < usage->n_options ? usage->options[i] : common[i - usage->n_options];
    *ret_status = RS_EXIT_USAGE;
    if (!rs_options_parse(options, n, argc, argv, operands, &error))
        rs_complain_usage(usage->name, "%s", error->message);
    else if (help)
        *ret_status = print_help(usage, options, n);
    else if (!rs_terminal_colour(colour, ret_colour))
        rs_complain_usage(usage->name, "'%s' is not one of auto, always, never", colour);
    else
        return check_operands(usage, operands);
    return FALSE;
}
