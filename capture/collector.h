/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The thread between sources and file: takes records in order, makes blocks of them, keeps the
 * limits, writes the statistics. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "capture/limits.h"
#include "capture/record.h"
#include "capture/writer/output.h"

typedef struct rs_collector rs_collector;

struct rs_collector_options {
    struct rs_limits stop, ring;
    gboolean has_secrets; /* keep room for a TLS key log at the front of each file */
    const char *hardware, *os, *application;
    int end_fd; /* an eventfd, written to when the recording has come to its end by itself */
};

/* output is borrowed. */
rs_collector *rs_collector_new(rs_output *output, const struct rs_collector_options *options);
void rs_collector_free(rs_collector *collector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_collector, rs_collector_free)

/* Before the start; the source is the collector's, but for messages. */
void rs_collector_add(rs_collector *collector, rs_source *source);

/* Writes the file's head, starts the sources and the thread. */
void rs_collector_start(rs_collector *collector);

/* Stops the sources, takes what they still have, writes the final statistics, ends the thread. */
void rs_collector_stop(rs_collector *collector);

unsigned rs_collector_n(const rs_collector *collector);
const rs_source *rs_collector_source(const rs_collector *collector, unsigned i);

/* Any thread: counts of one source, with those that are in the file. */
void rs_collector_count(rs_collector *collector, unsigned i, struct rs_counts *ret_counts,
                        uint64_t *ret_written);

/* Why it came to its end by itself. */
enum rs_collector_end { RS_END_NONE, RS_END_LIMIT, RS_END_FAILED, RS_END_GONE };
enum rs_collector_end rs_collector_end(const rs_collector *collector);
