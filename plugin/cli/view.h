/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a person sees while a restore is watched: a line for each thing that happens and, on a
 * terminal, one line below that is written over and over. */
#pragma once

#include <json-glib/json-glib.h>

typedef struct rs_view rs_view;

/* has_status: with the line below; columns: how wide it may be. */
rs_view *rs_view_new(gboolean colour, gboolean has_status, int columns);
void rs_view_free(rs_view *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_view, rs_view_free)

/* What to write because of an event (a line of -z restore,live) or of what a wrapped command
 * printed; the caller's, "" for nothing. */
char *rs_view_event(rs_view *view, JsonObject *event);
char *rs_view_output(rs_view *view, const char *bytes, gsize n);

/* Takes the line below away. */
char *rs_view_end(rs_view *view);
