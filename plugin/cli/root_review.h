/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Another root, where what the file's reader knows takes the first one's weight. */
#pragma once

#include <json-glib/json-glib.h>

struct rs_root_review {
    gboolean (*holds)(JsonObject *root); /* it stays */
    gboolean (*may_be_root)(
        JsonObject *candidate); /* an unexplained error that may take its place */
    gboolean may_be_empty;      /* without another there is none: the attempt was cut short */
};

/* Looks at the root of the report and of each attempt; another is the first of `findings` that may,
 * of the same attempt. */
void rs_root_review_run(JsonObject *report, const struct rs_root_review *review);
