/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis as one HTML page that needs nothing else: no network, no script. */
#pragma once

#include "plugin/report/wording.h"

/* The whole document, which is well-formed XML too. It shows report and about as they are: whoever
 * calls masks them before. The caller's. */
char *rs_report_html(JsonObject *report, const struct rs_report_about *about);
