/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * "Did you mean", by edit distance. */
#include "plugin/cli/suggest.h"

enum { NAME_MAX_LENGTH = 64, FAR = 1000 };

struct candidate {
    const char *name;
    guint distance;
};

/* Levenshtein's distance, one row at a time. */
static guint
edit_distance(const char *a, const char *b)
{
    const gsize n = strlen(b);
    guint row[NAME_MAX_LENGTH + 1];

    if (n > NAME_MAX_LENGTH || strlen(a) > NAME_MAX_LENGTH)
        return FAR;
    for (gsize i = 0; i <= n; i++)
        row[i] = (guint)i;
    for (guint i = 0; a[i]; i++) {
        guint diagonal = row[0];

        row[0] = i + 1;
        for (gsize k = 0; k < n; k++) {
            const guint above = row[k + 1];

            row[k + 1] = MIN(MIN(above, row[k]) + 1, diagonal + (a[i] != b[k]));
            diagonal = above;
        }
    }
    return row[n];
}

static guint
distance_to(const char *word, const char *name)
{
    const guint distance = edit_distance(word, name);

    if (strlen(word) >= 3 && strstr(name, word))
        return 0;
    return distance <= MAX(2, strlen(word) / 3) ? distance : FAR;
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const struct candidate *left = a, *right = b;

    if (left->distance != right->distance)
        return left->distance < right->distance ? -1 : 1;
    return strcmp(left->name, right->name);
}

char *
rs_suggest(const char *word, const GPtrArray *names)
{
    g_autofree char *lower = g_ascii_strdown(word, -1);
    g_autoptr(GArray) close = g_array_new(FALSE, FALSE, sizeof(struct candidate));
    GString *out = NULL;

    for (guint i = 0; i < names->len; i++) {
        struct candidate candidate = { g_ptr_array_index(names, i), 0 };

        candidate.distance = distance_to(lower, candidate.name);
        if (candidate.distance < FAR)
            g_array_append_val(close, candidate);
    }
    g_array_sort(close, compare);
    for (guint i = 0; i < MIN(close->len, RS_SUGGESTIONS); i++) {
        out = out ? g_string_append(out, ", ") : g_string_new(NULL);
        g_string_append(out, g_array_index(close, struct candidate, i).name);
    }
    return out ? g_string_free(out, FALSE) : NULL;
}
