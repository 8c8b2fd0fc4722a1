/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * libusb tells that something happened, sysfs what: the kernel's Documentation/ABI/testing/
 * sysfs-bus-usb. A device that enumerates anew has a new number. */
#include <libusb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "capture/sources/hotplug.h"

#include "dissectors/core/usb-ids.h"

enum { PATIENCE_US = 500000, INFORMATION = 6, HEXADECIMAL = 16 };

struct rs_hotplug {
    char *root;
    rs_messages *messages;
    rs_hotplug_func func;
    void *data;
    GArray *known;
    libusb_context *usb; /* NULL: none */
    gint is_ending;
    GThread *thread;
};

static void
read_text(const char *folder, const char *name, char *ret_text, size_t size)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;

    ret_text[0] = '\0';
    if (g_file_get_contents(path, &text, NULL, NULL))
        g_strlcpy(ret_text, g_strstrip(text), size);
}

static unsigned
read_number(const char *folder, const char *name, int base)
{
    char text[32];

    read_text(folder, name, text, sizeof text);
    return (unsigned)strtoul(text, NULL, base);
}

/* How many hubs are between a device and its root hub. */
static unsigned
depth_of(const char *path)
{
    unsigned depth = 0;

    for (; *path; path++)
        depth += *path == '.';
    return depth;
}

static void
add_device(GArray *devices, const char *folder, const char *name)
{
    struct rs_usb_device device = { 0 };

    if (read_number(folder, "idVendor", HEXADECIMAL) != RS_USB_VENDOR_APPLE ||
        g_str_has_prefix(name, "usb"))
        return;
    g_strlcpy(device.path, name, sizeof device.path);
    device.bus = read_number(folder, "busnum", 10);
    device.device = read_number(folder, "devnum", 10);
    device.product = read_number(folder, "idProduct", HEXADECIMAL);
    device.depth = depth_of(name);
    read_text(folder, "speed", device.speed, sizeof device.speed);
    read_text(folder, "bMaxPower", device.power, sizeof device.power);
    read_text(folder, "version", device.version, sizeof device.version);
    read_text(folder, "product", device.product_name, sizeof device.product_name);
    read_text(folder, "serial", device.serial, sizeof device.serial);
    g_array_append_val(devices, device);
}

GArray *
rs_hotplug_list(const char *root)
{
    g_autofree char *path = g_build_filename(root, "bus/usb/devices", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    GArray *devices = g_array_new(FALSE, FALSE, sizeof(struct rs_usb_device));
    const char *name;

    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *device = g_build_filename(path, name, NULL);

        if (!strchr(name, ':'))
            add_device(devices, device, name);
    }
    return devices;
}

static bool
is_in(const GArray *devices, const struct rs_usb_device *device)
{
    for (guint i = 0; i < devices->len; i++) {
        const struct rs_usb_device *other = &g_array_index(devices, struct rs_usb_device, i);

        if (other->bus == device->bus && other->device == device->device &&
            strcmp(other->path, device->path) == 0)
            return true;
    }
    return false;
}

static const char *
mode_of(const struct rs_usb_device *device)
{
    return rs_usb_mode_name(rs_usb_mode_of(RS_USB_VENDOR_APPLE, (uint16_t)device->product));
}

static void
tell_come(const rs_hotplug *hotplug, const struct rs_usb_device *device)
{
    rs_messages_say(hotplug->messages, INFORMATION,
                    "USB device connected: bus %u device %u port %s, 05ac:%04x '%s', mode %s, "
                    "%s Mbit/s, USB %s, %u hub(s) between, asks for %s, serial string '%s'",
                    device->bus, device->device, device->path, device->product,
                    device->product_name, mode_of(device), device->speed, device->version,
                    device->depth, device->power, device->serial);
    hotplug->func(hotplug->data, device->bus);
}

static void
look(rs_hotplug *hotplug)
{
    GArray *now = rs_hotplug_list(hotplug->root);

    for (guint i = 0; i < hotplug->known->len; i++) {
        const struct rs_usb_device *device =
            &g_array_index(hotplug->known, struct rs_usb_device, i);

        if (!is_in(now, device))
            rs_messages_say(hotplug->messages, INFORMATION,
                            "USB device disconnected: bus %u device %u port %s, 05ac:%04x, mode %s",
                            device->bus, device->device, device->path, device->product,
                            mode_of(device));
    }
    for (guint i = 0; i < now->len; i++) {
        const struct rs_usb_device *device = &g_array_index(now, struct rs_usb_device, i);

        if (!is_in(hotplug->known, device))
            tell_come(hotplug, device);
    }
    g_array_unref(hotplug->known);
    hotplug->known = now;
}

/* Waiting has been interrupted, which is all that is wanted of an event. */
static int LIBUSB_CALL
happened(libusb_context *usb, libusb_device *device, libusb_hotplug_event event, void *data)
{
    (void)usb;
    (void)device;
    (void)event;
    (void)data;
    return 0;
}

static void *
run(void *data)
{
    rs_hotplug *hotplug = (rs_hotplug *)data;

    while (!g_atomic_int_get(&hotplug->is_ending)) {
        struct timeval patience = { 0, PATIENCE_US };

        look(hotplug);
        if (hotplug->usb)
            libusb_handle_events_timeout_completed(hotplug->usb, &patience, NULL);
        else
            g_usleep(PATIENCE_US);
    }
    return NULL;
}

rs_hotplug *
rs_hotplug_new(const char *root, rs_messages *messages, rs_hotplug_func func, void *data)
{
    rs_hotplug *hotplug = g_new0(rs_hotplug, 1);
    g_autofree char *bus = g_build_filename(root, "bus/usb", NULL);

    hotplug->root = g_strdup(root);
    hotplug->messages = messages;
    hotplug->func = func;
    hotplug->data = data;
    hotplug->known = g_array_new(FALSE, FALSE, sizeof(struct rs_usb_device));
    if (g_file_test(bus, G_FILE_TEST_IS_DIR) && libusb_init(&hotplug->usb) == 0)
        libusb_hotplug_register_callback(
            hotplug->usb, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
            LIBUSB_HOTPLUG_NO_FLAGS, RS_USB_VENDOR_APPLE, LIBUSB_HOTPLUG_MATCH_ANY,
            LIBUSB_HOTPLUG_MATCH_ANY, happened, NULL, NULL);
    hotplug->thread = g_thread_new("hotplug", run, hotplug);
    return hotplug;
}

void
rs_hotplug_free(rs_hotplug *hotplug)
{
    if (!hotplug)
        return;
    g_atomic_int_set(&hotplug->is_ending, 1);
    if (hotplug->usb)
        libusb_interrupt_event_handler(hotplug->usb);
    g_thread_join(hotplug->thread);
    if (hotplug->usb)
        libusb_exit(hotplug->usb);
    g_array_unref(hotplug->known);
    g_free(hotplug->root);
    g_free(hotplug);
}
