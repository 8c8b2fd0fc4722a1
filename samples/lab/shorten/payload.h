/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which of a recording's USB transfers carry bulk that no reader needs: pieces of the filesystem,
 * of images sent to iBoot, and of restored's longest answers (kernel, device tree, NOR). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PAYLOAD_USBMON_HEADER = 64,
    PAYLOAD_MUX_TCP_HEADER = 36 /* as much of a segment as tells whose it is */
};

typedef struct payload_state payload_state_t;

payload_state_t *payload_state_new(void);
void payload_state_free(payload_state_t *state);

/* Looks at a packet with a usbmon header of 64 bytes, each packet once and in order. True when the
 * data behind the header is such bulk. */
bool payload_is_bulk(payload_state_t *state, const uint8_t *packet, size_t captured);
