/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Time stamps as tools write them, and what only looks like one. */
#include "plugin/sidelog/stamp.h"

#define S ((gint64)G_USEC_PER_SEC)

static void
test_kinds(void)
{
    static const struct {
        const char *line;
        enum rs_stamp_kind kind;
        gint64 time_us;
        const char *rest;
    } cases[] = {
        { "1795656531.662632 [== ", RS_STAMP_ABSOLUTE, 1795656531662632, "[== " },
        { "2026-11-26T01:28:51.5Z x", RS_STAMP_ABSOLUTE, 1795656531500000, "x" },
        { "2026-11-26 02:28:51.500000+0100 x", RS_STAMP_ABSOLUTE, 1795656531500000, "x" },
        { "2026-11-25 20:58:51-04:30  x", RS_STAMP_ABSOLUTE, 1795656531000000, "x" },
        { "[2026-11-26 01:28:51,25] x", RS_STAMP_LOCAL, 1795656531250000, "x" },
        { "01:28:51.123 x", RS_STAMP_CLOCK, 5331123000, "x" },
        { "[1:28:51] x", RS_STAMP_CLOCK, 5331 * S, "x" },
        { "Nov 26 01:28:51 host usbmuxd[1]: x", RS_STAMP_CLOCK, 5331 * S, "host usbmuxd[1]: x" },
        { "Nov  6 01:28:51 x", RS_STAMP_CLOCK, 5331 * S, "x" },
        { "[   12.345678] usb 1-1: x", RS_STAMP_SINCE, 12345678, "usb 1-1: x" },
        { "1795656531.6626329", RS_STAMP_ABSOLUTE, 1795656531662632, "" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct rs_stamp stamp = rs_stamp_read(cases[i].line);

        g_assert_cmpint(stamp.kind, ==, cases[i].kind);
        g_assert_cmpint(stamp.time_us, ==, cases[i].time_us);
        g_assert_cmpstr(cases[i].line + stamp.length, ==, cases[i].rest);
    }
}

static void
test_none(void)
{
    static const char *const lines[] = {
        "",
        "Sending iBEC (184592 bytes)...",
        "[20:21:09.1234-GMT]{4>1} CHECKPOINT FAILURE", /* the device's clock */
        "[==========                ]  19.5%",
        "12.5 MB",
        "2026-13-26 01:28:51 x",
        "2026-11-26",
        "1795656531 x",
        "1.2.3",
        "01:28:51x",
        "[12.5",
        "[12:30:00",
        "Nov 26",
        "99999999999999999999.5 x",
        "2026-11-26T",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        const struct rs_stamp stamp = rs_stamp_read(lines[i]);

        g_assert_cmpint(stamp.kind, ==, RS_STAMP_NONE);
        g_assert_cmpuint(stamp.length, ==, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stamp/kinds", test_kinds);
    g_test_add_func("/stamp/none", test_none);
    return g_test_run();
}
