/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * inotify(7) tells of a bus's file in /dev; netdevice(7), IFF_UP, whether an interface is up. A bus
 * that comes under a number that was in use is another one: the old one is gone, whether that was
 * noticed or not. */
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/watch.h"

#include "capture/interfaces.h"
#include "capture/sources/hotplug.h"
#include "capture/sources/usbmon.h"

enum { LOOK_US = 1000000, WARNING = 4, NOTICE = 5, EVENT_BYTES = 4096, BUSES = 256 };

struct rs_watch {
    char *device_folder, *sysfs;
    GPtrArray *sources;
    rs_messages *messages;
    rs_watch_say_func say;
    void *data;
    int events, asking; /* inotify; a socket for questions about interfaces */
    gint64 looked_us;
    gboolean *was_gone, *was_down; /* by source */
    /* By bus. Anew: even when one of its number seems to be recorded. */
    enum { WANTED_NOT, WANTED, WANTED_ANEW } wanted[BUSES];
    gboolean was_refused[BUSES];
};

static G_GNUC_PRINTF(3, 4) void tell(rs_watch *watch, int priority, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    rs_messages_say(watch->messages, priority, "%s", text);
    watch->say(watch->data, text);
}

rs_watch *
rs_watch_new(const char *device_folder, const char *sysfs, GPtrArray *sources,
             rs_messages *messages, rs_watch_say_func say, void *data)
{
    rs_watch *watch = g_new0(rs_watch, 1);

    watch->device_folder = g_strdup(device_folder);
    watch->sysfs = g_strdup(sysfs);
    watch->sources = sources;
    watch->messages = messages;
    watch->say = say;
    watch->data = data;
    watch->was_gone = g_new0(gboolean, sources->len + 1);
    watch->was_down = g_new0(gboolean, sources->len + 1);
    watch->asking = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    watch->events = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    /* Its rights come a moment after the file. */
    if (watch->events >= 0)
        (void)inotify_add_watch(watch->events, device_folder, IN_CREATE | IN_ATTRIB);
    return watch;
}

void
rs_watch_free(rs_watch *watch)
{
    if (!watch)
        return;
    if (watch->events >= 0)
        close(watch->events);
    if (watch->asking >= 0)
        close(watch->asking);
    g_free(watch->was_gone);
    g_free(watch->was_down);
    g_free(watch->device_folder);
    g_free(watch->sysfs);
    g_free(watch);
}

int
rs_watch_fd(const rs_watch *watch)
{
    return watch->events;
}

static rs_source *
source_at(const rs_watch *watch, guint i)
{
    return (rs_source *)watch->sources->pdata[i];
}

static rs_source *
find_vacant(const rs_watch *watch)
{
    for (guint i = 0; i < watch->sources->len; i++) {
        if (rs_usbmon_is_vacant(source_at(watch, i)))
            return source_at(watch, i);
    }
    return NULL;
}

static gboolean
is_recorded(const rs_watch *watch, unsigned bus)
{
    for (guint i = 0; i < watch->sources->len; i++) {
        rs_source *source = source_at(watch, i);

        if (rs_usbmon_bus(source) == bus && !g_atomic_int_get(&source->is_gone))
            return TRUE;
    }
    return FALSE;
}

/* A device may have been found on the bus before the bus could be opened. */
static void
arm_when_needed(const rs_watch *watch, rs_source *source, unsigned bus)
{
    g_autoptr(GArray) devices = rs_hotplug_list(watch->sysfs);

    for (guint i = 0; i < devices->len; i++) {
        if (g_array_index(devices, struct rs_usb_device, i).bus == bus)
            rs_usbmon_arm(source);
    }
}

/* The driver, or rights, may come a moment after the file: tried again until it works or the file
 * is gone. */
static void
open_bus(rs_watch *watch, unsigned bus)
{
    rs_source *source = find_vacant(watch);
    g_autofree char *path = g_strdup_printf("%s/usbmon%u", watch->device_folder, bus);
    g_autoptr(GError) error = NULL;

    if (!source || access(path, F_OK) != 0 ||
        (watch->wanted[bus] != WANTED_ANEW && is_recorded(watch, bus))) {
        watch->wanted[bus] = WANTED_NOT;
        return;
    }
    if (rs_usbmon_open_later(source, bus, &error)) {
        watch->wanted[bus] = WANTED_NOT;
        watch->was_refused[bus] = FALSE;
        arm_when_needed(watch, source, bus);
        rs_messages_say(watch->messages, NOTICE, "USB bus %u has come", bus);
    } else if (access(path, R_OK) != 0 && errno == EACCES && !watch->was_refused[bus]) {
        watch->was_refused[bus] = TRUE;
        tell(watch, WARNING, "%s", error->message);
    }
}

static void
take_events(rs_watch *watch)
{
    _Alignas(struct inotify_event) char bytes[EVENT_BYTES];
    ssize_t length;

    while ((length = read(watch->events, bytes, sizeof bytes)) > 0) {
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)(bytes + at);
            const int bus = event->len > 0 ? rs_interfaces_bus(event->name) : -1;

            if (bus > 0 && event->mask & IN_CREATE)
                watch->wanted[bus] = WANTED_ANEW;
            else if (bus > 0 && watch->wanted[bus] == WANTED_NOT)
                watch->wanted[bus] = WANTED;
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    for (unsigned bus = 1; bus < BUSES; bus++) {
        if (watch->wanted[bus] != WANTED_NOT)
            open_bus(watch, bus);
    }
}

/* FALSE also when there is no such interface. */
static gboolean
is_down(const rs_watch *watch, const rs_source *source)
{
    struct ifreq request = { 0 };

    if (rs_interfaces_bus(source->interface.name) >= 0 || rs_usbmon_is_vacant(source))
        return FALSE;
    g_strlcpy(request.ifr_name, source->interface.name, sizeof request.ifr_name);
    return ioctl(watch->asking, SIOCGIFFLAGS, &request) == 0 && !(request.ifr_flags & IFF_UP);
}

static void
look_at(rs_watch *watch, guint i)
{
    rs_source *source = source_at(watch, i);
    const gboolean gone = g_atomic_int_get(&source->is_gone) != 0;
    const gboolean down = !gone && is_down(watch, source);
    const char *name = source->interface.name;

    if (gone && !watch->was_gone[i])
        tell(watch, WARNING, "'%s' is gone", name);
    else if (down && !watch->was_down[i])
        tell(watch, WARNING, "'%s' is down; what it sends later is recorded again", name);
    else if (!down && !gone && watch->was_down[i])
        tell(watch, NOTICE, "'%s' is up again", name);
    watch->was_gone[i] = gone;
    watch->was_down[i] = down;
}

void
rs_watch_look(rs_watch *watch)
{
    const gint64 now_us = g_get_monotonic_time();

    if (watch->events >= 0)
        take_events(watch);
    if (now_us - watch->looked_us < LOOK_US)
        return;
    watch->looked_us = now_us;
    for (guint i = 0; i < watch->sources->len; i++)
        look_at(watch, i);
}
