/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Alignment of a log to a capture: by its stamps, by stamps that are off, by the order of steps. */
#include <math.h>

#include "plugin/knowledge/json_get.h"
#include "plugin/sidelog/sidelog_private.h"

/* 2026-11-26T00:00:00Z; DFU mode at 1 s, signing at 2 s, ibec at 12 s, restore mode at 20 s, asr at
 * 30 s of 60 s. */
#define REPORT                                                                                     \
    "{\"start\":\"2026-11-26T00:00:00.000000Z\",\"duration_s\":60,\"device\":{\"mode_spans\":["    \
    "{\"name\":\"dfu\",\"start_s\":1},{\"name\":\"restore\",\"start_s\":20}]},\"phases\":["        \
    "{\"name\":\"signing\",\"start_s\":2},{\"name\":\"ibec\",\"start_s\":12},"                     \
    "{\"name\":\"asr\",\"start_s\":30}]}"

enum { START_S = 1795651200 };

static rs_knowledge *knowledge;

struct line {
    double time_s; /* since the log's own start; negative: no stamp */
    const char *text;
};

static const struct line whole[] = {
    { 1, "Found device in DFU mode" },
    { 2.5, "Sending TSS request attempt 1... response successfully received" },
    { 12.2, "Sending iBEC (184592 bytes)..." },
    { 20.5, "Device 1 has successfully entered restore mode" },
    { 30.1, "Restoring image (13)" },
    { 41, "ERROR: Unable to send data to ASR. Sent 0 of 20 bytes." },
};

/* The lines with stamps in a format of the epoch, moved by some seconds, or without. */
static rs_side_log *
write_log(const struct line *lines, gsize n, gboolean stamped, double moved_s)
{
    rs_side_log *log = rs_side_log_new(knowledge, RS_SIDE_FILE, "log");

    for (gsize i = 0; i < n; i++) {
        g_autofree char *text =
            stamped ? g_strdup_printf("%.6f %s", START_S + lines[i].time_s + moved_s, lines[i].text)
                    : g_strdup(lines[i].text);
        const struct rs_side_line line = { i + 1, RS_SIDE_NO_TIME, NULL, text };

        rs_side_log_add(log, &line);
    }
    return log;
}

static void
check(const rs_side_log *log, const char *says, double after_s, double before_s)
{
    g_autoptr(JsonObject) report = rs_json_parse(REPORT, -1, NULL);
    const struct rs_side_hit *hit = &g_array_index(log->hits, struct rs_side_hit, 0);
    struct rs_side_place place;
    double after, before;
    g_autofree char *said = NULL;

    rs_side_place_init(&place, log, report);
    said = rs_side_place_says(&place, log);
    g_assert_cmpstr(said, ==, says);
    g_assert_cmpint(rs_side_place_of(&place, hit, &after, &before), ==,
                    !isnan(after_s) || !isnan(before_s));
    g_assert_cmpint(isnan(after) != 0, ==, isnan(after_s) != 0);
    g_assert_cmpint(isnan(before) != 0, ==, isnan(before_s) != 0);
    g_assert_true(isnan(after_s) || fabs(after - after_s) < 0.6);
    g_assert_true(isnan(before_s) || fabs(before - before_s) < 0.6);
    rs_side_place_clear(&place);
}

static void
test_stamps(void)
{
    g_autoptr(rs_side_log) log = write_log(whole, G_N_ELEMENTS(whole), TRUE, 0);

    check(log, "placed by its time stamps", 41, 41);
}

/* Another time zone, or a clock that is wrong: the steps tell. */
static void
test_stamps_that_are_off(void)
{
    g_autoptr(rs_side_log) hours = write_log(whole, G_N_ELEMENTS(whole), TRUE, 7200);
    g_autoptr(rs_side_log) little = write_log(whole, G_N_ELEMENTS(whole), TRUE, 15);

    check(hours, "placed by its time stamps, fitted to 5 steps of the restore", 41, 41);
    check(little, "placed by its time stamps, fitted to 5 steps of the restore", 41, 41);
}

static void
test_order(void)
{
    g_autoptr(rs_side_log) log = write_log(whole, G_N_ELEMENTS(whole), FALSE, 0);
    const struct line early[] = { whole[1], whole[5], whole[2] };
    g_autoptr(rs_side_log) between = write_log(early, G_N_ELEMENTS(early), FALSE, 0);
    g_autoptr(rs_side_log) first = write_log(whole + 5, 1, FALSE, 0);

    check(log, "placed by the order of 5 steps of the restore", 30, NAN);
    check(between, "placed by the order of 2 steps of the restore", 2, 12);
    check(first, "not placed in time (it tells of no step that the capture shows)", NAN, NAN);
}

/* A step that the capture does not show must not carry away those after it. */
static void
test_order_with_strangers(void)
{
    const struct line lines[] = { { 0, "Found device in Normal mode" },
                                  whole[3], /* an attempt before the capture began */
                                  whole[0],
                                  whole[1],
                                  whole[2],
                                  whole[5] };
    g_autoptr(rs_side_log) log = write_log(lines, G_N_ELEMENTS(lines), FALSE, 0);

    check(log, "placed by the order of 3 steps of the restore", 12, NAN);
}

/* Midnight passes between two lines. */
static void
test_midnight(void)
{
    static const char *const lines[] = { "23:59:58.0 Sending iBEC (1 bytes)",
                                         "00:00:16.0 Restoring image (13)",
                                         "00:00:26.0 No space left on device" };
    g_autoptr(rs_side_log) log = rs_side_log_new(knowledge, RS_SIDE_FILE, "log");

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        const struct rs_side_line line = { i + 1, RS_SIDE_NO_TIME, NULL, lines[i] };

        rs_side_log_add(log, &line);
    }
    check(log, "placed by its time stamps, fitted to 2 steps of the restore", 40, 40);
}

int
main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    g_assert_nonnull(knowledge);
    g_test_add_func("/place/stamps", test_stamps);
    g_test_add_func("/place/stamps-that-are-off", test_stamps_that_are_off);
    g_test_add_func("/place/order", test_order);
    g_test_add_func("/place/order-with-strangers", test_order_with_strangers);
    g_test_add_func("/place/midnight", test_midnight);
    status = g_test_run();
    rs_knowledge_free(knowledge);
    return status;
}
