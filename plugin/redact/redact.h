/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Redacts a capture in memory: same packets, same lengths, pseudonyms in place of identifiers. */
#pragma once

#include "plugin/redact/identifiers.h"
#include "plugin/redact/key_log.h"

struct rs_redaction {
    guint64 replaced[RS_N_ID_KINDS]; /* places, by kind */
    guint64 tls_connections;         /* opened, and encrypted again */
    guint64 tls_blanked;             /* records that would not open, now zeros */
    guint64 secrets_removed;         /* lines of key logs in the capture */
    gsize cut_off;                   /* bytes behind the last whole block, now zeros */
};

/* now: a copy of was, both of size bytes; it is changed in place. ids: what Wireshark found in it;
 * addresses and what the file says outside of packets are added. log: secrets besides those in the
 * capture, which are added. FALSE when it is no capture, or not of a kind that we read. */
gboolean rs_redact(guint8 *now, const guint8 *was, gsize size, rs_identifiers *ids, rs_key_log *log,
                   struct rs_redaction *ret_redaction);

/* How many places of a file still hold one of the identifiers. It changes nothing. */
guint64 rs_redact_leftovers(guint8 *now, gsize size, const rs_identifiers *ids,
                            const rs_key_log *log);
