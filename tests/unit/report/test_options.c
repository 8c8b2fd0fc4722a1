/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading of the command line. */
#include "plugin/cli/cli.h"
#include "plugin/cli/options.h"
#include "plugin/cli/terminal.h"

struct result {
    gboolean ok;
    gboolean flag, other;
    const char *value;
    char *operands; /* joined with "|" */
    char *message;
};

static struct result
parse(const char *line)
{
    struct result result = { .ok = FALSE };
    const struct rs_option options[] = {
        { 'f', "flag", NULL, "a flag", &result.flag, NULL },
        { 'o', "other", NULL, "another", &result.other, NULL },
        { 'v', "value", "FILE", "a value", NULL, &result.value },
    };
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    g_autoptr(GPtrArray) operands = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    result.ok = rs_options_parse(options, G_N_ELEMENTS(options), (int)g_strv_length(words), words,
                                 operands, &error);
    if (error)
        g_assert_true(g_error_matches(error, RS_CLI_ERROR, RS_EXIT_USAGE));
    g_ptr_array_add(operands, NULL);
    result.operands = g_strjoinv("|", (char **)operands->pdata);
    result.message = g_strdup(error ? error->message : "");
    result.value = result.value ? g_intern_string(result.value) : NULL;
    return result;
}

static void
clear(struct result *result)
{
    g_free(result->operands);
    g_free(result->message);
}

/* Options may follow operands; "-" and negative numbers are operands. */
static void
test_operands(void)
{
    struct result result = parse("x a -f b - -1 -0x5 --value=c d");

    g_assert_true(result.ok && result.flag && !result.other);
    g_assert_cmpstr(result.operands, ==, "a|b|-|-1|-0x5|d");
    g_assert_cmpstr(result.value, ==, "c");
    clear(&result);
}

/* "--" ends options; letters can be put together, the last with its value. */
static void
test_forms(void)
{
    struct result ended = parse("x -- -f --value");
    struct result bundled = parse("x -fovfile");
    struct result apart = parse("x -v -f --value --flag");

    g_assert_true(ended.ok && !ended.flag);
    g_assert_cmpstr(ended.operands, ==, "-f|--value");
    g_assert_true(bundled.ok && bundled.flag && bundled.other);
    g_assert_cmpstr(bundled.value, ==, "file");
    g_assert_true(apart.ok && !apart.flag);
    g_assert_cmpstr(apart.value, ==, "--flag");
    clear(&ended);
    clear(&bundled);
    clear(&apart);
}

static void
assert_refused(const char *line, const char *message)
{
    struct result result = parse(line);

    g_assert_false(result.ok);
    g_assert_cmpstr(result.message, ==, message);
    clear(&result);
}

/* Wrong usage is told in one sentence. */
static void
test_refused(void)
{
    assert_refused("x --flags", "unknown option '--flags'");
    assert_refused("x --fla=1", "unknown option '--fla'");
    assert_refused("x -fx", "unknown option '-x'");
    assert_refused("x --flag=1", "option '--flag' takes no value");
    assert_refused("x --value", "option '--value' needs a value (FILE)");
    assert_refused("x -v", "option '--value' needs a value (FILE)");
}

/* Colour by word; a word of its own is refused. */
static void
test_colour(void)
{
    gboolean colour = FALSE;

    g_assert_true(rs_terminal_colour("always", &colour) && colour);
    g_assert_true(rs_terminal_colour("never", &colour) && !colour);
    g_assert_false(rs_terminal_colour("sometimes", &colour));
}

/* The weight of statuses: 5 > 3 > 4 > 1 > 0, whichever comes first. */
static void
test_worse(void)
{
    static const enum rs_exit order[] = { RS_EXIT_OK, RS_EXIT_FAULT, RS_EXIT_NONE, RS_EXIT_READ,
                                          RS_EXIT_INTERNAL };

    for (gsize a = 0; a < G_N_ELEMENTS(order); a++) {
        for (gsize b = 0; b < G_N_ELEMENTS(order); b++)
            g_assert_cmpint(rs_exit_worse(order[a], order[b]), ==, order[MAX(a, b)]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/options/operands", test_operands);
    g_test_add_func("/options/forms", test_forms);
    g_test_add_func("/options/refused", test_refused);
    g_test_add_func("/options/colour", test_colour);
    g_test_add_func("/options/worse", test_worse);
    return g_test_run();
}
