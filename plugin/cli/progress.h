/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How far a long analysis is, in one line on standard error that is written over; only on a
 * terminal, and only when it takes more than a moment. tshark reads the file through a descriptor
 * that it shares with us, so its position is how far it has come. Any thread may call. */
#pragma once

#include <glib.h>

/* So many files are going to be analysed, beginning now. */
void rs_progress_begin(guint n_files);
void rs_progress_end(void);

/* A file begins or ends; its descriptor stays open meanwhile. */
void rs_progress_file_begin(int fd);
void rs_progress_file_end(int fd);

/* Draws if it is time to. */
void rs_progress_look(void);

/* Takes the line away, before something else is printed. */
void rs_progress_clear(void);

/* Between looks, for poll(2); -1 where nothing is shown. */
int rs_progress_patience_ms(void);

/* The line; done is from 0 to 1. The caller's. */
char *rs_progress_line(double done, guint n_done, guint n_files, double elapsed_s, int columns);
