/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis as Markdown, to paste into a bug report. */
#pragma once

#include "plugin/report/wording.h"

/* From the title to the versions, ending in a newline. It shows report and about as they are:
 * whoever calls masks them before. The caller's. */
char *rs_report_markdown(JsonObject *report, const struct rs_report_about *about);
