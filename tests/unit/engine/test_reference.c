/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * plugin/rules/README.md: its examples are rules, they link, and they do what the text beside them
 * says. */
#include <string.h>

#include "plugin/engine/engine.h"
#include "tests/unit/engine/fixture.h"

/* The text of all blocks fenced as ```rules. */
static char *
read_examples(void)
{
    g_autoptr(GString) examples = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    const char *at;

    g_file_get_contents(RS_REFERENCE, &text, NULL, &error);
    g_assert_no_error(error);
    for (at = text; (at = strstr(at, "\n```rules\n")) != NULL;) {
        const char *end;

        at += strlen("\n```rules\n");
        end = strstr(at, "```\n");
        g_assert_nonnull(end);
        g_string_append_len(examples, at, end - at);
        at = end;
    }
    return g_string_free(g_steal_pointer(&examples), FALSE);
}

static struct fixture *
new_examples(void)
{
    g_autofree char *examples = read_examples();

    return fixture_new(examples);
}

static void
test_links(void)
{
    g_autoptr(fixture) f = new_examples();

    g_assert_cmpuint(rs_ruleset_n_rules(f->ruleset), ==, 10);
}

static void
test_unanswered(void)
{
    g_autoptr(fixture) f = new_examples();

    feed(f, 0, "demo.syn", "tcp.stream", "1", "ip.dst", "17.1.2.3", "tcp.dstport", "443", NULL);
    feed(f, 1000, "demo.syn", "tcp.stream", "1", NULL);
    feed(f, 2000, "demo.syn", "tcp.stream", "2", NULL);
    feed(f, 2100, "demo.synack", "tcp.stream", "2", "restore.session", "9", NULL);
    advance(f, 30000);
    assert_fired(f, "demo-unanswered@1>5 x2");
    assert_says(f, "nothing answered 17.1.2.3:443 (no name) for 21.0 s; 2 attempts");
    feed(f, 31000, "demo.synack", "tcp.stream", "3", NULL);
    assert_concluded(f, "demo-unanswered@1>5 x2 recovered");
}

static void
test_retries(void)
{
    g_autoptr(fixture) f = new_examples();

    for (int i = 0; i < 3; i++)
        feed(f, i * 1000, "demo.dns-failed", "dns.qry.name", "x", "ip.src", "10.0.0.1", NULL);
    assert_concluded(f, "demo-name-unknown@1>3 x3");
    assert_says(f, "10.0.0.1 does not know x: asked 3 times");
    feed(f, 9000, "demo.dns-answered", "dns.qry.name", "x", NULL);
    assert_concluded(f, "demo-name-unknown@1>3 x3 recovered");
}

static void
test_effect_before_cause(void)
{
    g_autoptr(fixture) f = new_examples();

    feed(f, 0, "demo.transfer-failed", "restore.device", "1", "restore.phase", "asr",
         "restore.usb.status", "-71", "usb.src", "1.7.5", NULL);
    advance(f, 10);
    feed(f, 40, "demo.left", "restore.device", "1", "restore.device.left_in", "2", "restore.phase",
         "asr", NULL);
    assert_fired(f, "demo-dropped@1>3");
    assert_says(f, "the device dropped off the bus during asr: -71 on 1.7.5");
    feed(f, 90000, "demo.left", "restore.device", "2", "restore.device.left_in", "2", NULL);
    assert_fired(f, "demo-left@2>4");
}

static void
test_never(void)
{
    g_autoptr(fixture) f = new_examples();

    feed(f, 0, "demo.left", "restore.device", "1", NULL);
    assert_fired(f, "demo-left@1>1");
    advance(f, 59000);
    assert_concluded(f, "demo-left@1>1");
    advance(f, 61000);
    assert_concluded(f, "demo-left@1>1; demo-never-back@1>3 flushed");
    feed(f, 62000, "demo.attached", "restore.device", "2", NULL);
    assert_concluded(f, "demo-left@1>1");
}

static void
test_quiet(void)
{
    g_autoptr(fixture) f = new_examples();

    for (int i = 0; i < 3; i++)
        feed(f, i * 200000, "demo.message", "restore.device", "1", "restore.device.mode", "restore",
             "restored.msg_type", "ProgressMsg", NULL);
    advance(f, 800000);
    assert_fired(f, "demo-silent@3>4");
    assert_says(f, "restored has said nothing since ProgressMsg for 300.0 s");
}

static void
test_one_message(void)
{
    static const char *const steps[] = { "a", "b", "c", "d" };
    g_autoptr(fixture) f = new_examples();

    feed(f, 0, "demo.step-failed", "restore.device", "1", "restore.phase", "fdr",
         "restored.checkpoint.name", "fdr", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        feed(f, 1000, "demo.step-failed", "restore.device", "1", "restored.checkpoint.name",
             steps[i], "restored.checkpoint.result", "7", NULL);
    assert_fired(f, "demo-step-failed@2>2; demo-step-failed@3>3; demo-step-failed@4>4 x2");
    assert_says(f, "a ended with 7");
    feed(f, 2000, "demo.final", "restore.device", "1", NULL);
    assert_concluded(f, "demo-step-failed@2>2 recovered; demo-step-failed@3>3 recovered; "
                        "demo-step-failed@4>4 x2 recovered");
}

static void
test_alternatives(void)
{
    g_autoptr(fixture) f = new_examples();

    feed(f, 0, "demo.reset", "restore.host.name", "gs.apple.com", NULL);
    feed(f, 9000, "demo.prohibited", "restore.host.name", "gs.apple.com", NULL);
    assert_fired(f, "demo-refused@1>2 x2");
    assert_says(f, "gs.apple.com was refused 2 times");
    feed(f, 90000, "demo.signed", "tcp.stream", "1", "restore.host.name", "gg.apple.com", NULL);
    feed(f, 100000, "demo.reset", "restore.host.name", "gg.apple.com", NULL);
    feed(f, 101000, "demo.reset", "restore.host.name", "gg.apple.com", NULL);
    assert_fired(f, "");
}

static void
test_nothing_between(void)
{
    g_autoptr(fixture) f = new_examples();

    feed(f, 0, "demo.go", "restore.device", "1", NULL);
    feed(f, 30000, "demo.go", "restore.device", "1", NULL);
    assert_fired(f, "demo-go-again@1>2");
    assert_says(f, "\"go\" had no effect; sent again after 30.0 s");
    feed(f, 40000, "demo.go", "restore.device", "2", NULL);
    feed(f, 41000, "demo.left", "restore.device", "2", NULL);
    feed(f, 50000, "demo.go", "restore.device", "2", NULL);
    assert_fired(f, "demo-left@4>4");
}

static void
test_neither(void)
{
    g_autoptr(fixture) f = new_examples();

    feed(f, 0, "demo.bootx", "restore.session", "1", NULL);
    feed(f, 0, "demo.bootx", "restore.session", "2", NULL);
    feed(f, 250000, "demo.booted", "restore.session", "2", NULL);
    advance(f, 310000);
    assert_fired(f, "demo-nowhere@1>4");
    assert_says(f, "after \"bootx\" the device came back as nothing for 300.0 s");
    feed(f, 320000, "demo.bootx", "restore.session", "3", NULL);
    feed(f, 330000, "demo.fell-back", "restore.session", "3", NULL);
    advance(f, 900000);
    assert_fired(f, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/reference/links", test_links);
    g_test_add_func("/engine/reference/unanswered", test_unanswered);
    g_test_add_func("/engine/reference/retries", test_retries);
    g_test_add_func("/engine/reference/effect-before-cause", test_effect_before_cause);
    g_test_add_func("/engine/reference/never", test_never);
    g_test_add_func("/engine/reference/quiet", test_quiet);
    g_test_add_func("/engine/reference/one-message", test_one_message);
    g_test_add_func("/engine/reference/alternatives", test_alternatives);
    g_test_add_func("/engine/reference/nothing-between", test_nothing_between);
    g_test_add_func("/engine/reference/neither", test_neither);
    return g_test_run();
}
