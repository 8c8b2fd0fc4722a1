/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The device's end of a vhci_hcd port: attach by sysfs (drivers/usb/usbip/vhci_sysfs.c: "port
 * socket device speed"), then USB/IP on a socket pair. */
#include "samples/lab/vphone/bus/port.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "samples/lab/vphone/bus/usbip.h"

#define VHCI "/sys/devices/platform/vhci_hcd.0"
#define CONTROLLER "/sys/devices/platform/vhci_hcd.%u"

enum {
    PORTS = 8, /* of high speed, and as many of SuperSpeed behind them */
    CONTROLLERS = 8,
    HIGH_SPEED = 3,
    RETRY_MS = 50,
    RETRIES = 40,
    READ_SIZE = 64 * 1024,
    DEVICE_OF_PORT_0 = 0x00010002 /* what vhci shows as the remote device; any number will do */
};

struct lab_port {
    const lab_port_ops_t *ops;
    void *user;
    unsigned number, retries_left;
    int fd, kernel_fd; /* -1 when closed */
    guint in_source, out_source, retry_source;
    lab_usbip_reader_t reader;
    GByteArray *out; /* what the socket has not taken yet */
    GQueue pending;  /* of lab_urb_t, oldest first */
};

static void
urb_free(lab_urb_t *urb)
{
    g_free(urb->data);
    g_free(urb);
}

static void
drop_source(guint *source)
{
    if (*source)
        g_source_remove(*source);
    *source = 0;
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void
lab_port_cut(lab_port_t *port)
{
    /* What was answered already still arrives. */
    if (port->fd >= 0 && port->out->len > 0)
        (void)!send(port->fd, port->out->data, port->out->len, MSG_DONTWAIT | MSG_NOSIGNAL);
    drop_source(&port->in_source);
    drop_source(&port->out_source);
    drop_source(&port->retry_source);
    if (port->fd >= 0)
        shutdown(port->fd, SHUT_RDWR);
    close_fd(&port->fd);
    close_fd(&port->kernel_fd);
}

void
lab_port_unplug(lab_port_t *port)
{
    lab_port_cut(port);
    for (lab_urb_t *urb; (urb = g_queue_pop_head(&port->pending));)
        urb_free(urb);
    lab_usbip_reader_clear(&port->reader);
    g_byte_array_unref(port->out);
    g_free(port);
}

static void
lost(lab_port_t *port, const char *why)
{
    g_printerr("vphone: port %u: %s\n", port->number, why);
    lab_port_cut(port);
    port->ops->closed(port->user);
}

/* ---- out ---- */

static gboolean
writable(gint fd, GIOCondition condition, gpointer user)
{
    lab_port_t *port = user;
    ssize_t n = send(fd, port->out->data, port->out->len, MSG_DONTWAIT | MSG_NOSIGNAL);

    (void)condition;
    if (n > 0)
        g_byte_array_remove_range(port->out, 0, (guint)n);
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        g_byte_array_set_size(port->out, 0); /* the other end is gone: reading tells so */
    if (port->out->len > 0)
        return G_SOURCE_CONTINUE;
    port->out_source = 0;
    return G_SOURCE_REMOVE;
}

static void
push(lab_port_t *port, const void *bytes, size_t n)
{
    if (port->fd < 0 || n == 0)
        return;
    g_byte_array_append(port->out, bytes, (guint)n);
    if (!port->out_source)
        port->out_source = g_unix_fd_add(port->fd, G_IO_OUT, writable, port);
}

void
lab_urb_complete(lab_urb_t *urb, int status, const void *data, size_t length)
{
    lab_port_t *port = urb->port;
    uint8_t header[LAB_USBIP_HEADER];
    size_t actual = lab_urb_is_in(urb) ? MIN(length, urb->length) : urb->length;

    if (status != 0 && !lab_urb_is_in(urb))
        actual = 0;
    if (g_queue_remove(&port->pending, urb)) {
        lab_usbip_ret_submit(header, urb->sequence, status, (uint32_t)actual);
        push(port, header, sizeof(header));
        if (lab_urb_is_in(urb))
            push(port, data, actual);
    }
    urb_free(urb);
}

/* ---- in ---- */

static void
unlink_urb(lab_port_t *port, const lab_usbip_message_t *message)
{
    uint8_t header[LAB_USBIP_HEADER];
    int32_t status = 0;

    for (GList *at = port->pending.head; at; at = at->next) {
        lab_urb_t *urb = at->data;

        if (urb->sequence != message->target)
            continue;
        g_queue_delete_link(&port->pending, at);
        port->ops->unlinked(port->user, urb);
        urb_free(urb);
        status = -ECONNRESET;
        break;
    }
    lab_usbip_ret_unlink(header, message->sequence, status);
    push(port, header, sizeof(header));
}

static void
got_message(void *user, const lab_usbip_message_t *message, const uint8_t *data)
{
    lab_port_t *port = user;
    lab_urb_t *urb;

    if (port->fd < 0) /* cut by what came before in the same piece */
        return;
    if (message->command == LAB_USBIP_CMD_UNLINK) {
        unlink_urb(port, message);
        return;
    }
    urb = g_new0(lab_urb_t, 1);
    urb->port = port;
    urb->sequence = message->sequence;
    urb->endpoint = (uint8_t)(message->endpoint | (message->is_in ? 0x80 : 0));
    if (message->endpoint == 0)
        memcpy(urb->setup, message->setup, sizeof(urb->setup));
    urb->data = data ? g_memdup2(data, message->length) : NULL;
    urb->length = message->length;
    urb->arrived_us = g_get_monotonic_time();
    g_queue_push_tail(&port->pending, urb);
    port->ops->submitted(port->user, urb);
}

static gboolean
readable(gint fd, GIOCondition condition, gpointer user)
{
    lab_port_t *port = user;
    uint8_t bytes[READ_SIZE];
    ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

    (void)condition;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (n <= 0) {
        port->in_source = 0;
        lost(port, "the kernel let go of the device");
        return G_SOURCE_REMOVE;
    }
    if (!lab_usbip_read(&port->reader, bytes, (size_t)n)) {
        port->in_source = 0;
        lost(port, "that is not USB/IP");
        return G_SOURCE_REMOVE;
    }
    return port->fd < 0 ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* ---- attach ---- */

/* 0, or the errno of the kernel's refusal. */
static int
try_attach(const lab_port_t *port)
{
    g_autofree char *line = g_strdup_printf("%u %d %u %d", port->number, port->kernel_fd,
                                            DEVICE_OF_PORT_0 + port->number, HIGH_SPEED);
    int fd = open(VHCI "/attach", O_WRONLY | O_CLOEXEC);
    int refusal;

    if (fd < 0)
        return errno;
    refusal = write(fd, line, strlen(line)) < 0 ? errno : 0;
    close(fd);
    return refusal;
}

static void
attached(lab_port_t *port)
{
    close_fd(&port->kernel_fd); /* the kernel has its own reference */
    port->in_source = g_unix_fd_add(port->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, readable, port);
}

static gboolean
retry(gpointer user)
{
    lab_port_t *port = user;
    int refusal = try_attach(port);

    if (refusal == EBUSY && --port->retries_left > 0)
        return G_SOURCE_CONTINUE;
    port->retry_source = 0;
    if (refusal)
        lost(port, g_strerror(refusal));
    else
        attached(port);
    return G_SOURCE_REMOVE;
}

static bool
exists(unsigned number)
{
    return number % LAB_PORTS_OF_BUS < PORTS && number / LAB_PORTS_OF_BUS < CONTROLLERS;
}

static bool
open_pair(lab_port_t *port, GError **error)
{
    int pair[2];

    if (!exists(port->number) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "port %u: %s", port->number,
                    exists(port->number) ? g_strerror(errno) : "each bus has eight, from 0");
        return false;
    }
    port->fd = pair[0];
    port->kernel_fd = pair[1];
    return true;
}

lab_port_t *
lab_port_plug(unsigned number, const lab_port_ops_t *ops, void *user, GError **error)
{
    lab_port_t *port = g_new0(lab_port_t, 1);
    int refusal;

    *port = (lab_port_t){ .ops = ops, .user = user, .number = number, .retries_left = RETRIES };
    port->fd = port->kernel_fd = -1;
    port->out = g_byte_array_new();
    lab_usbip_reader_init(&port->reader, got_message, port);
    if (!open_pair(port, error)) {
        lab_port_unplug(port);
        return NULL;
    }
    refusal = try_attach(port);
    if (refusal && refusal != EBUSY) {
        g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(refusal), VHCI "/attach: %s",
                    g_strerror(refusal));
        lab_port_unplug(port);
        return NULL;
    }
    if (refusal)
        port->retry_source = g_timeout_add(RETRY_MS, retry, port);
    else
        attached(port);
    return port;
}

/* ---- where the kernel put it ---- */

/* The number in a file below /sys; -1 when there is none. */
static int
read_number(const char *path)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return -1;
    return (int)g_ascii_strtoll(text, NULL, 10);
}

/* A controller has two root hubs: the high-speed one says 480. */
bool
lab_port_bus(unsigned number, unsigned *bus)
{
    g_autofree char *controller = g_strdup_printf(CONTROLLER, number / LAB_PORTS_OF_BUS);
    GDir *dir = g_dir_open(controller, 0, NULL);
    bool found = false;

    for (const char *name; dir && !found && (name = g_dir_read_name(dir));) {
        g_autofree char *speed = g_build_filename(controller, name, "speed", NULL);

        if (!g_str_has_prefix(name, "usb") || read_number(speed) != 480)
            continue;
        *bus = (unsigned)g_ascii_strtoull(name + 3, NULL, 10);
        found = true;
    }
    if (dir)
        g_dir_close(dir);
    return found;
}

bool
lab_port_address(const lab_port_t *port, unsigned *bus, unsigned *address)
{
    g_autofree char *path = NULL;
    int number;

    if (!lab_port_bus(port->number, bus))
        return false;
    path = g_strdup_printf("/sys/bus/usb/devices/%u-%u/devnum", *bus,
                           port->number % LAB_PORTS_OF_BUS + 1);
    number = read_number(path);
    if (number <= 0)
        return false;
    *address = (unsigned)number;
    return true;
}

lab_urb_t **
lab_port_pending(const lab_port_t *port, int endpoint)
{
    g_autoptr(GPtrArray) urbs = g_ptr_array_new();

    for (GList *at = port->pending.head; at; at = at->next) {
        lab_urb_t *urb = at->data;

        if (endpoint < 0 ? lab_urb_is_in(urb) : urb->endpoint == endpoint)
            g_ptr_array_add(urbs, urb);
    }
    g_ptr_array_add(urbs, NULL);
    return (lab_urb_t **)g_ptr_array_free(g_steal_pointer(&urbs), FALSE);
}
