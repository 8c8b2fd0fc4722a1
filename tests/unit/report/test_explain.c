/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Arithmetic of error numbers, explanations, and suggestions. */
#include "plugin/cli/code_number.h"
#include "plugin/cli/explain.h"
#include "plugin/cli/suggest.h"

struct number {
    const char *text;
    gint64 code;
};

/* Every way of writing a number, and the number it stands for. */
static void
test_parse(void)
{
    static const struct number numbers[] = {
        { "0", 0 },
        { "3194", 3194 },
        { "-1", -1 },
        { "0x10", 16 },
        { "-0x10", -16 },
        { "0xE8000015", -402653163 },
        { "0xe8000015", -402653163 },
        { "3892314133", -402653163 },
        { "-402653163", -402653163 },
        { "2147483647", G_MAXINT32 },
        { "0x80000000", G_MININT32 },
        { "4294967296", G_GINT64_CONSTANT(4294967296) },
        { "0xFFFFFFFFFFFFFFFF", -1 },
        { "18446744073709551615", -1 },
        { "9223372036854775808", G_MININT64 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        gint64 code = 7;

        g_assert_true(rs_code_parse(numbers[i].text, &code));
        g_assert_cmpint(code, ==, numbers[i].code);
    }
}

/* What is no number is left alone. */
static void
test_parse_refused(void)
{
    static const char *const refused[] = { "",
                                           "-",
                                           "0x",
                                           "x10",
                                           "12a",
                                           "0xG",
                                           "--1",
                                           "1 2",
                                           " 1",
                                           "+1",
                                           "1.5",
                                           "-0x",
                                           "bad-usb-connection",
                                           "18446744073709551616" };

    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        gint64 code = 7;

        g_assert_false(rs_code_parse(refused[i], &code));
        g_assert_cmpint(code, ==, 7);
    }
}

/* 3194 is TSS STATUS 94 and nothing else; 3603 may be a status of HTTP as well. */
static void
test_origins(void)
{
    struct rs_code_origin origins[RS_ORIGINS_MAX];

    g_assert_cmpuint(rs_code_origins(3194, origins), ==, 1);
    g_assert_cmpstr(origins[0].domain, ==, "AMAuthInstall");
    g_assert_cmpstr(origins[0].origin_domain, ==, "TSS");
    g_assert_cmpint(origins[0].origin_code, ==, 94);
    g_assert_cmpuint(rs_code_origins(3603, origins), ==, 2);
    g_assert_cmpint(origins[1].origin_code, ==, 503);
    g_assert_cmpuint(rs_code_origins(9844, origins), ==, 1);
    g_assert_cmpint(origins[0].origin_code, ==, -9844);
    g_assert_cmpuint(rs_code_origins(3100, origins), ==, 0);
    g_assert_cmpuint(rs_code_origins(-1, origins), ==, 0);
    g_assert_cmpuint(rs_code_origins(G_MAXINT64, origins), ==, 0);
    g_assert_cmpuint(rs_code_origins(G_MININT64, origins), ==, 0);
}

static char *
explained(gint64 code)
{
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    struct rs_explain explain = { knowledge, NULL, { g_string_new(NULL), FALSE, 18 } };
    const gboolean known = rs_explain_number(&explain, code);

    g_assert_true(known == (explain.layout.out->len > 0));
    return g_string_free(explain.layout.out, FALSE);
}

/* The domain is always said, for each domain that has the number. */
static void
test_number(void)
{
    g_autofree char *signing = explained(3194);
    g_autofree char *minus_one = explained(-1);
    g_autofree char *near_by = explained(3157);
    g_autofree char *device = explained(-402653163);
    g_autofree char *unknown = explained(123456789);

    g_assert_true(g_str_has_prefix(signing, "AMAuthInstall 3194: "));
    g_assert_nonnull(strstr(signing, "\nAMAuthInstall 3194 = 3100 + TSS STATUS 94:\n\nTSS 94: "));
    g_assert_nonnull(strstr(minus_one, "AMRestoreErrorDomain -1: "));
    g_assert_nonnull(strstr(minus_one, "\nlibusb -1: "));
    g_assert_true(g_str_has_prefix(near_by, "AMAuthInstall 3157: not listed; 3100 to 8100 are: "));
    g_assert_true(g_str_has_prefix(device, "AMDError (0xE80000xx) -402653163 (0xE8000015): "));
    g_assert_cmpstr(unknown, ==, "");
}

/* Every code there is can be explained. */
static void
test_all_numbers(void)
{
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);

    for (guint i = 0; i < rs_knowledge_n_codes(knowledge); i++) {
        struct rs_explain explain = { knowledge, NULL, { g_string_new(NULL), FALSE, 18 } };
        const struct rs_known_code *code = rs_knowledge_code_at(knowledge, i);
        g_autofree char *head =
            g_strdup_printf("%s %" G_GINT64_FORMAT, code->id.domain, code->id.code);

        g_assert_true(rs_explain_number(&explain, code->id.code));
        g_assert_nonnull(strstr(explain.layout.out->str, head));
        g_string_free(explain.layout.out, TRUE);
    }
}

/* A code can be asked for by its name, whole and in any case. */
static void
test_code_name(void)
{
    g_autoptr(rs_knowledge) knowledge = rs_knowledge_new(RS_ERRORS_JSON, NULL);
    struct rs_explain explain = { knowledge, NULL, { g_string_new(NULL), FALSE, 18 } };

    g_assert_true(rs_explain_code_name(&explain, "eproto"));
    g_assert_nonnull(strstr(explain.layout.out->str, "-71: EPROTO\n"));
    g_assert_false(rs_explain_code_name(&explain, "eprot"));
    g_assert_false(rs_explain_code_name(&explain, ""));
    g_string_free(explain.layout.out, TRUE);
}

static void
assert_suggested(const char *word, const char *expected)
{
    static const char *const names[] = { "bad-cable", "bad-usb-port", "dns-failure", "router" };
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *close = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_ptr_array_add(list, g_strdup(names[i]));
    close = rs_suggest(word, list);
    g_assert_cmpstr(close, ==, expected);
}

/* Close names first, nothing when nothing is close, nothing out of bounds for long words. */
static void
test_suggest(void)
{
    g_autofree char *long_word = g_strnfill(100000, 'a');

    assert_suggested("bad-cabel", "bad-cable");
    assert_suggested("BAD", "bad-cable, bad-usb-port");
    assert_suggested("ruter", "router");
    assert_suggested("something else", NULL);
    assert_suggested("", NULL);
    assert_suggested(long_word, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/explain/parse", test_parse);
    g_test_add_func("/explain/parse-refused", test_parse_refused);
    g_test_add_func("/explain/origins", test_origins);
    g_test_add_func("/explain/number", test_number);
    g_test_add_func("/explain/all-numbers", test_all_numbers);
    g_test_add_func("/explain/code-name", test_code_name);
    g_test_add_func("/explain/suggest", test_suggest);
    return g_test_run();
}
