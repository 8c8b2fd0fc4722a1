/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a filter cannot be true without. In the table a need is written as
 *
 *     -                nothing, or nobody knows what
 *     ip.src  ip.src=1 the field, with a value; ip.src~: more is asked of it than is told
 *     (a & b) (a | b)  all, any of them */
#include <string.h>

#include "plugin/engine/needs.h"

static gboolean
is_field(const char *name)
{
    static const char *const fields[] = {
        "usbmux", "http", "a.b", "a.c", "restore.mode", "restored.status", "tcp.flags.syn", NULL
    };

    return g_strv_contains(fields, name);
}

static void
write_need(GString *text, const rs_need *need)
{
    const char *quote = need->is_quoted ? "'" : "";

    switch (need->kind) {
    case RS_NEED_NOTHING:
        g_string_append_c(text, '-');
        break;
    case RS_NEED_FIELD:
        g_string_append(text, need->field);
        if (need->value != NULL)
            g_string_append_printf(text, "=%s%s%s", quote, need->value, quote);
        if (!need->is_all_there_is)
            g_string_append_c(text, '~');
        break;
    case RS_NEED_ALL:
    case RS_NEED_ANY:
        g_assert_cmpuint(need->parts->len, >, 1);
        for (guint i = 0; i < need->parts->len; i++) {
            const char *between = need->kind == RS_NEED_ALL ? " & " : " | ";

            g_string_append(text, i == 0 ? "(" : between);
            write_need(text, g_ptr_array_index(need->parts, i));
        }
        g_string_append_c(text, ')');
        break;
    }
}

static void
assert_needs(const char *filter, const char *expected)
{
    g_autoptr(rs_need) need = rs_need_new(filter, is_field);
    g_autoptr(GString) text = g_string_new(NULL);

    write_need(text, need);
    if (strcmp(text->str, expected) != 0)
        g_error("'%s' needs %s, not %s", filter, text->str, expected);
}

static void
test_fields(void)
{
    assert_needs("usbmux", "usbmux");
    assert_needs("a.b == 1", "a.b=1");
    assert_needs("a.b eq 0x12", "a.b=0x12");
    assert_needs("restore.mode == \"normal\"", "restore.mode='normal'");
    assert_needs("a.b != 1", "a.b~");
    assert_needs("a.b >= 1", "a.b~");
    assert_needs("restore.mode matches \"(a|b) && c$\"", "restore.mode~");
    assert_needs("restore.mode contains \"a\\\"b\"", "restore.mode~");
    assert_needs("restore.mode == \"a\\\"b\"", "restore.mode~");
    assert_needs("a.b == 127.0.0.0/8", "a.b=127.0.0.0/8");
}

static void
test_fields_on_both_sides(void)
{
    assert_needs("a.b < a.c", "(a.b~ & a.c~)");
    assert_needs("1 < a.b", "a.b~");
    assert_needs("1 == a.b", "a.b~");
}

/* Equal to another field, which must be there: no value. */
static void
test_equal_fields(void)
{
    assert_needs("a.b == a.c", "a.b~");
    assert_needs("a.b == max(a.c, 1)", "a.b~");
    assert_needs("a.b == max (a.c, 1) && http", "(a.b~ & http)");
}

static void
test_sets(void)
{
    assert_needs("a.b in {1}", "a.b=1");
    assert_needs("a.b in {1, 2}", "(a.b=1 | a.b=2)");
    assert_needs("restore.mode in {\"a\", \"b\"}", "(restore.mode='a' | restore.mode='b')");
    assert_needs("a.b in {1, 3 .. 5}", "a.b~");
    assert_needs("a.b in {1, 3..5}", "a.b~");
    assert_needs("restore.mode in {\"a..b\", \"c\\\\\"}", "restore.mode~");
}

static void
test_joined(void)
{
    assert_needs("usbmux && a.b == 1 && a.c > 2", "(usbmux & a.b=1 & a.c~)");
    assert_needs("usbmux and a.b or http", "((usbmux & a.b) | http)");
    assert_needs("http || usbmux && a.b", "(http | (usbmux & a.b))");
    assert_needs("(http || a.b) && a.c", "((http | a.b) & a.c)");
    assert_needs("((http))", "http");
}

/* What must not be there is no need, and neither is what a function makes of a field. */
static void
test_nothing(void)
{
    assert_needs("!http", "-");
    assert_needs("not (a.b == 1 && usbmux)", "-");
    assert_needs("!http && a.b", "(- & a.b)");
    assert_needs("!http || a.b", "(- | a.b)");
    assert_needs("! !http", "-");
    assert_needs("lower(restore.mode) == \"a\" && a.b", "(- & a.b)");
    assert_needs("count(a.b) > 2", "-");
}

/* What is not understood is not guessed at. */
static void
test_strange(void)
{
    static const char *const filters[] = {
        "",
        "http xor usbmux",
        "any a.b == 1",
        "all a.b > 1 && http",
        "a.b[0:2] == 01:02",
        "a.b + 1 == 2",
        "a.b & 0x12",
        "a.b#2 == 1",
        "1 < a.b < 5",
        "http && ",
        "http && nonsense",
        "(http",
        "http)",
        "http usbmux",
        "a.b in {1, 2",
        "a.b == \"open",
        "a.b ==",
        "a.b == 'c'",
        "restore.mode == r\"a\"",
        "lower(restore.mode == 1",
        "\"text\"",
        "&& http",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
        assert_needs(filters[i], "-");
}

static void
test_deep(void)
{
    g_autoptr(GString) filter = g_string_new(NULL);

    for (guint i = 0; i < 100000; i++)
        g_string_append_c(filter, i % 2 == 0 ? '(' : '!');
    g_string_append(filter, "http");
    assert_needs(filter->str, "-");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/needs/fields", test_fields);
    g_test_add_func("/needs/both-sides", test_fields_on_both_sides);
    g_test_add_func("/needs/equal-fields", test_equal_fields);
    g_test_add_func("/needs/sets", test_sets);
    g_test_add_func("/needs/joined", test_joined);
    g_test_add_func("/needs/nothing", test_nothing);
    g_test_add_func("/needs/strange", test_strange);
    g_test_add_func("/needs/deep", test_deep);
    return g_test_run();
}
