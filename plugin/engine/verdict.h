/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Root cause against consequences: puts the findings of one restore attempt in order. */
#pragma once

#include "plugin/engine/engine.h"

/* A finding with its place in the chain of causes. */
struct rs_ranked {
    const struct rs_finding *finding;
    const struct rs_finding *consequence_of; /* NULL for the root and for independent findings */
    enum rs_severity severity; /* as shown: lowered when it did not stop the restore */
};

/* Ranks findings (of rs_engine_conclude(), one session's). completed: the restore ended well, so
 * nothing can be its root. The first of the returned struct rs_ranked * is the root when
 * *ret_has_root. */
GPtrArray *rs_verdict_rank(const GPtrArray *findings, gboolean completed, gboolean *ret_has_root);
