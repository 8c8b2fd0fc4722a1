/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is shown of a restore that is watched. */
#include <string.h>

#include "plugin/cli/view.h"
#include "plugin/knowledge/json_get.h"

static char *
show(rs_view *view, const char *json)
{
    g_autoptr(JsonObject) event = rs_json_parse(json, -1, NULL);

    g_assert_nonnull(event);
    return rs_view_event(view, event);
}

#define AT "\"time_s\":62.5,\"frame\":9"

/* Without a terminal there are lines and nothing else. */
static void
test_plain(void)
{
    static const struct {
        const char *event, *line;
    } cases[] = {
        { "{\"event\":\"mode\",\"mode\":\"recovery\",\"device\":{\"product\":\"iPhone10,6\"}," AT
          "}",
          "   62.500 s  recovery mode, iPhone10,6\n" },
        { "{\"event\":\"left\",\"planned\":true,\"reason\":\"bootx\"," AT "}",
          "   62.500 s  the device left the bus after bootx\n" },
        { "{\"event\":\"left\",\"planned\":false," AT "}",
          "   62.500 s  the device left the bus, not told to\n" },
        { "{\"event\":\"phase\",\"phase\":\"asr\"," AT "}", "   62.500 s  phase asr\n" },
        { "{\"event\":\"progress\",\"step_s\":1,\"usb_bytes\":1," AT "}", "" },
        { "{\"event\":\"finding\",\"finding\":{\"severity\":\"note\"}," AT "}", "" },
        { "{\"event\":\"finding\",\"finding\":{\"severity\":\"error\",\"frame\":7,\"says\":"
          "\"it\\u001b[31m broke\",\"rule\":\"r\"}," AT "}",
          "   62.500 s  error: frame 7: it\\x1b[31m broke [r]\n" },
        { "{\"event\":\"verdict\",\"root\":null," AT "}",
          "   62.500 s  verdict so far: none; what went wrong was overcome\n" },
        { "{\"event\":\"something-new\"," AT "}", "" },
    };
    g_autoptr(rs_view) view = rs_view_new(FALSE, FALSE, 80);
    g_autofree char *output = rs_view_output(view, "hello\n", 6);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = show(view, cases[i].event);

        g_assert_cmpstr(text, ==, cases[i].line);
    }
    g_assert_cmpstr(output, ==, "hello\n");
}

/* On a terminal one line is written over; it never wraps, and goes away at the end. */
static void
test_status(void)
{
    g_autoptr(rs_view) view = rs_view_new(FALSE, TRUE, 30);
    g_autofree char *phase = show(view, "{\"event\":\"phase\",\"phase\":\"asr\"," AT "}");
    g_autofree char *rate = show(view, "{\"event\":\"progress\",\"step_s\":2,\"usb_bytes\":5000000,"
                                       "\"network_bytes\":10," AT "}");
    g_autofree char *end = rs_view_end(view);

    g_assert_cmpstr(phase, ==, "   62.500 s  phase asr\n\r\033[Kasr  1:02  9 frames  USB 0 B/");
    g_assert_cmpstr(rate, ==, "\r\033[K\r\033[Kasr  1:02  9 frames  USB 2.5 ");
    g_assert_cmpstr(end, ==, "\r\033[K");
}

/* A command's lines stand above it; what the command writes over is shown in it. */
static void
test_command(void)
{
    static const char text[] = "Sending\r\n 10%\r 20%";
    g_autoptr(rs_view) view = rs_view_new(FALSE, TRUE, 80);
    g_autofree char *shown = rs_view_output(view, text, strlen(text));
    g_autofree char *end = rs_view_end(view);

    g_assert_true(g_str_has_prefix(shown, "Sending\n"));
    g_assert_true(g_str_has_suffix(shown, "|  20%"));
    g_assert_cmpstr(end, ==, "\r\033[K 20%\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view/plain", test_plain);
    g_test_add_func("/view/status", test_status);
    g_test_add_func("/view/command", test_command);
    return g_test_run();
}
