/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The records of several sources in the order of their time stamps, as far as that can be had
 * without holding anything back for longer than RS_MERGE_WAIT_MS. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/record.h"

enum { RS_MERGE_WAIT_MS = 150 };

typedef struct rs_merge rs_merge;

/* Is given the records one after the other, and the number of their source; they are good until it
 * returns. FALSE: enough for now. */
typedef gboolean (*rs_merge_func)(void *data, unsigned source, const struct rs_record *record);

rs_merge *rs_merge_new(void);
void rs_merge_free(rs_merge *merge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_merge, rs_merge_free)

/* Sources stay their owner's. They are numbered from 0. */
unsigned rs_merge_add(rs_merge *merge, rs_source *source);

/* Hands on what may go on at now_ns, no more than max records. everything: waits for no source.
 * Gives how many there were. */
size_t rs_merge_run(rs_merge *merge, uint64_t now_ns, gboolean everything, size_t max,
                    rs_merge_func func, void *data);
