/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rights that are needed to open things, and to be rid of afterwards. */
#pragma once

#include <glib.h>

/* Gives up every capability, and the chance to get any again. What is open stays open. */
gboolean rs_privileges_drop(GError **error);

/* May files be made at this path by a process that can do more than its user? Not where everybody
 * may put a link in their place. Sets error (RS_CAPTURE_WRITE). */
gboolean rs_privileges_allow(const char *path, GError **error);

/* After sudo: makes a file the user's who called it. */
void rs_privileges_give(const char *path);
