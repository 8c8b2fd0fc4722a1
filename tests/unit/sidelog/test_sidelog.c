/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A log held against reports: agreement, rivals, contradiction, guesses, and hostile text. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "plugin/knowledge/json_get.h"
#include "plugin/sidelog/sidelog.h"

#define DEVICE "\"device\":{\"ecid\":\"0x1a2d3e4f5a6b7c\",\"product\":\"iPhone10,6\"}"
#define USB_ROOT                                                                                   \
    "{\"rule\":\"usb-dropped-in-transfer\",\"cause\":\"bad-usb-connection\",\"frame\":9,"          \
    "\"time_s\":40,\"evidence\":[],\"codes\":[],\"rivals\":[{\"cause\":"                           \
    "\"device-reboot-mid-restore\"}]}"
#define FAILED                                                                                     \
    "{\"outcome\":\"failed\",\"start\":\"1970-01-01T00:00:00Z\",\"duration_s\":60," DEVICE         \
    ",\"root\":" USB_ROOT ",\"findings\":[" USB_ROOT "],\"warnings\":[]}"
#define CUT                                                                                        \
    "{\"outcome\":\"cut-short\",\"duration_s\":60," DEVICE                                         \
    ",\"root\":null,\"findings\":[],\"warnings\":[]}"
#define COMPLETED                                                                                  \
    "{\"outcome\":\"completed\",\"duration_s\":60," DEVICE                                         \
    ",\"root\":null,\"findings\":[],\"warnings\":[]}"

static rs_knowledge *knowledge;

static JsonObject *
held_against(const char *report_text, const char *text)
{
    JsonObject *report = rs_json_parse(report_text, -1, NULL);
    g_autoptr(rs_side_log) log = rs_side_log_new(knowledge, RS_SIDE_FILE, "client.txt");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    g_assert_nonnull(report);
    for (guint i = 0; lines[i]; i++) {
        const struct rs_side_line line = { i + 1, RS_SIDE_NO_TIME, NULL, lines[i] };

        rs_side_log_add(log, &line);
    }
    rs_side_log_apply(log, report);
    return report;
}

static JsonObject *
log_of(JsonObject *report)
{
    return rs_json_object_at(rs_json_array(report, "logs"), 0);
}

static void
check(const char *report_text, const char *text, const char *fits, guint n_warnings)
{
    g_autoptr(JsonObject) report = held_against(report_text, text);

    g_assert_cmpstr(rs_json_string(log_of(report), "fits"), ==, fits);
    g_assert_cmpuint(rs_json_length(rs_json_array(report, "warnings")), ==, n_warnings);
}

static void
test_fits(void)
{
    check(FAILED, "ERROR: Unable to send data to ASR. Sent 0 of 20 bytes.", "root", 0);
    check(FAILED, "panic(cpu 0 caller 0xfff)", "rival", 0);
    check(FAILED, "Waiting for NAND (28)", "nothing", 0);
    check(COMPLETED, "Status: Restore Finished\nDONE", "completed", 0);
    check(COMPLETED, "Waiting for NAND (28)", "nothing", 0);
}

static void
test_contradictions(void)
{
    check(FAILED, "This device isn't eligible for the requested build.", "contradicts", 1);
    check(FAILED, "Status: Restore Finished", "contradicts", 1);
    check(COMPLETED, "ERROR: Unable to restore device", "contradicts", 1);
    check(FAILED, "Found ECID 12345\nERROR: Unable to send data to ASR. Sent 0 of 20 bytes.",
          "other-device", 1);
    check(FAILED, "Identified device as n71ap, iPhone8,1", "other-device", 1);
}

/* What is no contradiction: a weak phrase, and a log of several devices. */
static void
test_no_contradictions(void)
{
    check(FAILED, "ERROR: Unable to get SHSH blobs for this device", "nothing", 0);
    check(FAILED, "Found ECID 12345\nFound ECID 54321\nNo space left on device", "nothing", 0);
}

/* What was lived through before the fault contradicts nothing. */
static void
test_early_lines(void)
{
    check(FAILED, "1970-01-01 00:00:05Z Could not resolve host: gs.apple.com", "nothing", 0);
    check(FAILED, "1970-01-01 00:00:40Z Could not resolve host: gs.apple.com", "contradicts", 1);
}

static void
test_alone(void)
{
    g_autoptr(JsonObject) report =
        held_against(CUT, "x\nCould not resolve host: gs.apple.com\nERROR: Unable to get SHSH "
                          "blobs for this device");
    JsonObject *log = log_of(report);
    JsonArray *causes = rs_json_array(log, "causes");

    g_assert_cmpstr(rs_json_string(log, "fits"), ==, "alone");
    g_assert_cmpuint(rs_json_length(causes), >, 0);
    g_assert_cmpstr(rs_json_string(rs_json_object_at(causes, 0), "cause"), ==, "no-internet");
    g_assert_cmpstr(rs_json_string(rs_json_object_at(causes, 0), "confidence"), ==, "low");
    g_assert_cmpint(rs_json_int(rs_json_object_at(causes, 0), "line"), ==, 2);
    g_assert_true(json_object_get_null_member(report, "root"));
}

static void
test_codes(void)
{
    g_autoptr(JsonObject) report =
        held_against(CUT, "CHECKPOINT FAILURE:(FAILURE:53)\n<key>AMRError</key>\n"
                          "<integer>14</integer>");
    JsonArray *codes = rs_json_array(log_of(report), "codes");

    g_assert_cmpuint(rs_json_length(codes), ==, 2);
    g_assert_cmpint(rs_json_int(rs_json_object_at(codes, 0), "code"), ==, 14);
    g_assert_cmpint(rs_json_int(rs_json_object_at(codes, 0), "line"), ==, 3);
    g_assert_cmpint(rs_json_int(rs_json_object_at(codes, 1), "code"), ==, 53);
}

/* Colours, bars and bytes that are no text. */
static void
test_hostile(void)
{
    g_autoptr(JsonObject) report = held_against(
        FAILED, "\x1b[1;31m[=====     ]  65.5%ERROR: Unable to send data\x1b[0m to ASR\xff\x01\x1b"
                "\n\x1b[\n\x1b\n[=\n[=]\n");
    JsonArray *evidence = rs_json_array(log_of(report), "evidence");

    g_assert_cmpuint(rs_json_length(evidence), ==, 1);
    g_assert_cmpstr(rs_json_string(rs_json_object_at(evidence, 0), "text"), ==,
                    "ERROR: Unable to send data to ASR\xef\xbf\xbd");
}

/* A flood of lines costs no more memory than a few, and the last of them is kept. */
static void
test_flood(void)
{
    g_autoptr(rs_side_log) log = rs_side_log_new(knowledge, RS_SIDE_FILE, "log");
    g_autoptr(JsonObject) report = rs_json_parse(CUT, -1, NULL);

    for (guint i = 1; i <= 20000; i++) {
        const struct rs_side_line line = { i, RS_SIDE_NO_TIME, NULL, "Found device in DFU mode" };
        const struct rs_side_line other = { i, RS_SIDE_NO_TIME, NULL, "Sending iBEC (1 bytes)" };
        const struct rs_side_line fault = { i, RS_SIDE_NO_TIME, NULL, "Status: Fail" };

        rs_side_log_add(log, &line);
        rs_side_log_add(log, &other);
        rs_side_log_add(log, &fault);
    }
    rs_side_log_apply(log, report);
    g_assert_cmpint(
        rs_json_int(rs_json_object_at(rs_json_array(log_of(report), "codes"), 0), "line"), ==,
        20000);
}

/* Lines of the journal join the root's evidence; those of other things are not even mentioned. */
static void
test_journal(void)
{
    g_autoptr(JsonObject) report = rs_json_parse(FAILED, -1, NULL);
    g_autoptr(rs_side_log) log = rs_side_log_new(knowledge, RS_SIDE_JOURNAL, "the journal");
    const gint64 second = G_USEC_PER_SEC;
    const struct rs_side_line lines[] = {
        { 5, 20 * second, "kernel", "usb 1-1: USB disconnect, device number 4" }, /* a reboot */
        { 10, 41 * second, "kernel", "usb 1-1: USB disconnect, device number 5" },
        { 11, 41 * second, "kernel", "usb 1-1: Could not resolve host" },
    };
    JsonArray *evidence;

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        rs_side_log_add(log, &lines[i]);
    rs_side_log_apply(log, report);
    evidence = rs_json_array(rs_json_object(report, "root"), "evidence");
    g_assert_cmpuint(rs_json_length(evidence), ==, 1);
    g_assert_cmpint(rs_json_int(rs_json_object_at(evidence, 0), "frame"), ==, 10);
    g_assert_cmpstr(rs_json_string(rs_json_object_at(evidence, 0), "says"), ==,
                    "kernel: usb 1-1: USB disconnect, device number 5");
    g_assert_cmpstr(rs_json_string(log_of(report), "placed_by"), ==, "frames");
}

static void
test_quiet_journal(void)
{
    g_autoptr(JsonObject) report = rs_json_parse(COMPLETED, -1, NULL);
    g_autoptr(rs_side_log) log = rs_side_log_new(knowledge, RS_SIDE_JOURNAL, "the journal");
    const struct rs_side_line line = { 5, 0, "kernel", "usb 1-1: USB disconnect, device number 4" };

    rs_side_log_add(log, &line);
    rs_side_log_apply(log, report);
    g_assert_false(json_object_has_member(report, "logs"));
}

/* A file's lines are counted as editors count them. */
static void
test_read(void)
{
    static const char text[] = "one\r\n10%\r20%\r30%\nNo space left on device";
    g_autoptr(rs_side_log) log = rs_side_log_new(knowledge, RS_SIDE_FILE, "log");
    g_autoptr(JsonObject) report = rs_json_parse(CUT, -1, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("sidelog-XXXXXX", &path, NULL);

    g_assert_cmpint(write(fd, text, sizeof text - 1), ==, sizeof text - 1);
    close(fd);
    g_assert_true(rs_side_log_read(log, path, &error));
    g_assert_no_error(error);
    g_unlink(path);
    rs_side_log_apply(log, report);
    g_assert_cmpint(rs_json_int(log_of(report), "lines"), ==, 3);
    g_assert_cmpint(
        rs_json_int(rs_json_object_at(rs_json_array(log_of(report), "evidence"), 0), "line"), ==,
        3);
    g_assert_false(rs_side_log_read(log, path, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    g_assert_nonnull(knowledge);
    g_test_add_func("/sidelog/fits", test_fits);
    g_test_add_func("/sidelog/contradictions", test_contradictions);
    g_test_add_func("/sidelog/no-contradictions", test_no_contradictions);
    g_test_add_func("/sidelog/early-lines", test_early_lines);
    g_test_add_func("/sidelog/alone", test_alone);
    g_test_add_func("/sidelog/codes", test_codes);
    g_test_add_func("/sidelog/hostile", test_hostile);
    g_test_add_func("/sidelog/flood", test_flood);
    g_test_add_func("/sidelog/journal", test_journal);
    g_test_add_func("/sidelog/quiet-journal", test_quiet_journal);
    g_test_add_func("/sidelog/read", test_read);
    status = g_test_run();
    rs_knowledge_free(knowledge);
    return status;
}
