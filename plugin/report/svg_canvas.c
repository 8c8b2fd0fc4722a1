/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rows over an axis of time, as SVG. Coordinates are whole pixels, so that no locale can spoil
 * them.
 */
#include <math.h>

#include "plugin/report/svg_canvas.h"

#include "plugin/report/html_text.h"

enum {
    WIDTH = 960,
    GUTTER = 196, /* for the names */
    MARGIN = 112, /* for a word after the last bar */
    PLOT = WIDTH - GUTTER - MARGIN,
    TOP = 44, /* flag and axis */
    ROW = 21,
    BAR = 11,
    GROUP = 28,
    SLIVER = 3,     /* the shortest bar */
    GLYPH = 7,      /* a character's width, roughly */
    LABEL_MAX = 27, /* characters of a name that fit */
    TICKS_MAX = 9,
    MINUTE_MS = 60000,
    MINUTES_FROM_S = 180, /* longer captures have minutes on the axis */
};

struct rs_canvas {
    GString *body;
    double duration_s;
    int y;       /* where the next row begins */
    int row_y;   /* middle of the row added last */
    int drawn_x; /* end of what is in it */
    double flag_s;
    char *flag; /* or NULL */
};

rs_canvas *
rs_canvas_new(double duration_s)
{
    rs_canvas *canvas = g_new0(rs_canvas, 1);

    canvas->body = g_string_new(NULL);
    canvas->duration_s = isfinite(duration_s) && duration_s > 0 ? duration_s : 1;
    canvas->y = TOP;
    canvas->drawn_x = GUTTER;
    return canvas;
}

void
rs_canvas_free(rs_canvas *canvas)
{
    if (!canvas)
        return;
    g_string_free(canvas->body, TRUE);
    g_free(canvas->flag);
    g_free(canvas);
}

static int
x_of(const rs_canvas *canvas, double time_s)
{
    const double part = time_s / canvas->duration_s;

    if (!(part > 0))
        return GUTTER;
    return GUTTER + (int)(MIN(part, 1) * PLOT + 0.5);
}

static void
write_text(GString *out, const char *ink, int x, int y, const char *anchor, const char *text)
{
    g_string_append_printf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">", ink, x,
                           y, anchor);
    rs_html_text(out, text);
    g_string_append(out, "</text>\n");
}

void
rs_canvas_group(rs_canvas *canvas, const char *title)
{
    canvas->y += GROUP;
    write_text(canvas->body, "group", 0, canvas->y - 9, "start", title);
    g_string_append_printf(canvas->body,
                           "<line class=\"rule\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\" />\n",
                           WIDTH, canvas->y - 3, canvas->y - 3);
}

/* A name that is too long loses its middle; the tooltip has it whole. */
static char *
shorten(const char *name)
{
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    const glong n = g_utf8_strlen(valid, -1);
    g_autofree char *head = NULL;
    g_autofree char *tail = NULL;

    if (n <= LABEL_MAX)
        return g_steal_pointer(&valid);
    head = g_utf8_substring(valid, 0, LABEL_MAX / 2);
    tail = g_utf8_substring(valid, n - LABEL_MAX / 2, n);
    return g_strconcat(head, "\xe2\x80\xa6", tail, NULL);
}

static void
begin_row(rs_canvas *canvas, const char *name, int height)
{
    g_autofree char *label = shorten(name);

    canvas->row_y = canvas->y + height / 2;
    canvas->y += height;
    canvas->drawn_x = GUTTER;
    g_string_append(canvas->body, "<g>");
    rs_html_element(canvas->body, "title", name);
    write_text(canvas->body, "name", GUTTER - 12, canvas->row_y + 4, "end", label);
    g_string_append(canvas->body, "</g>\n");
}

void
rs_canvas_row(rs_canvas *canvas, const char *name)
{
    begin_row(canvas, name, ROW);
}

void
rs_canvas_bar(rs_canvas *canvas, const char *ink, double start_s, double end_s, const char *tip)
{
    const int x = x_of(canvas, start_s);
    const int end = MAX(x_of(canvas, end_s), x + SLIVER);

    if (end <= canvas->drawn_x && canvas->drawn_x > GUTTER)
        return;
    canvas->drawn_x = end;
    g_string_append_printf(canvas->body,
                           "<rect class=\"bar %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
                           "rx=\"2\">",
                           ink, x, canvas->row_y - BAR / 2, end - x, BAR);
    rs_html_element(canvas->body, "title", tip);
    g_string_append(canvas->body, "</rect>\n");
}

void
rs_canvas_mark(rs_canvas *canvas, const char *ink, double time_s, const char *tip)
{
    const int x = x_of(canvas, time_s), y = canvas->row_y;

    g_string_append_printf(canvas->body, "<path class=\"mark %s\" d=\"M%d %dl6 6l-6 6l-6 -6z\">",
                           ink, x, y - 6);
    rs_html_element(canvas->body, "title", tip);
    g_string_append(canvas->body, "</path>\n");
}

void
rs_canvas_note(rs_canvas *canvas, const char *ink, const char *text)
{
    const int width = GLYPH * (int)MIN(strlen(text), LABEL_MAX);
    const gboolean fits = canvas->drawn_x + 8 + width <= WIDTH;
    g_autofree char *class = g_strconcat("note ", ink, NULL);

    write_text(canvas->body, class, fits ? canvas->drawn_x + 8 : WIDTH, canvas->row_y + 4,
               fits ? "start" : "end", text);
}

void
rs_canvas_area(rs_canvas *canvas, const char *name, int height, const double *levels, guint n,
               double step_s, const char *tip)
{
    int base, top;

    begin_row(canvas, name, height);
    base = canvas->y - 4;
    top = height - 10;
    g_string_append_printf(canvas->body, "<path class=\"area\" d=\"M%d %d", GUTTER, base);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(canvas->body, "V%dH%d", base - (int)(levels[i] * top + 0.5),
                               x_of(canvas, step_s * (i + 1)));
    g_string_append_printf(canvas->body, "V%dz\">", base);
    rs_html_element(canvas->body, "title", tip);
    g_string_append(canvas->body, "</path>\n");
    canvas->drawn_x = GUTTER + PLOT;
}

void
rs_canvas_flag(rs_canvas *canvas, double time_s, const char *label)
{
    g_free(canvas->flag);
    canvas->flag = g_strdup(label);
    canvas->flag_s = time_s;
}

/* 1, 2 or 5 times a power of ten of milliseconds or of minutes, so that there are at most
 * TICKS_MAX.
 */
static gint64
tick_step_ms(double duration_s)
{
    static const int factors[] = { 1, 2, 5 };
    const double duration_ms = MIN(duration_s, 1e12) * 1000;
    gint64 power = duration_s > MINUTES_FROM_S ? MINUTE_MS : 1;

    for (guint i = 0;; i++) {
        const gint64 step = power * factors[i % 3];

        if (duration_ms / (double)step <= TICKS_MAX)
            return step;
        if (i % 3 == 2)
            power *= 10;
    }
}

static char *
tick_label(gint64 time_ms, gint64 step_ms)
{
    if (step_ms >= MINUTE_MS)
        return g_strdup_printf("%" G_GINT64_FORMAT " min", time_ms / MINUTE_MS);
    if (step_ms >= 1000)
        return g_strdup_printf("%" G_GINT64_FORMAT " s", time_ms / 1000);
    return g_strdup_printf("%" G_GINT64_FORMAT ".%03d s", time_ms / 1000, (int)(time_ms % 1000));
}

static void
write_axis(const rs_canvas *canvas, GString *out)
{
    const gint64 step = tick_step_ms(canvas->duration_s);

    for (guint i = 0; i <= TICKS_MAX; i++) {
        const gint64 time_ms = step * i;
        const int x = x_of(canvas, (double)time_ms / 1000);
        g_autofree char *label = tick_label(time_ms, step);

        if ((double)time_ms / 1000 > canvas->duration_s)
            break;
        g_string_append_printf(out,
                               "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" />\n",
                               x, x, TOP, canvas->y);
        write_text(out, "tick", x, TOP - 8, x > WIDTH - 40 ? "end" : "middle", label);
    }
}

static void
write_flag(const rs_canvas *canvas, GString *out)
{
    const int x = x_of(canvas, canvas->flag_s);
    const char *anchor = x > WIDTH - 60 ? "end" : "middle";

    if (!canvas->flag)
        return;
    g_string_append_printf(out, "<line class=\"flag\" x1=\"%d\" x2=\"%d\" y1=\"18\" y2=\"%d\" />\n",
                           x, x, canvas->y);
    write_text(out, "flag", anchor[0] == 'e' ? WIDTH : x, 12, anchor, canvas->flag);
}

void
rs_canvas_write(const rs_canvas *canvas, GString *out, const char *title)
{
    g_string_append_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
                           canvas->y + 4);
    rs_html_text(out, title);
    g_string_append(out, "\">\n");
    write_axis(canvas, out);
    write_flag(canvas, out);
    g_string_append_len(out, canvas->body->str, (gssize)canvas->body->len);
    g_string_append(out, "</svg>\n");
}
