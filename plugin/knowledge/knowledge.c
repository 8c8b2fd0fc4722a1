/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loading of errors.json and the look-ups in it. Strings are borrowed from the JSON tree, which is
 * kept; lists are copied into NULL-terminated arrays. */
#include "plugin/knowledge/knowledge.h"

#include "plugin/knowledge/json_get.h"

#define SCHEMA "restorescope.knowledge/1"

struct rs_knowledge {
    JsonObject *root;
    GPtrArray *codes;  /* struct rs_known_code * */
    GPtrArray *causes; /* struct rs_known_cause * */
    GArray *ranges;    /* struct rs_known_range */
    GArray *phrases;   /* struct rs_known_phrase */
    GPtrArray *lists;  /* what the structs above point to */
    GHashTable *cause_by_id;
};

static const char *const *
read_list(const rs_knowledge *knowledge, JsonObject *object, const char *name)
{
    JsonArray *array = rs_json_array(object, name);
    const guint n = rs_json_length(array);
    const char **list = g_new0(const char *, n + 1);

    for (guint i = 0; i < n; i++)
        list[i] = rs_json_string_at(array, i);
    g_ptr_array_add(knowledge->lists, list);
    return (const char *const *)list;
}

/* Pairs are written ["domain", code]. */
static const struct rs_known_pair *
read_pairs(const rs_knowledge *knowledge, JsonArray *array, guint *ret_n)
{
    const guint n = rs_json_length(array);
    struct rs_known_pair *pairs = g_new0(struct rs_known_pair, n + 1);
    guint used = 0;

    for (guint i = 0; i < n; i++) {
        JsonNode *node = json_array_get_element(array, i);
        JsonArray *pair = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

        if (rs_json_length(pair) != 2 || !JSON_NODE_HOLDS_VALUE(json_array_get_element(pair, 1)))
            continue;
        pairs[used].domain = rs_json_string_at(pair, 0);
        pairs[used++].code = json_array_get_int_element(pair, 1);
    }
    g_ptr_array_add(knowledge->lists, pairs);
    *ret_n = used;
    return pairs;
}

static struct rs_known_code *
read_code(const rs_knowledge *knowledge, JsonObject *object)
{
    struct rs_known_code *code = g_new0(struct rs_known_code, 1);

    code->id.domain = rs_json_string(object, "domain");
    code->id.code = rs_json_int(object, "code");
    code->hex = rs_json_string(object, "hex");
    code->phase = rs_json_string(object, "phase");
    code->meaning = rs_json_string(object, "meaning");
    code->advice = rs_json_string(object, "apple_advice");
    code->hint = rs_json_string(object, "wire_hint");
    code->confidence = rs_json_string(object, "confidence");
    code->names = read_list(knowledge, object, "names");
    code->causes = read_list(knowledge, object, "likely_causes");
    code->categories = read_list(knowledge, object, "categories");
    code->sources = read_list(knowledge, object, "sources");
    code->user_visible = rs_json_bool(object, "user_visible");
    return code;
}

static struct rs_known_cause *
read_cause(const rs_knowledge *knowledge, JsonObject *object)
{
    struct rs_known_cause *cause = g_new0(struct rs_known_cause, 1);
    const gint64 erasing = rs_json_int(object, "first_erasing_remedy");

    cause->id = rs_json_string(object, "id");
    cause->title = rs_json_string(object, "title");
    cause->category = rs_json_string(object, "category");
    cause->evidence = rs_json_string(object, "evidence_on_wire");
    cause->unseen = rs_json_string(object, "unseen");
    cause->remedies = read_list(knowledge, object, "remedies");
    cause->first_erasing_remedy = (guint)CLAMP(erasing, 0, G_MAXINT16);
    cause->sources = read_list(knowledge, object, "sources");
    cause->codes = read_pairs(knowledge, rs_json_array(object, "codes"), &cause->n_codes);
    return cause;
}

static struct rs_known_range
read_range(JsonObject *object)
{
    return (struct rs_known_range){ .domain = rs_json_string(object, "domain"),
                                    .what = rs_json_string(object, "what"),
                                    .from = rs_json_int(object, "from"),
                                    .to = rs_json_int(object, "to") };
}

static enum rs_phrase_weight
read_weight(const char *name)
{
    if (g_str_equal(name, "strong"))
        return RS_PHRASE_STRONG;
    return g_str_equal(name, "weak") ? RS_PHRASE_WEAK : RS_PHRASE_NOTE;
}

static void
read_phrases(rs_knowledge *knowledge)
{
    JsonArray *phrases = rs_json_array(knowledge->root, "log_phrases");

    for (guint i = 0; i < rs_json_length(phrases); i++) {
        JsonObject *object = rs_json_object_at(phrases, i);
        struct rs_known_phrase phrase = { .text = rs_json_string(object, "text") };

        phrase.tool = rs_json_string(object, "tool");
        phrase.weight = read_weight(rs_json_string(object, "weight"));
        phrase.matches = read_list(knowledge, object, "match");
        phrase.causes = read_list(knowledge, object, "causes");
        phrase.codes = read_pairs(knowledge, rs_json_array(object, "codes"), &phrase.n_codes);
        g_array_append_val(knowledge->phrases, phrase);
    }
}

static void
read_all(rs_knowledge *knowledge)
{
    JsonArray *codes = rs_json_array(knowledge->root, "codes");
    JsonArray *causes = rs_json_array(knowledge->root, "causes");
    JsonArray *ranges = rs_json_array(knowledge->root, "code_ranges");

    for (guint i = 0; i < rs_json_length(codes); i++)
        g_ptr_array_add(knowledge->codes, read_code(knowledge, rs_json_object_at(codes, i)));
    for (guint i = 0; i < rs_json_length(causes); i++) {
        struct rs_known_cause *cause = read_cause(knowledge, rs_json_object_at(causes, i));

        g_ptr_array_add(knowledge->causes, cause);
        g_hash_table_insert(knowledge->cause_by_id, g_strdup(cause->id), cause);
    }
    for (guint i = 0; i < rs_json_length(ranges); i++) {
        const struct rs_known_range range = read_range(rs_json_object_at(ranges, i));

        g_array_append_val(knowledge->ranges, range);
    }
    read_phrases(knowledge);
}

rs_knowledge *
rs_knowledge_new(const char *path, GError **error)
{
    g_autoptr(rs_knowledge) knowledge = g_new0(rs_knowledge, 1);

    knowledge->codes = g_ptr_array_new_with_free_func(g_free);
    knowledge->causes = g_ptr_array_new_with_free_func(g_free);
    knowledge->lists = g_ptr_array_new_with_free_func(g_free);
    knowledge->ranges = g_array_new(FALSE, FALSE, sizeof(struct rs_known_range));
    knowledge->phrases = g_array_new(FALSE, FALSE, sizeof(struct rs_known_phrase));
    knowledge->cause_by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    knowledge->root = rs_json_load(path, error);
    if (!knowledge->root)
        return NULL;
    read_all(knowledge);
    if (!g_str_equal(rs_json_string(knowledge->root, "schema"), SCHEMA) ||
        knowledge->codes->len == 0 || knowledge->causes->len == 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "'%s' is no %s file", path, SCHEMA);
        return NULL;
    }
    return g_steal_pointer(&knowledge);
}

void
rs_knowledge_free(rs_knowledge *knowledge)
{
    if (!knowledge)
        return;
    g_clear_pointer(&knowledge->cause_by_id, g_hash_table_unref);
    g_clear_pointer(&knowledge->ranges, g_array_unref);
    g_clear_pointer(&knowledge->phrases, g_array_unref);
    g_clear_pointer(&knowledge->causes, g_ptr_array_unref);
    g_clear_pointer(&knowledge->codes, g_ptr_array_unref);
    g_clear_pointer(&knowledge->lists, g_ptr_array_unref);
    g_clear_pointer(&knowledge->root, json_object_unref);
    g_free(knowledge);
}

const struct rs_known_cause *
rs_knowledge_cause(const rs_knowledge *knowledge, const char *id)
{
    return g_hash_table_lookup(knowledge->cause_by_id, id);
}

const struct rs_known_code *
rs_knowledge_code(const rs_knowledge *knowledge, const char *domain, gint64 code)
{
    for (guint i = 0; i < knowledge->codes->len; i++) {
        const struct rs_known_code *known = g_ptr_array_index(knowledge->codes, i);

        if (known->id.code == code && g_str_equal(known->id.domain, domain))
            return known;
    }
    return NULL;
}

GPtrArray *
rs_knowledge_codes(const rs_knowledge *knowledge, gint64 code)
{
    GPtrArray *found = g_ptr_array_new();

    for (guint i = 0; i < knowledge->codes->len; i++) {
        struct rs_known_code *known = g_ptr_array_index(knowledge->codes, i);

        if (known->id.code == code)
            g_ptr_array_add(found, known);
    }
    return found;
}

guint
rs_knowledge_n_codes(const rs_knowledge *knowledge)
{
    return knowledge->codes->len;
}

const struct rs_known_code *
rs_knowledge_code_at(const rs_knowledge *knowledge, guint index)
{
    return g_ptr_array_index(knowledge->codes, index);
}

guint
rs_knowledge_n_causes(const rs_knowledge *knowledge)
{
    return knowledge->causes->len;
}

const struct rs_known_cause *
rs_knowledge_cause_at(const rs_knowledge *knowledge, guint index)
{
    return g_ptr_array_index(knowledge->causes, index);
}

guint
rs_knowledge_n_ranges(const rs_knowledge *knowledge)
{
    return knowledge->ranges->len;
}

const struct rs_known_range *
rs_knowledge_range_at(const rs_knowledge *knowledge, guint index)
{
    return &g_array_index(knowledge->ranges, struct rs_known_range, index);
}

guint
rs_knowledge_n_phrases(const rs_knowledge *knowledge)
{
    return knowledge->phrases->len;
}

const struct rs_known_phrase *
rs_knowledge_phrase_at(const rs_knowledge *knowledge, guint index)
{
    return &g_array_index(knowledge->phrases, struct rs_known_phrase, index);
}
