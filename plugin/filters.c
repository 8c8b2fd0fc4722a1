/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Display filters of events. A filter is run on a packet only when every field is there that it
 * cannot match without, so that a rule that cannot match costs next to nothing. Facts:
 * epan/dfilter/dfilter.h and doc/wireshark-filter.adoc of Wireshark 4.0. */

#include "plugin/filters.h"

#include <epan/dfilter/dfilter.h>
#include <epan/epan_dissect.h>
#include <string.h>

#include "plugin/extract.h"

/* What a packet has, asked for at most once per packet. */
struct presence {
    const header_field_info *info; /* the first of its name */
    struct presence *protocol;     /* that it hangs below; NULL for a protocol */
    guint64 asked_at;              /* the packet that `is_there` is about */
    gboolean is_there;
};

struct event_filter {
    const struct rs_event_def *event;
    char *text; /* its filter, by the names of this Wireshark */
    dfilter_t *code;
    GPtrArray *needed; /* struct presence *: all must be there; the rarest first */
    GPtrArray *any;    /* likewise, protocols: when nothing is needed, one must be there */
    const header_field_info **fields;
};

enum { EVENTS_MAX = 1024, WORDS = EVENTS_MAX / 64 }; /* the language's limit */

/* The events worth a look when something is in a packet. */
struct gate {
    struct presence *presence;
    GPtrArray *inner; /* struct gate *: of a protocol's fields */
    guint64 events[WORDS];
};

struct rs_filters {
    GPtrArray *events;     /* struct event_filter * */
    GHashTable *presences; /* info -> struct presence * */
    GPtrArray *gates;      /* struct gate *, of protocols */
    guint64 packet;        /* how many were fed */
};

/* Protocols of this plugin: rarer than those below them. */
static const char *const ours[] = { "restore",       "usbmux", "usbmuxd",   "plist",    "lockdown",
                                    "restored",      "asr",    "fdr",       "img4",     "iboot",
                                    "appledfu",      "kis",    "remotexpc", "applencm", "tss",
                                    "remotepairing", NULL };

static void
event_filter_free(gpointer data)
{
    struct event_filter *filter = data;

    dfilter_free(filter->code);
    g_ptr_array_unref(filter->needed);
    g_ptr_array_unref(filter->any);
    g_free(filter->fields);
    g_free(filter->text);
    g_free(filter);
}

static void
gate_free(gpointer data)
{
    struct gate *gate = data;

    g_ptr_array_unref(gate->inner);
    g_free(gate);
}

static const header_field_info *
protocol_of(const header_field_info *field)
{
    int parent = field->parent == -1 ? field->id : field->parent;
    const header_field_info *protocol = proto_registrar_get_nth((guint)parent);

    /* Certificate fields hang below tls without an item of their own protocol. */
    if (g_str_has_prefix(protocol->abbrev, "x509") || g_str_has_prefix(protocol->abbrev, "pkix"))
        return proto_registrar_get_byname("tls");
    return protocol;
}

static struct presence *
presence_of(rs_filters *filters, const header_field_info *info)
{
    const header_field_info *first = info, *protocol;
    struct presence *presence;

    while (first->same_name_prev_id != -1)
        first = proto_registrar_get_nth((guint)first->same_name_prev_id);
    presence = g_hash_table_lookup(filters->presences, first);
    if (presence)
        return presence;
    presence = g_new0(struct presence, 1);
    presence->info = first;
    g_hash_table_insert(filters->presences, (gpointer)(uintptr_t)first, presence);
    protocol = protocol_of(first);
    if (protocol != first)
        presence->protocol = presence_of(filters, protocol);
    return presence;
}

static gboolean
is_there(const rs_filters *filters, struct presence *presence, proto_tree *tree)
{
    if (presence->asked_at == filters->packet)
        return presence->is_there;
    presence->asked_at = filters->packet;
    presence->is_there = FALSE;
    if (presence->protocol && !is_there(filters, presence->protocol, tree))
        return FALSE;
    for (const header_field_info *info = presence->info; info && !presence->is_there;
         info = info->same_name_next) {
        const GPtrArray *found = proto_get_finfo_ptr_array(tree, info->id);

        presence->is_there = found && found->len > 0;
    }
    return presence->is_there;
}

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.0123456789"

/* A part of a filter between two "&&" outside of all brackets. */
struct part {
    gsize start, end;
    gboolean is_plain; /* it is false when one of its fields is not there */
};

/* The end of the "quoted string" at p. */
static const char *
skip_string(const char *p)
{
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    return p + (*p == '"');
}

static gboolean
is_word(const char *p, size_t length, const char *word)
{
    return length == strlen(word) && strncmp(p, word, length) == 0;
}

/* The part of a filter that starts at `start`. FALSE when the filter is no chain of "&&" at all:
 * then no part of it must be true. */
static gboolean
next_part(const char *text, gsize start, struct part *ret_part)
{
    const char *p = text + start;
    int depth = 0;

    *ret_part = (struct part){ .start = start, .is_plain = TRUE };
    while (*p) {
        const size_t length = strspn(p, NAME_CHARACTERS);
        const gboolean is_or = (p[0] == '|' && p[1] == '|') || is_word(p, length, "or");

        if (depth == 0 && ((p[0] == '&' && p[1] == '&') || is_word(p, length, "and")))
            break;
        if (is_or && depth == 0)
            return FALSE;
        if (*p == '"') {
            p = skip_string(p);
            continue;
        }
        depth += (*p == '(') - (*p == ')');
        if (*p == '(' || is_or || (p[0] == '!' && p[1] != '=') || is_word(p, length, "not") ||
            is_word(p, length, "xor"))
            ret_part->is_plain = FALSE;
        p += length ? length : 1;
    }
    ret_part->end = (gsize)(p - text);
    return TRUE;
}

/* Walks over the names of fields in text[start..end), leaving out quoted strings. */
typedef void (*take_field_func)(rs_filters *filters, struct event_filter *filter,
                                const header_field_info *field);
static void
for_each_field(rs_filters *filters, struct event_filter *filter, const struct part *part,
               take_field_func take)
{
    const char *text = filter->text;
    const char *p = text + part->start;

    while (p < text + part->end) {
        size_t length = strspn(p, NAME_CHARACTERS);
        g_autofree char *name = g_strndup(p, length);
        const header_field_info *field = length ? proto_registrar_get_byname(name) : NULL;

        if (field)
            take(filters, filter, field);
        p = *p == '"' ? skip_string(p) : p + (length ? length : 1);
    }
}

static gboolean
is_ours(const struct presence *presence)
{
    const struct presence *protocol = presence->protocol ? presence->protocol : presence;

    return g_strv_contains(ours, protocol->info->abbrev);
}

/* Those of our own protocols come first. */
static void
take_needed(rs_filters *filters, struct event_filter *filter, const header_field_info *field)
{
    struct presence *presence = presence_of(filters, field);

    g_ptr_array_insert(filter->needed, is_ours(presence) ? 0 : -1, presence);
}

static void
take_any(rs_filters *filters, struct event_filter *filter, const header_field_info *field)
{
    struct presence *presence = presence_of(filters, protocol_of(field));

    if (!g_ptr_array_find(filter->any, presence, NULL))
        g_ptr_array_add(filter->any, presence);
}

static void
scan_parts(rs_filters *filters, struct event_filter *filter)
{
    const char *text = filter->text;
    gsize start = 0;
    struct part part;

    while (next_part(text, start, &part)) {
        if (part.is_plain)
            for_each_field(filters, filter, &part, take_needed);
        if (!text[part.end])
            return;
        start = part.end + (text[part.end] == '&' ? 2 : 3);
    }
    g_ptr_array_set_size(filter->needed, 0);
}

/* What the filter can be decided by, and what of it must be in a tree. */
static void
scan_names(rs_filters *filters, struct event_filter *filter, GArray *wanted)
{
    const struct part whole = { .end = strlen(filter->text) };
    const char *p = filter->text;

    scan_parts(filters, filter);
    for_each_field(filters, filter, &whole, take_any);
    while (*p) {
        size_t length = strspn(p, NAME_CHARACTERS);
        g_autofree char *name = g_strndup(p, length);
        const header_field_info *field = length ? proto_registrar_get_byname(name) : NULL;

        if (field) {
            rs_extract_want_field(wanted, name);
            rs_extract_want_field(wanted, protocol_of(field)->abbrev);
        }
        p = *p == '"' ? skip_string(p) : p + (length ? length : 1);
    }
}

static gboolean
compile(const struct rs_event_def *event, const char *text, dfilter_t **ret_code,
        GPtrArray *problems)
{
    g_autofree char *why = NULL;
    struct rs_where where;
    long at = -1;

    if (rs_ws_filter(text, ret_code, &why, &at))
        return *ret_code != NULL;
    where = rs_event_filter_where(event, at > 0 ? (gsize)at : 0);
    g_ptr_array_add(problems, g_strdup_printf("%s:%u:%u: event '%s': %s", where.file, where.line,
                                              where.column, event->name, why));
    return FALSE;
}

static struct gate *
gate_at(GPtrArray *gates, struct presence *presence)
{
    struct gate *gate;

    for (guint i = 0; i < gates->len; i++) {
        gate = g_ptr_array_index(gates, i);
        if (gate->presence == presence)
            return gate;
    }
    gate = g_new0(struct gate, 1);
    gate->presence = presence;
    gate->inner = g_ptr_array_new_with_free_func(gate_free);
    g_ptr_array_add(gates, gate);
    return gate;
}

static void
put_behind(struct gate *gate, guint index)
{
    gate->events[index / 64] |= G_GUINT64_CONSTANT(1) << index % 64;
}

/* Puts the event behind its rarest field, or behind each protocol that may be in its packets. */
static void
put_behind_gates(rs_filters *filters, const struct event_filter *filter, guint index)
{
    struct presence *rarest = filter->needed->len ? g_ptr_array_index(filter->needed, 0) : NULL;

    if (index >= EVENTS_MAX)
        return;
    if (rarest && rarest->protocol)
        put_behind(gate_at(gate_at(filters->gates, rarest->protocol)->inner, rarest), index);
    else if (rarest)
        put_behind(gate_at(filters->gates, rarest), index);
    for (guint i = 0; !rarest && i < filter->any->len; i++)
        put_behind(gate_at(filters->gates, g_ptr_array_index(filter->any, i)), index);
}

static void
add_event(rs_filters *filters, const struct rs_event_def *event, GArray *wanted,
          GPtrArray *problems)
{
    g_autofree char *text = rs_ws_names(event->filter);
    struct event_filter *filter;
    dfilter_t *code = NULL;

    if (!compile(event, text, &code, problems))
        return;
    filter = g_new0(struct event_filter, 1);
    filter->event = event;
    filter->text = g_steal_pointer(&text);
    filter->code = code;
    filter->needed = g_ptr_array_new();
    filter->any = g_ptr_array_new();
    scan_names(filters, filter, wanted);
    filter->fields = g_new0(const header_field_info *, event->n_fields + 1);
    for (guint i = 0; i < event->n_fields; i++) {
        const struct rs_where where = rs_event_field_where(event, i);

        if (!rs_extract_want_field(wanted, event->fields[i]))
            g_ptr_array_add(problems, g_strdup_printf("%s:%u:%u: event '%s': no field '%s'",
                                                      where.file, where.line, where.column,
                                                      event->name, event->fields[i]));
        filter->fields[i] = proto_registrar_get_byname(event->fields[i]);
    }
    put_behind_gates(filters, filter, filters->events->len);
    g_ptr_array_add(filters->events, filter);
}

rs_filters *
rs_filters_new(const rs_ruleset *ruleset, GArray *wanted, GPtrArray *problems)
{
    rs_filters *filters = g_new0(rs_filters, 1);

    filters->events = g_ptr_array_new_with_free_func(event_filter_free);
    filters->gates = g_ptr_array_new_with_free_func(gate_free);
    filters->presences = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    for (guint i = 0; i < rs_ruleset_n_events(ruleset); i++)
        add_event(filters, rs_ruleset_event(ruleset, i), wanted, problems);
    return filters;
}

void
rs_filters_free(rs_filters *filters)
{
    if (!filters)
        return;
    g_ptr_array_unref(filters->events);
    g_ptr_array_unref(filters->gates);
    g_hash_table_unref(filters->presences);
    g_free(filters);
}

/* A filter that names no protocol of ours, and no word that makes a frame matter, is true of
 * anybody's packet. */
gboolean
rs_filters_is_open(const rs_filters *filters)
{
    for (guint i = 0; i < filters->events->len; i++) {
        const struct event_filter *filter = g_ptr_array_index(filters->events, i);
        const char *text = filter->text;
        gboolean is_about_us = strstr(text, "ipsw") || strstr(text, "apple");

        for (guint j = 0; j < filter->any->len; j++)
            is_about_us = is_about_us || is_ours(g_ptr_array_index(filter->any, j));
        if (!is_about_us)
            return TRUE;
    }
    return FALSE;
}

static gboolean
may_match(const rs_filters *filters, const struct event_filter *filter, proto_tree *tree)
{
    for (guint i = 0; i < filter->needed->len; i++)
        if (!is_there(filters, g_ptr_array_index(filter->needed, i), tree))
            return FALSE;
    for (guint i = 0; filter->needed->len == 0 && i < filter->any->len; i++)
        if (is_there(filters, g_ptr_array_index(filter->any, i), tree))
            return TRUE;
    return filter->needed->len > 0;
}

static void
feed(const struct event_filter *filter, rs_engine *engine, packet_info *pinfo, proto_tree *tree,
     gint64 time_us)
{
    const char **values = wmem_alloc0_array(pinfo->pool, const char *, filter->event->n_fields + 1);

    for (guint i = 0; i < filter->event->n_fields; i++)
        if (filter->fields[i])
            values[i] = rs_extract_text(pinfo->pool, tree, filter->fields[i]);
    rs_engine_feed(engine, filter->event, time_us, pinfo->num, values);
}

static gboolean
open_gates(const rs_filters *filters, const GPtrArray *gates, proto_tree *tree, guint64 *events)
{
    gboolean is_open = FALSE;

    for (guint i = 0; i < gates->len; i++) {
        const struct gate *gate = g_ptr_array_index(gates, i);

        if (!is_there(filters, gate->presence, tree))
            continue;
        is_open = TRUE;
        for (guint word = 0; word * 64 < filters->events->len && word < WORDS; word++)
            events[word] |= gate->events[word];
        open_gates(filters, gate->inner, tree, events);
    }
    return is_open;
}

void
rs_filters_feed(rs_filters *filters, rs_engine *engine, packet_info *pinfo, proto_tree *tree,
                gint64 time_us)
{
    epan_dissect_t edt = { .tree = tree };
    guint64 events[WORDS] = { 0 };

    filters->packet++;
    if (!open_gates(filters, filters->gates, tree, events))
        return;
    for (guint word = 0; word < WORDS; word++) {
        for (guint64 left = events[word]; left; left &= left - 1) {
            const guint bit = (guint)__builtin_ctzll(left);
            const struct event_filter *filter = g_ptr_array_index(filters->events, word * 64 + bit);

            if (may_match(filters, filter, tree) && dfilter_apply_edt(filter->code, &edt))
                feed(filter, engine, pinfo, tree, time_us);
        }
    }
}
