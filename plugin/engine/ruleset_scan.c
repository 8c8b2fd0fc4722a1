/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The small words of the rule language; plugin/rules/README.md, "Words". */
#include "plugin/engine/ruleset_scan.h"

#include <string.h>

#include "plugin/engine/rule_body.h"

static const struct {
    const char *unit;
    gint64 us;
} time_units[] = {
    { "ms", G_TIME_SPAN_MILLISECOND },
    { "s", G_TIME_SPAN_SECOND },
    { "min", G_TIME_SPAN_MINUTE },
    { "h", G_TIME_SPAN_HOUR },
};

void *
rs_arena_take(struct rs_arena *arena, GArray *array)
{
    guint element = g_array_get_element_size(array);
    void *block;

    if (array->len == 0)
        g_array_set_size(array, 1);
    block = g_memdup2(array->data, (gsize)element * array->len);
    g_array_unref(array);
    g_ptr_array_add(arena->blocks, block);
    return block;
}

struct rs_scan
rs_scan_init(struct rs_arena *arena, const struct rs_entry *entry, GError **error)
{
    return (struct rs_scan){ .arena = arena,
                             .entry = entry,
                             .file = entry->where.file,
                             .at = entry->text->str,
                             .error = error };
}

struct rs_where
rs_scan_where(const struct rs_scan *scan, const char *at)
{
    gsize offset = (gsize)(at - scan->entry->text->str);
    const GArray *parts = scan->entry->parts;
    const struct rs_entry_part *part = &g_array_index(parts, struct rs_entry_part, 0);

    for (guint i = 1; i < parts->len; i++) {
        const struct rs_entry_part *next = &g_array_index(parts, struct rs_entry_part, i);
        if (next->offset > offset)
            break;
        part = next;
    }
    const char *start = scan->entry->text->str + part->offset;
    return (struct rs_where){ .file = scan->file,
                              .line = part->line,
                              .column = part->column +
                                        (guint)g_utf8_strlen(start, (gssize)(at - start)) };
}

gboolean
rs_scan_fail(const struct rs_scan *scan, const char *at, const char *format, ...)
{
    struct rs_where where = rs_scan_where(scan, at);
    g_autofree char *reason = NULL;
    va_list args;

    va_start(args, format);
    reason = g_strdup_vprintf(format, args);
    va_end(args);
    return rs_rules_fail(scan->error, RS_RULES_ERROR_SYNTAX, &where, "%s", reason);
}

static gboolean
is_name_char(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

static void
skip_blanks(struct rs_scan *scan)
{
    while (*scan->at == ' ' || *scan->at == '\t')
        scan->at++;
}

gboolean
rs_scan_at_end(struct rs_scan *scan)
{
    skip_blanks(scan);
    return *scan->at == '\0';
}

gboolean
rs_scan_end(struct rs_scan *scan)
{
    return rs_scan_at_end(scan) || rs_scan_fail(scan, scan->at, "unexpected '%s'", scan->at);
}

gboolean
rs_scan_char(struct rs_scan *scan, char c)
{
    skip_blanks(scan);
    if (*scan->at != c)
        return FALSE;
    scan->at++;
    return TRUE;
}

gboolean
rs_scan_word(struct rs_scan *scan, const char *word)
{
    gsize length = strlen(word);

    skip_blanks(scan);
    if (strncmp(scan->at, word, length) != 0 || is_name_char(scan->at[length]))
        return FALSE;
    scan->at += length;
    return TRUE;
}

const char *
rs_scan_name(struct rs_scan *scan, const char *what, struct rs_where *ret_where)
{
    const char *start;

    skip_blanks(scan);
    start = scan->at;
    while (is_name_char(*scan->at))
        scan->at++;
    if (scan->at == start) {
        rs_scan_fail(scan, start, "expected %s", what);
        return NULL;
    }
    if (ret_where != NULL)
        *ret_where = rs_scan_where(scan, start);
    return g_string_chunk_insert_len(scan->arena->strings, start, scan->at - start);
}

/* Digits to a number no larger than max; FALSE without setting an error. */
static gboolean
read_digits(struct rs_scan *scan, guint64 max, guint64 *ret_value)
{
    guint64 value = 0;
    const char *start = scan->at;

    for (; g_ascii_isdigit(*scan->at); scan->at++) {
        value = value * 10 + (guint64)(*scan->at - '0');
        if (value > max)
            return FALSE;
    }
    *ret_value = value;
    return scan->at > start;
}

gboolean
rs_scan_number(struct rs_scan *scan, guint max, guint *ret_number)
{
    guint64 value;
    const char *start;

    skip_blanks(scan);
    start = scan->at;
    if (!read_digits(scan, max, &value) || value == 0 || is_name_char(*scan->at))
        return rs_scan_fail(scan, start, "expected a number from 1 to %u", max);
    *ret_number = (guint)value;
    return TRUE;
}

gboolean
rs_scan_time(struct rs_scan *scan, gint64 *ret_us)
{
    const gint64 max_us = G_TIME_SPAN_DAY;
    guint64 value;
    const char *start;

    skip_blanks(scan);
    start = scan->at;
    if (read_digits(scan, (guint64)max_us, &value) && value > 0) {
        for (gsize i = 0; i < G_N_ELEMENTS(time_units); i++) {
            if (!rs_scan_word(scan, time_units[i].unit))
                continue;
            if ((gint64)value > max_us / time_units[i].us)
                break;
            *ret_us = (gint64)value * time_units[i].us;
            return TRUE;
        }
    }
    return rs_scan_fail(scan, start, "expected a time such as 500ms, 21s or 5min, at most 24h");
}

const char *
rs_scan_quoted(struct rs_scan *scan)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *start;

    skip_blanks(scan);
    start = scan->at;
    if (*scan->at != '"') {
        rs_scan_fail(scan, start, "expected a \"text\"");
        return NULL;
    }
    for (scan->at++; *scan->at != '"'; scan->at++) {
        if (*scan->at == '\\' && scan->at[1] != '\0')
            scan->at++;
        if (*scan->at == '\0') {
            rs_scan_fail(scan, start, "a text without its closing '\"'");
            return NULL;
        }
        g_string_append_c(text, *scan->at);
    }
    scan->at++;
    return g_string_chunk_insert(scan->arena->strings, text->str);
}

/* One name of a list with its '!' or '*', in the arena. */
static const char *
scan_list_item(struct rs_scan *scan, const char *what, int flags, struct rs_where *ret_where)
{
    gboolean bang = (flags & RS_SCAN_BANG) && rs_scan_char(scan, '!');
    const char *name = rs_scan_name(scan, what, ret_where);
    gboolean star = name != NULL && (flags & RS_SCAN_STAR) && *scan->at == '*';

    if (name == NULL || (!bang && !star))
        return name;
    if (star)
        scan->at++;
    g_autofree char *whole = g_strconcat(bang ? "!" : "", name, star ? "*" : "", NULL);
    return g_string_chunk_insert(scan->arena->strings, whole);
}

const char *const *
rs_scan_list(struct rs_scan *scan, const char *what, int flags, const struct rs_where **ret_wheres)
{
    g_autoptr(GArray) names = g_array_new(TRUE, TRUE, sizeof(char *));
    g_autoptr(GArray) wheres = g_array_new(FALSE, TRUE, sizeof(struct rs_where));

    do {
        struct rs_where where = { 0 };
        const char *name;

        if (names->len == RS_MAX_LIST) {
            rs_scan_fail(scan, scan->at, "more than %d names in a list", RS_MAX_LIST);
            return NULL;
        }
        name = scan_list_item(scan, what, flags, &where);
        if (name == NULL)
            return NULL;
        g_array_append_val(names, name);
        g_array_append_val(wheres, where);
    } while (rs_scan_char(scan, ','));
    if (!rs_scan_end(scan))
        return NULL;

    const char *end = NULL;
    g_array_append_val(names, end);
    if (ret_wheres != NULL)
        *ret_wheres = rs_arena_take(scan->arena, g_steal_pointer(&wheres));
    return rs_arena_take(scan->arena, g_steal_pointer(&names));
}
