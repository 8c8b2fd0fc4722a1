/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope rules: the rules in force, and whether a file of them is right. */
#include <unistd.h>

#include "plugin/cli/check_filters.h"
#include "plugin/cli/cli.h"
#include "plugin/cli/command.h"
#include "plugin/cli/places.h"
#include "plugin/cli/rules.h"
#include "plugin/knowledge/knowledge.h"

static char *
rule_table(const rs_ruleset *ruleset)
{
    const guint n = rs_ruleset_n_rules(ruleset);
    int id_width = 4, cause_width = 5;
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < n; i++) {
        const struct rs_rule *rule = rs_ruleset_rule(ruleset, i);

        id_width = MAX(id_width, (int)strlen(rule->id));
        cause_width = MAX(cause_width, (int)strlen(rule->cause));
    }
    g_string_append_printf(out, "%-*s  %-8s  %-*s  %s\n", id_width, "RULE", "SEVERITY", cause_width,
                           "CAUSE", "DEFINED IN");
    for (guint i = 0; i < n; i++) {
        const struct rs_rule *rule = rs_ruleset_rule(ruleset, i);

        g_string_append_printf(out, "%-*s  %-8s  %-*s  %s:%u\n", id_width, rule->id,
                               rs_rules_severity(rule->severity), cause_width, rule->cause,
                               rule->where.file, rule->where.line);
    }
    return g_string_free(out, FALSE);
}

static gboolean
check_cause(const rs_knowledge *knowledge, const struct rs_rule *rule, const char *cause,
            GError **error)
{
    if (rs_knowledge_cause(knowledge, cause))
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE,
                "%s:%u:%u: rule '%s' names the unknown cause '%s'", rule->where.file,
                rule->where.line, rule->where.column, rule->id, cause);
    return FALSE;
}

static gboolean
check_codes(const rs_knowledge *knowledge, const struct rs_rule *rule, GError **error)
{
    for (guint i = 0; i < rule->n_codes; i++) {
        const struct rs_code *code = &rule->codes[i];

        if (rs_knowledge_code(knowledge, code->domain, code->code))
            continue;
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE,
                    "%s:%u:%u: rule '%s' names the unknown code '%s' %" G_GINT64_FORMAT,
                    rule->where.file, rule->where.line, rule->where.column, rule->id, code->domain,
                    code->code);
        return FALSE;
    }
    return TRUE;
}

/* The engine does not know causes and codes, so what they are called is checked here. */
static gboolean
check_references(const rs_ruleset *ruleset, const char *file, GError **error)
{
    g_autofree char *data = rs_places_data(error);
    g_autofree char *path = data ? g_build_filename(data, "knowledge", "errors.json", NULL) : NULL;
    g_autoptr(rs_knowledge) knowledge = path ? rs_knowledge_new(path, error) : NULL;

    for (guint i = 0; knowledge && i < rs_ruleset_n_rules(ruleset); i++) {
        const struct rs_rule *rule = rs_ruleset_rule(ruleset, i);

        if (!g_str_equal(rule->where.file, file))
            continue;
        if (!check_cause(knowledge, rule, rule->cause, error) ||
            !check_codes(knowledge, rule, error))
            return FALSE;
        for (guint k = 0; k < rule->n_rivals; k++) {
            if (!check_cause(knowledge, rule, rule->rivals[k].cause, error))
                return FALSE;
        }
    }
    return knowledge != NULL;
}

static char *
count_defined(const rs_ruleset *ruleset, const char *file)
{
    guint events = 0, rules = 0;

    for (guint i = 0; i < rs_ruleset_n_events(ruleset); i++)
        events += g_str_equal(rs_ruleset_event(ruleset, i)->where.file, file);
    for (guint i = 0; i < rs_ruleset_n_rules(ruleset); i++)
        rules += g_str_equal(rs_ruleset_rule(ruleset, i)->where.file, file);
    return g_strdup_printf("%s: %u event%s, %u rule%s, no mistakes\n", file, events,
                           events == 1 ? "" : "s", rules, rules == 1 ? "" : "s");
}

static gboolean
print_rules(const char *folder, const char *checked, GError **error)
{
    g_autoptr(rs_ruleset) ruleset = rs_rules_load(folder, checked, error);
    g_autofree char *text = NULL;

    if (!ruleset || (checked && (!check_references(ruleset, checked, error) ||
                                 !rs_check_filters(folder, checked, error))))
        return FALSE;
    text = checked ? count_defined(ruleset, checked) : rule_table(ruleset);
    return rs_print(text, error);
}

int
rs_command_rules(int argc, char **argv)
{
    const char *folder = NULL, *checked = NULL;
    gboolean colour = FALSE;
    const struct rs_option options[] = {
        { '\0', "rules", "DIR", "rules of your own, besides the shipped ones", NULL, &folder },
        { '\0', "check", "FILE", "only read FILE and tell its first mistake", NULL, &checked },
    };
    const struct rs_usage usage = {
        .name = "rules",
        .operands = "",
        .about = "Lists the rules in force: what they conclude and where they are defined.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
    };
    g_autoptr(GPtrArray) operands = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    int early;

    if (!rs_command_begin(&usage, argc, argv, operands, &colour, &early))
        return early;
    return print_rules(folder, checked, &error) ? RS_EXIT_OK : (int)rs_complain_error(error);
}
