/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Scripts of restored: what the words of a line mean, and the messages they make (keys as
 * restored's clients know them; order as libplist keeps it). */
#include "samples/lab/vphone/services/script-words.h"

#include <string.h>

/* For the names of the modes alone; nothing of the phone is called. */
#include "samples/lab/vphone/phone.h"
#include "samples/lab/vphone/services/data.h"

static const char *const modes[] = {
#define X(id, name, pid) name,
    LAB_MODES(X)
#undef X
        "none", /* it stays off the bus */
    NULL
};

enum {
    USUAL_PROGRESS_STEP = 50,
    USUAL_PROGRESS_MS = 40,
    USUAL_OPTIONAL_MS = 1500,
    HIGHEST_PORT = 65535,
};

static plist_t
message_new(const char *type)
{
    plist_t message = plist_new_dict();

    plist_dict_set_item(message, "MsgType", plist_new_string(type));
    return message;
}

/* The rest of the words as KEY=VALUE. */
static bool
put_rest(lab_words_t *w, plist_t dict)
{
    while (*w->words && strchr(*w->words, '='))
        if (!lab_data_put(dict, lab_word_take(w), w->error))
            return false;
    return true;
}

static bool
read_name(lab_words_t *w)
{
    w->line->name = g_strdup(lab_word_take(w));
    return w->line->name != NULL;
}

static bool
read_label(lab_words_t *w)
{
    size_t length;

    if (!read_name(w))
        return false;
    length = strlen(w->line->name);
    if (length < 2 || w->line->name[length - 1] != ':')
        return false;
    w->line->name[length - 1] = '\0';
    return true;
}

static bool
read_saved(lab_words_t *w)
{
    w->line->message = plist_new_dict();
    return *w->words && put_rest(w, w->line->message);
}

/* "0..100", or one value, which may be -1. */
static bool
read_range(lab_line_t *line, const char *text)
{
    const char *dots = text ? strstr(text, "..") : NULL;
    g_autofree char *from = dots ? g_strndup(text, (gsize)(dots - text)) : g_strdup(text);

    return text && lab_data_number(from, &line->from) &&
           lab_data_number(dots ? dots + 2 : from, &line->to) && line->from <= line->to;
}

static bool
read_progress(lab_words_t *w)
{
    gint64 every = USUAL_PROGRESS_MS;

    w->line->step = USUAL_PROGRESS_STEP;
    if (!lab_word_number(w, &w->line->value) || !read_range(w->line, lab_word_take(w)))
        return false;
    if (*w->words && strcmp(*w->words, "every") != 0 && !lab_word_number(w, &w->line->step))
        return false;
    if (lab_word_is(w, "every") && !lab_word_number(w, &every))
        return false;
    w->line->every_ms = (unsigned)CLAMP(every, 0, 3600000);
    return w->line->step > 0;
}

static bool
read_checkpoint(lab_words_t *w)
{
    plist_t message = w->line->message = message_new("CheckpointMsg");
    gint64 id;
    bool begins;

    if (!lab_word_number(w, &id) || !read_name(w))
        return false;
    begins = lab_word_is(w, "begin");
    if (!begins && !lab_word_number(w, &w->line->value))
        return false;
    plist_dict_set_item(message, "CHECKPOINT_ID", lab_data_int(id));
    plist_dict_set_item(message, "CHECKPOINT_NAME", plist_new_string(w->line->name));
    plist_dict_set_item(message, "CHECKPOINT_RESULT", lab_data_int(w->line->value));
    plist_dict_set_item(message, "CHECKPOINT_COMPLETE", plist_new_bool(!begins));
    while (*w->words) {
        bool warns = lab_word_is(w, "warning");
        const char *text;

        if (!warns && !lab_word_is(w, "error"))
            return false;
        text = lab_word_take(w);
        if (!text)
            return false;
        plist_dict_set_item(message, warns ? "CHECKPOINT_WARNING" : "CHECKPOINT_ERROR",
                            plist_new_string(text));
    }
    return true;
}

static bool
read_optional(lab_words_t *w)
{
    gint64 ms = USUAL_OPTIONAL_MS;

    if (!lab_word_is(w, "optional"))
        return true;
    if (*w->words && !lab_word_number(w, &ms))
        return false;
    w->line->optional_ms = (unsigned)CLAMP(ms, 1, 3600000);
    return true;
}

static bool
read_request(lab_words_t *w)
{
    plist_t arguments = plist_new_dict();
    bool fits = read_name(w) && put_rest(w, arguments) && read_optional(w);

    if (fits) {
        w->line->message = message_new("DataRequestMsg");
        plist_dict_set_item(w->line->message, "DataType", plist_new_string(w->line->name));
    }
    if (fits && plist_dict_get_size(arguments) > 0)
        plist_dict_set_item(w->line->message, "Arguments", arguments);
    else
        plist_free(arguments);
    return fits;
}

static bool
read_asr(lab_words_t *w)
{
    const char *type = "SystemImageData";

    if (*w->words && g_ascii_isupper(**w->words))
        type = lab_word_take(w);
    w->line->flag = lab_word_is(w, "no-checksum");
    if (lab_word_is(w, "drop") && !lab_word_number(w, &w->line->value))
        return false;
    w->line->name = g_strdup(type);
    w->line->message = message_new("DataRequestMsg");
    plist_dict_set_item(w->line->message, "DataType", plist_new_string(type));
    return true;
}

/* A message whose only content is a text. */
static bool
read_text(lab_words_t *w, const char *type, const char *key)
{
    const char *text = lab_word_take(w);

    if (!text)
        return false;
    w->line->message = message_new(type);
    plist_dict_set_item(w->line->message, key, plist_new_string(text));
    return true;
}

static bool
read_status(lab_words_t *w)
{
    plist_t message = w->line->message = message_new("StatusMsg");
    gint64 amr;
    const char *log;

    if (!lab_word_number(w, &w->line->value))
        return false;
    plist_dict_set_item(message, "Status", lab_data_int(w->line->value));
    if (lab_word_is(w, "amr")) {
        if (!lab_word_number(w, &amr))
            return false;
        plist_dict_set_item(message, "AMRError", lab_data_int(amr));
    }
    if (lab_word_is(w, "log")) {
        log = lab_word_take(w);
        if (!log)
            return false;
        plist_dict_set_item(message, "Log", plist_new_string(log));
    }
    return put_rest(w, message);
}

static bool
read_bbupdate(lab_words_t *w)
{
    plist_t message = w->line->message = message_new("BBUpdateStatusMsg");

    w->line->flag = lab_word_is(w, "accepted");
    if (!w->line->flag && !lab_word_is(w, "refused"))
        return false;
    plist_dict_set_item(message, "Accepted", plist_new_bool(w->line->flag));
    return put_rest(w, message);
}

static bool
read_message(lab_words_t *w)
{
    if (!read_name(w))
        return false;
    w->line->message = message_new(w->line->name);
    return put_rest(w, w->line->message);
}

static bool
read_milliseconds(lab_words_t *w)
{
    return lab_word_number(w, &w->line->value) && w->line->value >= 0 && w->line->value <= G_MAXINT;
}

/* "ping" leaves the name empty; "connect HOST:PORT" puts the host there. */
static bool
read_fdr(lab_words_t *w)
{
    char *colon;

    if (lab_word_is(w, "ping"))
        return true;
    if (!lab_word_is(w, "connect") || !read_name(w))
        return false;
    colon = strrchr(w->line->name, ':');
    if (!colon || colon == w->line->name || colon - w->line->name > 255 ||
        !lab_data_number(colon + 1, &w->line->value))
        return false;
    *colon = '\0';
    w->line->flag = lab_word_is(w, "optional");
    return w->line->value > 0 && w->line->value <= HIGHEST_PORT;
}

bool
lab_verb_read(lab_words_t *w)
{
    switch (w->line->verb) {
    case LAB_VERB_LABEL:
        return read_label(w);
    case LAB_VERB_PROTOCOL:
        return lab_word_number(w, &w->line->value);
    case LAB_VERB_SAVED:
        return read_saved(w);
    case LAB_VERB_PROGRESS:
        return read_progress(w);
    case LAB_VERB_CHECKPOINT:
        return read_checkpoint(w);
    case LAB_VERB_REQUEST:
        return read_request(w);
    case LAB_VERB_ASR:
        return read_asr(w);
    case LAB_VERB_PREVIOUS_LOG:
        return read_text(w, "PreviousRestoreLogMsg", "PreviousRestoreLog");
    case LAB_VERB_STATUS:
        return read_status(w);
    case LAB_VERB_BBUPDATE:
        return read_bbupdate(w);
    case LAB_VERB_CRASH:
        return read_text(w, "RestoredCrash", "RestoredBacktrace");
    case LAB_VERB_CRASHLOG:
        return read_text(w, "CrashLog", "Log");
    case LAB_VERB_ATTESTATION:
        w->line->message = message_new("RestoreAttestation");
        w->line->optional_ms = USUAL_OPTIONAL_MS;
        return true;
    case LAB_VERB_MESSAGE:
        return read_message(w);
    case LAB_VERB_WAIT:
        return read_milliseconds(w);
    case LAB_VERB_FDR:
        return read_fdr(w);
    case LAB_VERB_CLOSE:
        w->line->name = g_strdup(lab_word_take(w));
        return true;
    case LAB_VERB_END:
        w->line->name = g_strdup(lab_word_take(w));
        return !w->line->name || g_strv_contains(modes, w->line->name);
    case LAB_VERB_NO_FDR:
    case LAB_VERB_SILENCE:
    case LAB_N_VERBS:
        return true;
    }
    return false;
}
