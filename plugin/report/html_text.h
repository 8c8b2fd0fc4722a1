/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text from elsewhere inside of HTML and SVG. What is written is well-formed XML as well. */
#pragma once

#include <glib.h>

/* Appends text so that it shows as itself, in an element or in a quoted attribute. Control
 * characters, and what no HTML document may hold, are shown escaped. */
void rs_html_text(GString *out, const char *text);

/* The same for a sentence made of parts. */
void rs_html_textf(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* <name>text</name>; open may have attributes: "td class='a'". */
void rs_html_element(GString *out, const char *open, const char *text);
