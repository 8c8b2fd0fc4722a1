/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Masking: identifiers go, everything else stays, and one device keeps one name. */
#include "plugin/knowledge/json_get.h"
#include "plugin/report/mask.h"
#include "plugin/report/report_json.h"

#define ECID "0x1A2B3C4D5E6F"
#define MASKED                                                                                     \
    "0x\xe2\x80\xa6"                                                                               \
    "5e6f"

static void
assert_masked(const char *text, const char *ecid, const char *expected)
{
    g_autofree char *masked = rs_mask_text(text, ecid);

    g_assert_cmpstr(masked, ==, expected);
}

/* The ECID in all its spellings turns into the same text. */
static void
test_ecid(void)
{
    assert_masked("0x1A2B3C4D5E6F", ECID, MASKED);
    assert_masked("ECID:1a2b3c4d5e6f.", ECID, "ECID:" MASKED ".");
    assert_masked("ECID:00001A2B3C4D5E6F", ECID, "ECID:" MASKED);
    assert_masked("ecid 28772997619311 asked", ECID, "ecid " MASKED " asked");
    assert_masked("0x1A2B3C4D5E6F", "28772997619311", MASKED);
    assert_masked("0x1A2B3C4D5E6F 0x1A2B3C4D5E70", ECID, MASKED " 0x1A2B3C4D5E70");
}

/* UDIDs, nonces and IMEIs are known by their shape. */
static void
test_shapes(void)
{
    assert_masked("udid 00008030-001A2B3C4D5E6F70!", NULL,
                  "udid \xe2\x80\xa6"
                  "6f70!");
    assert_masked("0123456789abcdef0123456789abcdef01234567", NULL,
                  "\xe2\x80\xa6"
                  "4567");
    assert_masked("imei 490154203237518", NULL,
                  "imei \xe2\x80\xa6"
                  "7518");
    assert_masked("imei 490154203237519", NULL, "imei 490154203237519");
}

/* Numbers, codes and words that only look a bit like identifiers stay. */
static void
test_innocent(void)
{
    static const char *const innocent[] = {
        "",
        "0x",
        "0x0x1",
        "frame 1168 of 41212",
        "0xE8000015",
        "-71 (EPROTO)",
        "00008030-",
        "00008030-001A",
        "a face, a bed, \xe2\x80\xa6",
        "131072 bytes at 4294967296",
        "gs.apple.com:443",
        "dead-beef",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(innocent); i++) {
        assert_masked(innocent[i], ECID, innocent[i]);
        assert_masked(innocent[i], NULL, innocent[i]);
        assert_masked(innocent[i], "nonsense", innocent[i]);
    }
}

/* Short identifiers vanish whole rather than being half given away. */
static void
test_short(void)
{
    g_autofree char *masked = rs_mask_id("0x12345678");

    g_assert_cmpstr(masked, ==, "0x\xe2\x80\xa6");
}

/* In a report the sentences are masked, and neither the file's name nor the numbers. */
static void
test_report(void)
{
    g_autoptr(JsonObject) report =
        rs_json_parse("{\"file\":\"" ECID ".pcapng\",\"device\":{\"ecid\":\"" ECID "\"},"
                      "\"root\":{\"says\":\"" ECID " left\",\"frame\":28772997619311,"
                      "\"evidence\":[{\"says\":\"1A2B3C4D5E6F\"}]},"
                      "\"findings\":[],\"warnings\":[\"of " ECID "\"]}",
                      -1, NULL);
    JsonObject *root = rs_json_object(report, "root");
    JsonObject *evidence = rs_json_object_at(rs_json_array(root, "evidence"), 0);

    rs_mask_report(report);
    g_assert_cmpstr(rs_json_string(report, "file"), ==, ECID ".pcapng");
    g_assert_cmpstr(rs_json_string(rs_json_object(report, "device"), "ecid"), ==, MASKED);
    g_assert_cmpstr(rs_json_string(root, "says"), ==, MASKED " left");
    g_assert_cmpstr(rs_json_string(evidence, "says"), ==, MASKED);
    g_assert_cmpint(rs_json_int(root, "frame"), ==, 28772997619311);
    g_assert_cmpstr(rs_json_string_at(rs_json_array(report, "warnings"), 0), ==, "of " MASKED);
}

/* Two devices in one capture: neither shows in what is said of the other. */
static void
test_two_devices(void)
{
    static const char *const ids[] = { "1A2B3C4D5E6F", "FEDCBA987654" };
    g_autoptr(JsonObject) report =
        rs_json_parse("{\"device\":{\"ecid\":\"0x1A2B3C4D5E6F\"},"
                      "\"findings\":[{\"says\":\"1A2B3C4D5E6F and FEDCBA987654\"}],"
                      "\"attempts\":[{\"device\":{\"ecid\":\"0xFEDCBA987654\"},"
                      "\"root\":{\"says\":\"FEDCBA987654\"}},"
                      "{\"device\":{\"ecid\":\"0x1A2B3C4D5E6F\"},\"root\":null}]}",
                      -1, NULL);
    g_autofree char *line = NULL;

    rs_mask_report(report);
    line = rs_json_line(report);
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        g_assert_null(strstr(line, ids[i]));
    g_assert_nonnull(strstr(line, "\"says\":\"" MASKED " and 0x\xe2\x80\xa6"
                                  "7654\""));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mask/ecid", test_ecid);
    g_test_add_func("/mask/shapes", test_shapes);
    g_test_add_func("/mask/innocent", test_innocent);
    g_test_add_func("/mask/short", test_short);
    g_test_add_func("/mask/report", test_report);
    g_test_add_func("/mask/two-devices", test_two_devices);
    return g_test_run();
}
