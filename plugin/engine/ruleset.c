/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ruleset: keeps what was read, by name and in order. */
#include "plugin/engine/ruleset.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plugin/engine/ruleset_parse.h"

G_DEFINE_QUARK(rs - rules - error - quark, rs_rules_error)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FILE, fclose)

rs_ruleset *
rs_ruleset_new(void)
{
    rs_ruleset *rs = g_new0(rs_ruleset, 1);

    rs->arena.strings = g_string_chunk_new(4096);
    rs->arena.blocks = g_ptr_array_new_with_free_func(g_free);
    rs->events = g_ptr_array_new();
    rs->rules = g_ptr_array_new();
    rs->event_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    rs->rule_by_id = g_hash_table_new(g_str_hash, g_str_equal);
    return rs;
}

void
rs_ruleset_free(rs_ruleset *rs)
{
    if (rs == NULL)
        return;
    g_hash_table_unref(rs->event_by_name);
    g_hash_table_unref(rs->rule_by_id);
    g_ptr_array_unref(rs->events);
    g_ptr_array_unref(rs->rules);
    g_ptr_array_unref(rs->arena.blocks);
    g_string_chunk_free(rs->arena.strings);
    g_free(rs);
}

static void *
new_block(rs_ruleset *rs, gsize size)
{
    void *block = g_malloc0(size);

    g_ptr_array_add(rs->arena.blocks, block);
    return block;
}

/* A name may come again from a later text, never from the same one. */
static gboolean
check_again(const rs_ruleset *rs, const struct rs_stanza *stanza, guint older_text,
            guint older_line, GError **error)
{
    if (older_text != rs->n_texts)
        return TRUE;
    return rs_rules_fail(error, RS_RULES_ERROR_SYNTAX, &stanza->name_where,
                         "%s '%s' is defined twice; first on line %u", stanza->kind, stanza->name,
                         older_line);
}

/* The place a definition goes to: that of the one it replaces, or a new one. */
static gboolean
take_place(const struct rs_stanza *stanza, GPtrArray *array, guint max, gboolean is_new,
           guint *index, GError **error)
{
    if (!is_new)
        return TRUE;
    if (array->len == max)
        return rs_rules_fail(error, RS_RULES_ERROR_SYNTAX, &stanza->name_where, "more than %u %ss",
                             max, stanza->kind);
    *index = array->len;
    g_ptr_array_add(array, NULL);
    return TRUE;
}

static gboolean
add_event(rs_ruleset *rs, const struct rs_stanza *stanza, GError **error)
{
    const struct rs_event *older = g_hash_table_lookup(rs->event_by_name, stanza->name);
    struct rs_event *event = new_block(rs, sizeof *event);
    char *name = g_string_chunk_insert(rs->arena.strings, stanza->name);

    if (older != NULL && !check_again(rs, stanza, older->text, older->line, error))
        return FALSE;
    event->def.name = name;
    event->def.index = older != NULL ? older->def.index : 0;
    event->text = rs->n_texts;
    event->line = stanza->name_where.line;
    if (!rs_parse_event(&rs->arena, stanza, event, error) ||
        !take_place(stanza, rs->events, RS_MAX_EVENTS, older == NULL, &event->def.index, error))
        return FALSE;
    rs->events->pdata[event->def.index] = event;
    g_hash_table_replace(rs->event_by_name, name, event);
    return TRUE;
}

static gboolean
add_rule(rs_ruleset *rs, const struct rs_stanza *stanza, GError **error)
{
    const struct rs_rule *older = g_hash_table_lookup(rs->rule_by_id, stanza->name);
    struct rs_rule_full *full = new_block(rs, sizeof *full);
    struct rs_rule *rule = &full->rule;
    char *id = g_string_chunk_insert(rs->arena.strings, stanza->name);

    if (older != NULL && !check_again(rs, stanza, older->body->text, older->where.line, error))
        return FALSE;
    rule->id = id;
    rule->index = older != NULL ? older->index : 0;
    rule->where = stanza->name_where;
    rule->body = &full->body;
    full->body.text = rs->n_texts;
    if (!rs_parse_rule(&rs->arena, stanza, rule, &full->body, error) ||
        !take_place(stanza, rs->rules, RS_MAX_RULES, older == NULL, &rule->index, error))
        return FALSE;
    rs->rules->pdata[rule->index] = full;
    g_hash_table_replace(rs->rule_by_id, id, rule);
    return TRUE;
}

static gboolean
add_stanza(rs_ruleset *rs, const struct rs_stanza *stanza, GError **error)
{
    if (strcmp(stanza->kind, "event") == 0)
        return add_event(rs, stanza, error);
    if (strcmp(stanza->kind, "rule") == 0)
        return add_rule(rs, stanza, error);
    return rs_rules_fail(error, RS_RULES_ERROR_SYNTAX, &stanza->kind_where,
                         "unknown stanza '%s'; expected 'event' or 'rule'", stanza->kind);
}

gboolean
rs_ruleset_add_text(rs_ruleset *rs, const char *file, const char *text, gsize length,
                    GError **error)
{
    const char *kept_file = g_string_chunk_insert(rs->arena.strings, file);
    g_autoptr(GPtrArray) stanzas = rs_ruleset_read_lines(kept_file, text, length, error);

    g_assert(!rs->linked);
    if (stanzas == NULL)
        return FALSE;
    rs->n_texts++;
    for (guint i = 0; i < stanzas->len; i++)
        if (!add_stanza(rs, g_ptr_array_index(stanzas, i), error))
            return FALSE;
    return TRUE;
}

static gboolean
fail_read(const char *path, GError **error)
{
    g_set_error(error, RS_RULES_ERROR, RS_RULES_ERROR_READ, "cannot read '%s': %s", path,
                g_strerror(errno));
    return FALSE;
}

gboolean
rs_ruleset_add_file(rs_ruleset *rs, const char *path, GError **error)
{
    g_autoptr(FILE) file = fopen(path, "rbe");
    g_autofree char *text = g_malloc(RS_MAX_TEXT + 1);
    size_t length;

    if (file == NULL)
        return fail_read(path, error);
    length = fread(text, 1, RS_MAX_TEXT + 1, file);
    if (ferror(file))
        return fail_read(path, error);
    return rs_ruleset_add_text(rs, path, text, length, error);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

gboolean
rs_ruleset_add_dir(rs_ruleset *rs, const char *path, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) reason = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &reason);
    const char *name;

    if (dir == NULL) {
        g_set_error(error, RS_RULES_ERROR, RS_RULES_ERROR_READ, "cannot read '%s': %s", path,
                    reason->message);
        return FALSE;
    }
    while ((name = g_dir_read_name(dir)) != NULL)
        if (name[0] != '.' && g_str_has_suffix(name, ".rules"))
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++)
        if (!rs_ruleset_add_file(rs, g_ptr_array_index(names, i), error))
            return FALSE;
    return TRUE;
}

gboolean
rs_rule_awaits_absence(const struct rs_rule *rule)
{
    for (guint i = 0; i < rule->body->n_steps; i++)
        if (rule->body->steps[i].is_absence)
            return TRUE;
    return FALSE;
}

guint
rs_ruleset_n_events(const rs_ruleset *rs)
{
    return rs->events->len;
}

const struct rs_event_def *
rs_ruleset_event(const rs_ruleset *rs, guint index)
{
    return &((const struct rs_event *)g_ptr_array_index(rs->events, index))->def;
}

guint
rs_ruleset_n_rules(const rs_ruleset *rs)
{
    return rs->rules->len;
}

const struct rs_rule *
rs_ruleset_rule(const rs_ruleset *rs, guint index)
{
    return &((const struct rs_rule_full *)g_ptr_array_index(rs->rules, index))->rule;
}

int
rs_event_find_field(const struct rs_event_def *event, const char *field)
{
    for (guint i = 0; i < event->n_fields; i++)
        if (strcmp(event->fields[i], field) == 0)
            return (int)i;
    return -1;
}
