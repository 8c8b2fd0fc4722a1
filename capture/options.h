/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command line, in dumpcap's words where it has any. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "capture/limits.h"

/* One name of a -i. filter is borrowed from argv; it and snap_length are 0 when not given. */
struct rs_wanted {
    char *name;
    const char *filter;
    uint32_t snap_length;
};

enum rs_extcap_question {
    RS_EXTCAP_NONE,
    RS_EXTCAP_INTERFACES,
    RS_EXTCAP_DLTS,
    RS_EXTCAP_CONFIG,
    RS_EXTCAP_FILTER, /* is it right? */
    RS_EXTCAP_CAPTURE
};

struct rs_capture_options {
    GArray *wanted;          /* of struct rs_wanted; empty: choose */
    struct rs_wanted common; /* what was given before the first -i is for all */
    const char *output, *keylog;
    unsigned ring_mib; /* 0: what the memory allows */
    int payload;       /* see payload.h */
    struct rs_limits stop, ring;
    gboolean has_ring;
    gboolean lists, quiet, help, version;
    char **command; /* NULL: none */
    enum rs_extcap_question extcap;
    const char *extcap_interface;
};

/* Sets error (RS_CAPTURE_USAGE). Clear with rs_capture_options_clear() in either case. */
gboolean rs_capture_options_parse(int argc, char **argv, struct rs_capture_options *ret_options,
                                  GError **error);
void rs_capture_options_clear(struct rs_capture_options *options);

const char *rs_capture_options_help(void);
