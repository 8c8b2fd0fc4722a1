/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Serial strings of DFU and recovery mode: every member stays a terminated string. */
#include <string.h>

#include "dissectors/core/serial.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 512 }; /* a string descriptor has 126 characters */

#define CHECK_TEXT(tag, member, size, meaning)                                                     \
    CLAIM(memchr(serial.member, '\0', sizeof serial.member) != NULL);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rs_serial serial;
    char *text;

    if (size > INPUT_MAX)
        return 0;
    text = malloc(size + 1);
    CLAIM(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (rs_serial_parse(text, &serial)) {
        RS_SERIAL_TEXTS(CHECK_TEXT)
        CLAIM(serial.chip_id <= UINT32_MAX && serial.board_id <= UINT32_MAX);
    }
    free(text);
    return 0;
}
