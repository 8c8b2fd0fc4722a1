/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * run_cases RULES FILE.case: feeds a rule with the events of each case and looks at what it finds.
 * The rule is the one the file is named after; what a case looks like is in README.md beside this.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/engine/engine.h"

enum kind { SILENT, FIRES, RECOVERED, FLUSHED };
static const char *const kind_names[] = { "silent", "fires", "recovered", "flushed" };

/* What an event carries unless its line says otherwise. */
static const char *const defaults[][2] = {
    { RS_FIELD_SESSION, "1" },
    { RS_FIELD_DEVICE, "1" },
    { "tcp.stream", "1" },
    { "dns.qry.name", "gs.apple.com" },
    { "restore.host.name", "gs.apple.com" },
};

struct test {
    enum kind kind;
    char *title;
    guint line;
    GHashTable *wanted; /* "culprit", "fired", "count", "confidence", "says", "evidence" -> text */
    rs_engine *engine;
};

struct runner {
    const char *path;
    guint line;
    char *rule;
    rs_ruleset *ruleset;
    struct test test; /* the open one; title NULL: none yet */
    guint n_tests, n_failed;
};

static void G_GNUC_PRINTF(3, 4) complain(struct runner *runner, guint line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    printf("%s:%u: ", runner->path, line);
    vprintf(format, args);
    printf("\n");
    va_end(args);
    runner->n_failed++;
}

static const struct rs_event_def *
find_event(const rs_ruleset *ruleset, const char *name)
{
    for (guint i = 0; i < rs_ruleset_n_events(ruleset); i++)
        if (strcmp(rs_ruleset_event(ruleset, i)->name, name) == 0)
            return rs_ruleset_event(ruleset, i);
    return NULL;
}

/* What the finding is like, in the words of a case. */
static char *
describe(const struct rs_finding *finding, const char *key)
{
    static const char *const confidences[] = { "low", "medium", "high" };

    if (strcmp(key, "culprit") == 0)
        return g_strdup_printf("%u", finding->culprit_frame);
    if (strcmp(key, "fired") == 0)
        return g_strdup_printf("%u", finding->fired_frame);
    if (strcmp(key, "count") == 0)
        return g_strdup_printf("%u", finding->count);
    if (strcmp(key, "confidence") == 0)
        return g_strdup(confidences[finding->confidence]);
    if (strcmp(key, "says") == 0)
        return g_strdup(finding->says);
    return NULL;
}

static enum kind
kind_of(const struct rs_finding *finding)
{
    if (finding->recovered)
        return RECOVERED;
    return finding->flushed ? FLUSHED : FIRES;
}

static void
compare(struct runner *runner, const struct rs_finding *finding)
{
    const struct test *test = &runner->test;
    GHashTableIter iter;
    gpointer key, value;

    if (kind_of(finding) != test->kind)
        complain(runner, test->line, "%s: is %s, not %s", test->title, kind_names[kind_of(finding)],
                 kind_names[test->kind]);
    g_hash_table_iter_init(&iter, test->wanted);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        g_autofree char *got = describe(finding, key);

        if (g_strcmp0(got, value) != 0)
            complain(runner, test->line, "%s: %s is %s, not %s", test->title, (const char *)key,
                     got ? got : "unknown", (const char *)value);
    }
}

/* The one finding of the rule, NULL when there is none; others are counted. */
static const struct rs_finding *
only_finding(const struct runner *runner, const GPtrArray *findings, guint *ret_count)
{
    const struct rs_finding *found = NULL;

    *ret_count = 0;
    for (guint i = 0; i < findings->len; i++) {
        const struct rs_finding *finding = g_ptr_array_index(findings, i);

        if (strcmp(finding->rule->id, runner->rule) != 0)
            continue;
        found = found ? found : finding;
        (*ret_count)++;
    }
    return found;
}

static void
end_test(struct runner *runner)
{
    struct test *test = &runner->test;
    g_autoptr(GPtrArray) findings = NULL;
    const struct rs_finding *finding;
    guint count;

    if (!test->title)
        return;
    findings = rs_engine_conclude(test->engine);
    finding = only_finding(runner, findings, &count);
    if (count != (test->kind == SILENT ? 0 : 1))
        complain(runner, test->line, "%s: %u findings%s%s", test->title, count,
                 finding ? ", the first says: " : "", finding ? finding->says : "");
    else if (finding)
        compare(runner, finding);
    if (test->kind != SILENT && !g_hash_table_contains(test->wanted, "culprit"))
        complain(runner, test->line, "%s: says no culprit", test->title);
    g_clear_pointer(&test->engine, rs_engine_free);
    g_clear_pointer(&test->wanted, g_hash_table_unref);
    g_clear_pointer(&test->title, g_free);
}

/* "[fires] what it is about" */
static void
begin_test(struct runner *runner, const char *line)
{
    const char *end = strchr(line, ']');
    g_autofree char *name = end ? g_strndup(line + 1, (gsize)(end - line - 1)) : g_strdup(line);
    guint kind = 0;

    end_test(runner);
    while (kind < G_N_ELEMENTS(kind_names) && strcmp(kind_names[kind], name) != 0)
        kind++;
    if (kind == G_N_ELEMENTS(kind_names) || !end || end[1] != ' ') {
        complain(runner, runner->line, "neither [silent] nor [fires], [recovered], [flushed]");
        return;
    }
    runner->test.kind = (enum kind)kind;
    runner->test.title = g_strdup(end + 2);
    runner->test.line = runner->line;
    runner->test.wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    runner->test.engine = rs_engine_new(runner->ruleset);
    runner->n_tests++;
}

/* "culprit = 3" */
static void
read_wanted(struct runner *runner, const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, "=", 2);

    if (!parts[0] || !parts[1]) {
        complain(runner, runner->line, "neither an event nor what is wanted: %s", line);
        return;
    }
    g_hash_table_insert(runner->test.wanted, g_strdup(g_strstrip(parts[0])),
                        g_strdup(g_strstrip(parts[1])));
}

/* The event's values: those of the line, else the defaults. Marks in used what it took. */
static const char **
values_of(const struct rs_event_def *event, char **pairs, gboolean *used)
{
    const char **values = g_new0(const char *, event->n_fields + 1);

    for (guint i = 0; i < event->n_fields; i++) {
        for (guint j = 0; j < G_N_ELEMENTS(defaults); j++)
            if (strcmp(event->fields[i], defaults[j][0]) == 0)
                values[i] = defaults[j][1];
        for (guint j = 0; pairs[j]; j++) {
            gsize length = strlen(event->fields[i]);

            if (strncmp(pairs[j], event->fields[i], length) == 0 && pairs[j][length] == '=') {
                values[i] = pairs[j] + length + 1;
                used[j] = TRUE;
            }
        }
    }
    return values;
}

/* "1.500 7 name+name field=value ...": the events of a packet; "-": none. */
static void
feed_line(struct runner *runner, char **words, guint n_words)
{
    gint64 time_us = (gint64)(g_ascii_strtod(words[0], NULL) * G_USEC_PER_SEC + 0.5);
    guint32 frame = (guint32)g_ascii_strtoull(words[1], NULL, 10);
    g_auto(GStrv) names = g_strsplit(words[2], "+", -1);
    g_autofree gboolean *used = g_new0(gboolean, n_words);

    for (char **name = names; *name && strcmp(*name, "-") != 0; name++) {
        const struct rs_event_def *event = find_event(runner->ruleset, *name);
        g_autofree const char **values = NULL;

        if (!event) {
            complain(runner, runner->line, "no event '%s'", *name);
            continue;
        }
        values = values_of(event, words + 3, used);
        rs_engine_feed(runner->test.engine, event, time_us, frame, values);
    }
    rs_engine_advance(runner->test.engine, time_us, frame);
    for (guint i = 3; i < n_words; i++)
        if (!used[i - 3])
            complain(runner, runner->line, "no event of the line has '%s'", words[i]);
}

static void
read_line(struct runner *runner, const char *line)
{
    g_auto(GStrv) words = NULL;
    int n_words = 0;

    if (*line == '\0' || *line == '#')
        return;
    if (*line == '[')
        begin_test(runner, line);
    else if (!runner->test.title)
        complain(runner, runner->line, "stands before the first case");
    else if (!g_ascii_isdigit(*line))
        read_wanted(runner, line);
    else if (!g_shell_parse_argv(line, &n_words, &words, NULL) || n_words < 3)
        complain(runner, runner->line, "not: time, frame, event");
    else
        feed_line(runner, words, (guint)n_words);
}

static gboolean
run_file(struct runner *runner, const char *rules, GError **error)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    runner->ruleset = rs_ruleset_new();
    if (!rs_ruleset_add_dir(runner->ruleset, rules, error) ||
        !rs_ruleset_link(runner->ruleset, error) ||
        !g_file_get_contents(runner->path, &text, NULL, error))
        return FALSE;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        runner->line = i + 1;
        read_line(runner, lines[i]);
    }
    end_test(runner);
    return TRUE;
}

int
main(int argc, char **argv)
{
    struct runner runner = { 0 };
    g_autoptr(GError) error = NULL;
    char *dot;

    if (argc != 3) {
        fputs("usage: run_cases RULES FILE.case\n", stderr);
        return 2;
    }
    runner.path = argv[2];
    runner.rule = g_path_get_basename(argv[2]);
    dot = strstr(runner.rule, ".case");
    if (dot)
        *dot = '\0';
    if (!run_file(&runner, argv[1], &error))
        complain(&runner, 0, "%s", error->message);
    printf("%u cases, %u complaints\n", runner.n_tests, runner.n_failed);
    rs_ruleset_free(runner.ruleset);
    g_free(runner.rule);
    return runner.n_failed > 0 || runner.n_tests == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
