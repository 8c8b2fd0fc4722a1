/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XPC messages as RemoteXPC sends them. Facts: pymobiledevice3 62e2957, remote/xpc_message.py;
 * HTTP/2's frames are RFC 9113's. */
#pragma once

#include "tests/lib/makecap/value.h"

struct xpc_message {
    guint32 stream, flags;
    guint64 number;
    const struct value *value; /* NULL: no body */
};

/* Appends the message, cut into DATA frames of at most 1024 bytes. */
void xpc_write(const struct xpc_message *message, GByteArray *out);
