/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property lists of the services, made from KEY=VALUE words. */
#pragma once

#include <glib.h>
#include <plist/plist.h>
#include <stdbool.h>

/* Puts "KEY=VALUE" into `dict`. "A/B=VALUE" puts it into a dictionary A of it. VALUE: true, false,
 * a number (decimal or 0x..., it may be negative), hex:6162 (data), str:TEXT, any other text; words
 * with ";" behind "list:" are an array of texts. False with `error` set otherwise. */
bool lab_data_put(plist_t dict, const char *word, GError **error);

/* Numbers as scripts write them. */
bool lab_data_number(const char *text, gint64 *value);

plist_t lab_data_int(gint64 value);
/* The text of a key, to be freed with g_free(); NULL when there is no such text. */
char *lab_data_text(plist_t dict, const char *key);
/* The number of a key, `fallback` when there is none. */
gint64 lab_data_get_int(plist_t dict, const char *key, gint64 fallback);
