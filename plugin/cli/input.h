/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opening of what the user named, before anything parses it. */
#pragma once

#include <glib.h>

struct rs_input {
    int fd;
    gboolean is_pipe; /* to be read as it comes, `head` first; else a file, at its start */
    GByteArray *head; /* taken from fd already; NULL: nothing */
};

/* Opens a file or a pipe; "-" is stdin. A pipe whose format has to be looked at more than once is
 * copied into an unlinked temporary file first. FALSE with error set (RS_EXIT_READ) when there is
 * no such file, it may not be read, or is a folder, empty or a plain text. */
gboolean rs_input_open(const char *name, struct rs_input *ret_input, GError **error);
void rs_input_close(struct rs_input *input);
