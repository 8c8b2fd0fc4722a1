/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The timeline. A row per mode, phase and host, so that each has its name beside it however short
 * it was. Lengths are in pixels of the drawing. */
#include <math.h>

#include "plugin/report/svg_timeline.h"

#include "plugin/knowledge/json_get.h"
#include "plugin/report/html_text.h"
#include "plugin/report/svg_canvas.h"

enum {
    ROWS_MAX = 24,   /* of one kind */
    MARKS_MAX = 500, /* findings */
    RATE_HEIGHT = 34,
    RATE_SLOTS_MAX = 120,
};

/* Where the bars of a row come from, and how they look. */
struct bar {
    JsonObject *span;
    const char *label; /* of the tooltip */
    const char *ink;   /* class */
};

static void
draw_bar(struct rs_canvas *canvas, const struct bar *bar)
{
    JsonObject *span = bar->span;
    const double start_s = rs_json_double(span, "start_s"), end_s = rs_json_double(span, "end_s");
    g_autofree char *tip = g_strdup_printf(
        "%s: %.3f s to %.3f s, frames %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, bar->label,
        start_s, end_s, rs_json_int(span, "first_frame"), rs_json_int(span, "last_frame"));

    rs_canvas_bar(canvas, bar->ink, start_s, end_s, tip);
}

/* All spans of one name in one row. */
static void
draw_named(struct rs_canvas *canvas, JsonArray *spans, const char *name, const char *ink)
{
    rs_canvas_row(canvas, name);
    for (guint i = 0; i < rs_json_length(spans); i++) {
        JsonObject *span = rs_json_object_at(spans, i);
        const struct bar bar = { span, name, ink };

        if (g_str_equal(rs_json_string(span, "name"), name))
            draw_bar(canvas, &bar);
    }
}

static void
draw_spans(struct rs_canvas *canvas, const char *title, JsonArray *spans, const char *ink)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    if (rs_json_length(spans))
        rs_canvas_group(canvas, title);
    for (guint i = 0; i < rs_json_length(spans) && g_hash_table_size(seen) < ROWS_MAX; i++) {
        const char *name = rs_json_string(rs_json_object_at(spans, i), "name");

        if (g_hash_table_add(seen, (gpointer)(guintptr)name))
            draw_named(canvas, spans, name, ink);
    }
}

static const char *
state_ink(const char *state)
{
    static const char *const plain[] = { "contacted", "connected" };

    if (g_str_equal(state, "ok"))
        return "good";
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++) {
        if (g_str_equal(state, plain[i]))
            return "plain";
    }
    return "bad";
}

static void
draw_host(struct rs_canvas *canvas, JsonObject *host)
{
    JsonArray *contacts = rs_json_array(host, "contacts");
    const char *state = rs_json_string(host, "state");

    rs_canvas_row(canvas, rs_json_string(host, "name"));
    for (guint i = 0; i < rs_json_length(contacts); i++) {
        JsonObject *contact = rs_json_object_at(contacts, i);
        const char *then = rs_json_string(contact, "state");
        g_autofree char *label = g_strdup_printf("%s, %s", rs_json_string(host, "name"), then);
        const struct bar bar = { contact, label, state_ink(then) };

        draw_bar(canvas, &bar);
    }
    rs_canvas_note(canvas, state_ink(state), state);
}

static void
draw_hosts(struct rs_canvas *canvas, JsonArray *hosts)
{
    const guint n = rs_json_length(hosts);

    if (n)
        rs_canvas_group(canvas, "Servers asked");
    for (guint i = 0; i < MIN(n, ROWS_MAX); i++)
        draw_host(canvas, rs_json_object_at(hosts, i));
    if (n > ROWS_MAX) {
        g_autofree char *more = g_strdup_printf("and %u more", n - ROWS_MAX);

        rs_canvas_row(canvas, more);
    }
}

/* "restored, port 62078". */
static char *
stream_label(JsonObject *stream)
{
    const char *name = rs_json_string(stream, "name");

    return g_strdup_printf("%s%sport %" G_GINT64_FORMAT, name, *name ? ", " : "",
                           rs_json_int(stream, "port"));
}

/* All streams to one port of one service in one row. */
static void
draw_port(struct rs_canvas *canvas, JsonArray *streams, const char *label)
{
    rs_canvas_row(canvas, label);
    for (guint i = 0; i < rs_json_length(streams); i++) {
        JsonObject *stream = rs_json_object_at(streams, i);
        const gboolean reset = g_str_equal(rs_json_string(stream, "end"), "reset");
        g_autofree char *own = stream_label(stream);
        g_autofree char *tip = g_strdup_printf("%s, %s", own, rs_json_string(stream, "end"));
        const struct bar bar = { stream, tip, reset ? "cut" : "stream" };

        if (g_str_equal(own, label))
            draw_bar(canvas, &bar);
    }
}

static void
draw_streams(struct rs_canvas *canvas, JsonArray *streams)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint left = 0;

    if (rs_json_length(streams))
        rs_canvas_group(canvas, "Streams over USB");
    for (guint i = 0; i < rs_json_length(streams); i++) {
        g_autofree char *label = stream_label(rs_json_object_at(streams, i));

        if (g_hash_table_contains(seen, label))
            continue;
        g_hash_table_add(seen, g_strdup(label));
        if (g_hash_table_size(seen) <= ROWS_MAX)
            draw_port(canvas, streams, label);
        else
            left++;
    }
    if (left) {
        g_autofree char *more = g_strdup_printf("and %u more", left);

        rs_canvas_row(canvas, more);
    }
}

static void
draw_usb_errors(struct rs_canvas *canvas, JsonArray *errors)
{
    const guint n = MIN(rs_json_length(errors), MARKS_MAX);

    if (!n)
        return;
    rs_canvas_group(canvas, "USB errors");
    rs_canvas_row(canvas, "failed transfers");
    for (guint i = 0; i < n; i++) {
        JsonObject *error = rs_json_object_at(errors, i);
        const gboolean planned = rs_json_bool(error, "planned");
        g_autofree char *tip =
            g_strdup_printf("frame %" G_GINT64_FORMAT ", %.3f s: %s%s", rs_json_int(error, "frame"),
                            rs_json_double(error, "time_s"), rs_json_string(error, "status"),
                            planned ? ", as the device left" : "");

        rs_canvas_mark(canvas, planned ? "plain" : "warn", rs_json_double(error, "time_s"), tip);
    }
}

static const char *
severity_ink(JsonObject *finding)
{
    const char *severity = rs_json_string(finding, "severity");

    if (rs_json_bool(finding, "recovered") || g_str_equal(severity, "note"))
        return "plain";
    return g_str_equal(severity, "error") ? "bad" : "warn";
}

static void
draw_mark(struct rs_canvas *canvas, JsonObject *finding, const char *ink)
{
    const double time_s = rs_json_double(finding, "time_s");
    g_autofree char *tip = g_strdup_printf(
        "frame %" G_GINT64_FORMAT ", %.3f s: %s [%s]", rs_json_int(finding, "frame"), time_s,
        rs_json_string(finding, "says"), rs_json_string(finding, "rule"));

    rs_canvas_mark(canvas, ink, time_s, tip);
}

/* The root comes last, on top of all others. */
static void
draw_findings(struct rs_canvas *canvas, JsonObject *report)
{
    JsonArray *findings = rs_json_array(report, "findings");
    JsonObject *root = rs_json_object(report, "root");
    const guint n = MIN(rs_json_length(findings), MARKS_MAX);

    if (!n)
        return;
    rs_canvas_group(canvas, "What was found");
    rs_canvas_row(canvas, "findings");
    for (guint i = root ? 1 : 0; i < n; i++) {
        JsonObject *finding = rs_json_object_at(findings, i);

        draw_mark(canvas, finding, severity_ink(finding));
    }
    if (root)
        draw_mark(canvas, root, "root");
}

static gint64
bytes_at(JsonArray *slots, guint index)
{
    JsonNode *node = json_array_get_element(slots, index);

    return JSON_NODE_HOLDS_VALUE(node) ? MAX(json_node_get_int(node), 0) : 0;
}

static void
draw_rate(struct rs_canvas *canvas, const char *name, JsonArray *slots, double step_s)
{
    double levels[RATE_SLOTS_MAX];
    const guint n = MIN(rs_json_length(slots), RATE_SLOTS_MAX);
    gint64 most = 0;
    g_autofree char *size = NULL;
    g_autofree char *tip = NULL;

    for (guint i = 0; i < n; i++)
        most = MAX(most, bytes_at(slots, i));
    if (most == 0)
        return;
    for (guint i = 0; i < n; i++)
        levels[i] = (double)bytes_at(slots, i) / (double)most;
    size = g_format_size((guint64)MIN((double)most / step_s, 1e18));
    tip = g_strdup_printf("%s: at most %s/s, in steps of %.1f s", name, size, step_s);
    rs_canvas_area(canvas, name, RATE_HEIGHT, levels, n, step_s, tip);
    g_clear_pointer(&tip, g_free);
    tip = g_strdup_printf("up to %s/s", size);
    rs_canvas_note(canvas, "plain", tip);
}

static void
draw_rates(struct rs_canvas *canvas, JsonObject *rate)
{
    const double step_s = rs_json_double(rate, "step_s");

    if (!(step_s > 0) || !isfinite(step_s))
        return;
    rs_canvas_group(canvas, "Traffic");
    draw_rate(canvas, "USB", rs_json_array(rate, "usb_bytes"), step_s);
    draw_rate(canvas, "network", rs_json_array(rate, "network_bytes"), step_s);
}

void
rs_svg_timeline(GString *out, JsonObject *report)
{
    JsonObject *root = rs_json_object(report, "root");
    g_autoptr(rs_canvas) canvas = rs_canvas_new(rs_json_double(report, "duration_s"));

    draw_findings(canvas, report);
    draw_spans(canvas, "Device mode", rs_json_array(rs_json_object(report, "device"), "mode_spans"),
               "mode");
    draw_spans(canvas, "Phase of the restore", rs_json_array(report, "phases"), "phase");
    draw_streams(canvas, rs_json_array(report, "streams"));
    draw_usb_errors(canvas, rs_json_array(report, "usb_errors"));
    draw_hosts(canvas, rs_json_array(report, "hosts"));
    draw_rates(canvas, rs_json_object(report, "rate"));
    if (root) {
        g_autofree char *label =
            g_strdup_printf("frame %" G_GINT64_FORMAT, rs_json_int(root, "frame"));

        rs_canvas_flag(canvas, rs_json_double(root, "time_s"), label);
    }
    rs_canvas_write(canvas, out, "Timeline of the restore");
}
