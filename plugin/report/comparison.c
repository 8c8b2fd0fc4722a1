/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where two restores part. Their phases are aligned by name as a longest common subsequence, so
 * that a phase that only one has does not shift the others; between two that both have, those of
 * the bad one come first. */
#include "plugin/report/comparison.h"

#include "plugin/knowledge/json_get.h"

enum {
    STEPS_MAX = 400, /* of each; a restore has about fifteen */
    SLOW_MIN_S = 2,  /* what is slower by less is no step where anything parts */
};

struct pair {
    JsonObject *good, *bad; /* borrowed spans; one of them may be NULL */
    const char *kind;
};

struct comparison {
    JsonObject *good, *bad;
    double times;
    GArray *pairs; /* struct pair */
};

static JsonArray *
phases_of(JsonObject *report)
{
    return rs_json_array(report, "phases");
}

static const char *
phase_at(JsonArray *phases, guint index)
{
    return rs_json_string(rs_json_object_at(phases, index), "name");
}

/* lengths[i * (n_bad + 1) + j]: how many phases from good's i-th and bad's j-th on can be paired.
 */
static guint16 *
common_lengths(JsonArray *good, guint n_good, JsonArray *bad, guint n_bad)
{
    const gsize row = n_bad + 1;
    guint16 *lengths = g_new0(guint16, (n_good + 1) * row);

    for (guint i = n_good; i-- > 0;) {
        for (guint j = n_bad; j-- > 0;) {
            const gboolean equal = g_str_equal(phase_at(good, i), phase_at(bad, j));
            const guint16 skipped = MAX(lengths[(i + 1) * row + j], lengths[i * row + j + 1]);

            lengths[i * row + j] = equal ? (guint16)(lengths[(i + 1) * row + j + 1] + 1) : skipped;
        }
    }
    return lengths;
}

static GArray *
align(JsonArray *good, JsonArray *bad)
{
    const guint n_good = MIN(rs_json_length(good), STEPS_MAX);
    const guint n_bad = MIN(rs_json_length(bad), STEPS_MAX);
    g_autofree guint16 *lengths = common_lengths(good, n_good, bad, n_bad);
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(struct pair));
    const gsize row = n_bad + 1;

    for (guint i = 0, j = 0; i < n_good || j < n_bad;) {
        const gboolean both =
            i < n_good && j < n_bad && g_str_equal(phase_at(good, i), phase_at(bad, j));
        const gboolean only_good =
            !both && i < n_good &&
            (j == n_bad || lengths[(i + 1) * row + j] > lengths[i * row + j + 1]);
        struct pair pair = { NULL, NULL, "same" };

        if (both || only_good)
            pair.good = rs_json_object_at(good, i++);
        if (!only_good)
            pair.bad = rs_json_object_at(bad, j++);
        g_array_append_val(pairs, pair);
    }
    return pairs;
}

static double
duration_of(JsonObject *span)
{
    return rs_json_double(span, "end_s") - rs_json_double(span, "start_s");
}

static gboolean
has_outcome(JsonObject *report, const char *outcome)
{
    return g_str_equal(rs_json_string(report, "outcome"), outcome);
}

/* The phase of bad in which its root lies: the last that began before, of the root's phase if it
 * names one. NULL when there is none. */
static JsonObject *
failed_span(JsonObject *bad)
{
    JsonArray *phases = phases_of(bad);
    JsonObject *root = rs_json_object(bad, "root");
    const char *named = rs_json_string(root, "phase");
    JsonObject *before = NULL, *same = NULL;

    if (!root || has_outcome(bad, "completed"))
        return NULL;
    for (guint i = 0; i < MIN(rs_json_length(phases), STEPS_MAX); i++) {
        JsonObject *span = rs_json_object_at(phases, i);

        if (rs_json_int(span, "first_frame") > rs_json_int(root, "frame"))
            break;
        before = span;
        if (g_str_equal(rs_json_string(span, "name"), named))
            same = span;
    }
    return same ? same : before;
}

/* Of a pair where bad's phase is its last: does it stop there while good goes on or completes? */
static gboolean
ends_early(const struct comparison *comparison, guint index)
{
    const struct pair *pair = &g_array_index(comparison->pairs, struct pair, index);
    JsonArray *phases = phases_of(comparison->bad);
    const guint n = MIN(rs_json_length(phases), STEPS_MAX);

    if (has_outcome(comparison->bad, "completed") || pair->bad != rs_json_object_at(phases, n - 1))
        return FALSE;
    return index + 1 < comparison->pairs->len || has_outcome(comparison->good, "completed");
}

static gboolean
is_slow(const struct comparison *comparison, const struct pair *pair)
{
    const double good_s = duration_of(pair->good), bad_s = duration_of(pair->bad);

    return bad_s > comparison->times * good_s && bad_s - good_s > SLOW_MIN_S;
}

static const char *
kind_of(const struct comparison *comparison, guint index, JsonObject *failed)
{
    const struct pair *pair = &g_array_index(comparison->pairs, struct pair, index);

    if (failed && pair->bad == failed)
        return "failed";
    if (!pair->bad)
        return "missing";
    if (ends_early(comparison, index))
        return "ended";
    if (!pair->good)
        return "extra";
    return is_slow(comparison, pair) ? "slow" : "same";
}

/* A capture may begin later, or the device in another mode: steps before the first that both have
 * are told apart from those that went missing. */
static void
name_kinds(struct comparison *comparison)
{
    JsonObject *failed = failed_span(comparison->bad);
    guint first = 0;

    while (first < comparison->pairs->len) {
        const struct pair *pair = &g_array_index(comparison->pairs, struct pair, first);

        if ((pair->good && pair->bad) || (failed && pair->bad == failed))
            break;
        first++;
    }
    for (guint i = 0; i < comparison->pairs->len; i++) {
        struct pair *pair = &g_array_index(comparison->pairs, struct pair, i);

        pair->kind = kind_of(comparison, i, failed);
        if (i < first && first < comparison->pairs->len)
            pair->kind = "start";
    }
}

static gboolean
parts_at(const struct pair *pair)
{
    return !g_str_equal(pair->kind, "same") && !g_str_equal(pair->kind, "start");
}

static void
set_span(JsonObject *step, const char *name, JsonObject *span)
{
    JsonObject *object;

    if (!span) {
        json_object_set_null_member(step, name);
        return;
    }
    object = json_object_new();
    json_object_set_int_member(object, "first_frame", rs_json_int(span, "first_frame"));
    json_object_set_int_member(object, "last_frame", rs_json_int(span, "last_frame"));
    json_object_set_double_member(object, "start_s", rs_json_double(span, "start_s"));
    json_object_set_double_member(object, "duration_s", duration_of(span));
    json_object_set_object_member(step, name, object);
}

static JsonObject *
step_object(const struct pair *pair)
{
    JsonObject *step = json_object_new();

    json_object_set_string_member(step, "name",
                                  rs_json_string(pair->good ? pair->good : pair->bad, "name"));
    json_object_set_string_member(step, "kind", pair->kind);
    set_span(step, "good", pair->good);
    set_span(step, "bad", pair->bad);
    return step;
}

static void
set_steps(JsonObject *object, const struct comparison *comparison)
{
    JsonArray *steps = json_array_new();
    gint64 parting = -1;

    for (guint i = 0; i < comparison->pairs->len; i++) {
        const struct pair *pair = &g_array_index(comparison->pairs, struct pair, i);

        json_array_add_object_element(steps, step_object(pair));
        if (parting < 0 && parts_at(pair))
            parting = i;
    }
    if (parting < 0)
        json_object_set_null_member(object, "parting");
    else
        json_object_set_int_member(object, "parting", parting);
    json_object_set_array_member(object, "steps", steps);
}

static JsonObject *
side_object(JsonObject *report)
{
    JsonObject *side = json_object_new();
    JsonObject *device = rs_json_object(report, "device");
    JsonArray *modes = rs_json_array(device, "modes");
    static const char *const texts[] = { "ecid", "product" };

    json_object_set_string_member(side, "file", rs_json_string(report, "file"));
    json_object_set_string_member(side, "outcome", rs_json_string(report, "outcome"));
    json_object_set_double_member(side, "duration_s", rs_json_double(report, "duration_s"));
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (*rs_json_string(device, texts[i]))
            json_object_set_string_member(side, texts[i], rs_json_string(device, texts[i]));
        else
            json_object_set_null_member(side, texts[i]);
    }
    json_object_set_array_member(side, "modes", modes ? json_array_ref(modes) : json_array_new());
    return side;
}

static JsonObject *
find_host(JsonObject *report, const char *name)
{
    JsonArray *hosts = rs_json_array(report, "hosts");

    for (guint i = 0; i < rs_json_length(hosts); i++) {
        if (g_str_equal(rs_json_string(rs_json_object_at(hosts, i), "name"), name))
            return rs_json_object_at(hosts, i);
    }
    return NULL;
}

static void
set_state(JsonObject *row, const char *name, JsonObject *host)
{
    if (host)
        json_object_set_string_member(row, name, rs_json_string(host, "state"));
    else
        json_object_set_null_member(row, name);
}

/* Those of good, then those only bad has. */
static JsonArray *
host_array(JsonObject *good, JsonObject *bad)
{
    JsonArray *array = json_array_new();

    for (guint side = 0; side < 2; side++) {
        JsonArray *hosts = rs_json_array(side ? bad : good, "hosts");

        for (guint i = 0; i < rs_json_length(hosts); i++) {
            JsonObject *host = rs_json_object_at(hosts, i);
            const char *name = rs_json_string(host, "name");
            JsonObject *row;

            if (side && find_host(good, name))
                continue;
            row = json_object_new();
            json_object_set_string_member(row, "name", name);
            json_object_set_string_member(row, "role", rs_json_string(host, "role"));
            set_state(row, "good", side ? NULL : host);
            set_state(row, "bad", find_host(bad, name));
            json_array_add_object_element(array, row);
        }
    }
    return array;
}

/* The same rule's finding in good, such as one it recovered from; NULL if there is none. */
static JsonObject *
same_finding(JsonObject *good, JsonObject *root)
{
    JsonArray *findings = rs_json_array(good, "findings");

    for (guint i = 0; i < rs_json_length(findings); i++) {
        JsonObject *finding = rs_json_object_at(findings, i);

        if (g_str_equal(rs_json_string(finding, "rule"), rs_json_string(root, "rule")))
            return finding;
    }
    return NULL;
}

static JsonObject *
root_object(const struct comparison *comparison)
{
    static const char *const texts[] = { "rule", "cause", "title", "says" };
    JsonObject *root = rs_json_object(comparison->bad, "root");
    JsonObject *same = same_finding(comparison->good, root);
    JsonObject *failed = failed_span(comparison->bad);
    JsonObject *object = json_object_new();

    json_object_set_int_member(object, "frame", rs_json_int(root, "frame"));
    json_object_set_double_member(object, "time_s", rs_json_double(root, "time_s"));
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        json_object_set_string_member(object, texts[i], rs_json_string(root, texts[i]));
    json_object_set_null_member(object, "step");
    for (guint i = 0; failed && i < comparison->pairs->len; i++) {
        if (g_array_index(comparison->pairs, struct pair, i).bad == failed)
            json_object_set_int_member(object, "step", i);
    }
    if (same)
        json_object_set_int_member(object, "good_frame", rs_json_int(same, "frame"));
    else
        json_object_set_null_member(object, "good_frame");
    return object;
}

JsonObject *
rs_comparison_json(JsonObject *good, JsonObject *bad, double times)
{
    struct comparison comparison = { good, bad, times, align(phases_of(good), phases_of(bad)) };
    JsonObject *object = json_object_new();

    name_kinds(&comparison);
    json_object_set_string_member(object, "schema", RS_COMPARISON_SCHEMA);
    json_object_set_double_member(object, "times", times);
    json_object_set_object_member(object, "good", side_object(good));
    json_object_set_object_member(object, "bad", side_object(bad));
    set_steps(object, &comparison);
    if (rs_json_object(bad, "root"))
        json_object_set_object_member(object, "root", root_object(&comparison));
    else
        json_object_set_null_member(object, "root");
    json_object_set_array_member(object, "hosts", host_array(good, bad));
    g_array_unref(comparison.pairs);
    return object;
}
