/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Scripts of restored: what each line says, and that what nothing could play is refused with file
 * and line. The scripts and the faults' lines that the lab has are read too. */
#include <string.h>

#include "samples/lab/scenario/fault.h"
#include "samples/lab/vphone/services/data.h"
#include "samples/lab/vphone/services/script.h"

static lab_script_t *
script_of(const char *text)
{
    g_autoptr(GError) error = NULL;
    lab_script_t *script = lab_script_parse(text, '\n', "test", &error);

    g_assert_no_error(error);
    return script;
}

static const lab_line_t *
line_of(const lab_script_t *script, guint index)
{
    g_assert_cmpuint(index, <, script->lines->len);
    return g_ptr_array_index(script->lines, index);
}

static void
assert_text(plist_t message, const char *key, const char *expected)
{
    g_autofree char *text = lab_data_text(message, key);

    g_assert_cmpstr(text, ==, expected);
}

static void
assert_int(plist_t message, const char *key, gint64 expected)
{
    g_assert_nonnull(plist_dict_get_item(message, key));
    g_assert_cmpint(lab_data_get_int(message, key, expected + 1), ==, expected);
}

static void
assert_bool(plist_t message, const char *key, bool expected)
{
    plist_t node = plist_dict_get_item(message, key);
    uint8_t value = 2;

    g_assert_nonnull(node);
    plist_get_bool_val(node, &value);
    g_assert_cmpint(value, ==, expected);
}

/* Empty lines and comments are no lines, but count. */
static void
test_lines(void)
{
    lab_script_t *script = script_of("# one\n\n  label  start:  \n\t! status 6 # and why\nend\n");

    g_assert_cmpuint(script->lines->len, ==, 3);
    g_assert_cmpint(line_of(script, 0)->verb, ==, LAB_VERB_LABEL);
    g_assert_cmpstr(line_of(script, 0)->name, ==, "start");
    g_assert_cmpuint(line_of(script, 0)->number, ==, 3);
    g_assert_false(line_of(script, 0)->culprit);
    g_assert_cmpint(line_of(script, 1)->verb, ==, LAB_VERB_STATUS);
    g_assert_true(line_of(script, 1)->culprit);
    g_assert_cmpuint(line_of(script, 2)->number, ==, 5);
    g_assert_true(lab_script_find(script, LAB_VERB_END) == line_of(script, 2));
    g_assert_null(lab_script_find(script, LAB_VERB_ASR));
    lab_script_free(script);
}

static void
test_progress(void)
{
    lab_script_t *script = script_of("progress 14 0..100 20 every 5\nprogress 11 -1\n"
                                     "progress 12 0..100\n");
    const lab_line_t *line = line_of(script, 0);

    g_assert_cmpint(line->value, ==, 14);
    g_assert_cmpint(line->from, ==, 0);
    g_assert_cmpint(line->to, ==, 100);
    g_assert_cmpint(line->step, ==, 20);
    g_assert_cmpuint(line->every_ms, ==, 5);
    line = line_of(script, 1);
    g_assert_cmpint(line->from, ==, -1);
    g_assert_cmpint(line->to, ==, -1);
    g_assert_cmpint(line_of(script, 2)->step, >, 0);
    lab_script_free(script);
}

static void
test_checkpoint(void)
{
    lab_script_t *script = script_of("checkpoint 0x100000634 fdr_recover 53 error \"[0]D(a b)\"\n"
                                     "checkpoint 0x624 restore_images begin\n"
                                     "checkpoint 1 x -1 warning w\n");
    const lab_line_t *line = line_of(script, 0);

    assert_text(line->message, "MsgType", "CheckpointMsg");
    assert_int(line->message, "CHECKPOINT_ID", 0x100000634);
    assert_text(line->message, "CHECKPOINT_NAME", "fdr_recover");
    assert_int(line->message, "CHECKPOINT_RESULT", 53);
    assert_bool(line->message, "CHECKPOINT_COMPLETE", true);
    assert_text(line->message, "CHECKPOINT_ERROR", "[0]D(a b)");
    g_assert_true(lab_line_fails(line));
    line = line_of(script, 1);
    assert_bool(line->message, "CHECKPOINT_COMPLETE", false);
    assert_int(line->message, "CHECKPOINT_RESULT", 0);
    g_assert_false(lab_line_fails(line));
    line = line_of(script, 2);
    assert_int(line->message, "CHECKPOINT_RESULT", -1);
    assert_text(line->message, "CHECKPOINT_WARNING", "w");
    lab_script_free(script);
}

static void
test_request(void)
{
    lab_script_t *script =
        script_of("request RootTicket\n"
                  "request BasebandData ChipID=0x68 Info/Nonce=hex:0a0B Big=-2 optional\n"
                  "request X optional 30\nasr\nasr RecoveryOSASRImage no-checksum drop 0x10\n"
                  "attestation\n");
    plist_t arguments = plist_dict_get_item(line_of(script, 1)->message, "Arguments");
    plist_t info = plist_dict_get_item(arguments, "Info");
    plist_t nonce = plist_dict_get_item(info, "Nonce");

    assert_text(line_of(script, 0)->message, "DataType", "RootTicket");
    g_assert_null(plist_dict_get_item(line_of(script, 0)->message, "Arguments"));
    g_assert_cmpuint(line_of(script, 0)->optional_ms, ==, 0);
    assert_int(arguments, "ChipID", 0x68);
    assert_int(arguments, "Big", -2);
    g_assert_cmpint(plist_get_node_type(nonce), ==, PLIST_DATA);
    g_assert_cmpuint(line_of(script, 1)->optional_ms, >, 0);
    g_assert_cmpuint(line_of(script, 2)->optional_ms, ==, 30);
    assert_text(line_of(script, 3)->message, "DataType", "SystemImageData");
    g_assert_false(line_of(script, 3)->flag);
    assert_text(line_of(script, 4)->message, "DataType", "RecoveryOSASRImage");
    g_assert_true(line_of(script, 4)->flag);
    g_assert_cmpint(line_of(script, 4)->value, ==, 0x10);
    assert_text(line_of(script, 5)->message, "MsgType", "RestoreAttestation");
    lab_script_free(script);
}

static void
test_messages(void)
{
    lab_script_t *script =
        script_of("status 1015 amr 1015 log \"one\\ntwo\" Error/Code=1\n"
                  "status 0\nbbupdate accepted Output/done=true\nbbupdate refused\n"
                  "crash \"it's gone\"\ncrashlog x\nprevious-log \"a; b\"\n"
                  "message FDRSubmit A=true B=list:x;y C=str:5\n");
    const lab_line_t *line = line_of(script, 0);

    assert_text(line->message, "MsgType", "StatusMsg");
    assert_int(line->message, "Status", 1015);
    assert_int(line->message, "AMRError", 1015);
    assert_text(line->message, "Log", "one\ntwo");
    assert_int(plist_dict_get_item(line->message, "Error"), "Code", 1);
    g_assert_true(lab_line_fails(line));
    g_assert_false(lab_line_fails(line_of(script, 1)));
    assert_bool(line_of(script, 2)->message, "Accepted", true);
    assert_bool(plist_dict_get_item(line_of(script, 2)->message, "Output"), "done", true);
    g_assert_false(lab_line_fails(line_of(script, 2)));
    g_assert_true(lab_line_fails(line_of(script, 3)));
    assert_text(line_of(script, 4)->message, "RestoredBacktrace", "it's gone");
    g_assert_true(lab_line_fails(line_of(script, 4)));
    assert_text(line_of(script, 5)->message, "Log", "x");
    assert_text(line_of(script, 6)->message, "PreviousRestoreLog", "a; b");
    line = line_of(script, 7);
    assert_bool(line->message, "A", true);
    g_assert_cmpuint(plist_array_get_size(plist_dict_get_item(line->message, "B")), ==, 2);
    assert_text(line->message, "C", "5");
    lab_script_free(script);
}

static void
test_others(void)
{
    lab_script_t *script =
        script_of("protocol 13\nsaved PanicLog=\"a b\"\nno-fdr\nwait 250\nsilence\nfdr ping\n"
                  "fdr connect gg.apple.com:443 optional\nclose\nclose \"good bye\"\n"
                  "end recovery\nend none\nend\n");

    g_assert_cmpint(line_of(script, 0)->value, ==, 13);
    assert_text(line_of(script, 1)->message, "PanicLog", "a b");
    g_assert_cmpint(line_of(script, 3)->value, ==, 250);
    g_assert_null(line_of(script, 5)->name);
    g_assert_cmpstr(line_of(script, 6)->name, ==, "gg.apple.com");
    g_assert_cmpint(line_of(script, 6)->value, ==, 443);
    g_assert_true(line_of(script, 6)->flag);
    g_assert_null(line_of(script, 7)->name);
    g_assert_cmpstr(line_of(script, 8)->name, ==, "good bye");
    g_assert_cmpstr(line_of(script, 9)->name, ==, "recovery");
    g_assert_null(line_of(script, 11)->name);
    lab_script_free(script);
}

/* What a fault has said: one line of text, and the separator means nothing within quotes. */
static void
test_separator(void)
{
    g_autoptr(GError) error = NULL;
    lab_script_t *script = lab_script_parse("checkpoint 1 x 6 error \"a; \\\"b\\\";\" ; "
                                            "! status 6 log 'c;d';end recovery",
                                            LAB_SAY_SEPARATOR, "fault", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(script->lines->len, ==, 3);
    assert_text(line_of(script, 0)->message, "CHECKPOINT_ERROR", "a; \"b\";");
    assert_text(line_of(script, 1)->message, "Log", "c;d");
    g_assert_true(line_of(script, 1)->culprit);
    g_assert_cmpuint(line_of(script, 2)->number, ==, 3);
    lab_script_free(script);
}

static void
test_errors(void)
{
    static const char *const wrong[] = {
        "nonsense",
        "label start",
        "label :",
        "progress",
        "progress 11",
        "progress 11 5..1",
        "progress 11 0..100 0",
        "progress 11 0..100 10 every",
        "checkpoint x name 0",
        "checkpoint 1 name",
        "checkpoint 1 name 0 error",
        "request",
        "request X Y",
        "request X =1",
        "request X A=hex:0",
        "asr drop",
        "status",
        "status 6 log",
        "status 6 \"no end",
        "bbupdate maybe",
        "crash",
        "message",
        "wait -1",
        "wait",
        "silence now",
        "fdr",
        "fdr connect host",
        "fdr connect host:0",
        "fdr connect host:70000",
        "saved",
        "end nowhere",
        "end recovery now",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *text = g_strconcat("# first\n\n", wrong[i], "\nend\n", NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", wrong[i]);
        g_assert_null(lab_script_parse(text, '\n', "a.restored", &error));
        g_assert_nonnull(error);
        g_assert_true(g_str_has_prefix(error->message, "a.restored:3: "));
    }
}

static void
test_path(void)
{
    g_autofree char *from_lab = NULL, *own = NULL, *as_is = lab_script_path("./x.restored");

    g_unsetenv("LAB_SCRIPTS");
    g_setenv("LAB_DIR", "/tmp/lab", TRUE);
    from_lab = lab_script_path("full");
    g_setenv("LAB_SCRIPTS", "/tmp/s", TRUE);
    own = lab_script_path("full");
    g_unsetenv("LAB_SCRIPTS");
    g_unsetenv("LAB_DIR");
    g_assert_cmpstr(as_is, ==, "./x.restored");
    g_assert_cmpstr(from_lab, ==, "/tmp/lab/scenarios/scripts/full.restored");
    g_assert_cmpstr(own, ==, "/tmp/s/full.restored");
}

/* Every name in a folder with that ending, with the folder in front. */
static GPtrArray *
files_in(const char *folder, const char *ending)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ending))
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    return files;
}

/* Every script can be played, and a whole one says at its end how it went. */
static void
test_scripts(void)
{
    g_autoptr(GPtrArray) files = files_in(RS_LAB_SCENARIOS "/scripts", ".restored");

    g_assert_cmpuint(files->len, >, 0);
    for (guint i = 0; i < files->len; i++) {
        g_autoptr(GError) error = NULL;
        lab_script_t *script = lab_script_load(g_ptr_array_index(files, i), &error);

        g_assert_no_error(error);
        g_assert_nonnull(lab_script_find(script, LAB_VERB_STATUS));
        lab_script_free(script);
    }
}

/* The "say" of one fault, as the phone will get it. */
static void
check_say(const lab_scenario_t *scenario, const char *group)
{
    const char *todo = lab_scenario_get(scenario, group, "do", "");
    const char *say = g_str_has_prefix(todo, "say ") ? todo : strstr(todo, "; say ");
    g_autoptr(GError) error = NULL;

    if (!say)
        return;
    say = strstr(say, "say ") + strlen("say ");
    lab_script_free(lab_script_parse(say, LAB_SAY_SEPARATOR, group, &error));
    g_assert_no_error(error);
}

/* Every scenario's lines can be played, and the script it names is there. */
static void
test_scenarios(void)
{
    g_autoptr(GPtrArray) files = files_in(RS_LAB_SCENARIOS, ".scenario");

    for (guint i = 0; i < files->len; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(lab_scenario_t) scenario = lab_scenario_load(g_ptr_array_index(files, i), &error);

        g_assert_no_error(error);
        g_test_message("%s", (char *)g_ptr_array_index(files, i));
        for (const char *const *g = lab_scenario_groups(scenario, "fault"); *g; g++)
            check_say(scenario, *g);
        for (const char *const *g = lab_scenario_groups(scenario, "device"); *g; g++) {
            g_autofree char *path =
                lab_script_path(lab_scenario_get(scenario, *g, "script", "full"));

            g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/script/lines", test_lines);
    g_test_add_func("/lab/script/progress", test_progress);
    g_test_add_func("/lab/script/checkpoint", test_checkpoint);
    g_test_add_func("/lab/script/request", test_request);
    g_test_add_func("/lab/script/messages", test_messages);
    g_test_add_func("/lab/script/others", test_others);
    g_test_add_func("/lab/script/separator", test_separator);
    g_test_add_func("/lab/script/errors", test_errors);
    g_test_add_func("/lab/script/path", test_path);
    g_test_add_func("/lab/script/scripts", test_scripts);
    g_test_add_func("/lab/script/scenarios", test_scenarios);
    return g_test_run();
}
