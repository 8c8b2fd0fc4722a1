/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rule files and events. The input is a rule text, then a byte 0xff (never part of UTF-8), then
 * bytes that drive an engine with these rules, or with built-in ones when the text is refused. The
 * same events must give the same findings twice, and no finding may be out of order. */
#include <string.h>

#include "plugin/engine/verdict.h"
#include "tests/fuzz/fuzz.h"

enum {
    INPUT_MAX = 16384, /* rules of any shape fit well */
    FIELDS_MAX = 256,
};

static const char builtin[] =
    "[event a]\nfilter = x\nby = k\nwith = v\n[event b]\nfilter = x\nby = k\nsays = {k}\n"
    "[event c]\nfilter = x\nby = k\nframe = v\n"
    "[rule one]\nsequence = a | b, !c within 1s\nuntil = b\ncause = x\nexplains = t*\n"
    "unless = c before within 1s, b later by k\nsays = {k} {count} {elapsed} {ended}\n"
    "[rule two]\nsequence = a x2 within 2s, !b, c within 1s\ncause = x\nby = restore.session\n"
    "unless = a within 1s by none\nmax = 2\nexplains = one\n"
    "[rule three]\nsequence = c, !a within 500ms, !b\nuntil = c\ncause = x\nflush = after 1s\n";

/* Every place that is told for a filter or a field is one of the text. */
static void
check_places(const rs_ruleset *rs)
{
    for (guint i = 0; i < rs_ruleset_n_events(rs); i++) {
        const struct rs_event_def *event = rs_ruleset_event(rs, i);
        const gsize length = strlen(event->filter);

        for (gsize at = 0; at <= length + 1; at += 1 + length / 8)
            CLAIM(rs_event_filter_where(event, at).line >= event->where.line);
        for (guint field = 0; field <= event->n_fields; field++)
            CLAIM(rs_event_field_where(event, field).line > 0);
    }
}

static rs_ruleset *
read_rules(const char *text, size_t length)
{
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();
    g_autoptr(GError) error = NULL;

    if (rs_ruleset_add_text(rs, "f", text, length, &error) && rs_ruleset_link(rs, &error))
        return g_steal_pointer(&rs);
    /* A refusal names its place. */
    CLAIM(error != NULL && g_str_has_prefix(error->message, "f:"));
    return NULL;
}

/* Three bytes an event: which one, how much later, which values. */
static rs_engine *
run(const rs_ruleset *rs, const uint8_t *data, size_t size)
{
    static const char *const texts[] = { NULL, "", "1", "2", "\xff\n{", "asr", "7", "restore" };
    rs_engine *engine = rs_engine_new(rs);
    guint n_events = rs_ruleset_n_events(rs);
    gint64 time_us = 0;
    guint32 frame = 0;

    for (size_t at = 0; at + 3 <= size; at += 3) {
        const struct rs_event_def *event;
        const char *values[FIELDS_MAX] = { NULL };

        time_us += ((gint64)data[at + 1] - 24) * (data[at] & 0x80 ? 100000 : 5000);
        frame++;
        if (n_events == 0 || (data[at] & 0x7f) == 0x7f) {
            rs_engine_advance(engine, time_us, frame);
            continue;
        }
        event = rs_ruleset_event(rs, (data[at] & 0x7f) % n_events);
        CLAIM(event->n_fields <= FIELDS_MAX);
        for (guint i = 0; i < event->n_fields; i++)
            values[i] = texts[(data[at + 2] >> (i % 3)) % G_N_ELEMENTS(texts)];
        rs_engine_feed(engine, event, time_us, frame, values);
    }
    return engine;
}

static void
check_same(const struct rs_finding *a, const struct rs_finding *b)
{
    CLAIM(a->rule == b->rule && a->culprit_frame == b->culprit_frame && a->count == b->count);
    CLAIM(strcmp(a->says, b->says) == 0 && g_utf8_validate(a->says, -1, NULL));
    CLAIM(a->culprit_time_us <= a->fired_time_us && a->culprit_frame <= a->fired_frame);
}

static void
check(const rs_engine *engine, const rs_engine *again)
{
    g_autoptr(GPtrArray) findings = rs_engine_conclude(engine);
    g_autoptr(GPtrArray) same = rs_engine_conclude(again);
    g_autoptr(GPtrArray) ranked = NULL;
    gboolean has_root;

    CLAIM(findings->len == same->len);
    for (guint i = 0; i < findings->len; i++)
        check_same(g_ptr_array_index(findings, i), g_ptr_array_index(same, i));
    ranked = rs_verdict_rank(findings, FALSE, &has_root);
    CLAIM(ranked->len == findings->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, 0xff, size) : NULL;
    size_t length = end != NULL ? (size_t)(end - data) : size;
    g_autofree char *text = NULL;
    g_autoptr(rs_ruleset) rs = NULL;
    g_autoptr(rs_engine) engine = NULL;
    g_autoptr(rs_engine) again = NULL;

    if (size > INPUT_MAX)
        return 0;
    text = g_memdup2(data, length);
    rs = read_rules(text, length);
    if (rs == NULL)
        rs = read_rules(builtin, strlen(builtin));
    CLAIM(rs != NULL);
    check_places(rs);
    if (end != NULL) {
        engine = run(rs, end + 1, size - length - 1);
        again = run(rs, end + 1, size - length - 1);
        check(engine, again);
    }
    return 0;
}
