/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words for handshakes. */
#include "samples/lab/apple/handshake.h"

#include <glib.h>
#include <string.h>

bool
apple_handshake_parse(const char *text, apple_handshake_t *ret_handshake)
{
    static const char *const words[] = {
#define X(id, word) word,
        APPLE_HANDSHAKES(X)
#undef X
    };
    const char *alert = g_str_has_prefix(text, "alert ") ? text + strlen("alert ") : NULL;
    guint64 number = 0;

    if (alert) {
        if (!g_ascii_string_to_unsigned(alert, 10, 0, 255, &number, NULL))
            return false;
        *ret_handshake = (apple_handshake_t){ APPLE_HANDSHAKE_ALERT, (unsigned)number };
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (i == APPLE_HANDSHAKE_ALERT || strcmp(text, words[i]) != 0)
            continue;
        *ret_handshake = (apple_handshake_t){ .kind = (apple_handshake_kind_t)i };
        return true;
    }
    return false;
}
