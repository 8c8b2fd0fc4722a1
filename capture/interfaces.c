/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tables: proc(5), /proc/net/route; the kernel's Documentation/networking/proc_net_tcp.rst. */
#include <net/if.h>
#include <stdbool.h>
#include <string.h>

#include "capture/interfaces.h"

enum { BUS_MAX = 255, PORT_COLUMN = 1, STATE_COLUMN = 3 };

#define USBMUXD_PORT "27015"
#define USBMUXD_PORT_HEX ":6987"
#define LISTENS "0A"

void
rs_found_free(struct rs_found *found)
{
    g_free(found->name);
    g_free(found->description);
    g_free(found);
}

static void
add(GPtrArray *list, const char *name, const char *description, const char *filter)
{
    struct rs_found *found = g_new0(struct rs_found, 1);

    found->name = g_strdup(name);
    found->description = g_strdup(description);
    found->filter = filter;
    g_ptr_array_add(list, found);
}

int
rs_interfaces_bus(const char *name)
{
    guint64 bus;

    if (!g_str_has_prefix(name, "usbmon") ||
        !g_ascii_string_to_unsigned(name + strlen("usbmon"), 10, 0, BUS_MAX, &bus, NULL))
        return -1;
    return (int)bus;
}

static GPtrArray *
new_list(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)rs_found_free);
}

GPtrArray *
rs_interfaces_all(void)
{
    GPtrArray *list = new_list();
    struct if_nameindex *names = if_nameindex();

    for (int bus = 1; bus <= BUS_MAX + 1; bus++) {
        /* The one for all buses comes last. */
        g_autofree char *name = g_strdup_printf("usbmon%d", bus % (BUS_MAX + 1));
        g_autofree char *path = g_build_filename("/dev", name, NULL);
        g_autofree char *text =
            bus <= BUS_MAX ? g_strdup_printf("USB bus number %d", bus) : g_strdup("all USB buses");

        if (g_file_test(path, G_FILE_TEST_EXISTS))
            add(list, name, text, NULL);
    }
    for (const struct if_nameindex *at = names; at && at->if_index; at++)
        add(list, at->if_name, g_str_equal(at->if_name, "lo") ? "loopback" : "network", NULL);
    if (names)
        if_freenameindex(names);
    return list;
}

static bool
is_listed(const GPtrArray *list, const char *name)
{
    for (guint i = 0; i < list->len; i++) {
        if (g_str_equal(((const struct rs_found *)list->pdata[i])->name, name))
            return true;
    }
    return false;
}

/* The words of a line, without what lies between. */
static char **
words_of(const char *line)
{
    char **words = g_strsplit_set(line, " \t", -1);
    gsize kept = 0;

    for (gsize i = 0; words[i]; i++) {
        if (*words[i])
            words[kept++] = words[i];
        else
            g_free(words[i]);
    }
    words[kept] = NULL;
    return words;
}

/* Adds what stands in a column of each line of a table but the first `skipped`. */
static void
add_column(GPtrArray *list, const char *proc, const char *table, guint column, guint skipped)
{
    g_autofree char *path = g_build_filename(proc, "net", table, NULL), *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_auto(GStrv) words = words_of(lines[i]);

        if (i >= skipped && g_strv_length(words) > column && !g_str_equal(words[column], "lo") &&
            !is_listed(list, words[column]))
            add(list, words[column], "network", NULL);
    }
}

static bool
somebody_serves(const char *proc, const char *table)
{
    g_autofree char *path = g_build_filename(proc, "net", table, NULL), *text = NULL;
    g_auto(GStrv) lines = NULL;
    bool serves = false;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] && !serves; i++) {
        g_auto(GStrv) words = words_of(lines[i]);

        serves = g_strv_length(words) > STATE_COLUMN &&
                 g_str_has_suffix(words[PORT_COLUMN], USBMUXD_PORT_HEX) &&
                 g_str_equal(words[STATE_COLUMN], LISTENS);
    }
    return serves;
}

GPtrArray *
rs_interfaces_routed(const char *proc)
{
    enum { ROUTE_NAME = 0, ROUTE6_NAME = 9 };
    GPtrArray *list = new_list();

    add_column(list, proc, "route", ROUTE_NAME, 1);
    add_column(list, proc, "ipv6_route", ROUTE6_NAME, 0);
    if (somebody_serves(proc, "tcp") || somebody_serves(proc, "tcp6"))
        add(list, "lo", "loopback", "tcp port " USBMUXD_PORT);
    return list;
}
