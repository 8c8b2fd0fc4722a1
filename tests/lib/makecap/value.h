/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property lists from a short notation: {Key: text, N: 5, On: true, Raw: <00ff>, List: [a, "b c"]}.
 * Quoted text has the escapes of C.
 */
#pragma once

#include <glib.h>

enum value_kind {
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_BOOLEAN,
    VALUE_DATA,
    VALUE_LIST,
    VALUE_DICT,
};

struct value {
    enum value_kind kind;
    char *text; /* of TEXT */
    gint64 number;
    GByteArray *data;
    GPtrArray *members; /* struct value *; of DICT: key, value, key, value ... */
};

/* Reads one value; NULL and an error when the notation is wrong. Free with value_free(). */
struct value *value_parse(const char *text, GError **error);
void value_free(struct value *value);
typedef struct value plist;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plist, value_free)

/* As a file: XML with its head, or binary. */
void value_write_xml(const struct value *value, GByteArray *out);
void value_write_binary(const struct value *value, GByteArray *out);
