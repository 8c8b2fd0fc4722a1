/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Patterns in rows of pieces. */
#include <string.h>

#include <glib.h>

#include "plugin/redact/matcher.h"

static void
add(rs_matcher *matcher, const char *was, const char *now, guint flags)
{
    const struct rs_pattern pattern = { .was = (const guint8 *)was,
                                        .now = (const guint8 *)now,
                                        .length = strlen(was),
                                        .flags = flags };

    rs_matcher_add(matcher, &pattern);
}

/* The text with all replaced, in pieces of `step` bytes; the caller's. */
static char *
run(const rs_matcher *matcher, const char *text, gsize step, guint64 *ret_count)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(struct rs_piece));
    const gsize length = strlen(text);
    char *now = g_strdup(text);

    for (gsize at = 0; at < length; at += step) {
        const struct rs_piece piece = { (const guint8 *)text + at, (guint8 *)now + at,
                                        MIN(step, length - at) };

        g_array_append_val(pieces, piece);
    }
    *ret_count = 0;
    rs_matcher_run(matcher, (const struct rs_piece *)pieces->data, pieces->len, TRUE, ret_count);
    return now;
}

static void
test_pieces(void)
{
    g_autoptr(rs_matcher) matcher = rs_matcher_new(FALSE);

    add(matcher, "F2LXK0L00JC6", "Q7ABC1D23EF4", 0);
    for (gsize step = 1; step < 20; step++) {
        guint64 count;
        g_autofree char *now = run(matcher, "a F2LXF2LXK0L00JC6, F2LXK0L00JC6", step, &count);

        g_assert_cmpstr(now, ==, "a F2LXQ7ABC1D23EF4, Q7ABC1D23EF4");
        g_assert_cmpuint(count, ==, 2);
    }
}

static void
test_longest(void)
{
    g_autoptr(rs_matcher) matcher = rs_matcher_new(FALSE);
    guint64 count;
    g_autofree char *now = NULL;

    add(matcher, "abcd", "1111", 0);
    add(matcher, "abcdefgh", "22222222", 0);
    now = run(matcher, "abcd abcdefgh abcdef", 3, &count);
    g_assert_cmpstr(now, ==, "1111 22222222 1111ef");
}

/* A pseudonym that is another identifier is not taken for it. */
static void
test_swap(void)
{
    g_autoptr(rs_matcher) matcher = rs_matcher_new(FALSE);
    guint64 count;
    g_autofree char *now = NULL;

    add(matcher, "10.0.2.2", "10.0.2.3", RS_PATTERN_NUMBER | RS_PATTERN_DOTTED);
    add(matcher, "10.0.2.3", "10.0.2.2", RS_PATTERN_NUMBER | RS_PATTERN_DOTTED);
    now = run(matcher, "10.0.2.2 10.0.2.3. 10.0.2.31 110.0.2.3 10.0.2.3.4", 5, &count);
    g_assert_cmpstr(now, ==, "10.0.2.3 10.0.2.2. 10.0.2.31 110.0.2.3 10.0.2.3.4");
    g_assert_cmpuint(count, ==, 2);
}

static void
test_alone(void)
{
    g_autoptr(rs_matcher) matcher = rs_matcher_new(FALSE);
    guint64 count;
    g_autofree char *now = NULL;

    add(matcher, "anna", "xyzz", RS_PATTERN_ALONE);
    now = run(matcher, "anna savannas /anna/ annax", 4, &count);
    g_assert_cmpstr(now, ==, "xyzz savannas /xyzz/ annax");
}

static void
test_space(void)
{
    g_autoptr(rs_matcher) matcher = rs_matcher_new(TRUE);
    guint64 count;
    g_autofree char *now = NULL;

    add(matcher, "QUJDREVGRw", "WlpaWlpaWg", 0);
    now = run(matcher, "<data>\n\tQUJD\n\tREVGRw\n</data>", 7, &count);
    g_assert_cmpstr(now, ==, "<data>\n\tWlpa\n\tWlpaWg\n</data>");
    g_assert_cmpuint(count, ==, 1);
}

/* Where a packet was cut, so is what stands for it; a few letters are nothing. */
static void
test_cut(void)
{
    g_autoptr(rs_matcher) matcher = rs_matcher_new(FALSE);
    guint64 count;
    g_autofree char *now = NULL, *few = NULL;

    add(matcher, "F2LXK0L00JC6", "Q7ABC1D23EF4", 0);
    now = run(matcher, "F2LXK0L00 F2LXK0L00", 3, &count);
    g_assert_cmpstr(now, ==, "F2LXK0L00 Q7ABC1D23");
    few = run(matcher, "a F2LXK0", 3, &count);
    g_assert_cmpstr(few, ==, "a F2LXK0");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/matcher/pieces", test_pieces);
    g_test_add_func("/matcher/longest", test_longest);
    g_test_add_func("/matcher/swap", test_swap);
    g_test_add_func("/matcher/alone", test_alone);
    g_test_add_func("/matcher/cut", test_cut);
    g_test_add_func("/matcher/space", test_space);
    return g_test_run();
}
