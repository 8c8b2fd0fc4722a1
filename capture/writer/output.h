/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From blocks to files: the collector puts blocks into buffers, a thread of its own writes those.
 * The disk may stall for as long as buffers last. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rs_output rs_output;

/* Gives the name of the next file; called by the writing thread, and once by rs_output_new(). The
 * result is the output's. */
typedef char *(*rs_output_name_func)(void *data);

enum {
    RS_OUTPUT_BUFFER = 4 << 20,
    RS_OUTPUT_BLOCK_MAX = RS_OUTPUT_BUFFER / 2, /* the longest block */
};

/* Opens the first file; the thread starts with what is written first. buffer_bytes: how much may
 * wait for the disk. keep_files: of a ring of files, 0 for all. NULL and an error
 * (RS_CAPTURE_WRITE) otherwise. */
rs_output *rs_output_new(rs_output_name_func name, void *data, size_t buffer_bytes,
                         unsigned keep_files, GError **error);

/* Writes what waits, ends the file and the thread. FALSE and the first error when not everything
 * that was put in is in the files; what is there ends with a whole block. Call it once. */
gboolean rs_output_finish(rs_output *output, GError **error);
void rs_output_free(rs_output *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_output, rs_output_free)

/* Room for a block; waits for the disk when nothing is left. */
uint8_t *rs_output_reserve(rs_output *output, size_t bytes);
void rs_output_commit(rs_output *output, size_t bytes); /* a whole block, or nothing */

/* Has everything so far written soon. FALSE when the disk is behind: to be asked again. */
gboolean rs_output_flush(rs_output *output);

/* The blocks that come are for the next file. */
void rs_output_next_file(rs_output *output);

/* Overwrites bytes that were put in earlier, in order with everything else. */
void rs_output_patch(rs_output *output, uint64_t at, const uint8_t *bytes, size_t length);
gboolean rs_output_can_patch(const rs_output *output);

/* Bytes put into this file so far, and whether writing has failed. */
uint64_t rs_output_position(const rs_output *output);
gboolean rs_output_has_failed(const rs_output *output);

/* The first error so far, NULL when there was none; for a message while the recording goes on. */
char *rs_output_error_text(rs_output *output);

/* How many bytes are in files, all together; the name of the first, which is the output's. */
uint64_t rs_output_written(const rs_output *output);
const char *rs_output_first_path(const rs_output *output);
