/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whole captures through the redaction: any bytes, also as a capture of its own result. */
#include <string.h>

#include "plugin/redact/redact.h"
#include "tests/fuzz/fuzz.h"

static void
add_some(rs_identifiers *ids)
{
    static const guint8 nonce[] = { 0x83, 0x1c, 0x29, 0xe1, 0xb0, 0x44, 0x7f, 0xa9, 0x63, 0x71 };

    rs_identifiers_add_number(ids, RS_ID_ECID, G_GUINT64_CONSTANT(0x1a2d3e4f5a6b7c));
    rs_identifiers_add_text(ids, RS_ID_SERIAL, "F2LXK0L00JC6");
    rs_identifiers_add_text(ids, RS_ID_UDID, "00008015-001A2D3E4F5A6B7C");
    rs_identifiers_add_text(ids, RS_ID_NAME, "J\xc3\xbcrgen\xe2\x80\x99s phone & co");
    rs_identifiers_add_text(ids, RS_ID_NAME, "Al");
    rs_identifiers_add_text(ids, RS_ID_PHONE, "490154203237518");
    rs_identifiers_add_bytes(ids, RS_ID_NONCE, nonce, sizeof nonce);
}

/* The secrets of a capture may lie in it or beside it. */
static const char keys[] =
    "CLIENT_RANDOM 0000000000000000000000000000000000000000000000000000000000000000 "
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00"
    "\n";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint8 key[RS_ID_KEY_SIZE] = { 1 };
    g_autoptr(rs_identifiers) ids = rs_identifiers_new(key);
    g_autoptr(rs_key_log) log = rs_key_log_new();
    g_autofree guint8 *now = size ? g_memdup2(data, size) : NULL;
    struct rs_redaction redaction;

    if (!now)
        return 0;
    add_some(ids);
    rs_key_log_add(log, keys, strlen(keys));
    if (!rs_redact(now, data, size, ids, log, &redaction)) {
        CLAIM(memcmp(now, data, size) == 0);
        return 0;
    }
    CLAIM(redaction.cut_off <= size);
    rs_redact_leftovers(now, size, ids, log);
    return 0;
}
