/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The real usbmon. */
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/sources/usbmon.h"

static int
open_device(void *data, const char *path)
{
    (void)data;
    return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

static int
control(void *data, int fd, unsigned long request, void *argument)
{
    (void)data;
    return ioctl(fd, request, argument);
}

static void *
map(void *data, int fd, size_t bytes)
{
    void *ring = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);

    (void)data;
    return ring == MAP_FAILED ? NULL : ring;
}

static void
unmap(void *data, void *ring, size_t bytes)
{
    (void)data;
    munmap(ring, bytes);
}

static int
wait_for(void *data, int fd, int timeout_ms)
{
    struct pollfd wanted = { .fd = fd, .events = POLLIN };

    (void)data;
    return poll(&wanted, 1, timeout_ms);
}

/* The kernel takes the device's file away with the bus. */
static gboolean
is_there(void *data, int fd)
{
    struct stat is;

    (void)data;
    return fstat(fd, &is) != 0 || is.st_nlink > 0;
}

static void
close_device(void *data, int fd)
{
    (void)data;
    close(fd);
}

const struct rs_usbmon_device rs_usbmon_kernel = {
    .open = open_device,
    .ioctl = control,
    .map = map,
    .unmap = unmap,
    .wait = wait_for,
    .is_there = is_there,
    .close = close_device,
};
