/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An absence while packets were dropped. */
#include <string.h>

#include "plugin/cli/losses.h"
#include "plugin/cli/pcapng_blocks.h"
#include "plugin/knowledge/json_get.h"

#define START "2026-02-28T23:59:59.000000Z"
#define START_US (G_GINT64_CONSTANT(1772323199) * G_USEC_PER_SEC)

/* One that nobody answered from second 5 to 26, one that was plainly seen. */
#define SILENCE                                                                                    \
    "{\"rule\":\"unanswered\",\"frame\":9,\"severity\":\"error\",\"confidence\":\"high\","         \
    "\"says\":\"nobody answered\",\"attempt\":1,"                                                  \
    "\"waited\":{\"from_s\":5,\"to_s\":26,\"on\":\"network\"}}"
#define SEEN                                                                                       \
    "{\"rule\":\"seen\",\"frame\":12,\"severity\":\"error\",\"confidence\":\"high\","              \
    "\"says\":\"it said no\",\"attempt\":%d}"

static JsonObject *
make_report(int attempt_of_other)
{
    g_autofree char *seen = g_strdup_printf(SEEN, attempt_of_other);
    g_autofree char *text =
        g_strdup_printf("{\"start\":\"" START "\",\"outcome\":\"failed\",\"root\":" SILENCE ","
                        "\"findings\":[" SILENCE ",%s],"
                        "\"attempts\":[{\"outcome\":\"failed\",\"root\":" SILENCE "},"
                        "{\"outcome\":\"failed\",\"root\":null}]}",
                        seen);

    return rs_json_parse(text, -1, NULL);
}

static void
lose(struct rs_blocks *blocks, guint link, double from_s, double to_s)
{
    struct rs_interface *interface = rs_blocks_add_interface(blocks, "x", 1, link);
    const struct rs_loss loss = { START_US + (gint64)(from_s * G_USEC_PER_SEC),
                                  START_US + (gint64)(to_s * G_USEC_PER_SEC), 3 };

    g_array_append_val(interface->losses, loss);
}

enum { ETHERNET = 1, USB = 220 };

/* The root after so much was lost on an interface of that kind. */
static JsonObject *
doubted(int attempt_of_other, guint link, double from_s, double to_s)
{
    JsonObject *report = make_report(attempt_of_other);
    struct rs_blocks blocks;

    rs_blocks_init(&blocks);
    lose(&blocks, link, from_s, to_s);
    rs_losses_doubt(report, blocks.interfaces);
    g_ptr_array_unref(blocks.interfaces);
    return report;
}

static void
assert_root(JsonObject *report, const char *rule, const char *confidence)
{
    JsonObject *root = rs_json_object(report, "root");
    JsonObject *first = rs_json_object_at(rs_json_array(report, "findings"), 0);

    g_assert_cmpstr(rs_json_string(root, "rule"), ==, rule);
    g_assert_cmpstr(rs_json_string(root, "confidence"), ==, confidence);
    g_assert_cmpstr(rs_json_string(first, "rule"), ==, rule);
    g_assert_cmpuint(rs_json_length(rs_json_array(report, "findings")), ==, 2);
    g_assert_cmpstr(rs_json_string(report, "outcome"), ==, "failed");
}

/* Lost meanwhile: what was plainly seen is the root instead, of the attempt too. */
static void
test_gives_way(void)
{
    g_autoptr(JsonObject) report = doubted(1, ETHERNET, 20, 21);
    JsonObject *attempt = rs_json_object_at(rs_json_array(report, "attempts"), 0);
    JsonObject *silence = rs_json_object_at(rs_json_array(report, "findings"), 1);

    assert_root(report, "seen", "high");
    g_assert_cmpstr(rs_json_string(rs_json_object(attempt, "root"), "rule"), ==, "seen");
    g_assert_cmpstr(rs_json_string(silence, "confidence"), ==, "low");
    g_assert_nonnull(strstr(rs_json_string(silence, "says"), "3 packets dropped meanwhile"));
}

/* Another attempt's fault is none of this one: it stays, and says what it is worth. */
static void
test_stays(void)
{
    g_autoptr(JsonObject) report = doubted(2, ETHERNET, 20, 21);
    JsonObject *attempt = rs_json_object_at(rs_json_array(report, "attempts"), 0);

    assert_root(report, "unanswered", "low");
    g_assert_nonnull(strstr(rs_json_string(rs_json_object(attempt, "root"), "says"), "dropped"));
}

/* A count over the whole capture may lie in it too. */
static void
test_unknown_time(void)
{
    g_autoptr(JsonObject) report = doubted(1, ETHERNET, -1772323199.0, 100);

    assert_root(report, "seen", "high");
}

/* Before, after, or on the other kind of interface: nothing to doubt. */
static void
test_elsewhere(void)
{
    g_autoptr(JsonObject) before = doubted(1, ETHERNET, 1, 3);
    g_autoptr(JsonObject) after = doubted(1, ETHERNET, 27, 28);
    g_autoptr(JsonObject) usb = doubted(1, USB, 20, 21);

    assert_root(before, "unanswered", "high");
    assert_root(after, "unanswered", "high");
    assert_root(usb, "unanswered", "high");
}

/* A root that waited for nothing stays, however little it is worth, when something else is doubted.
 */
static void
test_seen_root_stays(void)
{
    static const char text[] =
        "{\"start\":\"" START "\",\"outcome\":\"failed\","
        "\"root\":{\"rule\":\"small\",\"severity\":\"error\",\"confidence\":\"low\",\"attempt\":1},"
        "\"findings\":[{\"rule\":\"small\",\"severity\":\"error\",\"confidence\":\"low\","
        "\"attempt\":1}," SILENCE ",{\"rule\":\"later\",\"severity\":\"error\","
        "\"confidence\":\"high\",\"says\":\"no\",\"attempt\":1}],"
        "\"attempts\":[{\"outcome\":\"failed\",\"root\":null}]}";
    g_autoptr(JsonObject) report = rs_json_parse(text, -1, NULL);
    struct rs_blocks blocks;

    rs_blocks_init(&blocks);
    lose(&blocks, ETHERNET, 20, 21);
    rs_losses_doubt(report, blocks.interfaces);
    g_ptr_array_unref(blocks.interfaces);
    g_assert_cmpstr(rs_json_string(rs_json_object(report, "root"), "rule"), ==, "small");
    g_assert_cmpstr(
        rs_json_string(rs_json_object_at(rs_json_array(report, "findings"), 1), "confidence"), ==,
        "low");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/losses/gives-way", test_gives_way);
    g_test_add_func("/losses/stays", test_stays);
    g_test_add_func("/losses/unknown-time", test_unknown_time);
    g_test_add_func("/losses/elsewhere", test_elsewhere);
    g_test_add_func("/losses/seen-root-stays", test_seen_root_stays);
    return g_test_run();
}
