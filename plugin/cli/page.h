/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reports that leave the computer: what they may be called, and the file they go to. */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/cli/cli.h"

/* What to call a capture in a report of which show_ids tells whether it may name devices: without
 * its folder, masked like the report. To be asked before the report is masked. The caller's. */
char *rs_page_name(const char *file, JsonObject *report, gboolean show_ids);

/* "restorescope 0.1.0, tshark 4.0.17". The caller's. */
char *rs_page_versions(void);

/* A page may be new or replace another page, but nothing else: "--html a.pcapng b.pcapng" must not
 * cost a capture. FALSE with error set; "-", standard output, is always right. */
gboolean rs_page_check(const char *path, GError **error);

gboolean rs_page_write(const char *path, const char *text, GError **error);
