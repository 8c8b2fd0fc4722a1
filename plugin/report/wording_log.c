/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Logs in words. */
#include "plugin/report/wording_log.h"

#include "plugin/knowledge/json_get.h"

/* "line 118", "frame 7". */
static char *
place_in_log(JsonObject *row)
{
    if (json_object_has_member(row, "frame"))
        return g_strdup_printf("frame %" G_GINT64_FORMAT, rs_json_int(row, "frame"));
    return g_strdup_printf("line %" G_GINT64_FORMAT, rs_json_int(row, "line"));
}

/* ", 40.9 s", ", between 31.2 s and 40.9 s", or nothing. */
static char *
place_in_time(JsonObject *row)
{
    const gboolean after = json_object_has_member(row, "after_s");
    const gboolean before = json_object_has_member(row, "before_s");
    const double after_s = rs_json_double(row, "after_s");
    const double before_s = rs_json_double(row, "before_s");

    if (after && before && before_s - after_s < 0.05)
        return g_strdup_printf(", %.1f s", after_s);
    if (after && before)
        return g_strdup_printf(", between %.1f s and %.1f s", after_s, before_s);
    if (after)
        return g_strdup_printf(", after %.1f s", after_s);
    return before ? g_strdup_printf(", before %.1f s", before_s) : g_strdup("");
}

static char *
word_line(JsonObject *row)
{
    g_autofree char *place = place_in_log(row);
    g_autofree char *time = place_in_time(row);

    return g_strdup_printf("%s%s: %s", place, time, rs_json_string(row, "text"));
}

static char *
word_guess(JsonObject *guess)
{
    g_autofree char *place = place_in_log(guess);

    return g_strdup_printf("by the log alone, confidence %s: %s [%s] (%s)",
                           rs_json_string(guess, "confidence"), rs_json_string(guess, "title"),
                           rs_json_string(guess, "cause"), place);
}

/* Lines of the journal that fit the root are among the root's evidence. */
static gboolean
stands_elsewhere(JsonObject *log, JsonObject *row)
{
    return g_str_equal(rs_json_string(log, "source"), "journal") &&
           g_str_equal(rs_json_string(row, "fits"), "root");
}

GPtrArray *
rs_wording_log(JsonObject *log)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
    JsonArray *evidence = rs_json_array(log, "evidence");
    JsonArray *causes = rs_json_array(log, "causes");
    const gint64 n_lines = rs_json_int(log, "lines");

    g_ptr_array_add(rows,
                    g_strdup_printf("%s, %" G_GINT64_FORMAT " line%s, %s; %s",
                                    rs_json_string(log, "name"), n_lines, n_lines == 1 ? "" : "s",
                                    rs_json_string(log, "placed"), rs_json_string(log, "says")));
    for (guint i = 0; i < rs_json_length(evidence); i++) {
        JsonObject *row = rs_json_object_at(evidence, i);

        if (!stands_elsewhere(log, row))
            g_ptr_array_add(rows, word_line(row));
    }
    for (guint i = 0; i < rs_json_length(causes); i++)
        g_ptr_array_add(rows, word_guess(rs_json_object_at(causes, i)));
    return rows;
}
