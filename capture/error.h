/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the recorder ends with, and the errors that say so. */
#pragma once

#include <glib.h>

enum rs_capture_exit {
    RS_CAPTURE_OK = 0,
    RS_CAPTURE_DROPPED = 1, /* recorded, but packets were lost */
    RS_CAPTURE_USAGE = 2,
    RS_CAPTURE_SOURCE = 3, /* an interface cannot be opened, or all of them are gone */
    RS_CAPTURE_WRITE = 4,  /* the file cannot be made, or the disk is full */
    RS_CAPTURE_INTERNAL = 5,
};

/* Errors of this domain have an enum rs_capture_exit as their code. */
#define RS_CAPTURE_ERROR (rs_capture_error_quark())
GQuark rs_capture_error_quark(void);
