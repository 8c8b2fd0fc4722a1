/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A drawing of rows over a common axis of time. It knows nothing of restores: rows are added from
 * top to bottom, things go into the row added last, and all of it is written at the end. */
#pragma once

#include <glib.h>

typedef struct rs_canvas rs_canvas;
rs_canvas *rs_canvas_new(double duration_s);
void rs_canvas_free(rs_canvas *canvas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_canvas, rs_canvas_free)

/* A heading above rows that belong together, and a row with its name at the left. */
void rs_canvas_group(rs_canvas *canvas, const char *title);
void rs_canvas_row(rs_canvas *canvas, const char *name);

/* Into the row: a bar from one time to another, a mark at a time, a word after the last bar. ink is
 * a class of the page's style; tip appears under the pointer. What lies under its predecessor
 * entirely is not drawn, which bounds the drawing. */
void rs_canvas_bar(rs_canvas *canvas, const char *ink, double start_s, double end_s,
                   const char *tip);
void rs_canvas_mark(rs_canvas *canvas, const char *ink, double time_s, const char *tip);
void rs_canvas_note(rs_canvas *canvas, const char *ink, const char *text);

/* A row of its own, with n levels from 0 to 1, each step_s wide. */
void rs_canvas_area(rs_canvas *canvas, const char *name, int height, const double *levels, guint n,
                    double step_s, const char *tip);

/* A line down through all rows, with a label above. */
void rs_canvas_flag(rs_canvas *canvas, double time_s, const char *label);

/* Appends the <svg> element; title is what it is called to those who cannot see it. */
void rs_canvas_write(const rs_canvas *canvas, GString *out, const char *title);
