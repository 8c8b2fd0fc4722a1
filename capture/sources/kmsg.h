/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the kernel says about USB, as messages. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "capture/messages.h"

/* A descriptor to poll, -1 when the kernel's log cannot be read; it begins with what comes now. */
int rs_kmsg_open(void);

/* Posts what there is. */
void rs_kmsg_read(int fd, rs_messages *messages);

/* One record of /dev/kmsg: its text and its length, when it is about USB; time_ns is since boot. */
gboolean rs_kmsg_parse(const char *record, const char **ret_text, size_t *ret_length,
                       int *ret_priority, uint64_t *ret_time_ns);
