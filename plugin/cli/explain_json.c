/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * explanation.schema.json is the contract of what is built here. */
#include "plugin/cli/explain_json.h"

#include "plugin/cli/code_number.h"
#include "plugin/cli/rules.h"

static JsonArray *
string_array(const char *const *list)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; list && list[i]; i++)
        json_array_add_string_element(array, list[i]);
    return array;
}

static void
set_text_or_null(JsonObject *object, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_string_member(object, name, text);
    else
        json_object_set_null_member(object, name);
}

static void
add_pair(JsonArray *array, const char *domain, gint64 code)
{
    JsonObject *row = json_object_new();

    json_object_set_string_member(row, "domain", domain);
    json_object_set_int_member(row, "code", code);
    json_array_add_object_element(array, row);
}

/* computed: how the number that was asked for comes of this one, or NULL. */
static void
add_code(JsonArray *array, const struct rs_known_code *code, const char *computed)
{
    JsonObject *row = json_object_new();

    json_object_set_string_member(row, "domain", code->id.domain);
    json_object_set_int_member(row, "code", code->id.code);
    set_text_or_null(row, "computed", computed);
    set_text_or_null(row, "hex", code->hex);
    json_object_set_array_member(row, "names", string_array(code->names));
    json_object_set_string_member(row, "phase", code->phase);
    json_object_set_string_member(row, "meaning", code->meaning);
    set_text_or_null(row, "on_the_wire", code->hint);
    set_text_or_null(row, "apple_advice", code->advice);
    json_object_set_array_member(row, "causes", string_array(code->causes));
    json_object_set_string_member(row, "confidence", code->confidence);
    json_object_set_boolean_member(row, "user_visible", code->user_visible);
    json_object_set_array_member(row, "sources", string_array(code->sources));
    json_array_add_object_element(array, row);
}

static void
add_origins(const struct rs_explain *explain, JsonArray *array, gint64 number)
{
    struct rs_code_origin origins[RS_ORIGINS_MAX];
    const guint n = rs_code_origins(number, origins);

    for (guint i = 0; i < n; i++) {
        const struct rs_known_code *origin =
            rs_knowledge_code(explain->knowledge, origins[i].origin_domain, origins[i].origin_code);
        g_autofree char *how = NULL;

        if (!origin)
            continue;
        how = g_strdup_printf("%s %" G_GINT64_FORMAT " = %s %" G_GINT64_FORMAT, origins[i].domain,
                              number, origins[i].how, origin->id.code);
        add_code(array, origin, how);
    }
}

static JsonArray *
codes_of_number(const struct rs_explain *explain, gint64 number)
{
    g_autoptr(GPtrArray) codes = rs_knowledge_codes(explain->knowledge, number);
    JsonArray *array = json_array_new();

    for (guint i = 0; i < codes->len; i++)
        add_code(array, g_ptr_array_index(codes, i), NULL);
    add_origins(explain, array, number);
    return array;
}

/* What the neighbourhood of a number is about that nobody lists. */
static JsonArray *
ranges_of_number(const struct rs_explain *explain, gint64 number)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < rs_knowledge_n_ranges(explain->knowledge); i++) {
        const struct rs_known_range *range = rs_knowledge_range_at(explain->knowledge, i);
        JsonObject *row;

        if (number < range->from || number > range->to)
            continue;
        row = json_object_new();
        json_object_set_string_member(row, "domain", range->domain);
        json_object_set_int_member(row, "from", range->from);
        json_object_set_int_member(row, "to", range->to);
        json_object_set_string_member(row, "what", range->what);
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonArray *
codes_of_name(const struct rs_explain *explain, const char *name)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < rs_knowledge_n_codes(explain->knowledge); i++) {
        const struct rs_known_code *code = rs_knowledge_code_at(explain->knowledge, i);

        if (rs_explain_has_name(code, name))
            add_code(array, code, NULL);
    }
    return array;
}

static JsonArray *
causes_of(const struct rs_explain *explain, const char *id)
{
    const struct rs_known_cause *cause = rs_knowledge_cause(explain->knowledge, id);
    JsonArray *array = json_array_new(), *codes, *rules;
    JsonObject *row;

    if (!cause)
        return array;
    row = json_object_new();
    codes = json_array_new();
    rules = json_array_new();
    for (guint i = 0; i < cause->n_codes; i++)
        add_pair(codes, cause->codes[i].domain, cause->codes[i].code);
    for (guint i = 0; i < rs_ruleset_n_rules(explain->ruleset); i++) {
        const struct rs_rule *rule = rs_ruleset_rule(explain->ruleset, i);

        if (g_str_equal(rule->cause, id))
            json_array_add_string_element(rules, rule->id);
    }
    json_object_set_string_member(row, "cause", cause->id);
    json_object_set_string_member(row, "title", cause->title);
    json_object_set_string_member(row, "kind", cause->category);
    json_object_set_string_member(row, "on_the_wire", cause->evidence);
    json_object_set_array_member(row, "remedies", string_array(cause->remedies));
    if (cause->first_erasing_remedy)
        json_object_set_int_member(row, "first_erasing_remedy", cause->first_erasing_remedy);
    json_object_set_array_member(row, "codes", codes);
    json_object_set_array_member(row, "rules", rules);
    json_object_set_array_member(row, "sources", string_array(cause->sources));
    json_array_add_object_element(array, row);
    return array;
}

static JsonArray *
rivals_of(const struct rs_rule *rule)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < rule->n_rivals; i++) {
        JsonObject *row = json_object_new();

        json_object_set_string_member(row, "cause", rule->rivals[i].cause);
        set_text_or_null(row, "test", rule->rivals[i].test);
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonArray *
rules_of(const struct rs_explain *explain, const char *id)
{
    const struct rs_rule *rule = rs_rules_find(explain->ruleset, id);
    JsonArray *array = json_array_new(), *codes;
    JsonObject *row;

    if (!rule)
        return array;
    row = json_object_new();
    codes = json_array_new();
    for (guint i = 0; i < rule->n_codes; i++)
        add_pair(codes, rule->codes[i].domain, rule->codes[i].code);
    json_object_set_string_member(row, "rule", rule->id);
    set_text_or_null(row, "says", rule->says);
    json_object_set_string_member(row, "cause", rule->cause);
    json_object_set_string_member(row, "severity", rs_rules_severity(rule->severity));
    json_object_set_string_member(row, "confidence", rs_rules_confidence(rule->confidence));
    json_object_set_array_member(row, "codes", codes);
    json_object_set_array_member(row, "rivals", rivals_of(rule));
    json_object_set_array_member(row, "explains",
                                 string_array((const char *const *)rule->explains));
    json_object_set_string_member(row, "file", rule->where.file);
    json_object_set_int_member(row, "line", rule->where.line);
    json_array_add_object_element(array, row);
    return array;
}

static gboolean
is_empty(JsonObject *object)
{
    static const char *const lists[] = { "codes", "ranges", "causes", "rules" };

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (json_array_get_length(json_object_get_array_member(object, lists[i])))
            return FALSE;
    }
    return TRUE;
}

JsonObject *
rs_explain_json(const struct rs_explain *explain, const char *word)
{
    g_autoptr(JsonObject) object = json_object_new();
    gint64 number;
    const gboolean is_number = rs_code_parse(word, &number);
    JsonArray *causes = is_number ? json_array_new() : causes_of(explain, word);
    JsonArray *rules = is_number ? json_array_new() : rules_of(explain, word);
    const gboolean is_id = json_array_get_length(causes) || json_array_get_length(rules);
    JsonArray *codes = is_number ? codes_of_number(explain, number)
                       : is_id   ? json_array_new()
                                 : codes_of_name(explain, word);

    json_object_set_string_member(object, "schema", RS_EXPLANATION_SCHEMA);
    json_object_set_string_member(object, "word", word);
    json_object_set_array_member(object, "codes", codes);
    json_object_set_array_member(object, "ranges",
                                 is_number && !json_array_get_length(codes)
                                     ? ranges_of_number(explain, number)
                                     : json_array_new());
    json_object_set_array_member(object, "causes", causes);
    json_object_set_array_member(object, "rules", rules);
    return is_empty(object) ? NULL : g_steal_pointer(&object);
}
