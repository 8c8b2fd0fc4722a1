/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Counts diagnoses by outcome and cause. The example of a row is the first by name, so that a
 * summary does not depend on which file was done first. */
#include "plugin/report/summary.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/layout.h"

struct row {
    char *outcome;
    char *cause; /* or "" */
    char *title;
    char *example;
    guint count;
};

struct rs_summary {
    GHashTable *rows; /* "outcome cause" -> struct row */
    guint files;
};

static void
free_row(gpointer data)
{
    struct row *row = data;

    g_free(row->outcome);
    g_free(row->cause);
    g_free(row->title);
    g_free(row->example);
    g_free(row);
}

rs_summary *
rs_summary_new(void)
{
    rs_summary *summary = g_new0(rs_summary, 1);

    summary->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_row);
    return summary;
}

void
rs_summary_free(rs_summary *summary)
{
    if (!summary)
        return;
    g_hash_table_unref(summary->rows);
    g_free(summary);
}

static void
count(rs_summary *summary, const char *outcome, JsonObject *root, const char *file)
{
    const char *cause = rs_json_string(root, "cause");
    g_autofree char *key = g_strdup_printf("%s %s", outcome, cause);
    struct row *row = g_hash_table_lookup(summary->rows, key);

    if (!row) {
        row = g_new0(struct row, 1);
        row->outcome = g_strdup(outcome);
        row->cause = g_strdup(cause);
        row->title = g_strdup(rs_json_string(root, "title"));
        g_hash_table_insert(summary->rows, g_steal_pointer(&key), row);
    }
    if (!row->example || strcmp(file, row->example) < 0) {
        g_free(row->example);
        row->example = g_strdup(file);
    }
    row->count++;
    summary->files++;
}

void
rs_summary_add(rs_summary *summary, JsonObject *report)
{
    count(summary, rs_json_string(report, "outcome"), rs_json_object(report, "root"),
          rs_json_string(report, "file"));
}

void
rs_summary_add_failure(rs_summary *summary, const char *file)
{
    g_autofree char *valid = g_utf8_make_valid(file, -1);

    count(summary, "not-analysed", NULL, valid);
}

static int
compare_rows(gconstpointer a, gconstpointer b)
{
    const struct row *one = *(const struct row *const *)a;
    const struct row *other = *(const struct row *const *)b;
    const int by_outcome = strcmp(one->outcome, other->outcome);

    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return by_outcome ? by_outcome : strcmp(one->cause, other->cause);
}

static GPtrArray *
sorted(const rs_summary *summary)
{
    GPtrArray *rows = g_ptr_array_new();
    GHashTableIter iter;
    gpointer row;

    g_hash_table_iter_init(&iter, summary->rows);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        g_ptr_array_add(rows, row);
    g_ptr_array_sort(rows, compare_rows);
    return rows;
}

static double
share(const rs_summary *summary, const struct row *row)
{
    return (double)row->count / (double)summary->files;
}

static void
set_text_or_null(JsonObject *object, const char *name, const char *text)
{
    if (*text)
        json_object_set_string_member(object, name, text);
    else
        json_object_set_null_member(object, name);
}

JsonObject *
rs_summary_json(const rs_summary *summary)
{
    g_autoptr(GPtrArray) rows = sorted(summary);
    JsonObject *object = json_object_new();
    JsonArray *array = json_array_new();

    json_object_set_string_member(object, "schema", RS_SUMMARY_SCHEMA);
    json_object_set_int_member(object, "files", summary->files);
    for (guint i = 0; i < rows->len; i++) {
        const struct row *row = g_ptr_array_index(rows, i);
        JsonObject *element = json_object_new();

        json_object_set_string_member(element, "outcome", row->outcome);
        set_text_or_null(element, "cause", row->cause);
        set_text_or_null(element, "title", row->title);
        json_object_set_int_member(element, "count", row->count);
        json_object_set_double_member(element, "share", share(summary, row));
        json_object_set_string_member(element, "example", row->example);
        json_array_add_object_element(array, element);
    }
    json_object_set_array_member(object, "rows", array);
    return object;
}

char *
rs_summary_text(const rs_summary *summary)
{
    g_autoptr(GPtrArray) rows = sorted(summary);
    GString *out = g_string_new(NULL);
    int width = (int)strlen("cause");

    for (guint i = 0; i < rows->len; i++)
        width = MAX(width, (int)strlen(((struct row *)g_ptr_array_index(rows, i))->cause));
    g_string_append_printf(out, "%u file%s\n\n  count  share  %-12s  %-*s  for example\n",
                           summary->files, summary->files == 1 ? "" : "s", "outcome", width,
                           "cause");
    for (guint i = 0; i < rows->len; i++) {
        const struct row *row = g_ptr_array_index(rows, i);
        g_autofree char *example = rs_layout_clean(row->example);

        g_string_append_printf(out, "  %5u  %4.0f%%  %-12s  %-*s  %s\n", row->count,
                               100 * share(summary, row), row->outcome, width,
                               *row->cause ? row->cause : "-", example);
    }
    return g_string_free(out, FALSE);
}
