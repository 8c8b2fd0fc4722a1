/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * HTTP responses, and the pages in them. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "samples/lab/apple/answer.h"

typedef struct {
    unsigned code;
    const char *type;    /* of the content */
    char *field;         /* one more header field, without the end of its line; NULL for none */
    GByteArray *content; /* NULL for none */
} apple_reply_t;

/* Takes over `content`. */
apple_reply_t *apple_reply_new(unsigned code, const char *type, GByteArray *content);
/* A page with `title` and `text`, not escaped. */
apple_reply_t *apple_reply_page(unsigned code, const char *title, const char *text);
/* What every server says to the answers that are the same for all: STATUS, HTTP, HTML, EMPTY. */
apple_reply_t *apple_reply_to_order(const apple_answer_t *answer);
void apple_reply_free(apple_reply_t *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(apple_reply_t, apple_reply_free)

/* Start line and header, for `length` bytes of content. */
GString *apple_reply_head(const apple_reply_t *reply, guint64 length, bool keep_alive);
