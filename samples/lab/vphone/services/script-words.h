/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Between script.c (lines) and script-verbs.c (what the words of a line mean). */
#pragma once

#include "samples/lab/vphone/services/script.h"

typedef struct {
    char **words; /* behind the verb; NULL-terminated */
    lab_line_t *line;
    GError **error;
} lab_words_t;

/* The next word, NULL at the end. */
const char *lab_word_take(lab_words_t *w);
/* Takes the next word when it is `word`. */
bool lab_word_is(lab_words_t *w, const char *word);
/* The next word as a number. */
bool lab_word_number(lab_words_t *w, gint64 *value);

/* Fills the line from its words. False: they do not fit, with `error` set when there is more to
 * say than that. */
bool lab_verb_read(lab_words_t *w);
