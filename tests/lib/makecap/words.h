/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The data words of a script: "kind:rest", one after the other, as bytes. */
#pragma once

#include <glib.h>

/* clang-format off */
/*     text:STRING         the characters
 *     line:STRING         the same and a NUL
 *     hex:00ff            these bytes
 *     fill:N              N bytes, different from place to place
 *     xml:{...}           a property list
 *     message:{...}       the same behind its length (u32 BE)
 *     proxy:{...}         a binary one behind its length (u32 LE)
 *     usbmuxd:TAG:{...}   a property list behind the header of usbmuxd's socket
 *     xpc:STREAM:FLAGS:NUMBER:{...}   an XPC message in HTTP/2; without {...} an empty one
 *     chunk:N             N bytes and their SHA-1
 *     badchunk:N          N bytes and another SHA-1
 *     image:TYPE:N        an IM4P of that type with N bytes in it
 *     post:HOST{...}      an HTTP request with a property list
 *     reply:CODE:TEXT     an HTTP answer */
/* clang-format on */

/* Appends what a word stands for. */
gboolean words_append(GByteArray *out, const char *word, GError **error);
