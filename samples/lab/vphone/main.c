/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * vphone: the phones of a scenario in the running kernel, until SIGTERM or SIGINT. Status 2 when
 * the scenario is wrong, 1 when it could not be played as it is written. */
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "samples/lab/vphone/bus/port.h"
#include "samples/lab/vphone/modes/modes.h"
#include "samples/lab/vphone/mux/mux.h"
#include "samples/lab/vphone/phone.h"
#include "samples/lab/vphone/services/script.h"

enum { STATUS_FAILED = 1, STATUS_WRONG = 2 };

struct options {
    char *scenario, *marks, *actions;
    gboolean list, check;
    char **rest;
};

/* A scenario and its phones, each with the faults that are for it. */
struct cast {
    lab_scenario_t *scenario;
    lab_marks_t *marks;
    GPtrArray *faults, *phones;
};

static const lab_mode_ops_t *const by_mode[LAB_N_MODES] = {
    [LAB_MODE_DFU] = &lab_mode_dfu,      [LAB_MODE_WTF] = &lab_mode_dfu,
    [LAB_MODE_PORT_DFU] = &lab_mode_dfu, [LAB_MODE_RECOVERY] = &lab_mode_recovery,
    [LAB_MODE_NORMAL] = &lab_mode_mux,   [LAB_MODE_RESTORE] = &lab_mode_mux_restore,
};

static void
free_phone(void *phone)
{
    lab_phone_free(phone);
}

static void
free_faults(void *faults)
{
    lab_faults_free(faults);
}

static void
cast_clear(struct cast *cast)
{
    g_clear_pointer(&cast->phones, g_ptr_array_unref);
    g_clear_pointer(&cast->faults, g_ptr_array_unref);
    g_clear_pointer(&cast->marks, lab_marks_free);
    g_clear_pointer(&cast->scenario, lab_scenario_free);
}

/* What restored of that phone would say, looked at before anything starts. */
static bool
check_script(const lab_phone_t *phone, GError **error)
{
    const char *name = lab_phone_config(phone, "script", NULL);
    g_autofree char *path = name ? lab_script_path(name) : NULL;
    lab_script_t *script = path ? lab_script_load(path, error) : NULL;

    lab_script_free(script);
    return !path || script;
}

static bool
add_phone(struct cast *cast, unsigned index, GError **error)
{
    const char *group = lab_phone_group(cast->scenario, index);
    const char *name = strcmp(group, "device") == 0 ? "" : group + strlen("device ");
    lab_faults_t *faults = lab_faults_new_for(cast->scenario, name, error);
    lab_phone_t *phone;

    if (!faults)
        return false;
    g_ptr_array_add(cast->faults, faults);
    phone = lab_phone_new(cast->scenario, index, faults, cast->marks, error);
    if (!phone)
        return false;
    g_ptr_array_add(cast->phones, phone);
    return check_script(phone, error);
}

static bool
cast_load(struct cast *cast, const char *path, const char *marks, GError **error)
{
    *cast = (struct cast){ .phones = g_ptr_array_new_with_free_func(free_phone),
                           .faults = g_ptr_array_new_with_free_func(free_faults) };
    cast->scenario = lab_scenario_load(path, error);
    cast->marks = cast->scenario ? lab_marks_new(marks, "vphone", error) : NULL;
    if (!cast->marks)
        return false;
    for (unsigned i = 0; i < lab_phones_of(cast->scenario); i++) {
        if (!add_phone(cast, i, error)) {
            g_prefix_error(error, "%s: ", path);
            return false;
        }
    }
    return true;
}

/* ---- what it is asked to do ---- */

static void
list_names(void)
{
    puts("Steps, for `at` of a [fault], with what their DETAIL is:");
    for (unsigned i = 0; i < LAB_N_STEPS; i++)
        printf("  %-18s %s\n", lab_step_name(i), lab_step_help(i));
    puts("\nActions, for `do`, with their arguments:");
    for (unsigned i = 0; i < LAB_N_ACTIONS; i++)
        printf("  %-18s %s\n", lab_action_name(i), lab_action_help(i));
    puts("\nModels, for `model` of a [device]:");
    for (const lab_model_t *model = lab_models(); model->name; model++)
        printf("  %-18s %s, %s\n", model->name, model->product, model->hardware);
    puts("\nModes:");
    for (unsigned i = 0; i < LAB_N_MODES; i++)
        printf("  %s\n", lab_mode_name(i));
}

static int
check(char **paths)
{
    int status = 0;

    for (; paths && *paths; paths++) {
        g_autoptr(GError) error = NULL;
        struct cast cast;

        if (!cast_load(&cast, *paths, NULL, &error)) {
            fprintf(stderr, "vphone: %s\n", error->message);
            status = STATUS_WRONG;
        }
        cast_clear(&cast);
    }
    return status;
}

static gboolean
quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static void
play(const struct cast *cast)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);

    g_unix_signal_add(SIGTERM, quit, loop);
    g_unix_signal_add(SIGINT, quit, loop);
    lab_phones_serve(by_mode);
    for (guint i = 0; i < cast->phones->len; i++)
        lab_phone_plug(g_ptr_array_index(cast->phones, i), i);
    g_main_loop_run(loop);
}

static int
run(const struct options *options)
{
    g_autoptr(GError) error = NULL;
    struct cast cast;
    unsigned bus;
    int status = 0;

    if (!cast_load(&cast, options->scenario, options->marks, &error)) {
        fprintf(stderr, "vphone: %s\n", error->message);
        status = STATUS_WRONG;
    } else if (!lab_port_bus(0, &bus)) {
        fputs("vphone: this kernel has no vhci_hcd; modprobe vhci-hcd\n", stderr);
        status = STATUS_FAILED;
    } else {
        play(&cast);
    }
    cast_clear(&cast);
    return status == 0 && lab_phones_failed() ? STATUS_FAILED : status;
}

/* ---- command line ---- */

/* Scripts of `run`: below samples/lab, which the guest has in a place of its own. */
static void
find_actions(const char *given)
{
    const char *lab = g_getenv("LAB_DIR");
    g_autofree char *folder = lab ? g_build_filename(lab, "guest", "actions", NULL) : NULL;

    lab_phones_set_actions(given ? given : folder ? folder : LAB_ACTIONS_FOLDER);
}

static bool
read_options(struct options *o, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        { "scenario", 's', 0, G_OPTION_ARG_FILENAME, &o->scenario, "The scenario to play", "FILE" },
        { "marks", 'm', 0, G_OPTION_ARG_FILENAME, &o->marks, "Append the marks of faults to it",
          "FILE" },
        { "actions", 'a', 0, G_OPTION_ARG_FILENAME, &o->actions, "Where `run` finds its scripts",
          "DIR" },
        { "list", 'l', 0, G_OPTION_ARG_NONE, &o->list,
          "Print what scenarios may name: steps, actions, models, modes", NULL },
        { "check", 'c', 0, G_OPTION_ARG_NONE, &o->check, "Only look whether scenarios are right",
          NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->rest, NULL, "[FILE...]" },
        { 0 },
    };
    GOptionContext *context = g_option_context_new("- a simulated iPhone behind vhci_hcd");
    bool good;

    g_option_context_add_main_entries(context, entries, NULL);
    good = g_option_context_parse(context, argc, argv, error);
    g_option_context_free(context);
    return good;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    struct options options = { 0 };
    int status = 0;

    if (!read_options(&options, &argc, &argv, &error)) {
        fprintf(stderr, "vphone: %s; try --help\n", error->message);
        status = STATUS_WRONG;
    } else if (options.list) {
        list_names();
    } else if (options.check && options.rest) {
        status = check(options.rest);
    } else if (options.scenario && !options.check && !options.rest) {
        find_actions(options.actions);
        status = run(&options);
    } else {
        fputs("vphone: --scenario FILE, --check FILE... or --list; try --help\n", stderr);
        status = STATUS_WRONG;
    }
    g_free(options.scenario);
    g_free(options.marks);
    g_free(options.actions);
    g_strfreev(options.rest);
    return status;
}
