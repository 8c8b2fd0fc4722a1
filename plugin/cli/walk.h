/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From what the user named to the captures to analyse. */
#pragma once

#include <glib.h>

/* One capture, or what could not be looked into. */
struct rs_walk_item {
    char *path;
    GError *error; /* RS_EXIT_READ: no file to analyse but this to tell; else NULL */
};

/* Names that are no folders stay as they are, whether or not they exist. A folder stands for the
 * captures in it and below it, sorted by name: files that end in one of the known suffixes, also
 * compressed; names that begin with a dot and links to folders are passed over. A folder without a
 * capture is an error to tell. An array of struct rs_walk_item *, the caller's. */
GPtrArray *rs_walk(const GPtrArray *names);

/* Does a file of this name look like a capture? */
gboolean rs_walk_is_capture(const char *name);
