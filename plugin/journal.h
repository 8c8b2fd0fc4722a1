/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The systemd journal entries of a capture: what the kernel said about USB and what the restore
 * tool printed, as the recorder wrote them between the packets. */
#pragma once

#include "dissectors/compat.h"

#include <json-glib/json-glib.h>

#include "plugin/knowledge/knowledge.h"
#include "plugin/tracker/tracker.h"

/* Bounded: what goes beyond is counted, not kept. */
typedef struct rs_journal rs_journal;
rs_journal *rs_journal_new(void);
void rs_journal_free(rs_journal *journal);

/* The fields it needs of a tree. */
void rs_journal_wanted(GArray *wanted);

/* The bus that a kernel's message is about: RS_KERNEL_ANY_BUS when it is about a controller, 0 for
 * all other frames. */
guint rs_journal_bus(packet_info *pinfo, proto_tree *tree);

/* First visit of a frame; does nothing when it is no journal entry. */
void rs_journal_observe(rs_journal *journal, packet_info *pinfo, proto_tree *tree, gint64 time_us);

/* Holds the entries against a report. Of the kernel's only those count that are about a bus with a
 * device of the tracker's, and not about another device on it. */
void rs_journal_apply(const rs_journal *journal, const rs_tracker *tracker,
                      const rs_knowledge *knowledge, JsonObject *report);
