/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Scripts of restored: lines and words. */
#include "samples/lab/vphone/services/script.h"

#include <string.h>

#include "samples/lab/vphone/services/data.h"
#include "samples/lab/vphone/services/script-words.h"

static const struct {
    const char *word, *form;
} verbs[] = {
#define ROW(id, word, form) [LAB_VERB_##id] = { word, form },
    LAB_VERBS(ROW)
#undef ROW
};

G_DEFINE_QUARK(lab - script - error - quark, lab_script_error)

const char *
lab_word_take(lab_words_t *w)
{
    return *w->words ? *w->words++ : NULL;
}

bool
lab_word_is(lab_words_t *w, const char *word)
{
    if (g_strcmp0(*w->words, word) != 0)
        return false;
    w->words++;
    return true;
}

bool
lab_word_number(lab_words_t *w, gint64 *value)
{
    if (!*w->words || !lab_data_number(*w->words, value))
        return false;
    w->words++;
    return true;
}

static void
line_free(void *data)
{
    lab_line_t *line = data;

    plist_free(line->message);
    g_free(line->text);
    g_free(line->name);
    g_free(line);
}

void
lab_script_free(lab_script_t *script)
{
    if (!script)
        return;
    g_ptr_array_unref(script->lines);
    g_free(script);
}

/* "\n" in a quoted text is a new line. */
static void
unfold(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        bool newline = from[0] == '\\' && from[1] == 'n';

        *to++ = newline ? '\n' : *from;
        from += newline;
    }
    *to = '\0';
}

/* The verb of a line that is not empty, or LAB_N_VERBS. */
static lab_verb_t
verb_of(const char *word)
{
    size_t i = 0;

    while (i < LAB_N_VERBS && strcmp(verbs[i].word, word) != 0)
        i++;
    return (lab_verb_t)i;
}

static bool
read_words(lab_line_t *line, char **words, GError **error)
{
    lab_words_t w = { words + 1, line, error };
    GError *why = NULL;

    line->verb = verb_of(words[0]);
    if (line->verb == LAB_N_VERBS) {
        g_set_error(error, LAB_SCRIPT_ERROR, 0, "no such word: \"%s\"", words[0]);
        return false;
    }
    for (char **word = words; *word; word++)
        unfold(*word);
    w.error = &why;
    if (lab_verb_read(&w) && !why && !*w.words)
        return true;
    if (why)
        g_propagate_error(error, why);
    else
        g_set_error(error, LAB_SCRIPT_ERROR, 0, "expected: %s %s", verbs[line->verb].word,
                    verbs[line->verb].form);
    return false;
}

/* Adds the line `text` stands for, if any. */
static bool
read_line(lab_script_t *script, const char *text, unsigned number, GError **error)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    const char *from = *stripped == '!' ? g_strchug(stripped + 1) : stripped;
    g_auto(GStrv) words = NULL;
    lab_line_t *line;

    if (!*from || *from == '#')
        return true;
    if (!g_shell_parse_argv(from, NULL, &words, error))
        return false;
    line = g_new0(lab_line_t, 1);
    line->number = number;
    line->text = g_strdup(from);
    line->culprit = *stripped == '!';
    g_ptr_array_add(script->lines, line);
    return read_words(line, words, error);
}

/* Where a line ends: at the separator or the end, but not within quotes. */
static const char *
end_of_line(const char *at, char separator)
{
    char quote = '\0';

    for (; *at && *at != '\n'; at++) {
        if (*at == '\\' && quote != '\'' && at[1] && at[1] != '\n')
            at++;
        else if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == separator)
            break;
    }
    return at;
}

lab_script_t *
lab_script_parse(const char *text, char separator, const char *origin, GError **error)
{
    lab_script_t *script = g_new0(lab_script_t, 1);
    unsigned number = 1;

    script->lines = g_ptr_array_new_with_free_func(line_free);
    for (const char *end; *text; text = *end ? end + 1 : end, number++) {
        g_autofree char *line = NULL;

        end = end_of_line(text, separator);
        line = g_strndup(text, (gsize)(end - text));
        if (!read_line(script, line, number, error)) {
            g_prefix_error(error, "%s:%u: ", origin, number);
            lab_script_free(script);
            return NULL;
        }
    }
    return script;
}

lab_script_t *
lab_script_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return NULL;
    return lab_script_parse(text, '\n', path, error);
}

char *
lab_script_path(const char *name)
{
    const char *folder = g_getenv("LAB_SCRIPTS");
    const char *lab = g_getenv("LAB_DIR");
    g_autofree char *file = g_strconcat(name, ".restored", NULL);

    if (strchr(name, '/'))
        return g_strdup(name);
    if (!folder && lab)
        return g_build_filename(lab, "scenarios", "scripts", file, NULL);
    return g_build_filename(folder ? folder : LAB_SCRIPTS_FOLDER, file, NULL);
}

const lab_line_t *
lab_script_find(const lab_script_t *script, lab_verb_t verb)
{
    for (guint i = 0; i < script->lines->len; i++) {
        const lab_line_t *line = g_ptr_array_index(script->lines, i);

        if (line->verb == verb)
            return line;
    }
    return NULL;
}

bool
lab_line_fails(const lab_line_t *line)
{
    switch (line->verb) {
    case LAB_VERB_CHECKPOINT:
    case LAB_VERB_STATUS:
        return line->value != 0;
    case LAB_VERB_BBUPDATE:
        return !line->flag;
    case LAB_VERB_CRASH:
        return true;
    default:
        return false;
    }
}
