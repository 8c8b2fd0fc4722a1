/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The JSON object of a diagnosis: what schema.json cannot say about it. */
#include <math.h>

#include "plugin/knowledge/json_get.h"
#include "plugin/report/report_json.h"
#include "sample_diagnosis.h"

static JsonObject *
report_of(struct rs_diagnosis *diagnosis)
{
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    JsonObject *report = rs_report_json(diagnosis, knowledge);

    rs_diagnosis_free(diagnosis);
    return report;
}

/* The root is the first finding, told twice and alike. */
static void
test_root(void)
{
    g_autoptr(JsonObject) report = report_of(sample_failed());
    JsonObject *root = rs_json_object(report, "root");
    JsonObject *first = rs_json_object_at(rs_json_array(report, "findings"), 0);
    g_autofree char *one = rs_json_line(root);
    g_autofree char *other = rs_json_line(first);

    g_assert_cmpstr(one, ==, other);
    g_assert_cmpstr(rs_json_string(root, "rule"), ==, "usb-left");
    g_assert_cmpstr(rs_json_string(root, "cause"), ==, "bad-usb-connection");
    g_assert_cmpstr(rs_json_string(root, "confidence"), ==, "high");
    g_assert_cmpint(rs_json_int(root, "frame"), ==, 1168);
    g_assert_cmpuint(rs_json_length(rs_json_array(root, "codes")), ==, 2);
    g_assert_cmpuint(rs_json_length(rs_json_array(root, "rivals")), ==, 2);
    g_assert_false(json_object_has_member(root, "consequence_of"));
}

/* Times are RFC 3339 in UTC with microseconds, across the end of a month too. */
static void
test_time(void)
{
    g_autoptr(JsonObject) report = report_of(sample_failed());
    JsonObject *root = rs_json_object(report, "root");

    g_assert_cmpstr(rs_json_string(root, "time"), ==, "2026-03-01T00:00:00.000001Z");
    g_assert_cmpfloat(rs_json_double(root, "time_s"), ==, 1.0);
}

/* A time no calendar has is null, not a wrong one. */
static void
test_time_absurd(void)
{
    struct rs_diagnosis *diagnosis = sample_failed();
    struct rs_finding *finding = g_ptr_array_index(diagnosis->findings, 0);
    g_autoptr(JsonObject) report = NULL;
    g_autofree char *line = NULL;

    finding->culprit_time_us = G_MAXINT64;
    diagnosis->duration_s = (double)INFINITY;
    report = report_of(diagnosis);
    line = rs_json_line(report);
    g_assert_nonnull(strstr(line, "\"time\":null"));
    g_assert_nonnull(strstr(line, "\"duration_s\":null"));
}

/* Advice is that of the cause, but not all of it. */
static void
test_remedies(void)
{
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    const struct rs_known_cause *cause = rs_knowledge_cause(knowledge, "bad-usb-connection");
    g_autoptr(JsonObject) report = report_of(sample_failed());
    JsonArray *remedies = rs_json_array(rs_json_object(report, "root"), "remedies");

    g_assert_cmpuint(rs_json_length(remedies), >, 0);
    g_assert_cmpuint(rs_json_length(remedies), <=, RS_REMEDIES_MAX);
    g_assert_cmpstr(rs_json_string_at(remedies, 0), ==, cause->remedies[0]);
    g_assert_cmpstr(rs_json_string(rs_json_object(report, "root"), "title"), ==, cause->title);
}

/* Consequences name whom they follow from; what recovered or was flushed says so. */
static void
test_findings(void)
{
    g_autoptr(JsonObject) report = report_of(sample_failed());
    JsonArray *findings = rs_json_array(report, "findings");
    JsonObject *consequence = rs_json_object_at(findings, 1);
    JsonObject *recovered = rs_json_object_at(findings, 2);

    g_assert_cmpuint(rs_json_length(findings), ==, 3);
    g_assert_cmpstr(rs_json_string(consequence, "consequence_of"), ==, "usb-left");
    g_assert_true(rs_json_bool(consequence, "flushed"));
    g_assert_true(json_object_get_null_member(consequence, "phase"));
    g_assert_false(json_object_has_member(consequence, "title"));
    g_assert_true(rs_json_bool(recovered, "recovered"));
    g_assert_cmpstr(rs_json_string(recovered, "severity"), ==, "note");
    g_assert_true(g_utf8_validate(rs_json_string(recovered, "says"), -1, NULL));
}

/* Each try has its verdict, and findings say which one they belong to. */
static void
test_attempts(void)
{
    g_autoptr(JsonObject) report = report_of(sample_twice());
    JsonArray *attempts = rs_json_array(report, "attempts");
    JsonObject *first = rs_json_object_at(attempts, 0);
    JsonObject *second = rs_json_object_at(attempts, 1);
    JsonObject *root = rs_json_object(second, "root");
    JsonObject *waited = rs_json_object(root, "waited");

    g_assert_cmpuint(rs_json_length(attempts), ==, 2);
    g_assert_cmpstr(rs_json_string(first, "outcome"), ==, "cut-short");
    g_assert_true(json_object_get_null_member(first, "root"));
    g_assert_cmpint(rs_json_int(first, "last_frame"), ==, 900);
    g_assert_cmpstr(rs_json_string(second, "outcome"), ==, "failed");
    g_assert_cmpstr(rs_json_string(root, "rule"), ==, "usb-left");
    g_assert_cmpint(rs_json_int(root, "attempt"), ==, 2);
    g_assert_cmpfloat(rs_json_double(waited, "to_s"), ==, 1);
    g_assert_cmpstr(rs_json_string(waited, "on"), ==, "usb");
}

/* Without a root there is a null, not a missing key. */
static void
test_nothing(void)
{
    g_autoptr(JsonObject) report = report_of(sample_nothing());
    g_autofree char *line = rs_json_line(report);

    g_assert_cmpstr(
        line, ==,
        "{\"schema\":\"restorescope.diagnosis/1\",\"file\":\"\",\"frames\":0,"
        "\"duration_s\":0,\"start\":null,\"interfaces\":[],\"outcome\":\"no-restore\","
        "\"device\":{\"ecid\":null,\"product\":null,\"modes\":[],\"mode_spans\":[]},"
        "\"phases\":[],\"root\":null,\"findings\":[],\"attempts\":[],\"hosts\":[],\"streams\":[],"
        "\"usb_errors\":[],"
        "\"rate\":{\"step_s\":0.1,\"usb_bytes\":[],\"network_bytes\":[]},\"warnings\":[]}");
}

/* What a timeline needs: when evidence was seen, when hosts were talked to, how much passed. */
static void
test_times(void)
{
    g_autoptr(JsonObject) report = report_of(sample_failed());
    JsonObject *root = rs_json_object(report, "root");
    JsonObject *evidence = rs_json_object_at(rs_json_array(root, "evidence"), 0);
    JsonObject *host = rs_json_object_at(rs_json_array(report, "hosts"), 0);
    JsonObject *contact = rs_json_object_at(rs_json_array(host, "contacts"), 0);
    JsonObject *stream = rs_json_object_at(rs_json_array(report, "streams"), 0);
    JsonObject *failed = rs_json_object_at(rs_json_array(report, "usb_errors"), 0);
    JsonObject *rate = rs_json_object(report, "rate");
    JsonArray *usb = rs_json_array(rate, "usb_bytes");

    g_assert_cmpfloat(rs_json_double(evidence, "time_s"), ==, 0.75);
    g_assert_cmpstr(rs_json_string(contact, "state"), ==, "connected");
    g_assert_cmpint(rs_json_int(contact, "last_frame"), ==, 33);
    g_assert_cmpfloat(rs_json_double(contact, "end_s"), ==, 12.25);
    g_assert_cmpstr(rs_json_string(stream, "end"), ==, "reset");
    g_assert_cmpint(rs_json_int(stream, "port"), ==, 12345);
    g_assert_cmpstr(rs_json_string(failed, "status"), ==, "EPROTO");
    g_assert_cmpfloat(rs_json_double(rate, "step_s"), ==, 0.1);
    g_assert_cmpuint(rs_json_length(usb), ==, 2);
    g_assert_cmpint(json_array_get_int_element(usb, 0), ==, 0);
    g_assert_cmpint(json_array_get_int_element(usb, 1), ==, 512);
}

/* A remedy that erases is told by its number, and only where there is one. */
static void
test_erasing(void)
{
    struct rs_diagnosis *diagnosis = sample_failed();
    const struct rs_finding *finding = g_ptr_array_index(diagnosis->findings, 0);
    struct rs_rule rule = *finding->rule;
    g_autoptr(JsonObject) harmless = report_of(sample_failed());
    g_autoptr(JsonObject) report = NULL;

    rule.cause = (char[]){ "unsigned-firmware" };
    ((struct rs_finding *)g_ptr_array_index(diagnosis->findings, 0))->rule = &rule;
    report = report_of(diagnosis);
    g_assert_cmpint(rs_json_int(rs_json_object(report, "root"), "first_erasing_remedy"), ==, 2);
    g_assert_false(
        json_object_has_member(rs_json_object(harmless, "root"), "first_erasing_remedy"));
}

/* One line, numbers as short as they are exact, strings escaped so that any parser reads them. */
static void
test_line(void)
{
    static const char text[] = "a\"b\\c\nd\x01\x7f \xe2\x80\xa6";
    g_autoptr(JsonObject) object = json_object_new();
    g_autoptr(JsonObject) again = NULL;
    g_autofree char *line = NULL;

    json_object_set_double_member(object, "a", 40.9);
    json_object_set_double_member(object, "b", -0.0000001);
    json_object_set_double_member(object, "c", 100.0);
    json_object_set_double_member(object, "d", 0.000001);
    json_object_set_int_member(object, "e", G_MININT64);
    json_object_set_string_member(object, "f", text);
    line = rs_json_line(object);
    g_assert_cmpstr(line, ==,
                    "{\"a\":40.9,\"b\":0,\"c\":100,\"d\":0.000001,\"e\":-9223372036854775808,"
                    "\"f\":\"a\\\"b\\\\c\\u000ad\\u0001\\u007f \xe2\x80\xa6\"}");
    again = rs_json_parse(line, -1, NULL);
    g_assert_cmpstr(rs_json_string(again, "f"), ==, text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report-json/root", test_root);
    g_test_add_func("/report-json/time", test_time);
    g_test_add_func("/report-json/time-absurd", test_time_absurd);
    g_test_add_func("/report-json/remedies", test_remedies);
    g_test_add_func("/report-json/findings", test_findings);
    g_test_add_func("/report-json/attempts", test_attempts);
    g_test_add_func("/report-json/nothing", test_nothing);
    g_test_add_func("/report-json/times", test_times);
    g_test_add_func("/report-json/erasing", test_erasing);
    g_test_add_func("/report-json/line", test_line);
    return g_test_run();
}
