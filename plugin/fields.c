/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fields of a frame; see the header. Values are compared as Wireshark's filters do: equal when one
 * of the field's values in the frame is. Facts: epan/ftypes/ of Wireshark 4.0. */
#include "plugin/fields.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/extract.h"

enum test_kind { NUMBER, TRUTH, TEXT };

struct test {
    struct rs_mark mark; /* comes first */
    enum test_kind kind;
    guint64 number; /* of a signed field: its bits */
    char *text;
};

struct rs_fields {
    GPtrArray *all; /* struct rs_field * */
    GArray *places; /* guint16 by number of a field of Wireshark's: index in `all`, plus one */
    guint64 frame;  /* how many began */
    guint64 events[RS_EVENT_WORDS];
    guint n_words; /* of it that are in use */
};

static void
test_free(gpointer data)
{
    struct test *test = data;

    g_free(test->text);
    g_free(test);
}

static void
field_free(gpointer data)
{
    struct rs_field *field = data;

    g_ptr_array_unref(field->tests);
    g_free(field);
}

rs_fields *
rs_fields_new(void)
{
    rs_fields *fields = g_new0(rs_fields, 1);

    fields->all = g_ptr_array_new_with_free_func(field_free);
    fields->places = g_array_new(FALSE, TRUE, sizeof(guint16));
    return fields;
}

void
rs_fields_free(rs_fields *fields)
{
    if (!fields)
        return;
    g_ptr_array_unref(fields->all);
    g_array_unref(fields->places);
    g_free(fields);
}

static struct rs_field *
field_at(const rs_fields *fields, int hfid)
{
    guint place;

    if (hfid < 0 || (guint)hfid >= fields->places->len)
        return NULL;
    place = g_array_index(fields->places, guint16, hfid);
    return place ? g_ptr_array_index(fields->all, place - 1) : NULL;
}

static void
put(rs_fields *fields, int hfid)
{
    if ((guint)hfid >= fields->places->len)
        g_array_set_size(fields->places, (guint)hfid + 1);
    g_array_index(fields->places, guint16, hfid) = (guint16)fields->all->len;
}

struct rs_field *
rs_fields_get(rs_fields *fields, const char *name)
{
    const header_field_info *info = proto_registrar_get_byname(name);
    struct rs_field *field;

    if (!info)
        return NULL;
    while (info->same_name_prev_id != -1)
        info = proto_registrar_get_nth((guint)info->same_name_prev_id);
    field = field_at(fields, info->id);
    if (field || fields->all->len == G_MAXUINT16)
        return field;
    field = g_new0(struct rs_field, 1);
    field->info = info;
    field->tests = g_ptr_array_new_with_free_func(test_free);
    g_ptr_array_add(fields->all, field);
    for (; info; info = info->same_name_next)
        put(fields, info->id);
    return field;
}

static gboolean
read_number(enum ftenum type, const char *value, guint64 *ret_number)
{
    const gboolean is_signed = type == FT_INT8 || type == FT_INT16 || type == FT_INT24 ||
                               type == FT_INT32 || type == FT_INT64;
    char *end = NULL;

    if (!g_ascii_isdigit(value[0]))
        return FALSE;
    *ret_number = g_ascii_strtoull(value, &end, 0);
    return *end == '\0' && (!is_signed || *ret_number <= G_MAXINT64);
}

static gboolean
read_test(enum ftenum type, const char *value, gboolean is_quoted, struct test *test)
{
    switch (type) {
    case FT_BOOLEAN:
        test->kind = TRUTH;
        return !is_quoted && read_number(type, value, &test->number) && test->number <= 1;
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
    case FT_UINT64:
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
    case FT_INT64:
        test->kind = NUMBER;
        return !is_quoted && read_number(type, value, &test->number);
    case FT_STRING:
    case FT_STRINGZ:
        test->kind = TEXT;
        test->text = g_strdup(value);
        return is_quoted;
    default:
        return FALSE;
    }
}

static gboolean
is_same_test(const struct test *a, const struct test *b)
{
    return a->kind == b->kind && a->number == b->number && g_strcmp0(a->text, b->text) == 0;
}

struct rs_mark *
rs_fields_value(struct rs_field *field, const char *value, gboolean is_quoted)
{
    struct test *test = g_new0(struct test, 1);

    for (const header_field_info *info = field->info; info; info = info->same_name_next) {
        if (info->type == field->info->type)
            continue;
        test_free(test);
        return NULL;
    }
    if (!read_test(field->info->type, value, is_quoted, test)) {
        test_free(test);
        return NULL;
    }
    for (guint i = 0; i < field->tests->len; i++) {
        if (!is_same_test(test, g_ptr_array_index(field->tests, i)))
            continue;
        test_free(test);
        return g_ptr_array_index(field->tests, i);
    }
    g_ptr_array_add(field->tests, test);
    return &test->mark;
}

void
rs_fields_guard(rs_fields *fields, struct rs_mark *mark, guint event)
{
    mark->events[event / 64] |= G_GUINT64_CONSTANT(1) << event % 64;
    fields->n_words = MAX(fields->n_words, event / 64 + 1);
}

void
rs_fields_begin(rs_fields *fields)
{
    fields->frame++;
    memset(fields->events, 0, sizeof fields->events);
}

static void
hold(rs_fields *fields, struct rs_mark *mark)
{
    mark->held_in = fields->frame;
    for (guint i = 0; i < fields->n_words; i++)
        fields->events[i] |= mark->events[i];
}

static gboolean
is_equal(const struct test *test, const field_info *finfo)
{
    switch (test->kind) {
    case TRUTH:
        return (rs_extract_number(finfo) != 0) == (test->number != 0);
    case NUMBER:
        return (guint64)rs_extract_number(finfo) == test->number;
    case TEXT:
        break;
    }
    return strcmp(fvalue_get_string(RS_FVALUE(finfo)), test->text) == 0;
}

static void
try_values(rs_fields *fields, const struct rs_field *field, const GPtrArray *found)
{
    for (guint i = 0; i < field->tests->len; i++) {
        struct test *test = g_ptr_array_index(field->tests, i);

        for (guint j = 0; j < found->len; j++) {
            if (!is_equal(test, (const field_info *)g_ptr_array_index(found, j)))
                continue;
            hold(fields, &test->mark);
            break;
        }
    }
}

static void
take_found(int hfid, const GPtrArray *found, void *data)
{
    rs_fields *fields = data;
    struct rs_field *field = field_at(fields, hfid);

    if (!field || found->len == 0)
        return;
    hold(fields, &field->mark);
    try_values(fields, field, found);
}

void
rs_fields_read(rs_fields *fields, proto_tree *tree)
{
    rs_ws_each_field(tree, take_found, fields);
}

void
rs_fields_add(rs_fields *fields, struct rs_field *field, const char *text)
{
    hold(fields, &field->mark);
    field->text = text;
    field->told_in = fields->frame;
    for (guint i = 0; i < field->tests->len; i++) {
        struct test *test = g_ptr_array_index(field->tests, i);

        if (test->kind == TEXT ? strcmp(text, test->text) == 0
                               : g_ascii_strtoull(text, NULL, 10) == test->number)
            hold(fields, &test->mark);
    }
}

gboolean
rs_fields_has(const rs_fields *fields, const struct rs_mark *mark)
{
    return mark->held_in == fields->frame;
}

const guint64 *
rs_fields_events(const rs_fields *fields, guint *ret_n_words)
{
    *ret_n_words = fields->n_words;
    return fields->events;
}

const char *
rs_fields_text(const rs_fields *fields, struct rs_field *field, proto_tree *tree,
               wmem_allocator_t *pool)
{
    if (field->told_in != fields->frame) {
        field->told_in = fields->frame;
        field->text =
            rs_fields_has(fields, &field->mark) ? rs_extract_text(pool, tree, field->info) : NULL;
    }
    return field->text;
}
