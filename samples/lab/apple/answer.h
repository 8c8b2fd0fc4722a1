/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a server is told to answer, as scenarios write it: "ok", "status 94 MESSAGE", "http 503",
 * "http 302 URL", "html", "empty", "silent", "reset", "close"; "slow MS" in front of any of them
 * (of "ok" when nothing follows) makes it wait first. */
#pragma once

#include <stdbool.h>

/* X(id, word, takes a number) */
#define APPLE_ANSWERS(X)                                                                           \
    X(OK, "ok", false)                                                                             \
    X(STATUS, "status", true) /* of the signing server, in a well-formed answer */                 \
    X(HTTP, "http", true)                                                                          \
    X(HTML, "html", false)   /* a page, with code 200 */                                           \
    X(EMPTY, "empty", false) /* nothing, with code 200 */                                          \
    X(SILENT, "silent", false)                                                                     \
    X(RESET, "reset", false)                                                                       \
    X(CLOSE, "close", false)

typedef enum {
#define X(id, word, number) APPLE_ANSWER_##id,
    APPLE_ANSWERS(X)
#undef X
        APPLE_N_ANSWERS
} apple_answer_kind_t;

typedef struct {
    apple_answer_kind_t kind;
    unsigned number;
    unsigned delay_ms;
    char text[256]; /* message or URL; "" when not said */
} apple_answer_t;

/* False when `text` is none of the above. A number alone ("407") is that HTTP code. */
bool apple_answer_parse(const char *text, apple_answer_t *ret_answer);
/* The same for a whole list with ";" in it. */
bool apple_answer_list_ok(const char *text);

/* The sentence the signing server says to a status. */
const char *apple_status_message(unsigned status);
