/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * dumpcap(1), -a and -b. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/limits.h"

#include "capture/error.h"

static const double NANOSECONDS = 1e9, KILOBYTE = 1e3, LIMIT_MAX = 1e12;

/* Sets what the word stands for; FALSE when it stands for nothing. */
static gboolean
set(struct rs_limits *limits, const char *word, size_t length, double number)
{
    const struct {
        const char *word;
        uint64_t *value;
        double factor;
    } words[] = {
        { "duration", &limits->duration_ns, NANOSECONDS },
        { "filesize", &limits->bytes, KILOBYTE },
        { "packets", &limits->packets, 1 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strlen(words[i].word) == length && strncmp(words[i].word, word, length) == 0) {
            *words[i].value = (uint64_t)(number * words[i].factor);
            return *words[i].value > 0;
        }
    }
    if (length != strlen("files") || strncmp(word, "files", length) != 0 || number > 1e6)
        return FALSE;
    limits->files = (unsigned)number;
    return limits->files > 0;
}

gboolean
rs_limits_take(struct rs_limits *limits, char option, const char *text, GError **error)
{
    const char *colon = strchr(text, ':');
    char *end = NULL;
    double number = 0;

    if (colon && g_ascii_isdigit(colon[1]))
        number = g_ascii_strtod(colon + 1, &end);
    if (end && *end == '\0' && number > 0 && number <= LIMIT_MAX &&
        set(limits, text, (size_t)(colon - text), number))
        return TRUE;
    g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_USAGE,
                "-%c wants duration:, filesize:, packets: or files: and a number, not '%s'", option,
                text);
    return FALSE;
}
