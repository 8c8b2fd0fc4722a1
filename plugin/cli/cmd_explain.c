/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorescope explain: what a number, a cause or a rule means. */
#include "plugin/cli/cli.h"
#include "plugin/cli/code_number.h"
#include "plugin/cli/command.h"
#include "plugin/cli/explain.h"
#include "plugin/cli/explain_json.h"
#include "plugin/cli/places.h"
#include "plugin/cli/rules.h"
#include "plugin/cli/suggest.h"
#include "plugin/report/report_json.h"

/* Numbers further apart have nothing to do with each other. */
enum { LABEL_COLUMNS = 18, NEAR = 10 };

/* The known number closest to one that is not. The caller's. */
static char *
nearest_number(const rs_knowledge *knowledge, gint64 code)
{
    const struct rs_known_code *best = NULL;
    guint64 best_distance = G_MAXUINT64;

    for (guint i = 0; i < rs_knowledge_n_codes(knowledge); i++) {
        const struct rs_known_code *known = rs_knowledge_code_at(knowledge, i);
        const guint64 distance = known->id.code > code ? (guint64)known->id.code - (guint64)code
                                                       : (guint64)code - (guint64)known->id.code;

        if (distance < best_distance) {
            best = known;
            best_distance = distance;
        }
    }
    return best && best_distance <= NEAR
               ? g_strdup_printf("%s %" G_GINT64_FORMAT, best->id.domain, best->id.code)
               : NULL;
}

static char *
nearest_ids(const struct rs_explain *explain, const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < rs_knowledge_n_causes(explain->knowledge); i++)
        g_ptr_array_add(names, g_strdup(rs_knowledge_cause_at(explain->knowledge, i)->id));
    for (guint i = 0; i < rs_ruleset_n_rules(explain->ruleset); i++)
        g_ptr_array_add(names, g_strdup(rs_ruleset_rule(explain->ruleset, i)->id));
    return rs_suggest(word, names);
}

static void
set_unknown(const struct rs_explain *explain, const char *word, GError **error)
{
    gint64 code;
    const gboolean is_number = rs_code_parse(word, &code);
    g_autofree char *close =
        is_number ? nearest_number(explain->knowledge, code) : nearest_ids(explain, word);

    g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "'%s' is no known %s%s%s", word,
                is_number ? "code" : "code, cause or rule", close ? "; close to it: " : "",
                close ? close : "");
}

static gboolean
explain_word(struct rs_explain *explain, const char *word)
{
    gint64 code;
    gboolean found;

    if (rs_code_parse(word, &code))
        return rs_explain_number(explain, code);
    found = rs_explain_cause(explain, word);
    found = rs_explain_rule(explain, word) || found;
    return found || rs_explain_code_name(explain, word);
}

/* Appends one line; FALSE when nothing is known of the word. */
static gboolean
explain_as_json(const struct rs_explain *explain, const char *word)
{
    g_autoptr(JsonObject) object = rs_explain_json(explain, word);
    g_autofree char *line = object ? rs_json_line(object) : NULL;

    if (line)
        g_string_append_printf(explain->layout.out, "%s\n", line);
    return line != NULL;
}

static gboolean
explain_to_stdout(const char *word, const char *folder, gboolean json, gboolean colour,
                  GError **error)
{
    g_autofree char *data = rs_places_data(error);
    g_autofree char *path = data ? g_build_filename(data, "knowledge", "errors.json", NULL) : NULL;
    g_autoptr(rs_knowledge) knowledge = path ? rs_knowledge_new(path, error) : NULL;
    g_autoptr(rs_ruleset) ruleset = knowledge ? rs_rules_load(folder, NULL, error) : NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    struct rs_explain explain = { knowledge, ruleset, { out, colour, LABEL_COLUMNS } };

    if (!ruleset)
        return FALSE;
    if (json ? explain_as_json(&explain, word) : explain_word(&explain, word))
        return rs_print(out->str, error);
    set_unknown(&explain, word, error);
    return FALSE;
}

int
rs_command_explain(int argc, char **argv)
{
    const char *folder = NULL;
    gboolean json = FALSE, colour = FALSE;
    const struct rs_option options[] = {
        { 'j', "json", NULL, "one JSON object on one line", &json, NULL },
        { '\0', "rules", "DIR", "rules of your own, besides the shipped ones", NULL, &folder },
    };
    const struct rs_usage usage = {
        .name = "explain",
        .operands = "CODE|CAUSE|RULE",
        .about = "Says what a number means in every domain that uses it, what a cause looks like\n"
                 "and what to do about it, or what a rule concludes. CODE is decimal, negative or\n"
                 "0x hexadecimal, or its name.",
        .options = options,
        .n_options = G_N_ELEMENTS(options),
        .min_operands = 1,
        .max_operands = 1,
    };
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    int early;

    if (!rs_command_begin(&usage, argc, argv, words, &colour, &early))
        return early;
    if (explain_to_stdout(g_ptr_array_index(words, 0), folder, json, colour, &error))
        return RS_EXIT_OK;
    return (int)rs_complain_error(error);
}
