/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * When to stop and when to begin a new file, in dumpcap's words: -a and -b. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* 0: no limit. */
struct rs_limits {
    uint64_t duration_ns;
    uint64_t bytes;
    uint64_t packets;
    unsigned files;
};

/* Takes one "word:number" of either option: duration (seconds, may have a fraction), filesize
 * (kilobytes of 1000), packets, files. Sets error (RS_CAPTURE_USAGE). */
gboolean rs_limits_take(struct rs_limits *limits, char option, const char *text, GError **error);
