/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Listening sockets. */
#include "samples/lab/apple/servers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "samples/lab/apple/names.h"
#include "samples/lab/apple/orders.h"
#include "samples/lab/apple/session.h"

enum { PORT_DNS = 53, PORT_HTTP = 80, PORT_HTTPS = 443, PORT_PROXY = 3128, BACKLOG = 32 };

typedef struct {
    apple_servers_t *servers;
    const char *address;
    apple_site_t site; /* of no meaning for the name server */
    unsigned port;
    int fd; /* -1: closed */
    guint watch;
} listener_t;

struct apple_servers {
    const apple_world_t *world;
    apple_dns_t *dns;
    GPtrArray *listeners;
};

/* A bound socket, or -1 and errno. */
static int
open_socket(const char *address, unsigned port, int type)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, why;

    if (fd < 0)
        return -1;
    inet_pton(AF_INET, address, &to.sin_addr);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        (type != SOCK_STREAM || listen(fd, BACKLOG) == 0))
        return fd;
    why = errno;
    close(fd);
    errno = why;
    return -1;
}

static bool
fail(const char *address, unsigned port, GError **error)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "cannot listen at %s port %u: %s", address, port, g_strerror(errno));
    return false;
}

static gboolean
accepted(gint fd, GIOCondition condition, gpointer data)
{
    const listener_t *l = data;
    int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    (void)condition;
    if (client < 0)
        return G_SOURCE_CONTINUE;
    if (l->port == PORT_DNS)
        apple_dns_serve_tcp(l->servers->dns, client);
    else
        apple_session_serve(l->servers->world, client, l->port);
    return G_SOURCE_CONTINUE;
}

static void
shut(listener_t *l)
{
    if (l->fd < 0)
        return;
    g_source_remove(l->watch);
    close(l->fd);
    l->fd = -1;
}

static void
listener_free(gpointer data)
{
    shut(data);
    g_free(data);
}

/* Opens or closes a listener, as the settings want it. */
static bool
apply(listener_t *l, GError **error)
{
    bool is_wanted =
        l->port == PORT_DNS || apple_order_listens(l->servers->world->settings, l->site, l->port);

    if (!is_wanted)
        shut(l);
    if (!is_wanted || l->fd >= 0)
        return true;
    l->fd = open_socket(l->address, l->port, SOCK_STREAM);
    if (l->fd < 0)
        return fail(l->address, l->port, error);
    l->watch = g_unix_fd_add(l->fd, G_IO_IN, accepted, l);
    return true;
}

static void
settings_changed(void *user)
{
    apple_servers_t *servers = user;

    for (guint i = 0; i < servers->listeners->len; i++) {
        g_autoptr(GError) error = NULL;

        if (!apply(servers->listeners->pdata[i], &error))
            g_printerr("apple: %s\n", error->message);
    }
}

static bool
add(apple_servers_t *servers, const char *address, apple_site_t site, unsigned port, GError **error)
{
    listener_t *l = g_new0(listener_t, 1);

    *l = (listener_t){ servers, address, site, port, -1, 0 };
    g_ptr_array_add(servers->listeners, l);
    return apply(l, error);
}

static bool
add_name_server(apple_servers_t *servers, GError **error)
{
    int fd = open_socket(APPLE_DNS_ADDRESS, PORT_DNS, SOCK_DGRAM);

    if (fd < 0)
        return fail(APPLE_DNS_ADDRESS, PORT_DNS, error);
    apple_dns_serve_udp(servers->dns, fd);
    return add(servers, APPLE_DNS_ADDRESS, APPLE_SITE_FOREIGN, PORT_DNS, error);
}

static bool
add_site(apple_servers_t *servers, const apple_address_t *a, GError **error)
{
    if (a->site == APPLE_SITE_PROXY)
        return add(servers, a->address, a->site, PORT_PROXY, error);
    return add(servers, a->address, a->site, PORT_HTTP, error) &&
           add(servers, a->address, a->site, PORT_HTTPS, error);
}

apple_servers_t *
apple_servers_new(const apple_world_t *world, apple_dns_t *dns, GError **error)
{
    apple_servers_t *servers = g_new0(apple_servers_t, 1);
    bool is_complete;

    servers->world = world;
    servers->dns = dns;
    servers->listeners = g_ptr_array_new_with_free_func(listener_free);
    is_complete = add_name_server(servers, error);
    for (size_t i = 0; is_complete && i < apple_n_addresses; i++)
        is_complete = add_site(servers, &apple_addresses[i], error);
    if (!is_complete) {
        apple_servers_free(servers);
        return NULL;
    }
    apple_settings_watch(world->settings, settings_changed, servers);
    return servers;
}

void
apple_servers_free(apple_servers_t *servers)
{
    if (!servers)
        return;
    apple_settings_watch(servers->world->settings, NULL, NULL);
    g_ptr_array_unref(servers->listeners);
    g_free(servers);
}
