/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rights that are needed to open things, and to be rid of afterwards. */
#pragma once

#include <glib.h>

/* Gives up every capability, and the chance to get any again. What is open stays open. After sudo
 * it becomes the user who called it, unless it has to stay root. For the calling thread and those
 * it makes from then on; before there are others. */
gboolean rs_privileges_drop(gboolean stays_root, GError **error);

/* What gives this program the right to record networks, to be put behind an error. The caller's. */
char *rs_privileges_advice(void);

/* May files be made at this path by a process that can do more than its user? Not where everybody
 * may put a link in their place. Sets error (RS_CAPTURE_WRITE). */
gboolean rs_privileges_allow(const char *path, GError **error);

/* After sudo: makes a file that is there the user's who called it. For folders only root may write
 * to: elsewhere somebody could put another file in its place. */
void rs_privileges_give(const char *path);

/* After sudo: may the user who called it make files where this one is? */
gboolean rs_privileges_caller_may_write(const char *path);

/* After sudo: files this thread makes from now on, until rights are given up, are those of the user
 * who called it. */
void rs_privileges_write_as_caller(void);
