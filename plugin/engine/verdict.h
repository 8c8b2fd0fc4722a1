/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Root cause against consequences: puts the findings of one restore attempt in order.
 *
 * A candidate is an error that was not recovered, in a restore that did not complete. A explains B
 * when A's rule lists B's rule in `explains`, both belong to the same session (one without a
 * session goes with any), A's culprit is not later than the time B fired, and A is a candidate if B
 * is one. Where several explain B, the nearest is its cause: the latest culprit not after B's, else
 * the earliest after it. Where causes would go in a circle, the one with the earliest culprit is
 * kept as the beginning. So every finding has at most one direct cause, and the chain of causes
 * ends.
 *
 * The root is the first unexplained candidate: those of medium or high confidence before those of
 * low, then by culprit time, culprit frame, rule id.
 *
 * Severity as shown: a note when the finding was recovered or the restore completed; a warning when
 * it is an error that something else explains; otherwise the rule's own. */
#pragma once

#include "plugin/engine/engine.h"

/* A finding with its place in the chain of causes. */
struct rs_ranked {
    const struct rs_finding *finding;
    const struct rs_finding *consequence_of; /* its direct cause; NULL when nothing explains it */
    enum rs_severity severity;               /* as shown */
};

enum { RS_MAX_RANKED = 1024 }; /* findings that are looked at for causes; later ones stand alone */

/* TRUE when a explains b whatever their sessions: a's rule lists b's, and b's culprit is among a's
 * evidence. For what strikes two devices at once. */
gboolean rs_verdict_covers(const struct rs_finding *a, const struct rs_finding *b);

/* Ranks findings (of rs_engine_conclude(), one session's), which must outlive the result.
 * completed: the restore ended well, so nothing can be its root. The first of the returned struct
 * rs_ranked * is the root when *ret_has_root; its consequences follow, then the other errors,
 * warnings and notes; each group by culprit time, frame and rule id. Free with g_ptr_array_unref().
 */
GPtrArray *rs_verdict_rank(const GPtrArray *findings, gboolean completed, gboolean *ret_has_root);
