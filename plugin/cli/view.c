/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Events as lines. Times are those of the capture. */
#include "plugin/cli/view.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/layout.h"

/* Escape sequences: ECMA-48, erase in line. */
#define CLEAR_LINE "\r\033[K"

enum { OUTPUT_KEPT = 4096 }; /* bytes of an unfinished line of the command's */

struct rs_view {
    gboolean colour, has_status;
    gsize columns;
    gboolean is_drawn; /* the line below */
    char *mode, *phase, *device;
    double time_s;
    gint64 frames;
    double usb_rate, network_rate; /* bytes per second */
    GString *unfinished;
};

rs_view *
rs_view_new(gboolean colour, gboolean has_status, int columns)
{
    rs_view *view = g_new0(rs_view, 1);

    view->colour = colour;
    view->has_status = has_status;
    view->columns = (gsize)MAX(columns, 0);
    view->mode = g_strdup("");
    view->phase = g_strdup("");
    view->device = g_strdup("");
    view->unfinished = g_string_new(NULL);
    return view;
}

void
rs_view_free(rs_view *view)
{
    if (!view)
        return;
    g_string_free(view->unfinished, TRUE);
    g_free(view->mode);
    g_free(view->phase);
    g_free(view->device);
    g_free(view);
}

static void
take_away_status(rs_view *view, GString *out)
{
    if (view->is_drawn)
        g_string_append(out, CLEAR_LINE);
    view->is_drawn = FALSE;
}

static char *
format_rate(double bytes_per_s)
{
    if (bytes_per_s >= 1e6)
        return g_strdup_printf("%.1f MB/s", bytes_per_s / 1e6);
    return bytes_per_s >= 1e3 ? g_strdup_printf("%.1f kB/s", bytes_per_s / 1e3)
                              : g_strdup_printf("%.0f B/s", bytes_per_s);
}

static void
draw_status(rs_view *view, GString *out)
{
    g_autofree char *usb = format_rate(view->usb_rate);
    g_autofree char *network = format_rate(view->network_rate);
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *said = rs_layout_clean(view->unfinished->str);
    g_autofree char *fitting = NULL;

    if (!view->has_status)
        return;
    g_string_append_printf(line, "%s%s%s%s%d:%02d  %" G_GINT64_FORMAT " frames  USB %s  net %s",
                           view->mode, *view->mode ? "  " : "", view->phase,
                           *view->phase ? "  " : "", (int)(view->time_s / 60),
                           (int)view->time_s % 60, view->frames, usb, network);
    if (*said)
        g_string_append_printf(line, "  | %s", said);
    fitting = g_utf8_substring(
        line->str, 0,
        (glong)MIN((gsize)g_utf8_strlen(line->str, -1), view->columns > 1 ? view->columns - 1 : 0));
    g_string_append(out, CLEAR_LINE);
    g_string_append(out, fitting);
    view->is_drawn = TRUE;
}

/* A line above the status. */
static void
say(const rs_view *view, GString *out, enum rs_ink ink, const char *text)
{
    struct rs_layout layout = { out, view->colour, 0 };
    g_autofree char *clean = rs_layout_clean(text);
    g_autofree char *time = g_strdup_printf("%9.3f s  ", view->time_s);

    rs_layout_ink(&layout, RS_DIM, time);
    rs_layout_ink(&layout, ink, clean);
    g_string_append_c(out, '\n');
}

static void
replace(char **text, const char *by)
{
    g_free(*text);
    *text = rs_layout_clean(by);
}

static void
take_mode(rs_view *view, JsonObject *event, GString *out)
{
    const char *product = rs_json_string(rs_json_object(event, "device"), "product");
    g_autofree char *text = NULL;

    replace(&view->mode, rs_json_string(event, "mode"));
    text = g_strdup_printf("%s mode%s%s", rs_json_string(event, "mode"), *product ? ", " : "",
                           product);
    say(view, out, RS_PLAIN, text);
}

static void
take_left(rs_view *view, JsonObject *event, GString *out)
{
    const gboolean planned = rs_json_bool(event, "planned");
    g_autofree char *text =
        g_strdup_printf("the device left the bus%s%s", planned ? " after " : ", not told to",
                        planned ? rs_json_string(event, "reason") : "");

    replace(&view->mode, "no device");
    say(view, out, planned ? RS_PLAIN : RS_YELLOW, text);
}

static void
take_device(rs_view *view, JsonObject *event, GString *out)
{
    JsonObject *device = rs_json_object(event, "device");
    const char *product = rs_json_string(device, "product");
    const char *ecid = rs_json_string(device, "ecid");
    g_autofree char *text = g_strdup_printf("it is %s%s%s", *product ? product : "a device",
                                            *ecid ? ", ECID " : "", ecid);

    say(view, out, RS_PLAIN, text);
}

static void
take_phase(rs_view *view, JsonObject *event, GString *out)
{
    g_autofree char *text = g_strdup_printf("phase %s", rs_json_string(event, "phase"));

    replace(&view->phase, rs_json_string(event, "phase"));
    say(view, out, RS_PLAIN, text);
}

static void
take_finding(rs_view *view, JsonObject *event, GString *out)
{
    JsonObject *finding = rs_json_object(event, "finding");
    const char *severity = rs_json_string(finding, "severity");
    g_autofree char *text = g_strdup_printf(
        "%s: frame %" G_GINT64_FORMAT ": %s [%s]", severity, rs_json_int(finding, "frame"),
        rs_json_string(finding, "says"), rs_json_string(finding, "rule"));

    if (!g_str_equal(severity, "note"))
        say(view, out, g_str_equal(severity, "error") ? RS_RED : RS_YELLOW, text);
}

static void
take_verdict(rs_view *view, JsonObject *event, GString *out)
{
    JsonObject *root = rs_json_object(event, "root");
    const char *title = rs_json_string(root, "title");
    g_autofree char *text = NULL;

    if (!root) {
        say(view, out, RS_GREEN, "verdict so far: none; what went wrong was overcome");
        return;
    }
    text = g_strdup_printf("verdict so far: frame %" G_GINT64_FORMAT
                           ": %s [%s], confidence %s; what follows from it is known at the end",
                           rs_json_int(root, "frame"), title, rs_json_string(root, "cause"),
                           rs_json_string(root, "confidence"));
    say(view, out, RS_RED, text);
}

static void
take_progress(rs_view *view, JsonObject *event, GString *out G_GNUC_UNUSED)
{
    const double step_s = rs_json_double(event, "step_s");

    if (step_s <= 0)
        return;
    view->usb_rate = (double)rs_json_int(event, "usb_bytes") / step_s;
    view->network_rate = (double)rs_json_int(event, "network_bytes") / step_s;
}

static const struct {
    const char *event;
    void (*take)(rs_view *view, JsonObject *event, GString *out);
} takers[] = {
    { "mode", take_mode },         { "left", take_left },       { "device", take_device },
    { "phase", take_phase },       { "finding", take_finding }, { "verdict", take_verdict },
    { "progress", take_progress },
};

char *
rs_view_event(rs_view *view, JsonObject *event)
{
    const char *name = rs_json_string(event, "event");
    GString *out = g_string_new(NULL);

    view->time_s = rs_json_double(event, "time_s");
    view->frames = rs_json_int(event, "frame");
    take_away_status(view, out);
    for (gsize i = 0; i < G_N_ELEMENTS(takers); i++)
        if (g_str_equal(takers[i].event, name))
            takers[i].take(view, event, out);
    draw_status(view, out);
    return g_string_free(out, FALSE);
}

/* Whole lines go above the status; of one that is written over, the newest text is shown in it. */
static void
take_byte(rs_view *view, char byte, GString *out)
{
    GString *unfinished = view->unfinished;

    if (byte == '\n') {
        if (unfinished->len > 0 && unfinished->str[unfinished->len - 1] == '\r')
            g_string_truncate(unfinished, unfinished->len - 1);
        g_string_append_printf(out, "%s\n", unfinished->str);
        g_string_truncate(unfinished, 0);
    } else if (byte == '\r') {
        g_string_append_c(unfinished, byte);
    } else {
        if (unfinished->len > 0 && unfinished->str[unfinished->len - 1] == '\r')
            g_string_truncate(unfinished, 0);
        if (unfinished->len < OUTPUT_KEPT)
            g_string_append_c(unfinished, byte);
    }
}

char *
rs_view_output(rs_view *view, const char *bytes, gsize n)
{
    GString *out = g_string_new(NULL);

    take_away_status(view, out);
    for (gsize i = 0; i < n; i++)
        take_byte(view, bytes[i], out);
    draw_status(view, out);
    return g_string_free(out, FALSE);
}

char *
rs_view_end(rs_view *view)
{
    GString *out = g_string_new(NULL);

    take_away_status(view, out);
    if (view->unfinished->len > 0)
        g_string_append_printf(out, "%s\n", view->unfinished->str);
    g_string_truncate(view->unfinished, 0);
    return g_string_free(out, FALSE);
}
