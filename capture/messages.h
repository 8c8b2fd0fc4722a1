/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines for the file that are no packets: of the kernel, of the restore tool, of devices that come
 * and go. Any thread may post; they come out as one source. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "capture/record.h"

typedef struct rs_messages rs_messages;

struct rs_message {
    uint64_t time_ns;
    const char *identifier; /* who says it: "kernel", "idevicerestore", "restorecap" */
    const char *transport;  /* as the journal calls the way it came: "kernel", "stdout", "driver" */
    const char *text;       /* of one line; other control characters become blanks */
    size_t length;
    int priority; /* as syslog has them: 3 error, 6 information */
};

/* The source belongs to the messages. */
rs_messages *rs_messages_new(void);
void rs_messages_free(rs_messages *messages);
rs_source *rs_messages_source(rs_messages *messages);

/* FALSE when there is no room, which is counted. */
gboolean rs_messages_post(rs_messages *messages, const struct rs_message *message);

/* One of our own, with the time it is now. */
void rs_messages_say(rs_messages *messages, int priority, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Lines of a TLS key log. */
gboolean rs_messages_secrets(rs_messages *messages, const char *lines, size_t length);

/* The time it is, as all sources have it. */
uint64_t rs_now_ns(void);
