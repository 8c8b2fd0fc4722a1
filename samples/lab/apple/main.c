/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The internet of the lab, in one program: a name server, the signing server and the other servers
 * of Apple's, a proxy, and everybody else. */
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>

#include "samples/lab/apple/names.h"
#include "samples/lab/apple/orders.h"
#include "samples/lab/apple/servers.h"

enum { EXIT_OK, EXIT_SYSTEM, EXIT_USAGE };

typedef struct {
    char *scenario, *marks, *certs, *keylog, *fifo, *firmware;
    gboolean addresses;
} options_t;

static void
options_clear(options_t *o)
{
    g_free(o->scenario);
    g_free(o->marks);
    g_free(o->certs);
    g_free(o->keylog);
    g_free(o->fifo);
    g_free(o->firmware);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(options_t, options_clear)

/* What main() has to free, in the order in which it is made. */
typedef struct {
    lab_scenario_t *scenario;
    apple_world_t world;
    apple_dns_t dns;
    apple_servers_t *servers;
} program_t;

static void
program_clear(program_t *p)
{
    apple_servers_free(p->servers);
    apple_conn_free_all();
    apple_tls_context_free(p->world.tls);
    apple_certs_free(p->world.certs);
    apple_settings_free(p->world.settings);
    lab_marks_free(p->world.marks);
    if (p->scenario)
        lab_scenario_free(p->scenario);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(program_t, program_clear)

static bool
read_options(int *argc, char ***argv, options_t *o, GError **error)
{
    const GOptionEntry entries[] = {
        { "scenario", 's', 0, G_OPTION_ARG_FILENAME, &o->scenario, "How the servers are to behave",
          "FILE" },
        { "marks", 'm', 0, G_OPTION_ARG_FILENAME, &o->marks, "Add marks of faults to it", "FILE" },
        { "certs", 'c', 0, G_OPTION_ARG_FILENAME, &o->certs, "Where keys and issuers are kept",
          "DIR" },
        { "keylog", 'k', 0, G_OPTION_ARG_FILENAME, &o->keylog, "Add the secrets of TLS to it",
          "FILE" },
        { "fifo", 'f', 0, G_OPTION_ARG_FILENAME, &o->fifo,
          "Made to take changes of the settings from (/run/lab/apple.fifo)", "PATH" },
        { "firmware", 'd', 0, G_OPTION_ARG_FILENAME, &o->firmware,
          "What the download server serves (/firmware)", "DIR" },
        { "addresses", 'a', 0, G_OPTION_ARG_NONE, &o->addresses,
          "Print the addresses that must be there, and end", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- the internet of the lab");

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    if (*argc > 1 || (!o->addresses && (!o->scenario || !o->certs))) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                    *argc > 1 ? "too many arguments" : "--scenario and --certs are needed");
        return false;
    }
    return true;
}

static void
print_addresses(void)
{
    puts(APPLE_DNS_ADDRESS);
    for (size_t i = 0; i < apple_n_addresses; i++)
        puts(apple_addresses[i].address);
}

static bool
start(program_t *p, const options_t *o, GError **error)
{
    apple_world_t *w = &p->world;

    w->firmware = o->firmware ? o->firmware : "/firmware";
    w->settings = apple_settings_new(p->scenario);
    w->marks = lab_marks_new(o->marks, "apple", error);
    w->certs = w->marks ? apple_certs_new(o->certs, error) : NULL;
    w->tls = w->certs ? apple_tls_context_new(o->keylog, error) : NULL;
    if (!w->tls)
        return false;
    p->dns = (apple_dns_t){ w->settings, w->marks };
    p->servers = apple_servers_new(w, &p->dns, error);
    return p->servers &&
           apple_settings_listen(w->settings, o->fifo ? o->fifo : "/run/lab/apple.fifo", error);
}

static gboolean
told_to_end(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static void
run(void)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);

    g_unix_signal_add(SIGTERM, told_to_end, loop);
    g_unix_signal_add(SIGINT, told_to_end, loop);
    puts("ready");
    fflush(stdout);
    g_main_loop_run(loop);
}

int
main(int argc, char **argv)
{
    g_auto(options_t) options = { 0 };
    g_auto(program_t) program = { 0 };
    g_autoptr(GError) error = NULL;

    if (!read_options(&argc, &argv, &options, &error)) {
        g_printerr("apple: %s; try --help\n", error->message);
        return EXIT_USAGE;
    }
    if (options.addresses) {
        print_addresses();
        return EXIT_OK;
    }
    program.scenario = lab_scenario_load(options.scenario, &error);
    if (!program.scenario || !apple_orders_check(program.scenario, &error)) {
        g_printerr("apple: %s\n", error->message);
        return EXIT_USAGE;
    }
    if (!start(&program, &options, &error)) {
        g_printerr("apple: %s\n", error->message);
        return EXIT_SYSTEM;
    }
    run();
    return EXIT_OK;
}
