/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report as Markdown: its shape, and that nothing of the capture can break it. */
#include "plugin/knowledge/json_get.h"
#include "plugin/report/markdown_text.h"
#include "plugin/report/report_json.h"
#include "plugin/report/report_markdown.h"
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

static void
test_order(void)
{
    static const char *const parts[] = {
        "## The restore failed in phase 'asr', 1.0 s into the capture\n\n",
        "**Frame 1168:** device 0x1A2B3C4D5E6F left \\\\x1b\\[31m the bus\n",
        "- **Cause:** ",
        "`bad-usb-connection`\n",
        "- **Rule:** `usb-left`, confidence high\n",
        "- **Time:** 2026-03-01T00:00:00.000001Z\n",
        "- **Seen as:** AMRestoreErrorDomain 9; com.apple.MobileDevice.MobileRestore 4005\n",
        "### Evidence\n\n| Frame | Time | What it shows |\n|---:|---:|---|\n",
        "| 1167 | 0.750 s | bulk OUT ended with -71 (EPROTO) |\n",
        "### It caused\n",
        "| 1200 | the host gave up | `host-gave-up` |\n",
        "### Also seen\n",
        "| 40 | asked twice \xef\xbf\xbd; it recovered | `signing-retried` |\n",
        "### Or else\n",
        "`unstable-power` | the port's power was cut |\n",
        "| `not-in-the-knowledge` |  |\n",
        "### What to do\n\n1. ",
        "### Capture\n",
        "- **Device:** iPhone10,6, ECID 0x1A2B3C4D5E6F, mode recovery\n",
        "- **Capture:** x.pcapng, 41212 frames in 372.1 s\n",
        "- **Host:** gs.apple.com (signing): ok\n",
        "- **Warning:** the clock jumped\n",
        "- **Versions:** restorescope 1, tshark 2\n",
    };
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *text = rs_report_markdown(report, &about);

    for (gsize i = 1; i < G_N_ELEMENTS(parts); i++)
        g_assert_cmpuint(position(text, parts[i - 1]), <, position(text, parts[i]));
    g_assert_true(g_str_has_suffix(text, "tshark 2\n"));
}

/* The warning stands in the step that erases, and nowhere without one. */
static void
test_backup(void)
{
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *harmless = rs_report_markdown(report, &about);
    g_autofree char *text = NULL;

    g_assert_null(strstr(harmless, "backup"));
    json_object_set_int_member(rs_json_object(report, "root"), "first_erasing_remedy", 2);
    text = rs_report_markdown(report, &about);
    position(text, "\n2. **Have a backup before step 2: it erases the device.");
}

static void
assert_text(const char *text, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);

    rs_markdown_text(out, text);
    g_assert_cmpstr(out->str, ==, expected);
}

/* What means something to Markdown or to GitHub shows as itself. */
static void
test_text(void)
{
    assert_text("a|b `c` *d* _e_ ~f~ \\", "a\\|b \\`c\\` \\*d\\* \\_e\\_ \\~f\\~ \\\\");
    assert_text("<img src=x> ![a](b) &amp; $x$", "\\<img src=x\\> !\\[a\\](b) \\&amp; \\$x\\$");
    assert_text("one\ntwo\r\nthree\tfour", "one two  three four");
    assert_text("bell \x07 escape \x1b", "bell \\\\x07 escape \\\\x1b");
    assert_text("bad \xff end", "bad \xef\xbf\xbd end");
    assert_text("https://a.example www.b.example", "https\\://a.example www\\.b.example");
    assert_text("ask @who, see #12, GH-7, mail a@b",
                "ask @&#8203;who, see \\#&#8203;12, GH-&#8203;7, mail a@&#8203;b");
}

/* A line cannot begin a list, a heading, a quotation or a rule. */
static void
test_start(void)
{
    assert_text("  - item", "\\- item");
    assert_text("+ item", "\\+ item");
    assert_text("=====", "\\=====");
    assert_text("# head", "\\# head");
    assert_text("> quoted", "\\> quoted");
    assert_text("12. item", "12\\. item");
    assert_text("3)", "3\\)");
    assert_text("17.171.36.30 answered", "17.171.36.30 answered");
    assert_text("-71 is EPROTO", "\\-71 is EPROTO");
    assert_text("", "");
}

static void
assert_code(const char *text, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);

    rs_markdown_code(out, text);
    g_assert_cmpstr(out->str, ==, expected);
}

static void
test_code(void)
{
    assert_code("bad-cable", "`bad-cable`");
    assert_code("a`b", "`` a`b ``");
    assert_code("``", "``` `` ```");
    assert_code("a|b", "a\\|b");
    assert_code("a\nb", "`a b`");
    assert_code(" ", "");
}

/* However a sentence is made, each table keeps its columns and the report its lines. */
static void
test_hostile(void)
{
    static const char hostile[] = "a | b\n| c | d |\n\n## `x` <b>\x1b[2J\\";
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *calm = rs_report_markdown(report, &about);
    g_autofree char *text = NULL;
    g_auto(GStrv) calm_lines = g_strsplit(calm, "\n", -1);
    g_auto(GStrv) lines = NULL;
    JsonObject *root = rs_json_object(report, "root");

    json_object_set_string_member(root, "says", hostile);
    json_object_set_string_member(rs_json_object_at(rs_json_array(root, "evidence"), 0), "says",
                                  hostile);
    json_object_set_string_member(rs_json_object_at(rs_json_array(report, "findings"), 1), "says",
                                  hostile);
    json_object_set_string_member(rs_json_object_at(rs_json_array(root, "rivals"), 0), "test",
                                  hostile);
    text = rs_report_markdown(report, &about);
    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, g_strv_length(calm_lines));
    position(text, "| 1167 | 0.750 s | a \\| b \\| c \\| d \\|  \\#\\# \\`x\\` "
                   "\\<b\\>\\\\x1b\\[2J\\\\ |\n");
}

/* Of what is no report comes a dull text, but no crash. */
static void
test_odd_shapes(void)
{
    static const char *const odd[] = {
        "{}",
        "{\"root\":7,\"findings\":{},\"device\":[],\"outcome\":null}",
        ("{\"root\":{\"evidence\":[1,null,[]],\"codes\":\"x\",\"rivals\":[{}],\"remedies\":[{}]},"
         "\"findings\":[0,{}],\"interfaces\":[[]],\"hosts\":[3],\"phases\":[\"a\"]}"),
    };

    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(JsonObject) report = rs_json_parse(odd[i], -1, NULL);
        g_autofree char *text = rs_report_markdown(report, &about);

        g_assert_true(g_str_has_prefix(text, "## No restore traffic"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report-markdown/order", test_order);
    g_test_add_func("/report-markdown/backup", test_backup);
    g_test_add_func("/report-markdown/text", test_text);
    g_test_add_func("/report-markdown/start", test_start);
    g_test_add_func("/report-markdown/code", test_code);
    g_test_add_func("/report-markdown/hostile", test_hostile);
    g_test_add_func("/report-markdown/odd-shapes", test_odd_shapes);
    return g_test_run();
}
