/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading of JSON whose shape is not to be trusted. */
#include "plugin/knowledge/json_get.h"

static JsonNode *
value_node(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && JSON_NODE_HOLDS_VALUE(node) ? node : NULL;
}

const char *
rs_json_string(JsonObject *object, const char *name)
{
    JsonNode *node = value_node(object, name);

    return node && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
                                                                   : "";
}

gint64
rs_json_int(JsonObject *object, const char *name)
{
    JsonNode *node = value_node(object, name);

    return node && json_node_get_value_type(node) == G_TYPE_INT64 ? json_node_get_int(node) : 0;
}

double
rs_json_double(JsonObject *object, const char *name)
{
    JsonNode *node = value_node(object, name);
    GType type = node ? json_node_get_value_type(node) : G_TYPE_INVALID;

    return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double(node) : 0;
}

gboolean
rs_json_bool(JsonObject *object, const char *name)
{
    JsonNode *node = value_node(object, name);

    return node && json_node_get_value_type(node) == G_TYPE_BOOLEAN && json_node_get_boolean(node);
}

JsonArray *
rs_json_array(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

JsonObject *
rs_json_object(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;

    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

guint
rs_json_length(JsonArray *array)
{
    return array ? json_array_get_length(array) : 0;
}

JsonObject *
rs_json_object_at(JsonArray *array, guint index)
{
    JsonNode *node = index < rs_json_length(array) ? json_array_get_element(array, index) : NULL;

    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

const char *
rs_json_string_at(JsonArray *array, guint index)
{
    JsonNode *node = index < rs_json_length(array) ? json_array_get_element(array, index) : NULL;

    if (!node || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
        return "";
    return json_node_get_string(node);
}

static JsonObject *
take_root(JsonParser *parser, const char *what, GError **error)
{
    JsonNode *root = json_parser_get_root(parser);

    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) {
        g_set_error(error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                    "'%s' holds no JSON object", what);
        return NULL;
    }
    return json_node_dup_object(root);
}

JsonObject *
rs_json_load(const char *path, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new_immutable();

    return json_parser_load_from_file(parser, path, error) ? take_root(parser, path, error) : NULL;
}

JsonObject *
rs_json_parse(const char *text, gssize length, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new();

    return json_parser_load_from_data(parser, text, length, error)
               ? take_root(parser, "text", error)
               : NULL;
}
