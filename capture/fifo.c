/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fifo(7): opening one for writing without waiting gives ENXIO as long as nobody reads. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/fifo.h"

enum { TRIES = 100, PAUSE_US = 20000 };

gboolean
rs_fifo_is(const char *path)
{
    struct stat is;

    return stat(path, &is) == 0 && S_ISFIFO(is.st_mode);
}

void
rs_fifo_hang_up(const char *path)
{
    int fd = -1;

    for (int i = 0; rs_fifo_is(path) && fd < 0 && i < TRIES; i++) {
        fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0 && errno != ENXIO)
            return;
        if (fd < 0)
            g_usleep(PAUSE_US);
    }
    if (fd >= 0)
        close(fd);
}
