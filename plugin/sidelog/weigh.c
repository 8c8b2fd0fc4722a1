/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A log's lines held against a report. What a line speaks for are the causes that
 * knowledge/errors.json has for its phrase or its number. */
#include <math.h>

#include "plugin/knowledge/json_get.h"
#include "plugin/sidelog/sidelog_private.h"

enum {
    NOTE_S = 3,   /* a note says something of a fault this near to it */
    BEFORE_S = 5, /* lines are written in blocks, so a stamp may be a little early */
};

static gboolean
names_cause(const struct rs_side_hit *hit, const char *cause)
{
    if (!*cause || g_str_equal(cause, "unknown"))
        return FALSE;
    return (hit->phrase && g_strv_contains(hit->phrase->causes, cause)) ||
           (hit->code && g_strv_contains(hit->code->causes, cause));
}

static gboolean
has_code(JsonObject *finding, const struct rs_known_pair *pair)
{
    JsonArray *codes = rs_json_array(finding, "codes");

    for (guint i = 0; i < rs_json_length(codes); i++) {
        JsonObject *row = rs_json_object_at(codes, i);

        if (rs_json_int(row, "code") == pair->code &&
            g_str_equal(rs_json_string(row, "domain"), pair->domain))
            return TRUE;
    }
    return FALSE;
}

static gboolean
fits_finding(const struct rs_side_hit *hit, JsonObject *finding)
{
    if (names_cause(hit, rs_json_string(finding, "cause")))
        return TRUE;
    if (hit->code && has_code(finding, &hit->code->id))
        return TRUE;
    for (guint i = 0; hit->phrase && i < hit->phrase->n_codes; i++) {
        if (has_code(finding, &hit->phrase->codes[i]))
            return TRUE;
    }
    return FALSE;
}

/* Can what it speaks for contradict a verdict? The kernel tells of the bus only, which may have its
 * own troubles. */
static gboolean
is_strong(const struct rs_side_hit *hit)
{
    if (hit->phrase && hit->phrase->weight == RS_PHRASE_STRONG)
        return !g_str_equal(hit->phrase->tool, "kernel");
    return hit->code && hit->is_last_word && !g_strv_contains(hit->code->causes, "unknown");
}

static gboolean
is_note(const struct rs_side_hit *hit)
{
    return !hit->code && hit->phrase->weight == RS_PHRASE_NOTE;
}

static enum rs_side_fit
fit_of(const struct rs_side_judge *judge, const struct rs_side_hit *hit)
{
    JsonArray *rivals = rs_json_array(judge->root, "rivals");
    JsonArray *findings = rs_json_array(judge->report, "findings");

    if (judge->root && fits_finding(hit, judge->root))
        return RS_SIDE_FIT_ROOT;
    for (guint i = 0; i < rs_json_length(rivals); i++) {
        if (names_cause(hit, rs_json_string(rs_json_object_at(rivals, i), "cause")))
            return RS_SIDE_FIT_RIVAL;
    }
    for (guint i = 0; i < rs_json_length(findings); i++) {
        if (!is_note(hit) && fits_finding(hit, rs_json_object_at(findings, i)))
            return RS_SIDE_FIT_FINDING;
    }
    if (!is_strong(hit) || g_str_equal(rs_json_string(judge->root, "cause"), "unknown"))
        return RS_SIDE_FIT_NONE;
    return RS_SIDE_FIT_OTHER;
}

static void
weigh(struct rs_side_judge *judge, const struct rs_side_hit *hit)
{
    const double root_s = rs_json_double(judge->root, "time_s");
    struct rs_side_weighed row = { .hit = hit, .fit = fit_of(judge, hit) };

    row.is_placed = rs_side_place_of(&judge->place, hit, &row.after_s, &row.before_s);
    row.is_early = judge->root && row.is_placed && row.before_s < root_s - BEFORE_S;
    if (is_note(hit) && !(judge->root && row.is_placed && fabs(row.after_s - root_s) <= NOTE_S &&
                          fabs(row.before_s - root_s) <= NOTE_S))
        return;
    /* what the tool lived through before the fault contradicts nothing, nor does another device */
    if (row.fit == RS_SIDE_FIT_OTHER && (row.is_early || judge->log->names_several))
        row.fit = RS_SIDE_FIT_NONE;
    judge->best = MAX(judge->best, row.fit);
    g_array_append_val(judge->weighed, row);
}

/* The best first; of equal ones those after the fault, then in order. */
static int
compare_weighed(gconstpointer a, gconstpointer b)
{
    const struct rs_side_weighed *one = a, *other = b;

    if (one->fit != other->fit)
        return one->fit > other->fit ? -1 : 1;
    if (one->is_early != other->is_early)
        return one->is_early ? 1 : -1;
    return one->hit->number < other->hit->number ? -1 : one->hit->number > other->hit->number;
}

void
rs_side_weigh(struct rs_side_judge *judge, const rs_side_log *log, JsonObject *report)
{
    *judge = (struct rs_side_judge){ .log = log, .report = report };
    judge->root = rs_json_object(report, "root");
    judge->weighed = g_array_new(FALSE, FALSE, sizeof(struct rs_side_weighed));
    rs_side_place_init(&judge->place, log, report);
    for (guint i = 0; i < log->hits->len; i++)
        weigh(judge, &g_array_index(log->hits, struct rs_side_hit, i));
    g_array_sort(judge->weighed, compare_weighed);
}

void
rs_side_judge_clear(struct rs_side_judge *judge)
{
    rs_side_place_clear(&judge->place);
    g_clear_pointer(&judge->weighed, g_array_unref);
}
