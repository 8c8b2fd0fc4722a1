/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Command line options from a table. */
#include "plugin/cli/options.h"

#include "plugin/cli/cli.h"

enum { HELP_COLUMN = 24 };

struct parse {
    const struct rs_option *options;
    gsize n_options;
    int argc, next;
    char **argv;
};

static const struct rs_option *
find_letter(const struct parse *parse, char letter)
{
    for (gsize i = 0; i < parse->n_options; i++) {
        if (parse->options[i].letter == letter)
            return &parse->options[i];
    }
    return NULL;
}

static const struct rs_option *
find_name(const struct parse *parse, const char *name, gsize length)
{
    for (gsize i = 0; i < parse->n_options; i++) {
        const char *known = parse->options[i].name;

        if (strlen(known) == length && strncmp(known, name, length) == 0)
            return &parse->options[i];
    }
    return NULL;
}

/* attached: the value in the same word, or NULL. */
static gboolean
apply(struct parse *parse, const struct rs_option *option, const char *attached, GError **error)
{
    if (option->flag && attached) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "option '--%s' takes no value",
                    option->name);
        return FALSE;
    }
    if (option->flag) {
        *option->flag = TRUE;
        return TRUE;
    }
    if (!attached && parse->next >= parse->argc) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "option '--%s' needs a value (%s)",
                    option->name, option->argument);
        return FALSE;
    }
    *option->value = attached ? attached : parse->argv[parse->next++];
    return TRUE;
}

static gboolean
parse_long(struct parse *parse, const char *word, GError **error)
{
    const char *equals = strchr(word, '=');
    const gsize length = equals ? (gsize)(equals - word) : strlen(word);
    const struct rs_option *option = find_name(parse, word, length);

    if (option)
        return apply(parse, option, equals ? equals + 1 : NULL, error);
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "unknown option '--%.*s'", (int)length, word);
    return FALSE;
}

static gboolean
parse_letters(struct parse *parse, const char *letters, GError **error)
{
    for (const char *p = letters; *p; p++) {
        const struct rs_option *option = find_letter(parse, *p);

        if (!option) {
            g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "unknown option '-%c'", *p);
            return FALSE;
        }
        if (option->value)
            return apply(parse, option, p[1] ? p + 1 : NULL, error);
        *option->flag = TRUE;
    }
    return TRUE;
}

static gboolean
is_operand(const char *word)
{
    return word[0] != '-' || word[1] == '\0' || g_ascii_isdigit(word[1]);
}

gboolean
rs_options_parse(const struct rs_option *options, gsize n_options, int argc, char **argv,
                 GPtrArray *operands, GError **error)
{
    struct parse parse = { options, n_options, argc, 1, argv };
    gboolean ended = FALSE;

    while (parse.next < argc) {
        char *word = argv[parse.next++];

        if (ended || is_operand(word))
            g_ptr_array_add(operands, word);
        else if (g_str_equal(word, "--"))
            ended = TRUE;
        else if (word[1] == '-' ? !parse_long(&parse, word + 2, error)
                                : !parse_letters(&parse, word + 1, error))
            return FALSE;
    }
    return TRUE;
}

char *
rs_options_help(const struct rs_option *options, gsize n_options)
{
    GString *out = g_string_new(NULL);

    for (gsize i = 0; i < n_options; i++) {
        const struct rs_option *option = &options[i];
        const char letter[] = { '-', option->letter, ',', ' ', '\0' };
        g_autofree char *words = g_strconcat(option->letter ? letter : "    ", "--", option->name,
                                             option->argument ? "=" : "", option->argument, NULL);

        g_string_append_printf(out, "  %-*s %s\n", HELP_COLUMN, words, option->help);
    }
    return g_string_free(out, FALSE);
}
