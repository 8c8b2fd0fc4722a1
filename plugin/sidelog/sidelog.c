/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is kept of a log: the lines that name a cause, a number or a step. */
#include "plugin/sidelog/sidelog_private.h"

enum {
    HITS_MAX = 4096,
    STEPS_MAX = 512,
    TEXT_SHOWN = 200, /* characters of a line that reports quote */
};

#define DAY_US ((gint64)24 * 3600 * G_USEC_PER_SEC)

static void
clear_hit(gpointer data)
{
    g_free(((struct rs_side_hit *)data)->text);
}

rs_side_log *
rs_side_log_new(const rs_knowledge *knowledge, enum rs_side_source source, const char *name)
{
    rs_side_log *log = g_new0(rs_side_log, 1);

    log->knowledge = knowledge;
    log->source = source;
    log->name = g_utf8_make_valid(name, -1);
    log->last_us = RS_SIDE_NO_TIME;
    log->hits = g_array_new(FALSE, FALSE, sizeof(struct rs_side_hit));
    g_array_set_clear_func(log->hits, clear_hit);
    log->steps = g_array_new(FALSE, FALSE, sizeof(struct rs_side_step));
    return log;
}

void
rs_side_log_free(rs_side_log *log)
{
    if (!log)
        return;
    g_array_unref(log->hits);
    g_array_unref(log->steps);
    g_free(log->product);
    g_free(log->name);
    g_free(log);
}

/* The length of an escape sequence for terminals at p (ECMA-48), 0 if there is none. */
static gsize
escape_length(const char *p)
{
    gsize n = 2;

    if (p[0] != '\x1b' || p[1] == '\0')
        return 0;
    if (p[1] != '[')
        return n;
    while (p[n] >= 0x20 && p[n] < 0x40)
        n++;
    return n + (p[n] ? 1 : 0);
}

/* Without escapes, control characters and blanks at both ends; valid UTF-8. */
static char *
clean(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_sized_new(strlen(valid));

    for (const char *p = valid; *p;) {
        const gsize escape = escape_length(p);

        if (escape == 0)
            g_string_append_c(out, (guchar)*p < 0x20 || *p == 0x7f ? ' ' : *p);
        p += MAX(escape, 1);
    }
    return g_strstrip(g_string_free(out, FALSE));
}

/* What stands behind a progress bar, "[====    ]  65.5%"; the text where there is none. */
static const char *
behind_bar(const char *text)
{
    const gsize bar = *text == '[' ? 1 + strspn(text + 1, "= ") : 0;
    gsize n = bar;

    if (bar < 3 || text[bar] != ']')
        return text;
    n += 1 + strspn(text + bar + 1, " .0123456789");
    return text[n] == '%' ? text + n + 1 + strspn(text + n + 1, " ") : text;
}

/* The line's time; what has none was written right after the line before. */
static gint64
time_of(rs_side_log *log, const struct rs_side_line *line, const char **text)
{
    const struct rs_stamp stamp = rs_stamp_read(*text);

    if (line->time_us != RS_SIDE_NO_TIME)
        return line->time_us;
    if (stamp.kind != RS_STAMP_NONE && log->stamps == RS_STAMP_NONE)
        log->stamps = stamp.kind;
    if (stamp.kind == RS_STAMP_NONE || stamp.kind != log->stamps)
        return log->last_us == RS_SIDE_NO_TIME ? RS_SIDE_NO_TIME : log->last_us + log->day_us;
    if (stamp.kind == RS_STAMP_CLOCK && log->last_us != RS_SIDE_NO_TIME &&
        stamp.time_us < log->last_us - DAY_US / 2)
        log->day_us += DAY_US;
    log->last_us = stamp.time_us;
    *text += stamp.length;
    return stamp.time_us + log->day_us;
}

/* Of many the first ones and the last one are kept. */
static void
add_hit(rs_side_log *log, const struct rs_side_hit *hit, const char *text)
{
    struct rs_side_hit copy = *hit;
    g_autofree char *shown = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), TEXT_SHOWN));

    copy.text = g_steal_pointer(&shown);
    if (log->hits->len == HITS_MAX)
        g_array_set_size(log->hits, HITS_MAX - 1);
    g_array_append_val(log->hits, copy);
}

static void
add_step(rs_side_log *log, const struct rs_side_step *step)
{
    const struct rs_side_step *last =
        log->steps->len ? &g_array_index(log->steps, struct rs_side_step, log->steps->len - 1)
                        : NULL;

    if (last && last->is_mode == step->is_mode && g_str_equal(last->name, step->name))
        return;
    if (log->steps->len < STEPS_MAX)
        g_array_append_val(log->steps, *step);
}

static void
look_for_cause(rs_side_log *log, const struct rs_side_hit *at, const char *who, const char *text)
{
    const gboolean is_kernel = who && g_str_equal(who, "kernel");
    struct rs_side_hit hit = *at;

    hit.phrase = rs_side_phrase(log->knowledge, text, is_kernel);
    if (!is_kernel && log->awaits_status) {
        hit.code = rs_side_status(log->knowledge, text);
        hit.is_last_word = TRUE;
    } else if (!is_kernel) {
        hit.code = rs_side_code(log->knowledge, text, &hit.is_last_word);
    }
    log->awaits_status = !is_kernel && rs_side_awaits_status(text);
    if (hit.phrase || hit.code) {
        g_autofree char *said = who ? g_strconcat(who, ": ", text, NULL) : g_strdup(text);

        add_hit(log, &hit, said);
    }
}

static void
look_for_device(rs_side_log *log, const char *text)
{
    const guint64 ecid = rs_side_ecid(text);
    g_autofree char *product = rs_side_product(text);

    if ((ecid && log->ecid && ecid != log->ecid) ||
        (product && log->product && !g_str_equal(product, log->product)))
        log->names_several = TRUE;
    log->ecid = log->ecid ? log->ecid : ecid;
    if (!log->product)
        log->product = g_steal_pointer(&product);
}

static void
look_for_facts(rs_side_log *log, const struct rs_side_hit *at, const char *text)
{
    struct rs_side_step step = { .number = at->number, .time_us = at->time_us };
    const enum rs_side_end end = rs_side_end(text);

    if (rs_side_step(text, &step))
        add_step(log, &step);
    if (end != RS_SIDE_END_UNKNOWN) {
        log->end = end;
        log->end_number = at->number;
    }
    look_for_device(log, text);
}

void
rs_side_log_add(rs_side_log *log, const struct rs_side_line *line)
{
    const gboolean is_kernel = line->who && g_str_equal(line->who, "kernel");
    g_autofree char *owned = clean(line->text);
    const char *text = owned;
    struct rs_side_hit hit = { .number = line->number };

    hit.time_us = time_of(log, line, &text);
    text = behind_bar(text);
    log->n_lines = log->source == RS_SIDE_FILE ? line->number : log->n_lines + 1;
    if (*text == '\0')
        return;
    look_for_cause(log, &hit, line->who, text);
    if (!is_kernel)
        look_for_facts(log, &hit, text);
}
