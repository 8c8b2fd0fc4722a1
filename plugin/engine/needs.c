/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a display filter from left to right, as far as needs.h wants to know it. The syntax that is
 * understood: "and" before "or", "not", brackets, comparisons of a field with a field or a value,
 * sets of values. Functions are skipped; at all else the reader gives up. */
#include "plugin/engine/needs.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

enum kind {
    END,
    WORD, /* a field or a value */
    TEXT,
    AND,
    OR,
    NOT,
    EQUALS,
    COMPARES, /* in any other way */
    IN,
    OPEN,
    CLOSE,
    OPEN_SET,
    CLOSE_SET,
    COMMA,
    STRANGE
};

struct reader {
    rs_is_field_func is_field;
    const char *start, *end; /* of the token */
    enum kind kind;
    gboolean is_escaped; /* a TEXT with a backslash: what it stands for is not worth knowing */
    gboolean has_failed;
    guint depth;
};

static const struct {
    const char *text;
    enum kind kind;
} words[] = { { "and", AND },          { "or", OR },           { "not", NOT },
              { "eq", EQUALS },        { "any_eq", EQUALS },   { "all_eq", COMPARES },
              { "ne", COMPARES },      { "all_ne", COMPARES }, { "any_ne", COMPARES },
              { "gt", COMPARES },      { "ge", COMPARES },     { "lt", COMPARES },
              { "le", COMPARES },      { "in", IN },           { "contains", COMPARES },
              { "matches", COMPARES }, { "xor", STRANGE },     { "any", STRANGE },
              { "all", STRANGE },      { "bitand", STRANGE },  { "bitwise_and", STRANGE } };

/* The longer of two that begin alike comes first. */
static const struct {
    const char *text;
    enum kind kind;
} signs[] = { { "===", COMPARES }, { "!==", COMPARES }, { "==", EQUALS },  { "!=", COMPARES },
              { ">=", COMPARES },  { "<=", COMPARES },  { "&&", AND },     { "||", OR },
              { ">", COMPARES },   { "<", COMPARES },   { "~", COMPARES }, { "!", NOT },
              { "(", OPEN },       { ")", CLOSE },      { "{", OPEN_SET }, { "}", CLOSE_SET },
              { ",", COMMA } };

static enum kind
kind_of_word(const char *word, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i].text) == length && strncmp(words[i].text, word, length) == 0)
            return words[i].kind;
    return WORD;
}

static void
read_text(struct reader *reader)
{
    const char *p = reader->start + 1;

    reader->is_escaped = FALSE;
    for (; *p && *p != '"'; p++) {
        if (*p != '\\' || p[1] == '\0')
            continue;
        reader->is_escaped = TRUE;
        p++;
    }
    reader->kind = *p ? TEXT : STRANGE;
    reader->end = p + (*p != '\0');
}

static void
read_sign(struct reader *reader)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (!g_str_has_prefix(reader->start, signs[i].text))
            continue;
        reader->kind = signs[i].kind;
        reader->end = reader->start + strlen(signs[i].text);
        return;
    }
    reader->kind = *reader->start ? STRANGE : END;
    reader->end = reader->start + (*reader->start != '\0');
}

static void
move_on(struct reader *reader)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_.:/-";
    gsize length;

    reader->start = reader->end + strspn(reader->end, " \t\r\n");
    length = strspn(reader->start, letters);
    reader->end = reader->start + length;
    if (length > 0)
        reader->kind = kind_of_word(reader->start, length);
    else if (*reader->start == '"')
        read_text(reader);
    else
        read_sign(reader);
}

static void
give_up(struct reader *reader)
{
    reader->has_failed = TRUE;
    reader->kind = END;
    reader->start = reader->end = "";
}

static void
expect(struct reader *reader, enum kind kind)
{
    if (reader->kind == kind)
        move_on(reader);
    else
        give_up(reader);
}

static void
free_part(gpointer part)
{
    rs_need_free((rs_need *)part);
}

static rs_need *
need_new(enum rs_need_kind kind)
{
    rs_need *need = g_new0(rs_need, 1);

    need->kind = kind;
    if (kind == RS_NEED_ALL || kind == RS_NEED_ANY)
        need->parts = g_ptr_array_new_with_free_func(free_part);
    return need;
}

void
rs_need_free(rs_need *need)
{
    if (need == NULL)
        return;
    g_free(need->field);
    g_free(need->value);
    if (need->parts != NULL)
        g_ptr_array_unref(need->parts);
    g_free(need);
}

/* A need of one part is that part. */
static rs_need *
simplify(rs_need *need)
{
    rs_need *part;

    if (need->parts->len > 1)
        return need;
    part =
        need->parts->len == 1 ? g_ptr_array_steal_index(need->parts, 0) : need_new(RS_NEED_NOTHING);
    rs_need_free(need);
    return part;
}

static rs_need *
field_new(const char *name)
{
    rs_need *need = need_new(RS_NEED_FIELD);

    need->field = g_strdup(name);
    return need;
}

/* The field that stands here, or NULL. */
static char *
field_here(const struct reader *reader)
{
    g_autofree char *name = NULL;

    if (reader->kind == WORD)
        name = g_strndup(reader->start, (gsize)(reader->end - reader->start));
    return name != NULL && reader->is_field(name) ? g_steal_pointer(&name) : NULL;
}

/* Moves on over the arguments of a function. */
static void
skip_arguments(struct reader *reader)
{
    guint depth = 0;

    do {
        depth += reader->kind == OPEN;
        depth -= reader->kind == CLOSE;
        move_on(reader);
    } while (depth > 0 && reader->kind != END && reader->kind != STRANGE);
}

/* One side of a comparison. FALSE when it is no plain value: a field, or what a function makes of
 * something. *ret_field: the caller's, or NULL. */
static gboolean
read_side(struct reader *reader, char **ret_field)
{
    *ret_field = field_here(reader);
    if (reader->kind == WORD || reader->kind == TEXT)
        move_on(reader);
    else
        give_up(reader);
    if (reader->kind != OPEN)
        return *ret_field == NULL;
    g_clear_pointer(ret_field, g_free);
    skip_arguments(reader);
    return FALSE;
}

static void
take_value(rs_need *need, const struct reader *reader)
{
    const gsize quote = reader->kind == TEXT;

    if (reader->kind == TEXT && reader->is_escaped)
        return;
    need->is_quoted = reader->kind == TEXT;
    need->value =
        g_strndup(reader->start + quote, (gsize)(reader->end - reader->start) - 2 * quote);
    need->is_all_there_is = TRUE;
}

static void
forget_value(rs_need *need)
{
    g_clear_pointer(&need->value, g_free);
    need->is_all_there_is = FALSE;
}

/* field == value */
static rs_need *
read_equals(struct reader *reader, const char *field)
{
    rs_need *need = field_new(field);
    g_autofree char *other = NULL;

    if (reader->kind == WORD || reader->kind == TEXT)
        take_value(need, reader);
    if (!read_side(reader, &other))
        forget_value(need);
    return need;
}

/* field in {value, first .. last} */
static rs_need *
read_set(struct reader *reader, const char *field)
{
    rs_need *any = need_new(RS_NEED_ANY);
    gboolean is_plain = TRUE;

    expect(reader, OPEN_SET);
    for (; reader->kind == WORD || reader->kind == TEXT || reader->kind == COMMA; move_on(reader)) {
        rs_need *one;

        if (reader->kind == COMMA)
            continue;
        one = field_new(field);
        take_value(one, reader);
        if (one->value == NULL || strstr(one->value, "..") != NULL)
            is_plain = FALSE;
        g_ptr_array_add(any->parts, one);
    }
    expect(reader, CLOSE_SET);
    if (is_plain)
        return simplify(any);
    rs_need_free(any);
    return field_new(field);
}

/* Any other comparison of two sides; the left one was read. */
static rs_need *
read_other(struct reader *reader, const char *left)
{
    rs_need *both = need_new(RS_NEED_ALL);
    g_autofree char *right = NULL;

    if (left != NULL)
        g_ptr_array_add(both->parts, field_new(left));
    if (reader->kind == COMPARES || reader->kind == EQUALS)
        move_on(reader);
    else
        give_up(reader);
    read_side(reader, &right);
    if (right != NULL)
        g_ptr_array_add(both->parts, field_new(right));
    return simplify(both);
}

static rs_need *
read_comparison(struct reader *reader)
{
    g_autofree char *left = NULL;
    rs_need *need;

    read_side(reader, &left);
    if (left == NULL || reader->kind == COMPARES)
        return read_other(reader, left);
    if (reader->kind == EQUALS) {
        move_on(reader);
        return read_equals(reader, left);
    }
    if (reader->kind == IN) {
        move_on(reader);
        return read_set(reader, left);
    }
    need = field_new(left);
    need->is_all_there_is = TRUE;
    return need;
}

static rs_need *read_any(struct reader *reader);

static rs_need *
read_one(struct reader *reader)
{
    rs_need *need;

    if (++reader->depth > DEPTH_MAX)
        give_up(reader);
    if (reader->kind == NOT) {
        move_on(reader);
        rs_need_free(read_one(reader));
        need = need_new(RS_NEED_NOTHING);
    } else if (reader->kind == OPEN) {
        move_on(reader);
        need = read_any(reader);
        expect(reader, CLOSE);
    } else {
        need = read_comparison(reader);
    }
    reader->depth--;
    return need;
}

static rs_need *
read_all(struct reader *reader)
{
    rs_need *all = need_new(RS_NEED_ALL);

    g_ptr_array_add(all->parts, read_one(reader));
    while (reader->kind == AND) {
        move_on(reader);
        g_ptr_array_add(all->parts, read_one(reader));
    }
    return simplify(all);
}

static rs_need *
read_any(struct reader *reader)
{
    rs_need *any = need_new(RS_NEED_ANY);

    g_ptr_array_add(any->parts, read_all(reader));
    while (reader->kind == OR) {
        move_on(reader);
        g_ptr_array_add(any->parts, read_all(reader));
    }
    return simplify(any);
}

rs_need *
rs_need_new(const char *filter, rs_is_field_func is_field)
{
    struct reader reader = { .is_field = is_field, .end = filter };
    rs_need *need;

    move_on(&reader);
    need = read_any(&reader);
    if (reader.kind == END && !reader.has_failed)
        return need;
    rs_need_free(need);
    return need_new(RS_NEED_NOTHING);
}
