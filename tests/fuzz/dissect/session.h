/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Frames, read as Wireshark reads a file: twice, with all columns and the whole tree. */
#pragma once

#include "tests/fuzz/dissect/frames.h"

/* From opening the file to closing it: what is of file scope is gone afterwards. With is_shown the
 * trees of the second reading are printed. */
void fuzz_session_run(const GArray *frames, gboolean is_shown);

/* Starts Wireshark, once, with the plugin. Of our protocols only the named ones stay enabled, all
 * of them when names is NULL; with "restore" the shipped rules are loaded too. */
void fuzz_session_start(const char *const *names);
