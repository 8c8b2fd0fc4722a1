/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words scenarios order answers and handshakes with, and which order comes next. */
#include <string.h>

#include "samples/lab/apple/orders.h"

#include "written.h"

static void
test_words(void)
{
    static const struct {
        const char *text;
        apple_answer_t answer;
    } right[] = {
        { "ok", { .kind = APPLE_ANSWER_OK } },
        { " close", { .kind = APPLE_ANSWER_CLOSE } },
        { "status 94 It isn't.", { APPLE_ANSWER_STATUS, 94, 0, "It isn't." } },
        { "http 302 http://a.example/", { APPLE_ANSWER_HTTP, 302, 0, "http://a.example/" } },
        { "407", { .kind = APPLE_ANSWER_HTTP, .number = 407 } },
        { "slow 8000", { .kind = APPLE_ANSWER_OK, .delay_ms = 8000 } },
        { "slow 20 reset", { .kind = APPLE_ANSWER_RESET, .delay_ms = 20 } },
        { "slow 20 503", { .kind = APPLE_ANSWER_HTTP, .number = 503, .delay_ms = 20 } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
        apple_answer_t a;

        g_assert_true(apple_answer_parse(right[i].text, &a));
        g_assert_cmpint(a.kind, ==, right[i].answer.kind);
        g_assert_cmpuint(a.number, ==, right[i].answer.number);
        g_assert_cmpuint(a.delay_ms, ==, right[i].answer.delay_ms);
        g_assert_cmpstr(a.text, ==, right[i].answer.text);
    }
}

static void
test_wrong_words(void)
{
    static const char *const wrong[] = { "",         "fine",     "okay",      "ok then",
                                         "status",   "status x", "http 99",   "http 600",
                                         "resetted", "slow",     "slow soon", "slow 5 late",
                                         "94x",      "html 3",   "http 503x" };
    apple_answer_t a = { .number = 7 };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(apple_answer_parse(wrong[i], &a));
    g_assert_cmpuint(a.number, ==, 7);
    g_assert_true(apple_answer_list_ok("http 503; ok"));
    g_assert_true(apple_answer_list_ok("reset;"));
    g_assert_false(apple_answer_list_ok("; ok"));
    g_assert_false(apple_answer_list_ok("ok; fine"));
}

static void
test_handshakes(void)
{
    static const char *const wrong[] = { "", "alert", "alert x", "alert 256", "fine", "ok " };
    apple_handshake_t h = { .alert = 7 };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(apple_handshake_parse(wrong[i], &h));
    g_assert_cmpuint(h.alert, ==, 7);
    g_assert_true(apple_handshake_parse("alert 40", &h));
    g_assert_cmpint(h.kind, ==, APPLE_HANDSHAKE_ALERT);
    g_assert_cmpuint(h.alert, ==, 40);
    g_assert_true(apple_handshake_parse("reset-after-hello", &h));
    g_assert_cmpint(h.kind, ==, APPLE_HANDSHAKE_RESET);
}

/* The last of a list is for ever; one kind of ticket may have a list of its own; a change starts
 * anew. */
static void
test_order(void)
{
    lab_scenario_t *scenario = scenario_from_text(
        "[signing]\nanswers = http 503; ok\nanswers.BBTicket = status 8\ntls = off\n", NULL);
    apple_settings_t *s = apple_settings_new(scenario);
    apple_answer_order_t order = apple_order_answer(s, APPLE_SITE_SIGNING, "ApImg4Ticket");

    g_assert_true(apple_orders_check(scenario, NULL));
    g_assert_cmpint(order.answer.kind, ==, APPLE_ANSWER_HTTP);
    g_assert_cmpstr(order.fault, ==, "signing.answers");
    order = apple_order_answer(s, APPLE_SITE_SIGNING, "BBTicket");
    g_assert_cmpuint(order.answer.number, ==, 8);
    g_assert_cmpstr(order.fault, ==, "signing.answers.BBTicket");
    for (int i = 0; i < 2; i++) {
        order = apple_order_answer(s, APPLE_SITE_SIGNING, "ApImg4Ticket");
        g_assert_cmpint(order.answer.kind, ==, APPLE_ANSWER_OK);
    }
    g_assert_false(apple_order_listens(s, APPLE_SITE_SIGNING, 443));
    g_assert_true(apple_order_listens(s, APPLE_SITE_SIGNING, 80));
    g_assert_true(apple_order_listens(s, APPLE_SITE_DOWNLOAD, 443));
    g_assert_true(apple_settings_change(s, "tls ok"));
    g_assert_true(apple_settings_change(s, "answers reset; ok"));
    g_assert_false(apple_settings_change(s, "answers"));
    g_assert_true(apple_order_listens(s, APPLE_SITE_SIGNING, 443));
    order = apple_order_answer(s, APPLE_SITE_SIGNING, "");
    g_assert_cmpint(order.answer.kind, ==, APPLE_ANSWER_RESET);
    order = apple_order_answer(s, APPLE_SITE_PORTAL, "");
    g_assert_cmpint(order.answer.kind, ==, APPLE_ANSWER_HTML);
    g_assert_cmpstr(order.fault, ==, "");
    apple_settings_free(s);
    lab_scenario_free(scenario);
}

static void
test_check(void)
{
    static const char *const wrong[] = {
        "[signing]\nanswers = fine\n", "[signing]\nanswers.SE,Ticket = fine\n",
        "[signing]\ntls = alert\n",    "[network]\ndns = address apple\n",
        "[network]\ndns = broken\n",   "[fdr]\nanswer = fine\n",
        "[proxy]\nanswer = 99\n",      "[portal]\nanswer = login\n"
    };
    static const char right[] = "[signing]\ntls = alert 40; ok\n[network]\ndns = address 0.0.0.0\n"
                                "[fdr]\nanswer = foreign-issuer\n[proxy]\nanswer = 407\n";
    lab_scenario_t *scenario = scenario_from_text(right, NULL);

    g_assert_true(apple_orders_check(scenario, NULL));
    lab_scenario_free(scenario);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;

        scenario = scenario_from_text(wrong[i], NULL);
        g_assert_false(apple_orders_check(scenario, &error));
        g_assert_nonnull(error);
        lab_scenario_free(scenario);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/answer/words", test_words);
    g_test_add_func("/lab/answer/wrong-words", test_wrong_words);
    g_test_add_func("/lab/answer/handshakes", test_handshakes);
    g_test_add_func("/lab/answer/order", test_order);
    g_test_add_func("/lab/answer/check", test_check);
    return g_test_run();
}
