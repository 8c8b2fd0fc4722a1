/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records and handshake of TLS 1.2 and 1.3: RFC 5246, RFC 8446. Which key a record needs is found
 * out by trying: only the right one authenticates. */
#include <string.h>

#include "plugin/redact/tls.h"

#include "plugin/redact/tls_cipher.h"

enum {
    CHANGE_CIPHER = 20,
    ALERT = 21,
    HANDSHAKE = 22,
    APPLICATION = 23,
    CLIENT_HELLO = 1,
    SERVER_HELLO = 2,
    RANDOM_AT = RS_TLS_HEADER + 4 + 2, /* behind type, length and version of the message */
    HELLO_MIN = RANDOM_AT + RS_TLS_RANDOM + 1,
    RECORD_MAX = (1 << 14) + 2048,
    SUPPORTED_VERSIONS = 43,
    SKIP_MAX = 8, /* records that may have been lost */
};

/* A direction, flat. */
struct flow {
    const struct rs_row *row;
    guint8 *bytes;
    gsize length;
};

struct record {
    guint8 *bytes;
    gsize length;
    struct rs_tls_key key;
    guint64 number;
};

/* The keys of one direction, in the order in which they come. */
struct keys {
    const struct rs_secrets *secrets;
    const struct rs_tls_suite *suite;
    gboolean of_server;
    struct rs_tls_key key;
    guint64 number; /* of the next record */
    guint stage;    /* TLS 1.3: 0 handshake, then 1, 2, ... */
    guint8 secret[RS_TLS_SECRET_MAX];
};

static void
flow_read(const struct rs_row *row, struct flow *ret_flow)
{
    *ret_flow = (struct flow){ row, g_malloc(row->length + 1), row->length };
    rs_row_read(row, ret_flow->bytes, row->length);
}

/* The length of the record at an offset, header included; 0 when there is none. */
static gsize
record_length(const struct flow *flow, gsize at)
{
    const guint8 *bytes = flow->bytes + at;
    gsize length;

    if (flow->length - at < RS_TLS_HEADER || bytes[0] < CHANGE_CIPHER || bytes[0] > APPLICATION ||
        bytes[1] != 3 || bytes[2] > 4)
        return 0;
    length = (gsize)bytes[3] << 8 | bytes[4];
    return length <= RECORD_MAX ? RS_TLS_HEADER + length : 0;
}

/* The offset of the first hello of a kind, wherever TLS begins in the stream; -1 without one. */
static gssize
find_hello(const struct flow *flow, guint8 kind)
{
    const guint8 *at = flow->bytes, *end = flow->bytes + flow->length;

    while ((at = memchr(at, HANDSHAKE, (gsize)(end - at)))) {
        const gsize offset = (gsize)(at - flow->bytes);

        if (flow->length - offset >= HELLO_MIN && record_length(flow, offset) >= HELLO_MIN &&
            at[RS_TLS_HEADER] == kind && at[RS_TLS_HEADER + 1] == 0 && at[RS_TLS_HEADER + 4] == 3)
            return (gssize)offset;
        at++;
    }
    return -1;
}

/* Does the ServerHello choose TLS 1.3? Its extensions begin at an offset. */
static gboolean
chooses_13(const guint8 *hello, gsize length, gsize at)
{
    for (at += 2; at + 4 <= length;) {
        const guint type = (guint)hello[at] << 8 | hello[at + 1];
        const gsize size = (gsize)hello[at + 2] << 8 | hello[at + 3];

        if (type == SUPPORTED_VERSIONS)
            return at + 6 <= length && hello[at + 4] == 3 && hello[at + 5] == 4;
        at += 4 + size;
    }
    return FALSE;
}

/* The suite of a ServerHello, or NULL when we cannot redo it. */
static const struct rs_tls_suite *
chosen_suite(const guint8 *hello, gsize length)
{
    const gsize at = HELLO_MIN + hello[HELLO_MIN - 1]; /* behind the session's id */
    const struct rs_tls_suite *suite;

    if (at + 3 > length)
        return NULL;
    suite = rs_tls_suite_find((guint16)(hello[at] << 8 | hello[at + 1]));
    return suite && suite->is_13 == chooses_13(hello, length, at + 3) ? suite : NULL;
}

/* TLS 1.3: the secret of the next stage. FALSE when it is not known. */
static gboolean
next_stage(const struct keys *keys, struct keys *ret_next)
{
    const enum rs_secret secret =
        keys->of_server ? RS_SECRET_SERVER_TRAFFIC : RS_SECRET_CLIENT_TRAFFIC;

    if (!keys->suite->is_13)
        return FALSE;
    *ret_next = *keys;
    ret_next->stage++;
    ret_next->number = 0;
    if (ret_next->stage > 1)
        rs_tls_next_secret(keys->suite, ret_next->secret);
    else if (keys->secrets->size[secret] == keys->suite->hash_size)
        memcpy(ret_next->secret, keys->secrets->secret[secret], keys->suite->hash_size);
    else
        return FALSE;
    rs_tls_key_13(keys->suite, ret_next->secret, &ret_next->key);
    return TRUE;
}

/* Opens a record with a key, at its number or one of the next. */
static gboolean
open_with(struct keys *keys, guint8 *bytes, gsize length, struct record *ret_record)
{
    for (guint64 i = 0; i < SKIP_MAX; i++) {
        if (!rs_tls_open(&keys->key, keys->number + i, bytes, length))
            continue;
        *ret_record = (struct record){ bytes, length, keys->key, keys->number + i };
        keys->number += i + 1;
        return TRUE;
    }
    return FALSE;
}

static gboolean
open_record(struct keys *keys, guint8 *bytes, gsize length, struct record *ret_record)
{
    struct keys next;

    if (open_with(keys, bytes, length, ret_record))
        return TRUE;
    if (!next_stage(keys, &next) || !open_with(&next, bytes, length, ret_record))
        return FALSE;
    *keys = next;
    return TRUE;
}

static gboolean
is_protected(const struct keys *keys, guint8 type, gboolean changed)
{
    return keys->suite->is_13 ? type == APPLICATION : changed && type != CHANGE_CIPHER;
}

/* Opens all records of a flow from an offset on, in place. What does not open is blanked: whoever
 * has the key could still get at it. */
static void
open_flow(struct rs_tls *tls, struct keys *keys, struct flow *flow, gsize at, GArray *records)
{
    gboolean changed = FALSE;

    while (at < flow->length) {
        const gsize declared = record_length(flow, at), left = flow->length - at;
        const gsize length = MIN(declared, left);
        struct record record;

        if (declared == 0)
            return;
        if (!is_protected(keys, flow->bytes[at], changed)) {
            changed = changed || flow->bytes[at] == CHANGE_CIPHER;
        } else if (declared <= left && open_record(keys, flow->bytes + at, length, &record)) {
            g_array_append_val(records, record);
        } else {
            memset(flow->bytes + at + RS_TLS_HEADER, 0, length - MIN(length, RS_TLS_HEADER));
            tls->blanked++;
        }
        at += length;
    }
}

/* The text of all records as one row; was: the flow as it was opened. */
static struct rs_row *
text_of(const GArray *records, const struct flow *flow, const guint8 *was)
{
    struct rs_row *row = rs_row_new();

    for (guint i = 0; i < records->len; i++) {
        const struct record *record = &g_array_index(records, struct record, i);
        const guint8 *before = was + (record->bytes - flow->bytes);
        gsize offset, length;

        if (!rs_tls_text(&record->key, record->length, &offset, &length))
            continue;
        /* TLS 1.3 has the type of what is inside behind it, and zeros: no text. */
        while (record->key.suite->is_13 && length > 0 && record->bytes[offset + length - 1] == 0)
            length--;
        length -= record->key.suite->is_13 && length > 0;
        rs_row_add(row, before + offset, record->bytes + offset, length);
    }
    return row;
}

static void
redact_flow(struct rs_tls *tls, struct keys *keys, struct flow *flow, gsize start)
{
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(struct record));
    g_autofree guint8 *was = NULL;
    struct rs_row *text;

    open_flow(tls, keys, flow, start, records);
    was = g_memdup2(flow->bytes, flow->length);
    text = text_of(records, flow, was);
    tls->found += rs_spellings_run(tls->spellings, (const struct rs_piece *)text->pieces->data,
                                   text->pieces->len, tls->replaces, tls->counts);
    rs_row_free(text);
    if (!tls->replaces)
        return;
    for (guint i = 0; i < records->len; i++) {
        const struct record *record = &g_array_index(records, struct record, i);

        rs_tls_close(&record->key, record->number, record->bytes, record->length);
    }
    rs_row_write(flow->row, 0, flow->bytes, flow->length);
}

/* The keys that a direction begins with. FALSE when the log does not have them. */
static gboolean
first_keys(struct keys *keys, const guint8 *client_random, const guint8 *server_random)
{
    const enum rs_secret secret =
        keys->of_server ? RS_SECRET_SERVER_HANDSHAKE : RS_SECRET_CLIENT_HANDSHAKE;

    if (!keys->suite->is_13) {
        if (keys->secrets->size[RS_SECRET_MASTER] != 48)
            return FALSE;
        rs_tls_key_12(keys->suite, keys->secrets->secret[RS_SECRET_MASTER], client_random,
                      server_random, keys->of_server, &keys->key);
        return TRUE;
    }
    if (keys->secrets->size[secret] != keys->suite->hash_size)
        return FALSE;
    rs_tls_key_13(keys->suite, keys->secrets->secret[secret], &keys->key);
    return TRUE;
}

/* A connection whose two hellos were found. */
static void
redact_connection(struct rs_tls *tls, struct flow *client, gsize client_at, struct flow *server,
                  gsize server_at, struct rs_secrets *secrets)
{
    const guint8 *hello = server->bytes + server_at;
    const struct rs_tls_suite *suite =
        chosen_suite(hello, MIN(record_length(server, server_at), server->length - server_at));
    struct keys of_client = { .secrets = secrets, .suite = suite, .of_server = FALSE };
    struct keys of_server = { .secrets = secrets, .suite = suite, .of_server = TRUE };
    const guint8 *random = client->bytes + client_at + RANDOM_AT;

    if (!suite || !first_keys(&of_client, random, hello + RANDOM_AT) ||
        !first_keys(&of_server, random, hello + RANDOM_AT)) {
        secrets->failed = TRUE;
        return;
    }
    redact_flow(tls, &of_client, client, client_at);
    redact_flow(tls, &of_server, server, server_at);
    secrets->redone = TRUE;
    tls->redone++;
}

static gboolean
redact_flows(struct rs_tls *tls, struct flow *one, struct flow *other)
{
    const gssize one_hello = find_hello(one, CLIENT_HELLO);
    const gboolean one_is_client = one_hello >= 0;
    struct flow *client = one_is_client ? one : other, *server = one_is_client ? other : one;
    const gssize client_at = one_is_client ? one_hello : find_hello(other, CLIENT_HELLO);
    const gssize server_at = client_at < 0 ? -1 : find_hello(server, SERVER_HELLO);
    struct rs_secrets *secrets =
        client_at < 0 ? NULL : rs_key_log_find(tls->log, client->bytes + client_at + RANDOM_AT);

    if (secrets && server_at >= 0)
        redact_connection(tls, client, (gsize)client_at, server, (gsize)server_at, secrets);
    else if (secrets)
        secrets->failed = TRUE;
    return secrets && secrets->redone;
}

gboolean
rs_tls_redact(struct rs_tls *tls, const struct rs_row *one, const struct rs_row *other)
{
    struct flow flows[2];
    gboolean opened;

    if (rs_key_log_is_empty(tls->log) || one->length > RS_TLS_STREAM_MAX ||
        other->length > RS_TLS_STREAM_MAX)
        return FALSE;
    flow_read(one, &flows[0]);
    flow_read(other, &flows[1]);
    opened = redact_flows(tls, &flows[0], &flows[1]);
    g_free(flows[0].bytes);
    g_free(flows[1].bytes);
    return opened;
}
