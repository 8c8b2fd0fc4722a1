/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The injector's own testimony. Whoever injects a fault writes down when it did so and how the
 * frame that shows it looks, as a display filter of plain Wireshark (no field of this project's
 * plugin). `truth` finds the frame with it later. One JSON object a line, appended at once:
 *   {"t":1795208772.356047,"who":"vphone","fault":"fault","what":"...","filter":"...",
 *    "pick":"first","before_s":0.0,"within_s":5.0} */
#pragma once

#include <glib.h>

typedef struct lab_marks lab_marks_t;

/* `path` is opened for appending (several programs write to the same file); NULL: marks are only
 * told on standard error. */
lab_marks_t *lab_marks_new(const char *path, const char *who, GError **error);
void lab_marks_free(lab_marks_t *m);

/* Writes one mark with the time of now. `filter` selects the culprit frame among those from
 * `before_s` before the mark to `within_s` after it, the first of them. A NULL filter is a note: it
 * tells when something happened and never gives a frame. */
void lab_mark(lab_marks_t *m, const char *fault, const char *what, const char *filter,
              double before_s, double within_s);
