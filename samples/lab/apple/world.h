/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What all servers share. Nothing in it belongs to them. */
#pragma once

#include "samples/lab/apple/certs.h"
#include "samples/lab/apple/settings.h"
#include "samples/lab/apple/tls.h"
#include "samples/lab/scenario/marks.h"

typedef struct {
    apple_settings_t *settings;
    apple_certs_t *certs;
    lab_marks_t *marks;
    apple_tls_context_t *tls;
    const char *firmware; /* the folder downloads come from */
} apple_world_t;
