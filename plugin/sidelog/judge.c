/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What came of a log, as members of the report. */
#include <math.h>

#include "plugin/knowledge/json_get.h"
#include "plugin/sidelog/sidelog_private.h"

enum { EVIDENCE_MAX = 6, CAUSES_MAX = 4 };

static const char *const fit_names[] = { "nothing", "contradicts", "finding", "rival", "root" };

static void
set_seconds(JsonObject *object, const char *name, double value)
{
    if (!isnan(value))
        json_object_set_double_member(object, name, round(value * 1e6) / 1e6);
}

static const char *
number_name(const rs_side_log *log)
{
    return log->source == RS_SIDE_JOURNAL ? "frame" : "line";
}

static JsonObject *
evidence_row(const struct rs_side_judge *judge, const struct rs_side_weighed *weighed)
{
    JsonObject *row = json_object_new();

    json_object_set_int_member(row, number_name(judge->log), (gint64)weighed->hit->number);
    if (weighed->is_placed) {
        set_seconds(row, "after_s", weighed->after_s);
        set_seconds(row, "before_s", weighed->before_s);
    }
    json_object_set_string_member(row, "text", weighed->hit->text);
    json_object_set_string_member(row, "fits", fit_names[weighed->fit]);
    return row;
}

static int
compare_rows(gconstpointer a, gconstpointer b)
{
    JsonObject *one = *(JsonObject *const *)a, *other = *(JsonObject *const *)b;
    const gint64 left = rs_json_int(one, "line") + rs_json_int(one, "frame");
    const gint64 right = rs_json_int(other, "line") + rs_json_int(other, "frame");

    return left < right ? -1 : left > right;
}

/* The lines that count most, each text once, in their order. */
static JsonArray *
evidence_of(const struct rs_side_judge *judge)
{
    JsonArray *array = json_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) rows = g_ptr_array_new();

    for (guint i = 0; i < judge->weighed->len && rows->len < EVIDENCE_MAX; i++) {
        const struct rs_side_weighed *weighed =
            &g_array_index(judge->weighed, struct rs_side_weighed, i);
        const gboolean counts = judge->root ? weighed->fit > RS_SIDE_FIT_NONE : TRUE;

        if (counts && g_hash_table_add(seen, weighed->hit->text))
            g_ptr_array_add(rows, evidence_row(judge, weighed));
    }
    g_ptr_array_sort(rows, compare_rows);
    for (guint i = 0; i < rows->len; i++)
        json_array_add_object_element(array, g_ptr_array_index(rows, i));
    return array;
}

/* Lines of the journal have frames, so they can stand beside the root's own evidence. */
static void
extend_evidence(JsonObject *finding, JsonArray *rows)
{
    JsonArray *evidence = rs_json_array(finding, "evidence");

    for (guint i = 0; evidence && i < rs_json_length(rows); i++) {
        JsonObject *row = rs_json_object_at(rows, i);
        JsonObject *copy;

        if (!g_str_equal(rs_json_string(row, "fits"), "root"))
            continue;
        copy = json_object_new();
        json_object_set_int_member(copy, "frame", rs_json_int(row, "frame"));
        if (json_object_has_member(row, "after_s"))
            json_object_set_double_member(copy, "time_s", rs_json_double(row, "after_s"));
        json_object_set_string_member(copy, "says", rs_json_string(row, "text"));
        json_array_add_object_element(evidence, copy);
    }
}

/* A cause and how much of the log names it. */
struct score {
    const struct rs_known_cause *cause;
    const struct rs_side_hit *hit; /* the first that names it */
    guint points;
    guint order;
};

static void
add_points(const struct rs_side_judge *judge, GArray *scores, const struct rs_side_hit *hit,
           const char *const *causes, guint points)
{
    for (; causes && *causes; causes++) {
        const struct rs_known_cause *cause = rs_knowledge_cause(judge->log->knowledge, *causes);
        struct score score = { cause, hit, points, scores->len };
        guint i = 0;

        if (!cause || g_str_equal(*causes, "unknown"))
            continue;
        while (i < scores->len && g_array_index(scores, struct score, i).cause != cause)
            i++;
        if (i < scores->len)
            g_array_index(scores, struct score, i).points += points;
        else
            g_array_append_val(scores, score);
    }
}

static int
compare_scores(gconstpointer a, gconstpointer b)
{
    const struct score *one = a, *other = b;

    if (one->points != other->points)
        return one->points > other->points ? -1 : 1;
    return one->order < other->order ? -1 : one->order > other->order;
}

/* What the log's words may mean where the packets show no cause; each phrase counts once. */
static JsonArray *
causes_of(const struct rs_side_judge *judge)
{
    enum { STRONG_POINTS = 4, CODE_POINTS = 2, WEAK_POINTS = 1 };
    g_autoptr(GArray) scores = g_array_new(FALSE, FALSE, sizeof(struct score));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    JsonArray *array = json_array_new();

    for (guint i = 0; i < judge->weighed->len; i++) {
        const struct rs_side_hit *hit =
            g_array_index(judge->weighed, struct rs_side_weighed, i).hit;
        const gboolean strong = hit->phrase && hit->phrase->weight == RS_PHRASE_STRONG;

        if (hit->phrase && g_hash_table_add(seen, (gpointer)(guintptr)hit->phrase))
            add_points(judge, scores, hit, hit->phrase->causes,
                       strong ? STRONG_POINTS : WEAK_POINTS);
        if (hit->code && g_hash_table_add(seen, (gpointer)(guintptr)hit->code))
            add_points(judge, scores, hit, hit->code->causes, CODE_POINTS);
    }
    g_array_sort(scores, compare_scores);
    for (guint i = 0; i < MIN(scores->len, CAUSES_MAX); i++) {
        const struct score *score = &g_array_index(scores, struct score, i);
        JsonObject *row = json_object_new();

        json_object_set_string_member(row, "cause", score->cause->id);
        json_object_set_string_member(row, "title", score->cause->title);
        json_object_set_string_member(row, "confidence", "low");
        json_object_set_int_member(row, number_name(judge->log), (gint64)score->hit->number);
        json_array_add_object_element(array, row);
    }
    return array;
}

/* The numbers in it, what it ended with first. */
static JsonArray *
codes_of(const rs_side_log *log)
{
    JsonArray *array = json_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (int last = 1; last >= 0; last--) {
        for (guint i = log->hits->len; i-- > 0;) {
            const struct rs_side_hit *hit = &g_array_index(log->hits, struct rs_side_hit, i);
            JsonObject *row;

            if (!hit->code || hit->is_last_word != last ||
                !g_hash_table_add(seen, (gpointer)(guintptr)hit->code) ||
                json_array_get_length(array) >= EVIDENCE_MAX)
                continue;
            row = json_object_new();
            json_object_set_string_member(row, "domain", hit->code->id.domain);
            json_object_set_int_member(row, "code", hit->code->id.code);
            json_object_set_int_member(row, number_name(log), (gint64)hit->number);
            json_array_add_object_element(array, row);
        }
    }
    return array;
}

/* The first of the causes a line names, as "Title [id]"; the caller's. */
static char *
first_cause(const struct rs_side_judge *judge, const struct rs_side_hit *hit)
{
    const char *const *causes = hit->phrase ? hit->phrase->causes : hit->code->causes;
    const struct rs_known_cause *cause =
        *causes ? rs_knowledge_cause(judge->log->knowledge, *causes) : NULL;

    return cause ? g_strdup_printf("%s [%s]", cause->title, cause->id) : g_strdup("another cause");
}

static gboolean
is_of_another_device(const rs_side_log *log, JsonObject *report)
{
    JsonObject *device = rs_json_object(report, "device");
    const char *ecid = rs_json_string(device, "ecid");
    const char *product = rs_json_string(device, "product");

    if (log->names_several)
        return FALSE;
    if (log->ecid && g_str_has_prefix(ecid, "0x"))
        return g_ascii_strtoull(ecid + 2, NULL, 16) != log->ecid;
    return log->product && *product && !g_str_equal(log->product, product);
}

/* One attempt among several may end otherwise than the log's last one. */
static gboolean
tell_of_one_attempt(const struct rs_side_judge *judge)
{
    return !judge->log->names_several &&
           rs_json_length(rs_json_array(judge->report, "attempts")) <= 1;
}

struct opinion {
    const char *fits;
    char *says;
    gboolean warns;
};

static struct opinion
opinion_on_root(const struct rs_side_judge *judge)
{
    const struct rs_side_weighed *best =
        judge->weighed->len ? &g_array_index(judge->weighed, struct rs_side_weighed, 0) : NULL;
    g_autofree char *cause = best ? first_cause(judge, best->hit) : NULL;

    switch (judge->best) {
    case RS_SIDE_FIT_ROOT:
        return (struct opinion){ "root", g_strdup("it fits the verdict"), FALSE };
    case RS_SIDE_FIT_RIVAL:
        return (struct opinion){ "rival", g_strdup("it rather fits what else it could be"), FALSE };
    case RS_SIDE_FIT_FINDING:
        return (struct opinion){ "finding", g_strdup("it fits what else was found"), FALSE };
    case RS_SIDE_FIT_OTHER:
        return (struct opinion){ "contradicts",
                                 g_strdup_printf("it speaks for another cause, and nothing of that "
                                                 "is in the capture: %s",
                                                 cause),
                                 TRUE };
    default:
        return (struct opinion){ "nothing", g_strdup("it says nothing of a cause"), FALSE };
    }
}

static struct opinion
opinion_of(const struct rs_side_judge *judge, JsonArray *causes)
{
    const rs_side_log *log = judge->log;
    const gboolean completed = g_str_equal(rs_json_string(judge->report, "outcome"), "completed");
    const gboolean finished = log->end == RS_SIDE_FINISHED;

    if (is_of_another_device(log, judge->report))
        return (struct opinion){ "other-device", g_strdup("it is of another device"), TRUE };
    if (completed && log->end == RS_SIDE_FAILED && tell_of_one_attempt(judge))
        return (struct opinion){ "contradicts",
                                 g_strdup("it says that the restore failed; in the capture it "
                                          "completed"),
                                 TRUE };
    if (judge->root && finished && tell_of_one_attempt(judge))
        return (struct opinion){ "contradicts",
                                 g_strdup("it says that the restore finished; in the capture it "
                                          "failed"),
                                 TRUE };
    if (judge->root)
        return opinion_on_root(judge);
    if (finished)
        return (struct opinion){ "completed", g_strdup("it says that the restore finished"),
                                 FALSE };
    if (!completed && rs_json_length(causes))
        return (struct opinion){ "alone",
                                 g_strdup("the capture shows no cause; what the log says are "
                                          "guesses of low confidence"),
                                 FALSE };
    return (struct opinion){ "nothing", g_strdup("it says nothing of a cause"), FALSE };
}

/* Does a journal tell anything of a restore? Most of what kernels write has to do with none. */
static gboolean
is_worth_telling(const struct rs_side_judge *judge)
{
    const gboolean restores = !g_str_equal(rs_json_string(judge->report, "outcome"), "no-restore");

    return judge->log->source == RS_SIDE_FILE || judge->log->steps->len > 0 ||
           (restores && judge->best > RS_SIDE_FIT_OTHER);
}

static const char *
placed_by(const struct rs_side_judge *judge)
{
    if (judge->log->source == RS_SIDE_JOURNAL)
        return "frames";
    if (judge->place.by_time)
        return "time";
    return judge->place.n_steps ? "steps" : "nothing";
}

static void
warn(const struct rs_side_judge *judge, const char *says)
{
    JsonArray *warnings = rs_json_array(judge->report, "warnings");
    g_autofree char *text = g_strdup_printf("the log %s: %s", judge->log->name, says);

    if (warnings)
        json_array_add_string_element(warnings, text);
}

static JsonObject *
log_object(const struct rs_side_judge *judge)
{
    static const char *const ends[] = { "unknown", "finished", "failed" };
    const rs_side_log *log = judge->log;
    g_autofree char *placed = rs_side_place_says(&judge->place, log);
    JsonObject *object = json_object_new();
    JsonArray *causes = judge->root ? json_array_new() : causes_of(judge);
    const struct opinion opinion = opinion_of(judge, causes);
    const gboolean alone = g_str_equal(opinion.fits, "alone");
    const gboolean foreign = g_str_equal(opinion.fits, "other-device");

    json_object_set_string_member(object, "source",
                                  log->source == RS_SIDE_JOURNAL ? "journal" : "file");
    json_object_set_string_member(object, "name", log->name);
    json_object_set_int_member(object, "lines", (gint64)log->n_lines);
    json_object_set_string_member(object, "placed_by", placed_by(judge));
    json_object_set_string_member(object, "placed", placed);
    json_object_set_string_member(object, "ended", ends[log->end]);
    json_object_set_string_member(object, "fits", opinion.fits);
    json_object_set_string_member(object, "says", opinion.says);
    json_object_set_array_member(object, "evidence",
                                 !foreign && (judge->root || alone) ? evidence_of(judge)
                                                                    : json_array_new());
    if (!alone)
        g_clear_pointer(&causes, json_array_unref);
    json_object_set_array_member(object, "causes", causes ? causes : json_array_new());
    json_object_set_array_member(object, "codes", codes_of(log));
    if (opinion.warns)
        warn(judge, opinion.says);
    g_free(opinion.says);
    return object;
}

void
rs_side_log_apply(const rs_side_log *log, JsonObject *report)
{
    JsonArray *findings = rs_json_array(report, "findings");
    JsonArray *logs = rs_json_array(report, "logs");
    struct rs_side_judge judge;

    rs_side_weigh(&judge, log, report);
    if (is_worth_telling(&judge)) {
        JsonObject *object = log_object(&judge);
        JsonArray *rows = rs_json_array(object, "evidence");

        if (!logs) {
            logs = json_array_new();
            json_object_set_array_member(report, "logs", logs);
        }
        /* findings begin with a copy of the root */
        if (log->source == RS_SIDE_JOURNAL && judge.root) {
            extend_evidence(judge.root, rows);
            extend_evidence(rs_json_object_at(findings, 0), rows);
        }
        json_array_add_object_element(logs, object);
    }
    rs_side_judge_clear(&judge);
}
