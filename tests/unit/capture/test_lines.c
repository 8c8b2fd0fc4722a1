/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lines out of a stream. */
#include <string.h>

#include "capture/sources/lines.h"

static void
add(void *data, const char *line, size_t length)
{
    g_string_append_len((GString *)data, line, (gssize)length);
    g_string_append_c((GString *)data, '|');
}

/* The same lines come out wherever the stream is cut. */
static void
cuts(void)
{
    static const char text[] = "one\r\ntwo\n\n 10%\r 20%\rlast";

    for (size_t cut = 0; cut < sizeof text; cut++) {
        g_autoptr(GString) said = g_string_new(NULL);
        g_autofree struct rs_lines *lines = g_new0(struct rs_lines, 1);

        rs_lines_take(lines, text, cut, add, said);
        rs_lines_take(lines, text + cut, sizeof text - 1 - cut, add, said);
        g_assert_cmpstr(said->str, ==, "one|two| 10%| 20%|");
        rs_lines_end(lines, add, said);
        g_assert_cmpstr(said->str, ==, "one|two| 10%| 20%|last|");
    }
}

/* A line without an end comes in pieces. */
static void
endless(void)
{
    g_autofree struct rs_lines *lines = g_new0(struct rs_lines, 1);
    g_autofree char *text = g_strnfill(RS_LINE_MAX * 2 + 5, 'x');
    g_autoptr(GString) said = g_string_new(NULL);

    rs_lines_take(lines, text, strlen(text), add, said);
    g_assert_cmpuint(said->len, ==, RS_LINE_MAX * 2 + 2);
    rs_lines_end(lines, add, said);
    g_assert_cmpuint(said->len, ==, RS_LINE_MAX * 2 + 2 + 6);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lines/cuts", cuts);
    g_test_add_func("/lines/endless", endless);
    return g_test_run();
}
