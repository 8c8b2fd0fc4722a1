/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `says` to its parts: text, {field}, {field|text when absent}, {elapsed}, {count}, {ended}. A
 * brace itself is written twice. */
#include "plugin/engine/ruleset_parse.h"

#include <string.h>

static const struct {
    const char *name;
    enum rs_says_kind kind;
} special_names[] = {
    { "elapsed", RS_SAYS_ELAPSED },
    { "count", RS_SAYS_COUNT },
    { "ended", RS_SAYS_ENDED },
};

static enum rs_says_kind
find_kind(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(special_names); i++)
        if (strcmp(name, special_names[i].name) == 0)
            return special_names[i].kind;
    return RS_SAYS_FIELD;
}

static void
add_text(struct rs_scan *scan, GArray *parts, GString *text)
{
    struct rs_says_part part = { .kind = RS_SAYS_TEXT };

    if (text->len == 0)
        return;
    part.text = g_string_chunk_insert(scan->arena->strings, text->str);
    g_array_append_val(parts, part);
    g_string_truncate(text, 0);
}

/* scan->at stands after the '{'. */
static gboolean
add_field(struct rs_scan *scan, GArray *parts)
{
    const char *open = scan->at - 1;
    struct rs_says_part part = { 0 };

    part.text = rs_scan_name(scan, "a field name after '{'", &part.where);
    if (part.text == NULL)
        return FALSE;
    part.kind = find_kind(part.text);
    if (*scan->at == '|') {
        gsize length = strcspn(++scan->at, "{}");
        part.fallback = g_string_chunk_insert_len(scan->arena->strings, scan->at, (gssize)length);
        scan->at += length;
    }
    if (*scan->at != '}')
        return rs_scan_fail(scan, open, "'{' without its '}'");
    scan->at++;
    g_array_append_val(parts, part);
    return TRUE;
}

const struct rs_says *
rs_parse_says(struct rs_scan *scan)
{
    g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(struct rs_says_part));
    g_autoptr(GString) text = g_string_new(NULL);
    struct rs_says *says;

    while (*scan->at != '\0') {
        char c = *scan->at++;

        if ((c == '{' || c == '}') && *scan->at == c) {
            scan->at++;
        } else if (c == '}') {
            rs_scan_fail(scan, scan->at - 1, "'}' without its '{'");
            return NULL;
        } else if (c == '{') {
            add_text(scan, parts, text);
            if (!add_field(scan, parts))
                return NULL;
            continue;
        }
        g_string_append_c(text, c);
    }
    add_text(scan, parts, text);
    says = g_new0(struct rs_says, 1);
    g_ptr_array_add(scan->arena->blocks, says);
    says->n_parts = parts->len;
    says->parts = rs_arena_take(scan->arena, g_steal_pointer(&parts));
    return says;
}
