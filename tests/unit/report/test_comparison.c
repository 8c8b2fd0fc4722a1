/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two restores side by side. */
#include "plugin/knowledge/json_get.h"
#include "plugin/report/comparison.h"
#include "plugin/report/report_compare.h"

/* A diagnosis from words such as "attach:1.5 asr:30", phases with their seconds; each phase has ten
 * frames. root_frame: 0 for no root. */
static JsonObject *
make_report(const char *outcome, const char *words, int root_frame, const char *root_phase)
{
    g_auto(GStrv) phases = g_strsplit(words, " ", -1);
    JsonObject *report = json_object_new();
    JsonArray *array = json_array_new();
    double start_s = 0;

    for (guint i = 0; phases[i] && *phases[i]; i++) {
        g_auto(GStrv) parts = g_strsplit(phases[i], ":", 2);
        const double end_s = start_s + g_ascii_strtod(parts[1], NULL);
        JsonObject *span = json_object_new();

        json_object_set_string_member(span, "name", parts[0]);
        json_object_set_int_member(span, "first_frame", 10 * i + 1);
        json_object_set_int_member(span, "last_frame", 10 * i + 10);
        json_object_set_double_member(span, "start_s", start_s);
        json_object_set_double_member(span, "end_s", end_s);
        json_array_add_object_element(array, span);
        start_s = end_s;
    }
    json_object_set_string_member(report, "file", "x.pcapng");
    json_object_set_string_member(report, "outcome", outcome);
    json_object_set_array_member(report, "phases", array);
    if (root_frame) {
        JsonObject *root = json_object_new();

        json_object_set_int_member(root, "frame", root_frame);
        json_object_set_string_member(root, "phase", root_phase);
        json_object_set_string_member(root, "rule", "usb-left");
        json_object_set_object_member(report, "root", root);
    }
    return report;
}

struct expectation {
    const char *good;
    const char *bad_outcome, *bad;
    int root_frame;
    const char *root_phase;
    int parting;       /* -1: nowhere */
    const char *kinds; /* of all steps */
};

static const struct expectation expectations[] = {
    /* the same, and the same a little slower */
    { "attach:1 asr:5", "completed", "attach:1 asr:5", 0, "", -1, "same same" },
    { "attach:1 asr:5", "completed", "attach:2.9 asr:14.9", 0, "", -1, "same same" },
    /* three times as long, but not two seconds longer; then both */
    { "attach:0.1 asr:5", "completed", "attach:2 asr:5", 0, "", -1, "same same" },
    { "attach:0.1 asr:5", "completed", "attach:2.2 asr:5", 0, "", 0, "slow same" },
    { "attach:1 asr:5", "completed", "attach:1 asr:15.1", 0, "", 1, "same slow" },
    /* left out, and put in */
    { "attach:1 asr:5 seal:1", "completed", "attach:1 seal:1", 0, "", 1, "same missing same" },
    { "attach:1 seal:1", "completed", "attach:1 asr:5 seal:1", 0, "", 1, "same extra same" },
    /* begun elsewhere, which is no fault; unless it broke there */
    { "inspect:1 attach:1 asr:5", "completed", "attach:1 asr:5", 0, "", -1, "start same same" },
    { "attach:1 asr:5", "completed", "inspect:1 attach:1 asr:5", 0, "", -1, "start same same" },
    { "attach:1 asr:5", "failed", "inspect:1", 3, "inspect", 0, "failed missing missing" },
    /* nothing in common */
    { "attach:1", "cut-short", "asr:1", 0, "", 0, "ended missing" },
    { "attach:1", "no-restore", "", 0, "", 0, "missing" },
    /* broken off in the middle, with a root and without */
    { "attach:1 asr:5 seal:1", "failed", "attach:1 asr:90", 17, "asr", 1, "same failed missing" },
    { "attach:1 asr:5 seal:1", "cut-short", "attach:1 asr:2", 0, "", 1, "same ended missing" },
    { "attach:1 asr:5", "failed", "attach:1 asr:5", 0, "", 1, "same ended" },
    /* a root without a phase lies where its frame does */
    { "attach:1 asr:5", "failed", "attach:1 asr:5", 4, "", 0, "failed ended" },
    /* what a completed one recovered from parts nothing */
    { "attach:1 asr:5", "completed", "attach:1 asr:5", 4, "attach", -1, "same same" },
    /* another way than the good one, and broken on it */
    { "attach:1 asr:5 seal:1", "failed", "attach:1 dfu:5", 15, "dfu", 1,
      "same failed missing missing" },
    /* a retry, the second of which fails */
    { "attach:1 asr:5 seal:1", "failed", "attach:1 asr:5 attach:1 asr:5", 35, "asr", 2,
      "same same extra failed missing" },
};

static char *
join_kinds(JsonObject *comparison)
{
    JsonArray *steps = rs_json_array(comparison, "steps");
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < rs_json_length(steps); i++)
        g_string_append_printf(out, "%s%s", i ? " " : "",
                               rs_json_string(rs_json_object_at(steps, i), "kind"));
    return g_string_free(out, FALSE);
}

static void
test_kinds(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(expectations); i++) {
        const struct expectation *e = &expectations[i];
        g_autoptr(JsonObject) good = make_report("completed", e->good, 0, "");
        g_autoptr(JsonObject) bad =
            make_report(e->bad_outcome, e->bad, e->root_frame, e->root_phase);
        g_autoptr(JsonObject) comparison = rs_comparison_json(good, bad, RS_COMPARISON_TIMES);
        g_autofree char *kinds = join_kinds(comparison);

        g_assert_cmpstr(kinds, ==, e->kinds);
        g_assert_cmpint(json_object_get_null_member(comparison, "parting"), ==, e->parting < 0);
        if (e->parting >= 0)
            g_assert_cmpint(rs_json_int(comparison, "parting"), ==, e->parting);
    }
}

static void
test_times(void)
{
    g_autoptr(JsonObject) good = make_report("completed", "asr:5", 0, "");
    g_autoptr(JsonObject) bad = make_report("completed", "asr:8", 0, "");
    g_autoptr(JsonObject) wide = rs_comparison_json(good, bad, 2);
    g_autoptr(JsonObject) narrow = rs_comparison_json(good, bad, 1.5);
    g_autofree char *text = rs_report_compare(narrow, FALSE);

    g_assert_true(json_object_get_null_member(wide, "parting"));
    g_assert_false(json_object_get_null_member(narrow, "parting"));
    g_assert_nonnull(strstr(text, "takes 1.6 times as long"));
}

/* As many phases as a hostile capture may have: bounded, and no crash. */
static void
test_many(void)
{
    g_autoptr(GString) words = g_string_new("attach:1");
    g_autoptr(JsonObject) good = NULL;
    g_autoptr(JsonObject) bad = NULL;
    g_autoptr(JsonObject) comparison = NULL;

    for (guint i = 0; i < 3000; i++)
        g_string_append(words, i % 3 ? " asr:1" : " verify:1");
    good = make_report("completed", words->str, 0, "");
    bad = make_report("failed", words->str + strlen("attach:1 "), 29990, "asr");
    comparison = rs_comparison_json(good, bad, RS_COMPARISON_TIMES);
    g_assert_cmpuint(rs_json_length(rs_json_array(comparison, "steps")), <=, 800);
}

/* What a person reads: both sides, where they part, the durations, the root, the good one there. */
static void
test_text(void)
{
    static const char *const parts[] = {
        "good            x.pcapng: the restore completed\n",
        "bad             x.pcapng: the restore failed\n",
        "they part     in 'asr', from frame 11 of the bad one on: the bad one fails here\n",
        "asr                 5.000 s     90.000 s  failed <- they part\n",
        "seal                1.000 s            -  missing\n",
        "bad root      frame 17",
        "good there    'asr' in 5.000 s, frames 11-20, then 'seal'\n",
    };
    g_autoptr(JsonObject) good = make_report("completed", "attach:1 asr:5 seal:1", 0, "");
    g_autoptr(JsonObject) bad = make_report("failed", "attach:1 asr:90", 17, "asr");
    g_autoptr(JsonObject) comparison = rs_comparison_json(good, bad, RS_COMPARISON_TIMES);
    g_autofree char *text = rs_report_compare(comparison, FALSE);
    const char *rest = text;

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        rest = strstr(rest, parts[i]);
        if (!rest)
            g_error("no '%s' there in:\n%s", parts[i], text);
    }
}

/* Bytes of the capture never reach the terminal as they are. */
static void
test_hostile(void)
{
    g_autoptr(JsonObject) good = make_report("failed", "attach:1", 0, "");
    g_autoptr(JsonObject) bad = make_report("failed", "a\033[31m:1", 5, "\033[0m");
    g_autoptr(JsonObject) comparison = NULL;
    g_autofree char *text = NULL;

    json_object_set_string_member(rs_json_object(bad, "root"), "says", "said \033]0;x\a");
    comparison = rs_comparison_json(good, bad, RS_COMPARISON_TIMES);
    text = rs_report_compare(comparison, FALSE);
    g_assert_null(strchr(text, '\033'));
    g_assert_null(strchr(text, '\a'));
    g_assert_nonnull(strstr(text, "the good one did not complete"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/comparison/kinds", test_kinds);
    g_test_add_func("/comparison/times", test_times);
    g_test_add_func("/comparison/many", test_many);
    g_test_add_func("/comparison/text", test_text);
    g_test_add_func("/comparison/hostile", test_hostile);
    return g_test_run();
}
