/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One file under way, or a pipe. Whole pages go to the disk past the page cache where the file
 * system can do that. Nothing that was there before is ever overwritten. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum { RS_FILE_PAGE = 4096 }; /* what direct I/O wants: alignment of memory, place and length */

typedef struct rs_file rs_file;

/* "-" is standard output; a FIFO or a character device that is there is written to, of any other
 * name a file is made. NULL and an error (RS_CAPTURE_WRITE) when that cannot be. */
rs_file *rs_file_new(const char *path, GError **error);
void rs_file_free(rs_file *file); /* closes it and keeps what is in it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_file, rs_file_free)

/* Can its bytes be written to again? */
gboolean rs_file_is_regular(const rs_file *file);
const char *rs_file_path(const rs_file *file);

/* Writes at a place; a pipe takes everything in order and is never given a byte twice. bytes is
 * aligned to a page, at is a multiple of one. Gives how many bytes came to be there, fewer than
 * length only with an error. */
size_t rs_file_write(rs_file *file, uint64_t at, const uint8_t *bytes, size_t length,
                     GError **error);

/* Overwrites bytes of ours, of any length, at any place. */
gboolean rs_file_patch(rs_file *file, uint64_t at, const uint8_t *bytes, size_t length);

/* Ends the file at a length, and gives back what was set aside behind it. */
void rs_file_end(rs_file *file, uint64_t length);
