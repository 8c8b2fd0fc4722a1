/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What single lines mean: phrases, numbers, steps, ends. */
#include "plugin/sidelog/sidelog_private.h"

static rs_knowledge *knowledge;

/* Every phrase is found by its own patterns, which are in lower case, and has causes that exist. */
static void
test_phrases(void)
{
    for (guint i = 0; i < rs_knowledge_n_phrases(knowledge); i++) {
        const struct rs_known_phrase *phrase = rs_knowledge_phrase_at(knowledge, i);

        g_assert_nonnull(phrase->matches[0]);
        g_assert_nonnull(phrase->causes[0]);
        for (const char *const *match = phrase->matches; *match; match++) {
            g_autofree char *lower = g_ascii_strdown(*match, -1);
            g_auto(GStrv) parts = g_strsplit(*match, "*", -1);
            g_autofree char *line = g_strjoinv(" something ", parts);

            g_assert_cmpstr(lower, ==, *match);
            g_assert_nonnull(rs_side_phrase(knowledge, line, FALSE));
        }
        for (const char *const *cause = phrase->causes; *cause; cause++)
            g_assert_nonnull(rs_knowledge_cause(knowledge, *cause));
    }
}

static void
check_phrase(const char *line, gboolean is_kernel, const char *cause)
{
    const struct rs_known_phrase *phrase = rs_side_phrase(knowledge, line, is_kernel);

    g_assert_cmpstr(phrase ? phrase->causes[0] : NULL, ==, cause);
}

static void
test_phrase_of_line(void)
{
    check_phrase("Could not resolve host: gs.apple.com", FALSE, "no-internet");
    check_phrase("ERROR: could NOT resolve host", FALSE, "no-internet");
    check_phrase(
        "Failed to connect to gs.apple.com port 443 after 3 ms: Couldn't connect to server", FALSE,
        "firewall-blocks-itunes");
    check_phrase("Failed to connect to gs.apple.com port 443", FALSE, NULL);
    check_phrase("usb 1-1: device descriptor read/64, error -71", TRUE, "bad-usb-connection");
    check_phrase("Could not resolve host: gs.apple.com", TRUE, NULL); /* no kernel says that */
    check_phrase("All required components found in IPSW", FALSE, NULL);
}

static void
check_code(const char *line, const char *domain, gint64 number, gboolean is_last_word)
{
    gboolean last;
    const struct rs_known_code *code = rs_side_code(knowledge, line, &last);

    g_assert_cmpstr(code ? code->id.domain : NULL, ==, domain);
    if (!code)
        return;
    g_assert_cmpint(code->id.code, ==, number);
    g_assert_cmpint(last, ==, is_last_word);
}

static void
test_codes(void)
{
    check_code("TSS server returned: STATUS=94&MESSAGE=This device isn't eligible", "TSS", 94,
               FALSE);
    check_code("ERROR: TSS request failed (status=94, message=This device", "TSS", 94, FALSE);
    check_code("ERROR: TSS request failed: Recv failure (status=-1)", NULL, 0, FALSE);
    check_code("CHECKPOINT FAILURE:(FAILURE:53) RESTORED:[0x0634]", "AMRestoreErrorDomain", 53,
               FALSE);
    check_code("Unhandled status message (18)", "AMRestoreErrorDomain", 18, TRUE);
    check_code("Status: Fail", "AMRestoreErrorDomain", 14, TRUE);
    check_code("Status: Failed to mount filesystems.", "AMRestoreErrorDomain", 27, TRUE);
    check_code("Status: Failed at something new", NULL, 0, FALSE);
    check_code("Status: Restore Finished", NULL, 0, FALSE);
    check_code("ERROR: Could not connect to lockdownd: User denied pairing (-18)",
               "lockdownd (libimobiledevice)", -18, FALSE);
    check_code("x: Error Domain=AMRestoreErrorDomain Code=14 \"(null)\"", "AMRestoreErrorDomain",
               14, TRUE);
    check_code("Error Domain=Nobody Code=14", NULL, 0, FALSE);
    check_code("Error Domain=AMRestoreErrorDomain Code=", NULL, 0, FALSE);
    check_code("Error Domain=", NULL, 0, FALSE);
}

static void
test_status_of_two_lines(void)
{
    const struct rs_known_code *code;

    g_assert_true(rs_side_awaits_status("\t<key>AMRError</key>"));
    g_assert_false(rs_side_awaits_status("\t<key>Status</key>"));
    code = rs_side_status(knowledge, "\t<integer>18446744073709551615</integer>");
    g_assert_nonnull(code);
    g_assert_cmpint(code->id.code, ==, -1);
    g_assert_null(rs_side_status(knowledge, "<integer>0</integer>"));
    g_assert_null(rs_side_status(knowledge, "<string>14</string>"));
    g_assert_null(rs_side_status(knowledge, "<integer>"));
}

static void
test_steps(void)
{
    struct rs_side_step step;

    g_assert_true(rs_side_step("Found device in DFU mode", &step));
    g_assert_true(step.is_mode);
    g_assert_cmpstr(step.name, ==, "dfu");
    g_assert_true(rs_side_step("Sending iBEC (184592 bytes)...", &step));
    g_assert_cmpstr(step.name, ==, "ibec");
    g_assert_true(rs_side_step("Unknown operation (77)", &step));
    g_assert_cmpstr(step.name, ==, "seal");
    g_assert_false(rs_side_step("Checking for uncollected logs (44)", &step));
    g_assert_false(rs_side_step("", &step));
}

static void
test_end_and_device(void)
{
    g_autofree char *product = rs_side_product("Identified device as d221ap, iPhone10,6");
    g_autofree char *none = rs_side_product("Identified device as d221ap");

    g_assert_cmpint(rs_side_end("Status: Restore Finished"), ==, RS_SIDE_FINISHED);
    g_assert_cmpint(rs_side_end("ERROR: Unable to restore device"), ==, RS_SIDE_FAILED);
    g_assert_cmpint(rs_side_end("DONE"), ==, RS_SIDE_END_UNKNOWN); /* said after Ctrl-C too */
    g_assert_cmpstr(product, ==, "iPhone10,6");
    g_assert_null(none);
    g_assert_cmpuint(rs_side_ecid("Found ECID 7368095037025148"), ==, 7368095037025148);
    g_assert_cmpuint(rs_side_ecid("Found nothing"), ==, 0);
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    g_assert_nonnull(knowledge);
    g_test_add_func("/words/phrases", test_phrases);
    g_test_add_func("/words/phrase-of-line", test_phrase_of_line);
    g_test_add_func("/words/codes", test_codes);
    g_test_add_func("/words/status-of-two-lines", test_status_of_two_lines);
    g_test_add_func("/words/steps", test_steps);
    g_test_add_func("/words/end-and-device", test_end_and_device);
    status = g_test_run();
    rs_knowledge_free(knowledge);
    return status;
}
