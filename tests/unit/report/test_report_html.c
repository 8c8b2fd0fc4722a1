/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report as a page: its shape, that it is well-formed whatever the capture held, and that its
 * drawing does not grow without bound. */
#include <math.h>

#include "plugin/knowledge/json_get.h"
#include "plugin/report/html_text.h"
#include "plugin/report/report_html.h"
#include "plugin/report/report_json.h"
#include "plugin/report/svg_timeline.h"
#include "sample_diagnosis.h"

static const struct rs_report_about about = { "x.pcapng", "restorescope 1, tshark 2" };

static JsonObject *
make_report(void)
{
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    struct rs_diagnosis *diagnosis = sample_failed();
    JsonObject *report = rs_report_json(diagnosis, knowledge);

    rs_diagnosis_free(diagnosis);
    return report;
}

/* Where a text stands in another, which must hold it. */
static gsize
position(const char *text, const char *part)
{
    const char *found = strstr(text, part);

    if (!found)
        g_error("no '%s' in:\n%s", part, text);
    return (gsize)(found - text);
}

/* Every element is closed, every attribute quoted, no character forbidden. */
static void
assert_well_formed(const char *page)
{
    static const GMarkupParser ignore = { 0 };
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&ignore, 0, NULL, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(g_utf8_validate(page, -1, NULL));
    g_markup_parse_context_parse(context, page, -1, &error);
    g_assert_no_error(error);
    g_markup_parse_context_end_parse(context, &error);
    g_assert_no_error(error);
}

static guint
count(const char *text, const char *part)
{
    guint n = 0;

    for (const char *p = strstr(text, part); p; p = strstr(p + 1, part))
        n++;
    return n;
}

/* The verdict first, then what to do, the drawing, and what stands behind it. */
static void
test_order(void)
{
    static const char *const parts[] = {
        "<!DOCTYPE html>\n<html lang=\"en\"",
        "<title>The restore failed in phase &#39;asr&#39;, 1.0 s into the capture</title>",
        "x.pcapng",
        "<h1>The restore failed",
        "<section class=\"verdict failed\">",
        "Frame 1168",
        "left \\x1b[31m the bus",
        "<code>bad-usb-connection</code>",
        "2026-03-01T00:00:00.000001Z",
        "<h2>What to do</h2>",
        "<h2>Timeline</h2>",
        "<svg ",
        "frame 1168</text>",
        "Device mode",
        "recovery: 0.000 s to 30.250 s, frames 1 to 900",
        "asr: 31.200 s to 40.900 s, frames 980 to 1168",
        "gs.apple.com, connected: 9.500 s to 12.250 s, frames 20 to 33",
        "Traffic",
        "<h2>Evidence</h2>",
        "<td class=\"number\">1167</td><td class=\"number\">0.750 s</td>",
        "<h2>What followed from it</h2>",
        "<h2>Also seen</h2>",
        "<h2>It could also be</h2>",
        "<h2>Capture</h2>",
        "<footer>restorescope 1, tshark 2</footer>",
    };
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *page = rs_report_html(report, &about);

    for (gsize i = 1; i < G_N_ELEMENTS(parts); i++)
        g_assert_cmpuint(position(page, parts[i - 1]), <, position(page, parts[i]));
    assert_well_formed(page);
}

/* The page fetches nothing and runs nothing. */
static void
test_self_contained(void)
{
    static const char *const forbidden[] = { "<script", " src=",  " href=",    "url(",
                                             "@import", "onload", "javascript" };
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *page = rs_report_html(report, &about);

    for (gsize i = 0; i < G_N_ELEMENTS(forbidden); i++)
        g_assert_null(strstr(page, forbidden[i]));
    position(page, "default-src 'none'");
}

/* The warning stands between the steps, which go on counting. */
static void
test_backup(void)
{
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *harmless = rs_report_html(report, &about);
    g_autofree char *page = NULL;

    g_assert_null(strstr(harmless, "class=\"backup\""));
    json_object_set_int_member(rs_json_object(report, "root"), "first_erasing_remedy", 2);
    page = rs_report_html(report, &about);
    g_assert_cmpuint(position(page, "</ol>\n<p class=\"backup\">Have a backup before step 2"), <,
                     position(page, "</p><ol start=\"2\">"));
    assert_well_formed(page);
}

static void
test_text(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    rs_html_text(out, "<b a=\"1\" c='2'>&amp;\n\x1b\x7f \xff\xef\xbf\xbe\xef\xb7\x90 \xc3\xa9");
    g_assert_cmpstr(out->str, ==,
                    "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp; \\x1b\\x7f "
                    "\xef\xbf\xbd\\u{fffe}\\u{fdd0} \xc3\xa9");
}

static void poison_member(JsonObject *object, const char *name, JsonNode *node, gpointer text);

static void
poison_element(JsonArray *array G_GNUC_UNUSED, guint index G_GNUC_UNUSED, JsonNode *node,
               gpointer text)
{
    poison_member(NULL, "", node, text);
}

/* Every string of a report becomes the same one, but the outcome. */
static void
poison_member(JsonObject *object G_GNUC_UNUSED, const char *name, JsonNode *node, gpointer text)
{
    if (JSON_NODE_HOLDS_OBJECT(node))
        json_object_foreach_member(json_node_get_object(node), poison_member, text);
    else if (JSON_NODE_HOLDS_ARRAY(node))
        json_array_foreach_element(json_node_get_array(node), poison_element, text);
    else if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING &&
             !g_str_equal(name, "outcome"))
        json_node_set_string(node, text);
}

/* Tags, quotes, controls and half characters in every place a capture can fill. */
static void
test_hostile(void)
{
    char hostile[] = "</title></style></svg><script>alert('1')</script>\"' --> ]]> \x01\x1b[2J\xc3";
    const struct rs_report_about poisoned = { hostile, hostile };
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *page = NULL;

    json_object_foreach_member(report, poison_member, hostile);
    page = rs_report_html(report, &poisoned);
    assert_well_formed(page);
    g_assert_null(strstr(page, "<script"));
    g_assert_null(strchr(page, '\033'));
    g_assert_cmpuint(count(page, "</svg>"), ==, 1);
    g_assert_cmpuint(count(page, "&lt;script&gt;"), >, 10);
}

/* Times that no capture has do not leave the drawing. */
static void
test_absurd_times(void)
{
    static const double absurd[] = { -1e300, 1e300, (double)INFINITY, (double)NAN, 0 };
    g_autoptr(JsonObject) report = make_report();
    JsonObject *phase = rs_json_object_at(rs_json_array(report, "phases"), 0);

    for (gsize i = 0; i < G_N_ELEMENTS(absurd); i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(absurd); j++) {
            g_autofree char *page = NULL;

            json_object_set_double_member(report, "duration_s", absurd[i]);
            json_object_set_double_member(phase, "start_s", absurd[j]);
            json_object_set_double_member(phase, "end_s", absurd[i]);
            json_object_set_double_member(rs_json_object(report, "root"), "time_s", absurd[j]);
            json_object_set_double_member(rs_json_object(report, "rate"), "step_s", absurd[j]);
            page = rs_report_html(report, &about);
            assert_well_formed(page);
            g_assert_null(strstr(page, "=\"-"));
        }
    }
}

static JsonObject *
make_span(const char *name, double start_s)
{
    JsonObject *span = json_object_new();

    json_object_set_string_member(span, "name", name);
    json_object_set_double_member(span, "start_s", start_s);
    json_object_set_double_member(span, "end_s", start_s + 0.001);
    return span;
}

/* A device that came and went for hours makes no drawing of megabytes. */
static void
test_bounded(void)
{
    g_autoptr(JsonObject) report = make_report();
    JsonArray *phases = rs_json_array(report, "phases");
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < 20000; i++) {
        g_autofree char *name = g_strdup_printf("phase-%u", i % 100);

        json_array_add_object_element(phases, make_span("asr", i * 0.01));
        json_array_add_object_element(phases, make_span(name, i * 0.01));
    }
    rs_svg_timeline(out, report);
    g_assert_cmpuint(count(out->str, "<rect "), >, 100);
    g_assert_cmpuint(count(out->str, "<rect "), <, 12000);
    g_assert_cmpuint(count(out->str, "class=\"name\""), <, 40);
}

/* Of what is no report comes a dull page, but no crash. */
static void
test_odd_shapes(void)
{
    static const char *const odd[] = {
        "{}",
        "{\"root\":7,\"findings\":{},\"device\":[],\"outcome\":null,\"rate\":{\"step_s\":1}}",
        ("{\"root\":{\"evidence\":[1,null,[]],\"codes\":\"x\",\"rivals\":[{}],\"remedies\":[{}]},"
         "\"findings\":[0,{}],\"interfaces\":[[]],\"hosts\":[3,{\"contacts\":[1]}],"
         "\"phases\":[\"a\"],\"rate\":{\"step_s\":1,\"usb_bytes\":[\"x\",{},7]}}"),
    };

    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(JsonObject) report = rs_json_parse(odd[i], -1, NULL);
        g_autofree char *page = rs_report_html(report, &about);

        assert_well_formed(page);
        position(page, "<h1>No restore traffic");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report-html/order", test_order);
    g_test_add_func("/report-html/self-contained", test_self_contained);
    g_test_add_func("/report-html/backup", test_backup);
    g_test_add_func("/report-html/text", test_text);
    g_test_add_func("/report-html/hostile", test_hostile);
    g_test_add_func("/report-html/absurd-times", test_absurd_times);
    g_test_add_func("/report-html/bounded", test_bounded);
    g_test_add_func("/report-html/odd-shapes", test_odd_shapes);
    return g_test_run();
}
