/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opening of what the user named, before anything parses it. */
#pragma once

#include <glib.h>

/* A seekable descriptor of the file, at its start; "-" is stdin. What cannot be seeked in (pipes)
 * is copied into an unlinked temporary file first. -1 with error set (RS_EXIT_READ) when there is
 * no such file, it may not be read, or is a folder, empty or a plain text. */
int rs_input_open(const char *name, GError **error);
