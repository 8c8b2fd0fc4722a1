/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What becomes of the sources while they are recorded: buses that come, and whatever leaves. */
#pragma once

#include <glib.h>

#include "capture/messages.h"
#include "capture/record.h"

typedef struct rs_watch rs_watch;

/* Gets each sentence that the user should read; it is recorded too. */
typedef void (*rs_watch_say_func)(void *data, const char *text);

/* sources, of rs_source, and messages are borrowed. device_folder: where buses have their files,
 * "/dev"; sysfs: "/sys". */
rs_watch *rs_watch_new(const char *device_folder, const char *sysfs, GPtrArray *sources,
                       rs_messages *messages, rs_watch_say_func say, void *data);
void rs_watch_free(rs_watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_watch, rs_watch_free)

/* Readable when a bus may have come; -1: nobody can tell. */
int rs_watch_fd(const rs_watch *watch);

/* Opens buses that came, in sources made for it, and tells what has left or is down. Costs nothing
 * when nothing happened: several times a second. */
void rs_watch_look(rs_watch *watch);
