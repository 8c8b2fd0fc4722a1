/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text from elsewhere inside of Markdown, as GitHub and CommonMark read it. */
#pragma once

#include <glib.h>

/* Appends text so that it shows as itself, on one line: no emphasis, link, tag, table cell, list,
 * mention of a person or of an issue comes of it. Control characters are shown escaped. */
void rs_markdown_text(GString *out, const char *text);

/* The same as a code span; as text when it holds a "|", which a code span cannot hold alike inside
 * and outside of a table. */
void rs_markdown_code(GString *out, const char *text);
