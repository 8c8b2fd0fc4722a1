/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The time at the start of a log's line. */
#pragma once

#include <glib.h>

enum rs_stamp_kind {
    RS_STAMP_NONE,
    RS_STAMP_ABSOLUTE, /* microseconds since 1970, UTC */
    RS_STAMP_LOCAL,    /* the same, but in a time zone nobody tells */
    RS_STAMP_CLOCK,    /* microseconds since midnight, in a time zone nobody tells */
    RS_STAMP_SINCE,    /* microseconds since some start */
};

struct rs_stamp {
    enum rs_stamp_kind kind;
    gint64 time_us;
    gsize length; /* of the stamp and the blanks behind it */
};

/* Reads seconds since 1970 with a fraction, ISO 8601, "Nov 26 02:33:44", "[02:33:44.123]" and the
 * kernel's "[12345.678901]". The clock of a device's own log ("[02:33:44.1234-GMT]{4>1}") is none
 * of the computer's and reads as no stamp. */
struct rs_stamp rs_stamp_read(const char *line);
