/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Messages and exit statuses. */
#include <errno.h>
#include <stdio.h>

#include "plugin/cli/cli.h"
#include "plugin/cli/progress.h"

#include "plugin/report/layout.h"

G_DEFINE_QUARK(restorescope, rs_cli_error)

static gboolean output_gone;

/* Names of files may hold anything, also escapes for the terminal. */
static void
print_line(const char *text)
{
    g_autofree char *clean = rs_layout_clean(text);

    rs_progress_clear();
    fprintf(stderr, "restorescope: %s\n", clean);
}

void
rs_complain(const char *format, ...)
{
    va_list args;
    g_autofree char *text = NULL;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    print_line(text);
}

enum rs_exit
rs_complain_error(const GError *error)
{
    if (!output_gone)
        print_line(error->message);
    return error->domain == RS_CLI_ERROR ? (enum rs_exit)error->code : RS_EXIT_INTERNAL;
}

enum rs_exit
rs_complain_usage(const char *command, const char *format, ...)
{
    va_list args;
    g_autofree char *text = NULL;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    print_line(text);
    fprintf(stderr, "try 'restorescope %s%s--help'\n", command, *command ? " " : "");
    return RS_EXIT_USAGE;
}

enum rs_exit
rs_exit_worse(enum rs_exit a, enum rs_exit b)
{
    static const guint rank[] = {
        [RS_EXIT_OK] = 0,    [RS_EXIT_FAULT] = 1, [RS_EXIT_NONE] = 2,
        [RS_EXIT_USAGE] = 3, [RS_EXIT_READ] = 4,  [RS_EXIT_INTERNAL] = 5,
    };

    return rank[a] >= rank[b] ? a : b;
}

gboolean
rs_print(const char *text, GError **error)
{
    rs_progress_clear();
    if (fputs(text, stdout) != EOF && fflush(stdout) != EOF)
        return TRUE;
    output_gone = errno == EPIPE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot write: %s", g_strerror(errno));
    return FALSE;
}

gboolean
rs_output_gone(void)
{
    return output_gone;
}
