/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Marks are lines of JSON that are appended, whatever is in their texts. */
#include <string.h>

#include <glib/gstdio.h>

#include "samples/lab/scenario/marks.h"

static void
test_lines(void)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("lab-XXXXXX.marks", &path, NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    char *end = NULL;
    double before = (double)g_get_real_time() / 1e6, t;

    g_assert_true(g_close(fd, NULL));
    for (int i = 0; i < 2; i++) {
        lab_marks_t *m = lab_marks_new(path, "vphone", NULL);

        lab_mark(m, "fault", i ? "a \"b\"\n\\" : "plain", i ? NULL : "usb.urb_status == -71", 0, 5);
        lab_marks_free(m);
    }
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpint(g_remove(path), ==, 0);
    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
    g_assert_true(g_str_has_prefix(lines[0], "{\"t\":"));
    t = g_ascii_strtod(lines[0] + 5, &end);
    g_assert_true(t >= before - 0.001 && t < before + 60);
    g_assert_cmpstr(end, ==,
                    ",\"who\":\"vphone\",\"fault\":\"fault\",\"what\":\"plain\","
                    "\"filter\":\"usb.urb_status == -71\",\"pick\":\"first\","
                    "\"before_s\":0.000,\"within_s\":5.000}");
    g_assert_nonnull(strstr(lines[1], "\"what\":\"a \\\"b\\\"\\u000a\\\\\",\"filter\":null,"));
}

static void
test_no_file(void)
{
    g_autoptr(GError) error = NULL;
    lab_marks_t *m = lab_marks_new(NULL, "apple", &error);

    g_assert_no_error(error);
    lab_mark(m, "fault", "only told", NULL, 0, 0);
    lab_marks_free(m);
    g_assert_null(lab_marks_new("/nonexistent/marks", "apple", &error));
    g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/marks/lines", test_lines);
    g_test_add_func("/lab/marks/no-file", test_no_file);
    return g_test_run();
}
