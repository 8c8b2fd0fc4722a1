/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope watch: what happens in a restore, while it does. */
#include "plugin/cli/command.h"
#include "plugin/cli/watch.h"

/* What stands behind "--" is a command; argc is cut before it. */
static char **
split_command(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++) {
        if (!g_str_equal(argv[i], "--"))
            continue;
        *argc = i;
        return argv + i + 1;
    }
    return NULL;
}

static gboolean
check_usage(const struct rs_watch *watch, gboolean is_split)
{
    if (is_split && !watch->command[0])
        rs_complain_usage("watch", "missing command after '--'");
    else if (watch->file && is_split)
        rs_complain_usage("watch", "a FILE is watched, or a COMMAND is run");
    else if (watch->file && (watch->recording_file || watch->interfaces))
        rs_complain_usage("watch", "a FILE is watched as it is: --%s is for recording",
                          watch->recording_file ? "write" : "interface");
    else
        return TRUE;
    return FALSE;
}

int
rs_command_watch(int argc, char **argv)
{
    struct rs_watch watch = { .json = FALSE };
    const struct rs_option options[] = {
        { 'j', "json", NULL, "one JSON object per event, then the verdict", &watch.json, NULL },
        { 'w', "write", "FILE", "where to record (restore-TIME.pcapng)", NULL,
          &watch.recording_file },
        { 'i', "interface", "NAMES", "what to record, with commas; restorecap chooses else", NULL,
          &watch.interfaces },
        { '\0', "keylog", "FILE", "TLS secrets in the format of SSLKEYLOGFILE", NULL,
          &watch.analysis.keylog },
        { '\0', "rules", "DIR", "rules of your own, besides the shipped ones", NULL,
          &watch.analysis.rules },
        { 'e', "exit-status", NULL, "end with status 1 when a fault was found", &watch.exit_status,
          NULL },
        { '\0', "show-ids", NULL, "show ECIDs and the like instead of masking them",
          &watch.analysis.show_ids, NULL },
    };
    const struct rs_usage usage = {
        .name = "watch",
        .operands = "[FILE | -- COMMAND [ARGUMENT]...]",
        .about = "Tells what happens in a restore while it happens, and the verdict at the end.\n"
                 "Records with restorecap, around COMMAND if there is one; or follows FILE, a\n"
                 "capture that is being written; '-' is standard input. Ctrl-C comes to the end.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
        .min_operands = 0,
        .max_operands = 1,
    };
    g_autoptr(GPtrArray) operands = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    enum rs_exit status;
    int early;

    watch.command = split_command(&argc, argv);
    if (!rs_command_begin(&usage, argc, argv, operands, &watch.colour, &early))
        return early;
    watch.file = operands->len ? g_ptr_array_index(operands, 0) : NULL;
    if (!check_usage(&watch, watch.command != NULL))
        return RS_EXIT_USAGE;
    status = rs_watch_run(&watch, &error);
    return (int)(error ? rs_complain_error(error) : status);
}
