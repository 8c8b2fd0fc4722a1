/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines of a rule file to stanzas. The line grammar is that of plugin/rules/README.md, "Files". */
#include "plugin/engine/ruleset_lines.h"

#include <string.h>

/* The reader's place: one line without its end. */
struct reader {
    const char *file;
    const char *line;
    gsize length;
    guint number;
    GPtrArray *stanzas;
    struct rs_stanza *stanza; /* the one being filled, or NULL */
    struct rs_entry *entry;   /* the one a continuation line would go to, or NULL */
    GError **error;
};

gboolean
rs_rules_fail(GError **error, enum rs_rules_error code, const struct rs_where *where,
              const char *format, ...)
{
    g_autofree char *reason = NULL;
    va_list args;

    va_start(args, format);
    reason = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, RS_RULES_ERROR, (int)code, "%s:%u:%u: %s", where->file, where->line,
                where->column, reason);
    return FALSE;
}

static void
free_entry(void *data)
{
    struct rs_entry *entry = data;

    g_free(entry->key);
    g_string_free(entry->text, TRUE);
    g_array_unref(entry->parts);
    g_free(entry);
}

static void
free_stanza(void *data)
{
    struct rs_stanza *stanza = data;

    g_free(stanza->kind);
    g_free(stanza->name);
    g_ptr_array_unref(stanza->entries);
    g_free(stanza);
}

static gboolean
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static gboolean
is_name_char(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

static gsize
skip_blanks(const struct reader *r, gsize at)
{
    while (at < r->length && is_blank(r->line[at]))
        at++;
    return at;
}

static gsize
skip_name(const struct reader *r, gsize at)
{
    while (at < r->length && is_name_char(r->line[at]))
        at++;
    return at;
}

static struct rs_where
where_at(const struct reader *r, gsize at)
{
    return (struct rs_where){ .file = r->file,
                              .line = r->number,
                              .column = 1 + (guint)g_utf8_strlen(r->line, (gssize)at) };
}

static gboolean
fail_at(const struct reader *r, gsize at, const char *reason)
{
    struct rs_where where = where_at(r, at);

    return rs_rules_fail(r->error, RS_RULES_ERROR_SYNTAX, &where, "%s", reason);
}

/* TRUE when nothing but a comment follows. */
static gboolean
is_rest_empty(const struct reader *r, gsize at)
{
    gsize next = skip_blanks(r, at);

    return next == r->length || (r->line[next] == '#' && (next == 0 || next > at));
}

/* The end of the value's text that begins at `at`: before a comment, which is a '#' after white
 * space outside of "quotes". Quotes may stay open over the value's lines. */
static gsize
find_value_end(struct rs_entry *entry, const struct reader *r, gsize at)
{
    gsize end = at;

    for (; end < r->length; end++) {
        char c = r->line[end];

        if (entry->quoted && c == '\\' && end + 1 < r->length)
            end++;
        else if (c == '"')
            entry->quoted = !entry->quoted;
        else if (c == '#' && !entry->quoted && (end == 0 || is_blank(r->line[end - 1])))
            break;
    }
    while (end > at && is_blank(r->line[end - 1]))
        end--;
    return end;
}

static void
append_value(struct reader *r, gsize at)
{
    struct rs_entry *entry = r->entry;
    gsize end = find_value_end(entry, r, at);
    struct rs_where where = where_at(r, at);

    if (end == at && entry->text->len > 0)
        return;
    if (entry->text->len > 0)
        g_string_append_c(entry->text, ' ');
    else
        g_array_set_size(entry->parts, 0);
    struct rs_entry_part part = { entry->text->len, where.line, where.column };
    g_array_append_val(entry->parts, part);
    g_string_append_len(entry->text, r->line + at, (gssize)(end - at));
}

/* The key read so far is complete: it must have a value. */
static gboolean
finish_entry(struct reader *r)
{
    struct rs_entry *entry = r->entry;

    r->entry = NULL;
    if (entry == NULL || entry->text->len > 0)
        return TRUE;
    return rs_rules_fail(r->error, RS_RULES_ERROR_SYNTAX, &entry->where, "'%s' has no value",
                         entry->key);
}

static gboolean
read_header(struct reader *r)
{
    gsize kind = skip_blanks(r, 1);
    gsize kind_end = skip_name(r, kind);
    gsize name = skip_blanks(r, kind_end);
    gsize name_end = skip_name(r, name);
    gsize close = skip_blanks(r, name_end);

    if (kind_end == kind)
        return fail_at(r, kind, "expected 'event' or 'rule'");
    if (name_end == name)
        return fail_at(r, name, "expected a name");
    if (close == r->length || r->line[close] != ']')
        return fail_at(r, close, "expected ']'");
    if (!is_rest_empty(r, close + 1))
        return fail_at(r, skip_blanks(r, close + 1), "text after ']'");

    r->stanza = g_new0(struct rs_stanza, 1);
    r->stanza->kind = g_strndup(r->line + kind, kind_end - kind);
    r->stanza->name = g_strndup(r->line + name, name_end - name);
    r->stanza->kind_where = where_at(r, kind);
    r->stanza->name_where = where_at(r, name);
    r->stanza->entries = g_ptr_array_new_with_free_func(free_entry);
    g_ptr_array_add(r->stanzas, r->stanza);
    return TRUE;
}

static const struct rs_entry *
find_entry(const struct rs_stanza *stanza, const char *key)
{
    for (guint i = 0; i < stanza->entries->len; i++) {
        const struct rs_entry *entry = g_ptr_array_index(stanza->entries, i);
        if (strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

static gboolean
read_entry(struct reader *r)
{
    gsize key_end = skip_name(r, 0);
    gsize equals = skip_blanks(r, key_end);
    const struct rs_entry *older;
    struct rs_entry *entry;

    if (key_end == 0 || equals == r->length || r->line[equals] != '=')
        return fail_at(r, key_end == 0 ? 0 : equals, "expected 'key = value' or '[kind name]'");
    if (r->stanza == NULL)
        return fail_at(r, 0, "a key before the first '[kind name]'");

    g_autofree char *key = g_strndup(r->line, key_end);
    struct rs_where where = where_at(r, 0);
    older = find_entry(r->stanza, key);
    if (older != NULL)
        return rs_rules_fail(r->error, RS_RULES_ERROR_SYNTAX, &where,
                             "'%s' is given twice; first on line %u", key, older->where.line);
    if (r->stanza->entries->len == RS_MAX_ENTRIES)
        return fail_at(r, 0, "too many keys in one stanza");
    entry = g_new0(struct rs_entry, 1);
    entry->key = g_steal_pointer(&key);
    entry->where = where;
    entry->text = g_string_new(NULL);
    entry->parts = g_array_new(FALSE, FALSE, sizeof(struct rs_entry_part));
    g_ptr_array_add(r->stanza->entries, entry);
    r->entry = entry;
    append_value(r, skip_blanks(r, equals + 1));
    return TRUE;
}

/* The first byte that may not stand in a rule file, or the line's length. */
static gsize
find_bad_byte(const struct reader *r)
{
    const char *end;

    for (gsize at = 0; at < r->length; at++)
        if (g_ascii_iscntrl(r->line[at]) && r->line[at] != '\t')
            return at;
    g_utf8_validate_len(r->line, r->length, &end);
    return (gsize)(end - r->line);
}

static gboolean
check_line(const struct reader *r)
{
    gsize bad = find_bad_byte(r);

    if (bad < r->length)
        return fail_at(r, bad,
                       g_ascii_iscntrl(r->line[bad]) ? "a control character or NUL byte"
                                                     : "not UTF-8");
    if (r->length > RS_MAX_LINE)
        return rs_rules_fail(r->error, RS_RULES_ERROR_SYNTAX,
                             &(struct rs_where){ r->file, r->number, RS_MAX_LINE + 1 },
                             "the line is longer than %d bytes", RS_MAX_LINE);
    return TRUE;
}

static gboolean
read_line(struct reader *r)
{
    if (!check_line(r))
        return FALSE;
    if (is_rest_empty(r, 0))
        return TRUE;
    if (is_blank(r->line[0])) {
        if (r->entry == NULL)
            return fail_at(r, skip_blanks(r, 0), "an indented line that continues nothing");
        append_value(r, skip_blanks(r, 0));
        return TRUE;
    }
    if (!finish_entry(r))
        return FALSE;
    return r->line[0] == '[' ? read_header(r) : read_entry(r);
}

GPtrArray *
rs_ruleset_read_lines(const char *file, const char *text, gsize length, GError **error)
{
    g_autoptr(GPtrArray) stanzas = g_ptr_array_new_with_free_func(free_stanza);
    struct reader r = { .file = file, .stanzas = stanzas, .error = error };
    gsize at = 0;

    if (length > RS_MAX_TEXT) {
        rs_rules_fail(error, RS_RULES_ERROR_SYNTAX, &(struct rs_where){ file, 1, 1 },
                      "the file is larger than %d bytes", RS_MAX_TEXT);
        return NULL;
    }
    while (at < length) {
        const char *newline = memchr(text + at, '\n', length - at);

        r.line = text + at;
        r.length = newline != NULL ? (gsize)(newline - r.line) : length - at;
        at += r.length + 1;
        r.number++;
        if (r.length > 0 && r.line[r.length - 1] == '\r')
            r.length--;
        if (!read_line(&r))
            return NULL;
    }
    if (!finish_entry(&r))
        return NULL;
    return g_steal_pointer(&stanzas);
}
