/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See fixture.h. */
#include "tests/unit/engine/fixture.h"

#include <string.h>

const char *const fixture_events = "[event a]\nfilter = a\nby = k\nwith = v, w\n"
                                   "[event b]\nfilter = b\nby = k\nwith = v\nsays = b was {v}\n"
                                   "[event c]\nfilter = c\nby = k\nwith = v\n"
                                   "[event d]\nfilter = d\nby = k\nwith = v\n"
                                   "[event e]\nfilter = e\nby = k\nwith = v\n"
                                   "[event ok]\nfilter = ok\nby = k\nwith = v\n"
                                   "[event fail]\nfilter = fail\nby = k\nwith = v\n"
                                   "[event two]\nfilter = two\nby = k, v\n"
                                   "[event any]\nfilter = any\n";

struct fixture *
fixture_new(const char *rules)
{
    struct fixture *f = g_new0(struct fixture, 1);
    GError *error = NULL;

    f->ruleset = rs_ruleset_new();
    rs_ruleset_add_text(f->ruleset, "events", fixture_events, strlen(fixture_events), &error);
    g_assert_no_error(error);
    rs_ruleset_add_text(f->ruleset, "rules", rules, strlen(rules), &error);
    g_assert_no_error(error);
    rs_ruleset_link(f->ruleset, &error);
    g_assert_no_error(error);
    f->engine = rs_engine_new(f->ruleset);
    return f;
}

struct fixture *
fixture_rule(const char *body)
{
    g_autofree char *rules = g_strconcat("[rule r]\ncause = c\n", body, NULL);

    return fixture_new(rules);
}

void
fixture_free(struct fixture *f)
{
    if (f == NULL)
        return;
    rs_engine_free(f->engine);
    rs_ruleset_free(f->ruleset);
    g_free(f);
}

static const struct rs_event_def *
find_event(const struct fixture *f, const char *name)
{
    for (guint i = 0; i < rs_ruleset_n_events(f->ruleset); i++)
        if (strcmp(rs_ruleset_event(f->ruleset, i)->name, name) == 0)
            return rs_ruleset_event(f->ruleset, i);
    g_assert_not_reached();
}

static void
set_value(const struct rs_event_def *event, const char **values, const char *field,
          const char *value)
{
    for (guint i = 0; i < event->n_fields; i++)
        if (strcmp(event->fields[i], field) == 0)
            values[i] = value;
}

void
feed(struct fixture *f, gint64 ms, const char *name, ...)
{
    const struct rs_event_def *event = find_event(f, name);
    g_autofree const char **values = g_new0(const char *, event->n_fields);
    const char *field;
    va_list args;

    set_value(event, values, "k", "1");
    va_start(args, name);
    while ((field = va_arg(args, const char *)) != NULL)
        set_value(event, values, field, va_arg(args, const char *));
    va_end(args);
    rs_engine_feed(f->engine, event, ms * 1000, ++f->frame, values);
}

void
advance(struct fixture *f, gint64 ms)
{
    rs_engine_advance(f->engine, ms * 1000, ++f->frame);
}

static void
describe(GString *out, const struct rs_finding *finding)
{
    g_string_append_printf(out, "%s%s@%u>%u", out->len > 0 ? "; " : "", finding->rule->id,
                           finding->culprit_frame, finding->fired_frame);
    if (finding->count > 1)
        g_string_append_printf(out, " x%u", finding->count);
    if (finding->recovered)
        g_string_append(out, " recovered");
    if (finding->flushed)
        g_string_append(out, " flushed");
}

static void
assert_described(const GPtrArray *findings, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < findings->len; i++)
        describe(out, g_ptr_array_index(findings, i));
    g_assert_cmpstr(out->str, ==, expected);
}

void
assert_fired(struct fixture *f, const char *expected)
{
    g_autoptr(GPtrArray) fired = rs_engine_take_fired(f->engine);

    assert_described(fired, expected);
}

void
assert_concluded(struct fixture *f, const char *expected)
{
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    g_autoptr(GPtrArray) again = rs_engine_conclude(f->engine);

    assert_described(findings, expected);
    assert_described(again, expected);
}

void
assert_says(struct fixture *f, const char *expected)
{
    g_autoptr(GPtrArray) findings = rs_engine_conclude(f->engine);
    const struct rs_finding *finding;

    g_assert_cmpuint(findings->len, >, 0);
    finding = g_ptr_array_index(findings, 0);
    g_assert_cmpstr(finding->says, ==, expected);
}

char *
describe_all(const rs_engine *engine)
{
    g_autoptr(GPtrArray) findings = rs_engine_conclude(engine);
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < findings->len; i++) {
        const struct rs_finding *finding = g_ptr_array_index(findings, i);

        describe(out, finding);
        g_string_append_printf(
            out, " conf=%d t=%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT " [%s/%s] %s",
            (int)finding->confidence, finding->culprit_time_us, finding->fired_time_us,
            finding->session, finding->phase, finding->says);
        for (guint j = 0; j < finding->evidence->len; j++) {
            const struct rs_evidence *item = g_ptr_array_index(finding->evidence, j);
            g_string_append_printf(out, "\n  %u %s", item->frame, item->says);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}
