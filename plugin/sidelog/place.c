/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where a log's lines lie in the capture. Its time stamps are believed when they overlap with the
 * capture's and the steps that stand in both agree; else they are shifted so that the steps fit. A
 * log without stamps is placed by the order of these steps alone. */
#include <math.h>

#include "plugin/knowledge/json_get.h"
#include "plugin/sidelog/sidelog_private.h"

enum {
    SPANS_MAX = 512,
    AGREE_S = 5,    /* a step that is this near to where the others put it agrees */
    OVERLAP_S = 60, /* tools start before the recorder and end after it */
};

/* A mode or phase of the capture. */
struct span {
    gboolean is_mode;
    const char *name;
    double start_s;
};

static void
add_spans(GArray *spans, JsonArray *array, gboolean is_mode)
{
    for (guint i = 0; i < rs_json_length(array) && spans->len < SPANS_MAX; i++) {
        JsonObject *row = rs_json_object_at(array, i);
        const struct span span = { is_mode, rs_json_string(row, "name"),
                                   rs_json_double(row, "start_s") };

        g_array_append_val(spans, span);
    }
}

static int
compare_spans(gconstpointer a, gconstpointer b)
{
    const double one = ((const struct span *)a)->start_s, other = ((const struct span *)b)->start_s;

    return one < other ? -1 : one > other;
}

static GArray *
spans_of(JsonObject *report)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));

    add_spans(spans, rs_json_array(rs_json_object(report, "device"), "mode_spans"), TRUE);
    add_spans(spans, rs_json_array(report, "phases"), FALSE);
    g_array_sort(spans, compare_spans);
    return spans;
}

static gboolean
is_same(const struct rs_side_step *step, const struct span *span)
{
    return step->is_mode == span->is_mode && g_str_equal(step->name, span->name);
}

/* The longest row of steps that both have, in order: lengths[i][j] is that of the steps from i on
 * and the spans from j on. */
static guint16 *
common_lengths(const GArray *steps, const GArray *spans)
{
    const gsize width = spans->len + 1;
    guint16 *lengths = g_new0(guint16, (steps->len + 1) * width);

    for (gsize i = steps->len; i-- > 0;) {
        for (gsize j = spans->len; j-- > 0;) {
            const gboolean same = is_same(&g_array_index(steps, struct rs_side_step, i),
                                          &g_array_index(spans, struct span, j));
            const guint16 skipped = MAX(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);

            lengths[i * width + j] =
                same ? MAX((guint16)(lengths[(i + 1) * width + j + 1] + 1), skipped) : skipped;
        }
    }
    return lengths;
}

/* Fills the anchors, and from those with a time how far the stamps are off. */
static void
match_steps(struct rs_side_place *place, const rs_side_log *log, const GArray *spans,
            GArray *ret_shifts)
{
    g_autofree guint16 *lengths = common_lengths(log->steps, spans);
    const gsize width = spans->len + 1;
    gsize i = 0, j = 0;

    while (i < log->steps->len && j < spans->len && lengths[i * width + j] > 0) {
        const struct rs_side_step *step = &g_array_index(log->steps, struct rs_side_step, i);
        const struct span *span = &g_array_index(spans, struct span, j);
        const struct rs_side_anchor anchor = { step->number, span->start_s };
        const double shift_s = span->start_s - (double)step->time_us / G_USEC_PER_SEC;

        if (is_same(step, span) && lengths[i * width + j] == lengths[(i + 1) * width + j + 1] + 1) {
            g_array_append_val(place->anchors, anchor);
            if (step->time_us != RS_SIDE_NO_TIME)
                g_array_append_val(ret_shifts, shift_s);
            i++;
            j++;
        } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
            i++;
        } else {
            j++;
        }
    }
    place->n_steps = place->anchors->len;
}

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    const double one = *(const double *)a, other = *(const double *)b;

    return one < other ? -1 : one > other;
}

/* The median of the shifts; FALSE when less than half of them agree with it. */
static gboolean
agreed_shift(GArray *shifts, double *ret_shift_s)
{
    guint agreeing = 0;
    double median;

    if (shifts->len == 0)
        return FALSE;
    g_array_sort(shifts, compare_doubles);
    median = g_array_index(shifts, double, shifts->len / 2);
    for (guint i = 0; i < shifts->len; i++)
        agreeing += fabs(g_array_index(shifts, double, i) - median) <= AGREE_S;
    *ret_shift_s = median;
    return agreeing * 2 >= shifts->len;
}

/* When the capture began, in seconds since 1970; FALSE when the report does not say. */
static gboolean
start_of(JsonObject *report, double *ret_s)
{
    g_autoptr(GDateTime) start =
        g_date_time_new_from_iso8601(rs_json_string(report, "start"), NULL);

    if (!start)
        return FALSE;
    *ret_s = (double)g_date_time_to_unix(start) +
             (double)g_date_time_get_microsecond(start) / G_USEC_PER_SEC;
    return TRUE;
}

static gboolean
overlaps(const rs_side_log *log, double start_s, double duration_s)
{
    for (guint i = 0; i < log->hits->len + log->steps->len; i++) {
        const gint64 time_us =
            i < log->hits->len
                ? g_array_index(log->hits, struct rs_side_hit, i).time_us
                : g_array_index(log->steps, struct rs_side_step, i - log->hits->len).time_us;
        const double since_s = (double)time_us / G_USEC_PER_SEC - start_s;

        if (time_us != RS_SIDE_NO_TIME && since_s >= -OVERLAP_S &&
            since_s <= duration_s + OVERLAP_S)
            return TRUE;
    }
    return FALSE;
}

void
rs_side_place_init(struct rs_side_place *place, const rs_side_log *log, JsonObject *report)
{
    g_autoptr(GArray) spans = spans_of(report);
    g_autoptr(GArray) shifts = g_array_new(FALSE, FALSE, sizeof(double));
    const gboolean absolute = log->source == RS_SIDE_JOURNAL || log->stamps == RS_STAMP_ABSOLUTE;
    double start_s = 0;

    *place = (struct rs_side_place){ .by_time = FALSE };
    place->anchors = g_array_new(FALSE, FALSE, sizeof(struct rs_side_anchor));
    match_steps(place, log, spans, shifts);
    place->by_time = agreed_shift(shifts, &place->shift_s);
    if (!absolute || !start_of(report, &start_s))
        return;
    if (log->source == RS_SIDE_FILE &&
        (!overlaps(log, start_s, rs_json_double(report, "duration_s")) ||
         (place->by_time && shifts->len > 1 && fabs(place->shift_s + start_s) > AGREE_S)))
        return;
    place->by_time = place->by_clock = TRUE;
    place->shift_s = -start_s;
}

void
rs_side_place_clear(struct rs_side_place *place)
{
    g_clear_pointer(&place->anchors, g_array_unref);
}

gboolean
rs_side_place_of(const struct rs_side_place *place, const struct rs_side_hit *hit,
                 double *ret_after_s, double *ret_before_s)
{
    double after_s = NAN, before_s = NAN;

    if (place->by_time && hit->time_us != RS_SIDE_NO_TIME) {
        *ret_after_s = *ret_before_s = (double)hit->time_us / G_USEC_PER_SEC + place->shift_s;
        return TRUE;
    }
    for (guint i = 0; i < place->anchors->len; i++) {
        const struct rs_side_anchor *anchor =
            &g_array_index(place->anchors, struct rs_side_anchor, i);

        if (anchor->number <= hit->number)
            after_s = anchor->start_s;
        else if (isnan(before_s))
            before_s = anchor->start_s;
    }
    *ret_after_s = after_s;
    *ret_before_s = before_s;
    return place->anchors->len > 0;
}

char *
rs_side_place_says(const struct rs_side_place *place, const rs_side_log *log)
{
    const char *plural = place->n_steps == 1 ? "" : "s";

    if (log->source == RS_SIDE_JOURNAL)
        return g_strdup("recorded with the packets");
    if (place->by_clock)
        return g_strdup("placed by its time stamps");
    if (place->by_time)
        return g_strdup_printf("placed by its time stamps, fitted to %u step%s of the restore",
                               place->n_steps, plural);
    if (place->n_steps)
        return g_strdup_printf("placed by the order of %u step%s of the restore", place->n_steps,
                               plural);
    return g_strdup("not placed in time (it tells of no step that the capture shows)");
}
