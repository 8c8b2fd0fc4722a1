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

static gboolean
parse_filter(struct rs_scan *scan, struct rs_target *target)
{
    target->event->def.where = rs_scan_where(scan, scan->at);
    target->event->def.filter = take_text(scan);
    return TRUE;
}

static gboolean
parse_event_by(struct rs_scan *scan, struct rs_target *target)
{
    target->by = rs_parse_fields(scan, NULL);
    return target->by != NULL;
}

static gboolean
parse_event_with(struct rs_scan *scan, struct rs_target *target)
{
    target->with = rs_parse_fields(scan, NULL);
    return target->with != NULL;
}

static gboolean
parse_event_frame(struct rs_scan *scan, struct rs_target *target)
{
    const char *start = scan->at;

    target->frame = rs_scan_list(scan, "a field", RS_SCAN_PLAIN, NULL);
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

static void
add_fields(GArray *fields, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        gboolean known = FALSE;

        for (guint i = 0; i < fields->len; i++)
            known |= strcmp(g_array_index(fields, const char *, i), *names) == 0;
        if (!known)
            g_array_append_val(fields, *names);
    }
}

static void
finish_fields(struct rs_arena *arena, struct rs_target *target)
{
    static const char *const standard[] = { RS_FIELD_SESSION, RS_FIELD_PHASE, RS_FIELD_MODE,
                                            RS_FIELD_DEVICE, NULL };
    GArray *fields = g_array_new(TRUE, TRUE, sizeof(char *));
    struct rs_event *event = target->event;

    add_fields(fields, target->by);
    add_fields(fields, target->with);
    add_fields(fields, target->frame);
    add_fields(fields, standard);
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
