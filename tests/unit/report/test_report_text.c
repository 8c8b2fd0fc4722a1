/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report for people. */
#include "plugin/knowledge/json_get.h"
#include "plugin/report/layout.h"
#include "plugin/report/mask.h"
#include "plugin/report/report_json.h"
#include "plugin/report/report_text.h"
#include "sample_diagnosis.h"

static JsonObject *
make_report(void)
{
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    struct rs_diagnosis *diagnosis = sample_failed();
    JsonObject *report = rs_report_json(diagnosis, knowledge);

    json_object_set_string_member(report, "file", "x.pcapng");
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

/* Outcome, then cause with its frame, evidence, consequences, the rest, rivals, advice. */
static void
test_order(void)
{
    static const char *const parts[] = {
        "x.pcapng: the restore failed in phase 'asr', 1.0 s into the capture\n",
        "  frame 1168    device",
        "[bad-usb-connection]",
        "usb-left, confidence high",
        "2026-03-01T00:00:00.000001Z",
        "frame 1167: bulk OUT ended with -71 (EPROTO)",
        "AMRestoreErrorDomain 9",
        "it caused     frame 1200: the host gave up [host-gave-up]",
        "also seen     frame 40: asked twice",
        "it recovered [signing-retried]",
        "[unstable-power]",
        "to tell: the port's power was cut",
        "what to do    1. ",
        "iPhone10,6, ECID 0x1A2B3C4D5E6F, mode recovery",
        "41212 frames in 372.1 s",
        "the clock jumped",
    };
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *text = rs_report_text(report, FALSE);

    for (gsize i = 1; i < G_N_ELEMENTS(parts); i++)
        g_assert_cmpuint(position(text, parts[i - 1]), <, position(text, parts[i]));
}

/* Who is told to erase the device is told of a backup right before, once. */
static void
test_backup(void)
{
    g_autoptr(JsonObject) report = make_report();
    JsonObject *root = rs_json_object(report, "root");
    g_autofree char *harmless = rs_report_text(report, FALSE);
    g_autofree char *text = NULL;
    gsize warning;

    g_assert_null(strstr(harmless, "backup"));
    json_object_set_int_member(root, "first_erasing_remedy", 2);
    text = rs_report_text(report, FALSE);
    warning = position(text, "Have a backup before step 2: it erases the device.");
    g_assert_cmpuint(position(text, "what to do    1. "), <, warning);
    g_assert_cmpuint(warning, <, position(text, "                2. "));
    g_assert_null(strstr(text + warning + 1, "Have a backup"));
}

/* Before the first remedy the warning takes the label; a number that is none warns of nothing. */
static void
test_backup_first(void)
{
    g_autoptr(JsonObject) report = make_report();
    JsonObject *root = rs_json_object(report, "root");
    g_autofree char *text = NULL;
    g_autofree char *absurd = NULL;

    json_object_set_int_member(root, "first_erasing_remedy", 1);
    text = rs_report_text(report, FALSE);
    position(text, "what to do    Have a backup before step 1");
    position(text, "                1. ");
    json_object_set_int_member(root, "first_erasing_remedy", G_MAXINT64);
    absurd = rs_report_text(report, FALSE);
    g_assert_null(strstr(absurd, "backup"));
}

/* Appends n consequences of the same rule, in frames 2000 and up. */
static void
add_consequences(JsonObject *report, const char *says_format, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *number = g_strdup_printf("%u", i);
        g_auto(GStrv) parts = g_strsplit(says_format, "#", -1);
        g_autofree char *says = g_strjoinv(number, parts);
        JsonObject *finding = json_object_new();

        json_object_set_string_member(finding, "rule", "host-gave-up");
        json_object_set_string_member(finding, "says", says);
        json_object_set_string_member(finding, "consequence_of", "usb-left");
        json_object_set_int_member(finding, "frame", 2000 + i);
        json_array_add_object_element(rs_json_array(report, "findings"), finding);
    }
}

/* The same sentence is told once with its frames, and not all of a thousand sentences. */
static void
test_repetition(void)
{
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *text = NULL;

    add_consequences(report, "again", 10);
    add_consequences(report, "attempt #", 1000);
    text = rs_report_text(report, FALSE);
    position(text, "frames 2000, 2001, 2002, 2003, 2004, 2005, 2006, 2007 and 2 more: again");
    position(text, "frame 2017: attempt 17 [host-gave-up]");
    g_assert_null(strstr(text, "attempt 18 "));
    position(text, "and 982 more; --json has them all");
}

/* Escapes of the capture never reach the terminal; ours only with colour. */
static void
test_escapes(void)
{
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *plain = rs_report_text(report, FALSE);
    g_autofree char *colour = rs_report_text(report, TRUE);

    g_assert_null(strchr(plain, '\033'));
    position(plain, "left \\x1b[31m the bus");
    position(colour, "left \\x1b[31m the bus");
    g_assert_nonnull(strstr(colour, "\033[1;31mthe restore failed\033[0m"));
}

/* Clean text holds nothing a terminal would obey. */
static void
test_clean(void)
{
    g_autofree char *clean = rs_layout_clean("a\nb\tc\x07\x7f\xc2\x9b\xe2\x80\xae\xff\xe2\x80\xa6");

    g_assert_cmpstr(clean, ==, "a b c\\x07\\x7f\\x9b\\u{202e}\xef\xbf\xbd\xe2\x80\xa6");
}

/* No line is wider than a page, but for words that are. */
static void
test_wrapped(void)
{
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *text = rs_report_text(report, FALSE);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++)
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 100);
}

/* Text of what is not a report at all: dull, but no crash. */
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
        g_autofree char *text = rs_report_text(report, FALSE);
        g_autofree char *timeline = rs_report_timeline(report, FALSE);

        g_assert_true(g_str_has_suffix(text, "\n"));
        g_assert_true(g_str_has_prefix(timeline, "capture: no restore traffic"));
    }
}

/* The timeline has a line per mode, phase and host, with its frames. */
static void
test_timeline(void)
{
    g_autoptr(JsonObject) report = make_report();
    g_autofree char *text = rs_report_timeline(report, FALSE);

    g_assert_cmpuint(position(text, "recovery       frames 1-900"), <,
                     position(text, "31.200 -     40.900 s  asr            frames 980-1168"));
    position(text, "gs.apple.com: signing, ok");
}

/* Of several tries each has a line; of one there is nothing to tell apart. */
static void
test_attempts(void)
{
    struct rs_diagnosis *diagnosis = sample_twice();
    g_autoptr(JsonObject) report = rs_report_json(diagnosis, NULL);
    g_autoptr(JsonObject) alone = make_report();
    g_autofree char *text = rs_report_text(report, FALSE);
    g_autofree char *without = rs_report_text(alone, FALSE);

    g_assert_cmpuint(position(text, "attempt 1 of 2, ECID 0xFEDCBA987654: neither completed"), <,
                     position(text, "attempt 2 of 2, ECID 0x1A2B3C4D5E6F: the restore failed"));
    g_assert_null(strstr(without, "attempt"));
    rs_diagnosis_free(diagnosis);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report-text/order", test_order);
    g_test_add_func("/report-text/backup", test_backup);
    g_test_add_func("/report-text/backup-first", test_backup_first);
    g_test_add_func("/report-text/repetition", test_repetition);
    g_test_add_func("/report-text/escapes", test_escapes);
    g_test_add_func("/report-text/clean", test_clean);
    g_test_add_func("/report-text/wrapped", test_wrapped);
    g_test_add_func("/report-text/odd-shapes", test_odd_shapes);
    g_test_add_func("/report-text/timeline", test_timeline);
    g_test_add_func("/report-text/attempts", test_attempts);
    return g_test_run();
}
