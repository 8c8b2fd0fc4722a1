/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A stanza to a definition by a table of keys; the keys of an event (plugin/rules/README.md,
 * "Events"). */
#include "plugin/engine/ruleset_parse.h"

#include <string.h>

static const char *
take_text(struct rs_scan *scan)
{
    const char *text = g_string_chunk_insert(scan->arena->strings, scan->at);

    scan->at += strlen(scan->at);
    return text;
}

const char *const *
rs_parse_fields(struct rs_scan *scan, const struct rs_where **ret_wheres)
{
    static const char *const no_fields[] = { NULL };

    if (!rs_scan_word(scan, "none"))
        return rs_scan_list(scan, "a field", RS_SCAN_PLAIN, ret_wheres);
    return rs_scan_end(scan) ? no_fields : NULL;
}

/* The parts count from the value's first character; so does the filter. */
static void
keep_parts(struct rs_scan *scan, struct rs_event *event)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct rs_entry_part));

    g_array_append_vals(parts, scan->entry->parts->data, scan->entry->parts->len);
    event->n_filter_parts = parts->len;
    event->filter_parts = rs_arena_take(scan->arena, parts);
}

struct rs_where
rs_event_filter_where(const struct rs_event_def *def, gsize offset)
{
    const struct rs_event *event = rs_event_of(def);
    const struct rs_entry_part *part = event->filter_parts;
    const gsize at = MIN(offset, strlen(def->filter));

    for (guint i = 1; i < event->n_filter_parts && event->filter_parts[i].offset <= at; i++)
        part = &event->filter_parts[i];
    return (struct rs_where){ .file = def->where.file,
                              .line = part->line,
                              .column = part->column +
                                        (guint)g_utf8_strlen(def->filter + part->offset,
                                                             (gssize)(at - part->offset)) };
}

struct rs_where
rs_event_field_where(const struct rs_event_def *def, guint field)
{
    const struct rs_event *event = rs_event_of(def);

    return field < event->n_field_where ? event->field_where[field] : def->where;
}

static gboolean
parse_filter(struct rs_scan *scan, struct rs_target *target)
{
    target->event->def.where = rs_scan_where(scan, scan->at);
    keep_parts(scan, target->event);
    target->event->def.filter = take_text(scan);
    return TRUE;
}

static gboolean
parse_event_by(struct rs_scan *scan, struct rs_target *target)
{
    target->by = rs_parse_fields(scan, &target->by_where);
    return target->by != NULL;
}

static gboolean
parse_event_with(struct rs_scan *scan, struct rs_target *target)
{
    target->with = rs_parse_fields(scan, &target->with_where);
    return target->with != NULL;
}

static gboolean
parse_event_frame(struct rs_scan *scan, struct rs_target *target)
{
    const char *start = scan->at;

    target->frame = rs_scan_list(scan, "a field", RS_SCAN_PLAIN, &target->frame_where);
    if (target->frame == NULL)
        return FALSE;
    if (target->frame[1] != NULL)
        return rs_scan_fail(scan, start, "'frame' takes one field");
    target->event->def.frame = target->frame[0];
    return TRUE;
}

static gboolean
parse_event_says(struct rs_scan *scan, struct rs_target *target)
{
    target->event->def.says = g_string_chunk_insert(scan->arena->strings, scan->at);
    target->event->says = rs_parse_says(scan);
    return target->event->says != NULL;
}

static const struct rs_key event_keys[] = {
    { "filter", parse_filter, TRUE },    { "by", parse_event_by, FALSE },
    { "with", parse_event_with, FALSE }, { "frame", parse_event_frame, FALSE },
    { "says", parse_event_says, FALSE },
};

static const struct rs_key *
find_key(const struct rs_key *keys, guint n_keys, const char *name)
{
    for (guint i = 0; i < n_keys; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

gboolean
rs_parse_entries(struct rs_arena *arena, const struct rs_stanza *stanza, const struct rs_key *keys,
                 guint n_keys, struct rs_target *target, GError **error)
{
    guint32 seen = 0;

    for (guint i = 0; i < stanza->entries->len; i++) {
        const struct rs_entry *entry = g_ptr_array_index(stanza->entries, i);
        const struct rs_key *key = find_key(keys, n_keys, entry->key);
        struct rs_scan scan = rs_scan_init(arena, entry, error);

        if (key == NULL)
            return rs_rules_fail(error, RS_RULES_ERROR_SYNTAX, &entry->where,
                                 "unknown key '%s' in a%s %s", entry->key,
                                 stanza->kind[0] == 'e' ? "n" : "", stanza->kind);
        if (!key->parse(&scan, target))
            return FALSE;
        seen |= 1U << (key - keys);
    }
    for (guint i = 0; i < n_keys; i++)
        if (keys[i].is_required && !(seen & 1U << i))
            return rs_rules_fail(error, RS_RULES_ERROR_SYNTAX, &stanza->name_where,
                                 "%s '%s' has no '%s'", stanza->kind, stanza->name, keys[i].name);
    return TRUE;
}

/* Adds the names that are new. wheres and where, which takes them, may be NULL. */
static void
add_fields(GArray *fields, const char *const *names, GArray *wheres, const struct rs_where *where)
{
    for (guint n = 0; names != NULL && names[n] != NULL; n++) {
        gboolean known = FALSE;

        for (guint i = 0; i < fields->len; i++)
            known |= strcmp(g_array_index(fields, const char *, i), names[n]) == 0;
        if (known)
            continue;
        g_array_append_val(fields, names[n]);
        if (wheres != NULL)
            g_array_append_val(wheres, where[n]);
    }
}

static void
finish_fields(struct rs_arena *arena, struct rs_target *target)
{
    static const char *const standard[] = { RS_FIELD_SESSION, RS_FIELD_PHASE, RS_FIELD_MODE,
                                            RS_FIELD_DEVICE, NULL };
    GArray *fields = g_array_new(TRUE, TRUE, sizeof(char *));
    GArray *wheres = g_array_new(FALSE, TRUE, sizeof(struct rs_where));
    struct rs_event *event = target->event;

    add_fields(fields, target->by, wheres, target->by_where);
    add_fields(fields, target->with, wheres, target->with_where);
    add_fields(fields, target->frame, wheres, target->frame_where);
    event->n_field_where = wheres->len;
    event->field_where = rs_arena_take(arena, wheres);
    add_fields(fields, standard, NULL, NULL);
    event->def.by = target->by;
    event->def.n_fields = fields->len;
    g_array_set_size(fields, fields->len + 1);
    event->def.fields = rs_arena_take(arena, fields);
    event->session = (guint)rs_event_find_field(&event->def, RS_FIELD_SESSION);
    event->phase = (guint)rs_event_find_field(&event->def, RS_FIELD_PHASE);
    event->mode = (guint)rs_event_find_field(&event->def, RS_FIELD_MODE);
}

gboolean
rs_parse_event(struct rs_arena *arena, const struct rs_stanza *stanza, struct rs_event *event,
               GError **error)
{
    static const char *const no_fields[] = { NULL };
    struct rs_target target = { .event = event, .by = no_fields };

    if (!rs_parse_entries(arena, stanza, event_keys, G_N_ELEMENTS(event_keys), &target, error))
        return FALSE;
    finish_fields(arena, &target);
    return TRUE;
}
