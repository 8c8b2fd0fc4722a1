/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The order of things: what is there to hide, inside of TLS, in the streams, in single packets and
 * all around them, and then the checksums. */
#include <string.h>

#include "plugin/redact/redact.h"

#include "plugin/redact/addresses.h"
#include "plugin/redact/blocks.h"
#include "plugin/redact/checksums.h"
#include "plugin/redact/recognise.h"
#include "plugin/redact/spellings.h"
#include "plugin/redact/streams.h"
#include "plugin/redact/tls.h"

enum {
    SECRETS_HEADER = 16, /* of a block with decryption secrets, behind it the key log */
    SECRETS_TYPE_TLS = 0x544c534b,
    INTERFACE_OPTIONS = 16,
    BLOCK_HEADER = 8,
    NAMES_IPV4 = 1,
    SNIPPET_MAX = 1 << 20, /* bytes of a block outside of packets that are looked at as text */
};

struct work {
    guint8 *now;
    const guint8 *was;
    rs_identifiers *ids;
    rs_key_log *log;
    struct rs_spellings spellings;
    rs_addresses *addresses;
    rs_streams *streams;
    GHashTable *uploads;
    struct rs_redaction *result;
    guint64 found;
    gboolean replaces;
};

static void
add_recognised(enum rs_id_kind kind, const char *text, gpointer data)
{
    const struct work *work = data;

    rs_identifiers_add_text(work->ids, kind, text);
}

/* What is text in a block that is no packet, or behind one: its options. */
static void
look_at_text(struct work *work, const guint8 *bytes, gsize length)
{
    rs_recognise_text((const char *)bytes, MIN(length, SNIPPET_MAX), add_recognised, work);
}

static guint8 *
behind_packet(const struct rs_block *block, gsize *ret_length)
{
    guint8 *options = block->data + block->captured;

    *ret_length = (gsize)(block->bytes + block->length - options);
    return options;
}

/* The key log in a block with decryption secrets; NULL when it has another kind. */
static char *
secrets_of(const struct rs_block *block, gsize *ret_length)
{
    const guint8 *head = block->bytes + BLOCK_HEADER;

    if (block->type != RS_BLOCK_SECRETS || block->length < BLOCK_HEADER + SECRETS_HEADER ||
        rs_block_u32(block, head) != SECRETS_TYPE_TLS)
        return NULL;
    *ret_length = MIN(rs_block_u32(block, head + 4), block->length - SECRETS_HEADER - 4);
    return (char *)block->bytes + SECRETS_HEADER;
}

static void
look_at_option(guint code, guint8 *value, gsize length, gpointer data)
{
    const struct work *work = data;

    rs_addresses_option(work->addresses, code, value, length);
}

static void
look_at_block(const struct rs_block *block, gpointer data)
{
    struct work *work = data;
    gsize length = 0;
    const char *secrets = secrets_of(block, &length);

    if (secrets) {
        rs_key_log_add(work->log, secrets, length);
    } else if (block->data) {
        const guint8 *options = behind_packet(block, &length);

        rs_addresses_packet(work->addresses, block);
        rs_streams_packet(work->streams, block);
        look_at_text(work, options, length);
    } else if (block->type != RS_BLOCK_PACKET) {
        if (block->type == RS_BLOCK_INTERFACE)
            rs_blocks_options(block, INTERFACE_OPTIONS, look_at_option, work);
        look_at_text(work, block->bytes, block->length);
    }
}

static void
count_rest(guint8 *bytes G_GNUC_UNUSED, gsize length, gpointer data)
{
    const struct work *work = data;

    work->result->cut_off = length;
}

static void
search_row(struct work *work, const struct rs_row *row)
{
    work->found += rs_spellings_run(&work->spellings, (const struct rs_piece *)row->pieces->data,
                                    row->pieces->len, work->replaces, work->result->replaced);
}

/* Rows behind a gap in a connection that was opened: nobody can tell which records they are. */
static void
blank_rows(struct work *work, const struct rs_stream *stream)
{
    for (guint i = 1; i < stream->rows->len; i++) {
        const struct rs_row *row = g_ptr_array_index(stream->rows, i);

        for (guint j = 0; work->replaces && j < row->pieces->len; j++) {
            const struct rs_piece *piece = &g_array_index(row->pieces, struct rs_piece, j);

            memset(piece->now, 0, piece->length);
        }
        work->result->tls_blanked += row->length > 0;
    }
}

static void
search_tls(struct work *work, const struct rs_stream *stream)
{
    struct rs_tls tls = { .log = work->log,
                          .spellings = &work->spellings,
                          .replaces = work->replaces,
                          .counts = work->result->replaced };
    const struct rs_stream *other = stream->other;

    if (!other || other < stream || stream->rows->len == 0 || other->rows->len == 0)
        return;
    if (rs_tls_redact(&tls, g_ptr_array_index(stream->rows, 0),
                      g_ptr_array_index(other->rows, 0))) {
        blank_rows(work, stream);
        blank_rows(work, other);
    }
    work->found += tls.found;
    work->result->tls_connections += tls.redone;
    work->result->tls_blanked += tls.blanked;
}

static void
search_streams(struct work *work)
{
    const GPtrArray *list = rs_streams_list(work->streams);

    for (guint i = 0; i < list->len; i++)
        search_tls(work, g_ptr_array_index(list, i));
    for (guint i = 0; i < list->len; i++) {
        const struct rs_stream *stream = g_ptr_array_index(list, i);

        for (guint j = 0; j < stream->rows->len; j++)
            search_row(work, g_ptr_array_index(stream->rows, j));
    }
}

static void
search_bytes(struct work *work, guint8 *bytes, gsize length)
{
    const struct rs_piece piece = { work->was + (bytes - work->now), bytes, length };

    work->found +=
        rs_spellings_run(&work->spellings, &piece, 1, work->replaces, work->result->replaced);
}

/* A block without a packet but for its type and lengths; a packet's bytes and its options. */
static void
search_block(const struct rs_block *block, gpointer data)
{
    struct work *work = data;
    gsize length = 0;

    if (block->data) {
        guint8 *options = behind_packet(block, &length);

        search_bytes(work, block->data, block->captured);
        search_bytes(work, options, length);
    } else if (block->type != RS_BLOCK_SECRETS) {
        search_bytes(work, block->bytes + BLOCK_HEADER, block->length - BLOCK_HEADER - 4);
    }
}

static void
blank_rest(guint8 *bytes, gsize length, gpointer data)
{
    const struct work *work = data;

    if (work->replaces)
        memset(bytes + MIN(length, BLOCK_HEADER), 0, length - MIN(length, BLOCK_HEADER));
}

static void
redact_option(guint code, guint8 *value, gsize length, gpointer data)
{
    struct work *work = data;

    if (code == 4 && length >= 4) /* if_IPv4addr */
        work->result->replaced[RS_ID_IPV4] +=
            rs_addresses_redact_ipv4(work->addresses, work->ids, value);
}

/* Names of local addresses: the names go, the addresses stay in step. */
static void
redact_name(guint code, guint8 *value, gsize length, gpointer data)
{
    struct work *work = data;

    if (code != NAMES_IPV4 || length < 5 ||
        !rs_addresses_redact_ipv4(work->addresses, work->ids, value))
        return;
    work->result->replaced[RS_ID_IPV4]++;
    for (gsize i = 4; i < length; i++)
        value[i] = g_ascii_isalnum((char)value[i]) ? 'x' : value[i];
}

static void
redact_block(const struct rs_block *block, gpointer data)
{
    struct work *work = data;
    gsize length = 0;
    char *secrets = secrets_of(block, &length);

    search_block(block, work);
    if (secrets)
        work->result->secrets_removed += rs_key_log_scrub(work->log, secrets, length);
    else if (block->type == RS_BLOCK_SECRETS)
        memset(block->bytes + SECRETS_HEADER, 0, block->length - SECRETS_HEADER - 4);
    else if (block->type == RS_BLOCK_INTERFACE)
        rs_blocks_options(block, INTERFACE_OPTIONS, redact_option, work);
    else if (block->type == RS_BLOCK_NAMES)
        rs_blocks_options(block, BLOCK_HEADER, redact_name, work);
    else if (block->data)
        work->result->replaced[RS_ID_IPV4] +=
            rs_addresses_redact(work->addresses, work->ids, block);
}

static void
correct_block(const struct rs_block *block, gpointer data)
{
    struct work *work = data;

    if (!block->data)
        return;
    rs_checksums_dfu(block, work->was, work->now, work->uploads);
    rs_checksums_packet(block, work->was, work->now);
}

static void
no_rest(guint8 *bytes G_GNUC_UNUSED, gsize length G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
}

static void
walk(struct work *work, void (*block)(const struct rs_block *, gpointer),
     void (*rest)(guint8 *, gsize, gpointer), gsize size)
{
    const struct rs_blocks blocks = { block, rest, work };

    rs_blocks_walk(&blocks, work->now, size);
}

static void
work_clear(struct work *work)
{
    rs_spellings_clear(&work->spellings);
    g_clear_pointer(&work->addresses, rs_addresses_free);
    g_clear_pointer(&work->streams, rs_streams_free);
    g_clear_pointer(&work->uploads, g_hash_table_unref);
}

gboolean
rs_redact(guint8 *now, const guint8 *was, gsize size, rs_identifiers *ids, rs_key_log *log,
          struct rs_redaction *ret_redaction)
{
    struct rs_redaction result = { .cut_off = 0 };
    struct work work = { .now = now, .was = was, .ids = ids, .log = log, .result = &result };
    const struct rs_blocks blocks = { look_at_block, count_rest, &work };
    gboolean known;

    work.replaces = TRUE;
    work.addresses = rs_addresses_new();
    work.streams = rs_streams_new(was, now);
    work.uploads = rs_checksums_uploads();
    known = rs_blocks_walk(&blocks, now, size);
    if (known) {
        rs_addresses_tell(work.addresses, ids);
        rs_spellings_init(&work.spellings, ids, FALSE);
        rs_streams_finish(work.streams);
        search_streams(&work);
        rs_streams_repeat(work.streams);
        walk(&work, redact_block, blank_rest, size);
        walk(&work, correct_block, no_rest, size);
        *ret_redaction = result;
    }
    work_clear(&work);
    return known;
}

static void
follow_block(const struct rs_block *block, gpointer data)
{
    struct work *work = data;

    if (block->data)
        rs_streams_packet(work->streams, block);
}

guint64
rs_redact_leftovers(guint8 *now, gsize size, const rs_identifiers *ids, const rs_key_log *log)
{
    struct rs_redaction ignored = { .cut_off = 0 };
    struct work work = { .now = now, .was = now, .result = &ignored };

    work.log = (rs_key_log *)(guintptr)log;
    work.streams = rs_streams_new(now, now);
    rs_spellings_init(&work.spellings, ids, TRUE);
    walk(&work, follow_block, no_rest, size);
    rs_streams_finish(work.streams);
    search_streams(&work);
    walk(&work, search_block, no_rest, size);
    work_clear(&work);
    return work.found;
}
