/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Filling sentences in. Values are bytes of a capture and never trusted to be text. */
#include "plugin/engine/says.h"

#include <string.h>

enum { MAX_VALUE_CHARS = 200 };

gboolean
rs_says_uses(const struct rs_says *says, enum rs_says_kind kind)
{
    for (guint i = 0; i < says->n_parts; i++)
        if (says->parts[i].kind == kind)
            return TRUE;
    return FALSE;
}

char *
rs_says_time(gint64 time_us)
{
    gint64 us = MAX(time_us, 0);
    gint64 tenths = (us + 50000) / 100000;

    if (us < G_TIME_SPAN_SECOND)
        return g_strdup_printf("%d ms", (int)((us + 500) / 1000));
    return g_strdup_printf("%" G_GINT64_FORMAT ".%d s", tenths / 10, (int)(tenths % 10));
}

/* Neither a control or direction mark nor a line separator. */
static gboolean
is_plain(gunichar c)
{
    return g_unichar_isprint(c) && c != 0x2028 && c != 0x2029;
}

/* Appends a value of the wire as readable text. */
static void
append_value(GString *out, const char *value)
{
    g_autofree char *text = g_utf8_make_valid(value, (gssize)strnlen(value, 4 * MAX_VALUE_CHARS));
    char *at = text;

    for (guint n = 0; *at != '\0'; n++, at += g_utf8_skip[*(guchar *)at]) {
        gunichar c = g_utf8_get_char(at);

        if (n == MAX_VALUE_CHARS) {
            g_string_append(out, "\xe2\x80\xa6");
            return;
        }
        g_string_append_unichar(out, is_plain(c) ? c : ' ');
    }
}

static void
append_part(GString *out, const struct rs_says_part *part, const struct rs_says_source *source)
{
    const char *value = NULL;
    g_autofree char *time = NULL;

    switch (part->kind) {
    case RS_SAYS_TEXT:
        g_string_append(out, part->text);
        return;
    case RS_SAYS_COUNT:
        g_string_append_printf(out, "%u", source->count);
        return;
    case RS_SAYS_ELAPSED:
        time = rs_says_time(source->elapsed_us);
        g_string_append(out, time);
        return;
    case RS_SAYS_ENDED:
        if (source->flushed)
            g_string_append(out, RS_SAYS_ENDED_TEXT);
        else if (part->fallback != NULL)
            g_string_append(out, part->fallback);
        return;
    case RS_SAYS_FIELD:
        value = source->field(source->data, part->text);
        if (value != NULL && *value != '\0')
            append_value(out, value);
        else
            g_string_append(out, part->fallback != NULL ? part->fallback : "?");
        return;
    }
}

char *
rs_says_render(const struct rs_says *says, const struct rs_says_source *source)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < says->n_parts; i++)
        append_part(out, &says->parts[i], source);
    if (source->flushed && !rs_says_uses(says, RS_SAYS_ENDED))
        g_string_append(out, " (" RS_SAYS_ENDED_TEXT ")");
    return g_string_free(out, FALSE);
}
