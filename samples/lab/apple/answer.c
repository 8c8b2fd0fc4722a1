/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words for answers. Sentences of the signing server: libtatsu 60a39f3, src/tss.c, and reports of
 * users. */
#include "samples/lab/apple/answer.h"

#include <glib.h>
#include <string.h>

/* Takes a number off the front of `*text`, and the spaces behind it. */
static bool
take_number(const char **text, unsigned *ret_number)
{
    char *end = NULL;
    guint64 value = g_ascii_strtoull(*text, &end, 10);

    if (!g_ascii_isdigit(**text) || (*end && *end != ' ') || value > 1000000)
        return false;
    while (*end == ' ')
        end++;
    *text = end;
    *ret_number = (unsigned)value;
    return true;
}

/* The same for a word. */
static bool
take_word(const char **text, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(*text, word, n) != 0 || ((*text)[n] && (*text)[n] != ' '))
        return false;
    *text += n;
    while (**text == ' ')
        ++*text;
    return true;
}

static bool
take_kind(const char **text, apple_answer_t *a)
{
    static const struct {
        const char *word;
        bool number;
    } kinds[] = {
#define X(id, word, number) { word, number },
        APPLE_ANSWERS(X)
#undef X
    };

    if (take_number(text, &a->number)) {
        a->kind = APPLE_ANSWER_HTTP;
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!take_word(text, kinds[i].word))
            continue;
        a->kind = (apple_answer_kind_t)i;
        return !kinds[i].number || take_number(text, &a->number);
    }
    return false;
}

bool
apple_answer_parse(const char *text, apple_answer_t *ret_answer)
{
    apple_answer_t a = { .kind = APPLE_ANSWER_OK };

    while (*text == ' ')
        text++;
    if (take_word(&text, "slow") && !take_number(&text, &a.delay_ms))
        return false;
    if ((*text || a.delay_ms == 0) && !take_kind(&text, &a))
        return false;
    if (a.kind == APPLE_ANSWER_HTTP && (a.number < 200 || a.number > 599))
        return false;
    if (*text && a.kind != APPLE_ANSWER_HTTP && a.kind != APPLE_ANSWER_STATUS)
        return false;
    if (g_strlcpy(a.text, text, sizeof a.text) >= sizeof a.text)
        return false;
    *ret_answer = a;
    return true;
}

bool
apple_answer_list_ok(const char *text)
{
    g_auto(GStrv) list = g_strsplit(text, ";", -1);
    apple_answer_t answer;

    for (char **entry = list; *entry; entry++)
        if (!apple_answer_parse(g_strstrip(*entry), &answer) && (**entry || entry == list))
            return false;
    return list[0] != NULL;
}

const char *
apple_status_message(unsigned status)
{
    switch (status) {
    case 0:
        return "SUCCESS";
    case 69:
    case 94:
        return "This device isn't eligible for the requested build.";
    case 8:
    case 49:
    case 100:
        return "The request could not be understood.";
    default:
        return "An internal error occurred.";
    }
}
