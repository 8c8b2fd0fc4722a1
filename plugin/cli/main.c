/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope: the verdict of the plugin without a window. The table below is the command line. */
#include <errno.h>
#include <stdio.h>

#include "plugin/cli/cli.h"
#include "plugin/cli/interrupt.h"
#include "plugin/cli/places.h"
#include "plugin/cli/tshark.h"

struct command {
    const char *name;
    const char *operands;
    const char *about;
    rs_command_func run;
};

static const struct command commands[] = {
    { "diagnose", "FILE|DIR...", "what went wrong, and in which frame", rs_command_diagnose },
    { "watch", "[-- COMMAND]", "records a restore and tells what happens", rs_command_watch },
    { "timeline", "FILE", "modes, phases and hosts with times and frames", rs_command_timeline },
    { "compare", "GOOD BAD", "the first step where two restores part", rs_command_compare },
    { "redact", "IN OUT", "a copy that names nobody, with the same verdict", rs_command_redact },
    { "explain", "CODE|CAUSE|RULE", "what it means and what to do", rs_command_explain },
    { "rules", "[--check FILE]", "the rules in force", rs_command_rules },
};

static int
print_text(const char *text)
{
    g_autoptr(GError) error = NULL;

    return rs_print(text, &error) ? RS_EXIT_OK : (int)rs_complain_error(error);
}

static int
print_help(void)
{
    g_autoptr(GString) out = g_string_new("usage: restorescope COMMAND [OPTION]... OPERAND...\n\n"
                                          "Names the exact frame that made an iPhone or iPad "
                                          "restore fail.\n\n");

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(out, "  %-9s %-16s %s\n", commands[i].name, commands[i].operands,
                               commands[i].about);
    g_string_append(out, "\n  -h, --help     print this help; after a command, that command's\n"
                         "  -V, --version  print the versions of this program and of tshark\n\n"
                         "exit status: 0 analysed, 1 a fault was found (with -e), 2 wrong usage,\n"
                         "3 a file cannot be read, 4 no restore traffic in it, 5 internal\n");
    return print_text(out->str);
}

static int
print_version(void)
{
    g_autofree char *program = rs_places_tshark(NULL);
    g_autofree char *version = program ? rs_tshark_version(program) : NULL;
    g_autofree char *text =
        version ? g_strdup_printf("restorescope %s\ntshark %s (%s)\n", RS_VERSION, version, program)
                : g_strdup_printf("restorescope %s\ntshark not found\n", RS_VERSION);

    return print_text(text);
}

static int
dispatch(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;

    if (!word)
        return (int)rs_complain_usage("", "missing command");
    if (g_str_equal(word, "--help") || g_str_equal(word, "-h"))
        return print_help();
    if (g_str_equal(word, "--version") || g_str_equal(word, "-V"))
        return print_version();
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (g_str_equal(commands[i].name, word))
            return commands[i].run(argc - 1, argv + 1);
    }
    return (int)rs_complain_usage("", "unknown %s '%s'", *word == '-' ? "option" : "command", word);
}

int
main(int argc, char **argv)
{
    int status;

    rs_interrupt_init();
    status = dispatch(argc, argv);
    rs_interrupt_finish(rs_output_gone());
    return status;
}
