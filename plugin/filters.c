/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Display filters of events. A filter is run on a packet only when all is there that it cannot be
 * true without, so that a rule that cannot match costs next to nothing. What the tracker says of
 * nearly every frame is known without its items in the tree. Facts:
 * epan/dfilter/dfilter.h and doc/wireshark-filter.adoc of Wireshark 4.0. */

#include "plugin/filters.h"

#include <epan/dfilter/dfilter.h>
#include <epan/epan_dissect.h>
#include <string.h>

#include "plugin/conditions.h"
#include "plugin/extract.h"

struct event_filter {
    const struct rs_event_def *event;
    char *text; /* its filter, by the names of this Wireshark */
    dfilter_t *code;
    rs_condition *condition;
    gboolean reads_note; /* what the tracker says is part of the filter */
    GPtrArray *any;      /* struct rs_field *, of protocols: one is in every frame it is about */
    GArray *wanted;      /* numbers of Wireshark's fields */
    struct rs_field **fields;
};

/* What the tracker says of every frame of a device. Those of the others are told by the tree. */
enum place { NOTE, SESSION, DEVICE, ECID, PRODUCT, MODE, PHASE, N_PLACES };
static const char *const place_names[N_PLACES] = {
    "restore",
    "restore.session",
    "restore.device",
    "restore.device.ecid",
    "restore.device.product",
    "restore.device.mode",
    "restore.phase",
};

/* A number of the tracker's, and its text; the same for many frames. */
struct number {
    guint value;
    char text[16];
};

struct rs_filters {
    GPtrArray *events; /* struct event_filter * */
    rs_fields *fields;
    struct rs_field *places[N_PLACES];
    struct number session, device;
    gboolean is_read;                /* the frame's fields are known */
    guint64 pending[RS_EVENT_WORDS]; /* events that may match it */
};

/* Protocols of this plugin. */
static const char *const ours[] = { "restore",       "usbmux", "usbmuxd",   "plist",    "lockdown",
                                    "restored",      "asr",    "fdr",       "img4",     "iboot",
                                    "appledfu",      "kis",    "remotexpc", "applencm", "tss",
                                    "remotepairing", NULL };

static void
event_filter_free(gpointer data)
{
    struct event_filter *filter = data;

    dfilter_free(filter->code);
    rs_condition_free(filter->condition);
    g_ptr_array_unref(filter->any);
    g_array_unref(filter->wanted);
    g_free(filter->fields);
    g_free(filter->text);
    g_free(filter);
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

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.0123456789"

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
is_ours(const struct rs_field *protocol)
{
    return g_strv_contains(ours, protocol->info->abbrev);
}

static void
take_field(rs_filters *filters, struct event_filter *filter, const char *name)
{
    const header_field_info *field = proto_registrar_get_byname(name);
    const char *protocol;
    struct rs_field *of;

    if (!field)
        return;
    protocol = protocol_of(field)->abbrev;
    of = rs_fields_get(filters->fields, protocol);
    rs_extract_want_field(filter->wanted, name);
    rs_extract_want_field(filter->wanted, protocol);
    if (strcmp(protocol, place_names[NOTE]) == 0)
        filter->reads_note = TRUE;
    if (of && !g_ptr_array_find(filter->any, of, NULL))
        g_ptr_array_add(filter->any, of);
}

/* What the filter can be decided by: the names in it, but for quoted strings. */
static void
scan_names(rs_filters *filters, struct event_filter *filter)
{
    const char *p = filter->text;

    while (*p) {
        const size_t length = strspn(p, NAME_CHARACTERS);
        g_autofree char *name = g_strndup(p, length);

        if (length)
            take_field(filters, filter, name);
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

/* Puts the event behind what must be in its frames, at least one of its protocols. */
static void
guard(rs_filters *filters, const struct event_filter *filter, guint index)
{
    if (rs_condition_guard(filter->condition, filters->fields, index))
        return;
    for (guint i = 0; i < filter->any->len; i++) {
        struct rs_field *protocol = g_ptr_array_index(filter->any, i);

        rs_fields_guard(filters->fields, &protocol->mark, index);
    }
}

static void
add_event(rs_filters *filters, const struct rs_event_def *event, GPtrArray *problems)
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
    filter->any = g_ptr_array_new();
    filter->wanted = g_array_new(FALSE, FALSE, sizeof(int));
    scan_names(filters, filter);
    filter->condition = rs_condition_new(filter->text, filters->fields);
    filter->fields = g_new0(struct rs_field *, event->n_fields + 1);
    for (guint i = 0; i < event->n_fields; i++) {
        const struct rs_where where = rs_event_field_where(event, i);

        if (!rs_extract_want_field(filter->wanted, event->fields[i]))
            g_ptr_array_add(problems, g_strdup_printf("%s:%u:%u: event '%s': no field '%s'",
                                                      where.file, where.line, where.column,
                                                      event->name, event->fields[i]));
        filter->fields[i] = rs_fields_get(filters->fields, event->fields[i]);
    }
    guard(filters, filter, filters->events->len);
    g_ptr_array_add(filters->events, filter);
}

rs_filters *
rs_filters_new(const rs_ruleset *ruleset, GPtrArray *problems)
{
    rs_filters *filters = g_new0(rs_filters, 1);

    filters->events = g_ptr_array_new_with_free_func(event_filter_free);
    filters->fields = rs_fields_new();
    for (guint i = 0; i < N_PLACES; i++)
        filters->places[i] = rs_fields_get(filters->fields, place_names[i]);
    for (guint i = 0; i < rs_ruleset_n_events(ruleset); i++)
        add_event(filters, rs_ruleset_event(ruleset, i), problems);
    return filters;
}

void
rs_filters_free(rs_filters *filters)
{
    if (!filters)
        return;
    g_ptr_array_unref(filters->events);
    rs_fields_free(filters->fields);
    g_free(filters);
}

/* May a transfer that ended well have the field? */
static gboolean
may_have_when_well(const char *name)
{
    return !g_str_has_prefix(name, "restore.usb.");
}

/* And without content, of which alone other dissectors make fields? */
static gboolean
may_have_when_empty(const char *name)
{
    static const char *const protocols[] = { "frame", "pkt_comment", "usb", "restore", NULL };
    const header_field_info *field = proto_registrar_get_byname(name);

    return may_have_when_well(name) &&
           (!field || g_strv_contains(protocols, protocol_of(field)->abbrev));
}

void
rs_filters_want(const rs_filters *filters, enum rs_outlook outlook, GArray *wanted)
{
    static const rs_may_have_func may_have[RS_N_OUTLOOKS] = {
        [RS_ENDED_WELL] = may_have_when_well,
        [RS_MOVED_NONE] = may_have_when_empty,
    };

    for (guint i = 0; i < filters->events->len; i++) {
        const struct event_filter *filter = g_ptr_array_index(filters->events, i);

        if (!may_have[outlook] || rs_condition_may_hold(filter->condition, may_have[outlook]))
            g_array_append_vals(wanted, filter->wanted->data, filter->wanted->len);
    }
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

/* Beside where in which restore the frame is. */
static gboolean
says_more(const struct rs_note *note)
{
    return note->host || note->usb_error || note->device_event != RS_DEVICE_NO_EVENT;
}

static void
add_place(rs_filters *filters, enum place place, const char *text)
{
    if (text && *text && filters->places[place])
        rs_fields_add(filters->fields, filters->places[place], text);
}

static void
add_number(rs_filters *filters, enum place place, struct number *kept, guint value)
{
    if (value != kept->value)
        g_snprintf(kept->text, sizeof kept->text, "%u", value);
    kept->value = value;
    add_place(filters, place, value ? kept->text : NULL);
}

static void
add_places(rs_filters *filters, const struct rs_note *note)
{
    add_place(filters, NOTE, place_names[NOTE]);
    add_number(filters, SESSION, &filters->session, note->session);
    add_place(filters, MODE, note->mode);
    add_place(filters, PHASE, rs_phase_name(note->phase));
    if (!note->device)
        return;
    add_number(filters, DEVICE, &filters->device, note->device->index);
    add_place(filters, ECID, note->device->ecid);
    add_place(filters, PRODUCT, note->device->product);
}

/* Which events may match the frame? TRUE: a filter is to be run that reads what the tracker says.
 */
static gboolean
collect_pending(rs_filters *filters)
{
    gboolean reads_note = FALSE;
    const guint64 *events;
    guint n_words;

    events = rs_fields_events(filters->fields, &n_words);
    for (guint word = 0; word < n_words; word++) {
        filters->pending[word] = 0;
        for (guint64 left = events[word]; left; left &= left - 1) {
            const guint bit = (guint)__builtin_ctzll(left);
            const struct event_filter *filter = g_ptr_array_index(filters->events, word * 64 + bit);

            if (!rs_condition_holds(filter->condition, filters->fields))
                continue;
            filters->pending[word] |= G_GUINT64_CONSTANT(1) << bit;
            if (filter->reads_note && !rs_condition_is_all(filter->condition))
                reads_note = TRUE;
        }
    }
    return reads_note;
}

gboolean
rs_filters_look(rs_filters *filters, proto_tree *tree, const struct rs_note *note)
{
    rs_fields_begin(filters->fields);
    filters->is_read = !note || !says_more(note);
    if (!filters->is_read)
        return TRUE;
    rs_fields_read(filters->fields, tree);
    if (note)
        add_places(filters, note);
    return collect_pending(filters);
}

static void
feed(rs_filters *filters, const struct event_filter *filter, rs_engine *engine, packet_info *pinfo,
     proto_tree *tree, gint64 time_us)
{
    const char **values = wmem_alloc0_array(pinfo->pool, const char *, filter->event->n_fields + 1);

    for (guint i = 0; i < filter->event->n_fields; i++)
        if (filter->fields[i])
            values[i] = rs_fields_text(filters->fields, filter->fields[i], tree, pinfo->pool);
    rs_engine_feed(engine, filter->event, time_us, pinfo->num, values);
}

void
rs_filters_feed(rs_filters *filters, rs_engine *engine, packet_info *pinfo, proto_tree *tree,
                gint64 time_us)
{
    epan_dissect_t edt = { .tree = tree };
    guint n_words;

    if (!filters->is_read) {
        rs_fields_read(filters->fields, tree);
        collect_pending(filters);
    }
    rs_fields_events(filters->fields, &n_words);
    for (guint word = 0; word < n_words; word++) {
        for (guint64 left = filters->pending[word]; left; left &= left - 1) {
            const guint bit = (guint)__builtin_ctzll(left);
            const struct event_filter *filter = g_ptr_array_index(filters->events, word * 64 + bit);

            if (rs_condition_is_all(filter->condition) || dfilter_apply_edt(filter->code, &edt))
                feed(filters, filter, engine, pinfo, tree, time_us);
        }
    }
}
