/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What restored says in a restore, as text: a line a message, in order. Read once; restored-run.c
 * plays it. "#" begins a comment, "!" before a line makes its message the culprit, texts with
 * blanks stand in quotes ("\n" in them is a new line). */
#pragma once

#include <glib.h>
#include <plist/plist.h>
#include <stdbool.h>

/* X(id, word, what follows it) */
#define LAB_VERBS(X)                                                                               \
    X(LABEL, "label", "NAME:")                                                                     \
    X(PROTOCOL, "protocol", "NUMBER")                                                              \
    X(SAVED, "saved", "KEY=VALUE...")                                                              \
    X(NO_FDR, "no-fdr", "")                                                                        \
    X(PROGRESS, "progress", "OPERATION FROM..TO|VALUE [STEP] [every MS]")                          \
    X(CHECKPOINT, "checkpoint", "ID NAME RESULT|begin [warning TEXT] [error TEXT]")                \
    X(REQUEST, "request", "DATATYPE [KEY=VALUE...] [optional [MS]]")                               \
    X(ASR, "asr", "[DATATYPE] [no-checksum] [drop BYTES]")                                         \
    X(PREVIOUS_LOG, "previous-log", "TEXT")                                                        \
    X(STATUS, "status", "NUMBER [amr NUMBER] [log TEXT] [KEY=VALUE...]")                           \
    X(BBUPDATE, "bbupdate", "accepted|refused [KEY=VALUE...]")                                     \
    X(CRASH, "crash", "TEXT")                                                                      \
    X(CRASHLOG, "crashlog", "TEXT")                                                                \
    X(ATTESTATION, "attestation", "")                                                              \
    X(MESSAGE, "message", "MSGTYPE [KEY=VALUE...]")                                                \
    X(WAIT, "wait", "MS")                                                                          \
    X(SILENCE, "silence", "")                                                                      \
    X(FDR, "fdr", "ping | connect HOST:PORT [optional]")                                           \
    X(CLOSE, "close", "[TEXT]")                                                                    \
    X(END, "end", "[MODE|none]")

typedef enum {
#define X(id, word, form) LAB_VERB_##id,
    LAB_VERBS(X)
#undef X
        LAB_N_VERBS
} lab_verb_t;

typedef struct {
    lab_verb_t verb;
    unsigned number;       /* of the line */
    char *text;            /* the line without blanks around it */
    bool culprit;          /* "!" */
    plist_t message;       /* what is sent; NULL: nothing */
    char *name;            /* label, data type, host, mode, reason */
    gint64 value;          /* result of a checkpoint or status, port, milliseconds */
    gint64 from, to, step; /* progress */
    unsigned every_ms;     /* between two messages of a progress */
    unsigned optional_ms;  /* the answer is waited for that long; 0: for ever */
    bool flag;             /* asr: no checksums; bbupdate: accepted; fdr: optional */
} lab_line_t;

typedef struct {
    GPtrArray *lines; /* of lab_line_t */
} lab_script_t;

#define LAB_SCRIPT_ERROR lab_script_error_quark()
GQuark lab_script_error_quark(void);

/* NULL with `error` set, which names file and line. Free with lab_script_free(). */
lab_script_t *lab_script_load(const char *path, GError **error);
/* Lines with `separator` between them ('\n', or LAB_SAY_SEPARATOR); it separates nothing within
 * quotes. `origin` is for errors. */
enum { LAB_SAY_SEPARATOR = ';' }; /* between the lines of a fault's "say" */
lab_script_t *lab_script_parse(const char *text, char separator, const char *origin,
                               GError **error);
void lab_script_free(lab_script_t *script);

/* The path of the script called `name` ("full" or a path); free with g_free(). */
char *lab_script_path(const char *name);

/* The first line of that verb; NULL when there is none. */
const lab_line_t *lab_script_find(const lab_script_t *script, lab_verb_t verb);
/* True when what the line says is the failure itself: a result or status that is none of success, a
 * crash, a refusal. */
bool lab_line_fails(const lab_line_t *line);
