/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is an identifier: by the key it has in a property list, by the field it stands in, or by the
 * word before it in running text. */
#pragma once

#include "plugin/redact/identifiers.h"

/* Is what stands under this key of a property list an identifier? */
gboolean rs_recognise_key(const char *key, enum rs_id_kind *ret_kind);

/* Is the text of this field of Wireshark's one? */
gboolean rs_recognise_field(const char *field, enum rs_id_kind *ret_kind);

/* The names of those fields, by number; NULL behind the last. */
const char *rs_recognise_nth_field(gsize number);

typedef void (*rs_recognised_func)(enum rs_id_kind kind, const char *text, gpointer data);

/* Calls func for each identifier in running text: strings of USB devices, lines of logs, file
 * names. The text need not end with a zero; any bytes are right. */
void rs_recognise_text(const char *text, gsize length, rs_recognised_func func, gpointer data);

/* The part of a string descriptor of USB, or of a name in the DNS, that is one. The caller's, or
 * NULL. */
char *rs_recognise_serial(const char *text, enum rs_id_kind *ret_kind);
char *rs_recognise_host(const char *name);
