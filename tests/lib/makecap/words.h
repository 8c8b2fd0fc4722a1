/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The data words of a script: "kind:rest", one after the other, as bytes. */
#pragma once

#include <glib.h>

/* Appends what a word stands for:
 *
 *     text:STRING      the characters            line:STRING    the same and a NUL
 *     hex:00ff         these bytes               fill:N         N bytes, different from place to
 * place xml:{...}        a property list           message:{...}  the same behind its length (u32
 * BE) proxy:{...}      a binary one behind its length (u32 LE) chunk:N          N bytes and their
 * SHA-1   badchunk:N     N bytes and another SHA-1 image:TYPE:N     an IM4P of that type with N
 * bytes in it post:HOST{...}   an HTTP request with a property list reply:CODE:TEXT  an HTTP answer
 */
gboolean words_append(GByteArray *out, const char *word, GError **error);
