/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * check_rules RULES CASES ERRORS: has every shipped rule a case where it fires and one where it
 * stays silent, and does the knowledge base know every cause, rival and code that a rule names? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/engine/ruleset.h"
#include "plugin/knowledge/knowledge.h"

static guint n_complaints;

static void G_GNUC_PRINTF(2, 3) complain(const struct rs_rule *rule, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    printf("%s:%u: rule '%s': ", rule->where.file, rule->where.line, rule->id);
    vprintf(format, args);
    printf("\n");
    va_end(args);
    n_complaints++;
}

static gboolean
has_line(const char *text, const char *start)
{
    const char *at = strstr(text, start);

    return at && (at == text || at[-1] == '\n');
}

static void
check_cases(const struct rs_rule *rule, const char *cases)
{
    g_autofree char *name = g_strconcat(rule->id, ".case", NULL);
    g_autofree char *path = g_build_filename(cases, name, NULL);
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        complain(rule, "has no file '%s'", name);
        return;
    }
    if (!has_line(text, "[fires] ") && !has_line(text, "[flushed] "))
        complain(rule, "has no case where it fires");
    if (!has_line(text, "[silent] "))
        complain(rule, "has no case where it stays silent");
}

static void
check_knowledge(const struct rs_rule *rule, const rs_knowledge *knowledge)
{
    if (!rs_knowledge_cause(knowledge, rule->cause))
        complain(rule, "unknown cause '%s'", rule->cause);
    for (guint i = 0; i < rule->n_rivals; i++)
        if (!rs_knowledge_cause(knowledge, rule->rivals[i].cause))
            complain(rule, "unknown rival '%s'", rule->rivals[i].cause);
    for (guint i = 0; i < rule->n_codes; i++)
        if (!rs_knowledge_code(knowledge, rule->codes[i].domain, rule->codes[i].code))
            complain(rule, "unknown code %s:%" G_GINT64_FORMAT, rule->codes[i].domain,
                     rule->codes[i].code);
}

static gboolean
is_rule(const rs_ruleset *ruleset, const char *id, gsize length)
{
    for (guint i = 0; i < rs_ruleset_n_rules(ruleset); i++) {
        const char *known = rs_ruleset_rule(ruleset, i)->id;

        if (strlen(known) == length && strncmp(known, id, length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A file without a rule tests nothing: the rule was renamed, or the file is misspelt. */
static void
check_files(const rs_ruleset *ruleset, const char *cases)
{
    g_autoptr(GDir) folder = g_dir_open(cases, 0, NULL);
    const char *name;

    while (folder && (name = g_dir_read_name(folder))) {
        if (!g_str_has_suffix(name, ".case") ||
            is_rule(ruleset, name, strlen(name) - strlen(".case")))
            continue;
        printf("%s: no rule of that name\n", name);
        n_complaints++;
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(rs_ruleset) ruleset = rs_ruleset_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(rs_knowledge) knowledge = NULL;

    if (argc != 4) {
        fputs("usage: check_rules RULES CASES ERRORS\n", stderr);
        return 2;
    }
    if (rs_ruleset_add_dir(ruleset, argv[1], &error) && rs_ruleset_link(ruleset, &error))
        knowledge = rs_knowledge_new(argv[3], &error);
    if (error) {
        printf("%s\n", error->message);
        return EXIT_FAILURE;
    }
    for (guint i = 0; i < rs_ruleset_n_rules(ruleset); i++) {
        const struct rs_rule *rule = rs_ruleset_rule(ruleset, i);

        check_cases(rule, argv[2]);
        check_knowledge(rule, knowledge);
    }
    check_files(ruleset, argv[2]);
    printf("%u rules, %u complaints\n", rs_ruleset_n_rules(ruleset), n_complaints);
    return n_complaints > 0 || rs_ruleset_n_rules(ruleset) == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
