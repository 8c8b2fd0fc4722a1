/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Display filters of events. A packet is shown only to filters whose protocols are in it, so that a
 * rule that cannot match costs a bit test. Facts: epan/dfilter/dfilter.h of Wireshark 4.0. */

#include "plugin/filters.h"

#include <epan/dfilter/dfilter.h>
#include <epan/epan_dissect.h>
#include <string.h>

#include "plugin/extract.h"

#define MAX_PROTOCOLS 64 /* bits of a mask */

struct event_filter {
    const struct rs_event_def *event;
    dfilter_t *code;
    guint64 protocols;
    gboolean needs_all; /* a plain conjunction: every protocol must be there */
    const header_field_info **fields;
};

struct rs_filters {
    GPtrArray *events;    /* struct event_filter * */
    GPtrArray *protocols; /* const header_field_info *, bit n of a mask is the nth */
};

static void
event_filter_free(gpointer data)
{
    struct event_filter *filter = data;

    dfilter_free(filter->code);
    g_free(filter->fields);
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

static guint64
protocol_bit(rs_filters *filters, const header_field_info *protocol)
{
    guint index = 0;

    if (!g_ptr_array_find(filters->protocols, protocol, &index)) {
        index = filters->protocols->len;
        if (index >= MAX_PROTOCOLS)
            return 0;
        g_ptr_array_add(filters->protocols, (gpointer)(uintptr_t)protocol);
    }
    return G_GUINT64_CONSTANT(1) << index;
}

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.0123456789"

/* Length of `!name` at the start of `text`: what must not be there, so that its protocol need not
 * be either. 0 without one. */
static size_t
scan_absence(const char *text, GArray *wanted)
{
    size_t length = *text == '!' ? strspn(text + 1, NAME_CHARACTERS) : 0;
    g_autofree char *name = g_strndup(text + 1, length);
    const header_field_info *field = length ? proto_registrar_get_byname(name) : NULL;

    if (!field)
        return 0;
    rs_extract_want_field(wanted, name);
    rs_extract_want_field(wanted, protocol_of(field)->abbrev);
    return 1 + length;
}

/* Walks over the names in a filter, leaving out quoted strings. */
static void
scan_names(rs_filters *filters, struct event_filter *filter, GArray *wanted)
{
    const char *p = filter->event->filter;

    while (*p) {
        size_t absence = scan_absence(p, wanted);
        size_t length = strspn(p, NAME_CHARACTERS);
        g_autofree char *name = g_strndup(p, length);
        const header_field_info *field = length ? proto_registrar_get_byname(name) : NULL;

        if (absence > 0) {
            p += absence;
            continue;
        }
        if (*p == '"') {
            for (p++; *p && *p != '"'; p++)
                if (*p == '\\' && p[1])
                    p++;
            p += *p == '"';
            continue;
        }
        if (field) {
            rs_extract_want_field(wanted, name);
            rs_extract_want_field(wanted, protocol_of(field)->abbrev);
            filter->protocols |= protocol_bit(filters, protocol_of(field));
        } else if (strcmp(name, "or") == 0 || strcmp(name, "not") == 0) {
            filter->needs_all = FALSE;
        }
        if ((p[0] == '|' && p[1] == '|') || (p[0] == '!' && p[1] != '='))
            filter->needs_all = FALSE;
        p += length ? length : 1;
    }
}

static gboolean
compile(const struct rs_event_def *event, dfilter_t **ret_code, GPtrArray *problems)
{
#if RS_WS_VERSION >= 402
    df_error_t *error = NULL;
    gboolean done = dfilter_compile(event->filter, ret_code, &error);
    const char *why = error ? error->msg : "";
#else
    char *error = NULL;
    gboolean done = dfilter_compile(event->filter, ret_code, &error);
    const char *why = error ? error : "";
#endif

    if (!done)
        g_ptr_array_add(problems,
                        g_strdup_printf("%s:%u:%u: event '%s': %s", event->where.file,
                                        event->where.line, event->where.column, event->name, why));
#if RS_WS_VERSION >= 402
    df_error_free(&error);
#else
    g_free(error);
#endif
    return done && *ret_code;
}

static void
add_event(rs_filters *filters, const struct rs_event_def *event, GArray *wanted,
          GPtrArray *problems)
{
    struct event_filter *filter;
    dfilter_t *code = NULL;

    if (!compile(event, &code, problems))
        return;
    filter = g_new0(struct event_filter, 1);
    filter->event = event;
    filter->code = code;
    filter->needs_all = TRUE;
    scan_names(filters, filter, wanted);
    filter->fields = g_new0(const header_field_info *, event->n_fields + 1);
    for (guint i = 0; i < event->n_fields; i++) {
        if (!rs_extract_want_field(wanted, event->fields[i]))
            g_ptr_array_add(problems,
                            g_strdup_printf("%s:%u: event '%s': no field '%s'", event->where.file,
                                            event->where.line, event->name, event->fields[i]));
        filter->fields[i] = proto_registrar_get_byname(event->fields[i]);
    }
    g_ptr_array_add(filters->events, filter);
}

rs_filters *
rs_filters_new(const rs_ruleset *ruleset, GArray *wanted, GPtrArray *problems)
{
    rs_filters *filters = g_new0(rs_filters, 1);

    filters->events = g_ptr_array_new_with_free_func(event_filter_free);
    filters->protocols = g_ptr_array_new();
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
    g_ptr_array_unref(filters->protocols);
    g_free(filters);
}

static guint64
protocols_present(const rs_filters *filters, proto_tree *tree)
{
    guint64 present = 0;

    for (guint i = 0; i < filters->protocols->len; i++) {
        const header_field_info *protocol = g_ptr_array_index(filters->protocols, i);
        GPtrArray *found = proto_get_finfo_ptr_array(tree, protocol->id);

        if (found && found->len > 0)
            present |= G_GUINT64_CONSTANT(1) << i;
    }
    return present;
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

void
rs_filters_feed(const rs_filters *filters, rs_engine *engine, packet_info *pinfo, proto_tree *tree,
                gint64 time_us)
{
    epan_dissect_t edt = { .tree = tree };
    guint64 present = protocols_present(filters, tree);

    for (guint i = 0; i < filters->events->len; i++) {
        const struct event_filter *filter = g_ptr_array_index(filters->events, i);
        guint64 matching = filter->protocols & present;

        if (filter->needs_all ? matching != filter->protocols : matching == 0)
            continue;
        if (dfilter_apply_edt(filter->code, &edt))
            feed(filter, engine, pinfo, tree, time_us);
    }
}
