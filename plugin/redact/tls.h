/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is inside TLS: opened with the secrets at hand, redacted, and encrypted again with the same
 * keys, so that every record is as long as before and still opens. */
#pragma once

#include "plugin/redact/key_log.h"
#include "plugin/redact/row.h"
#include "plugin/redact/spellings.h"

struct rs_tls {
    const rs_key_log *log;
    const struct rs_spellings *spellings;
    gboolean replaces; /* else only counts */
    guint64 *counts;   /* by kind */
    guint64 redone;    /* connections that were opened */
    guint64 blanked;   /* records that are protected with keys at hand but did not open */
    guint found;
};

/* Both directions of one connection; which is which it finds out. TRUE when there is TLS in them
 * that was opened. Streams beyond RS_TLS_STREAM_MAX bytes are left alone; their secrets go. */
enum { RS_TLS_STREAM_MAX = 256 << 20 };
gboolean rs_tls_redact(struct rs_tls *tls, const struct rs_row *one, const struct rs_row *other);
