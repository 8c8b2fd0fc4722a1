/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The turn-taking and the checksums of ASR; see the header. An image is gigabytes: libgcrypt, which
 * Wireshark brings, hashes them three times as fast as GLib where the processor helps. */

#include "dissectors/asr-stream.h"

#include <epan/wmem_scopes.h>
#include <wsutil/wsgcrypt.h>

#include "dissectors/core/plist.h"

enum { PARTS_MAX = 64 }; /* of one segment; two are usual */

/* What the device asked for and has not got in full. */
struct turn {
    enum asr_part_kind kind;
    guint64 offset, length, done;
    struct asr_question *question; /* of OOB */
};

struct asr_stream {
    wmem_queue_t *turns;
    gboolean has_seq, in_payload, has_started;
    nstime_t started;
    guint32 next_seq; /* of the host's first byte not seen yet */
    guint64 image_size;
    guint32 chunk_size;
    guint64 position;        /* of next_seq in the payload, checksums included */
    gcry_md_hd_t sha1;       /* NULL: the library refuses SHA-1 */
    gboolean chunk_is_whole; /* sha1 has every byte of the current chunk so far */
    gboolean was_cut;        /* some payload was not captured */
    guint8 trailer[ASR_SHA1_BYTES];
};

static rs_ws_bool
free_checksum(wmem_allocator_t *allocator _U_, wmem_cb_event_t event _U_, void *data)
{
    gcry_md_close((gcry_md_hd_t)data);
    return FALSE; /* once */
}

struct asr_stream *
asr_stream_new(void)
{
    struct asr_stream *stream = wmem_new0(wmem_file_scope(), struct asr_stream);

    stream->turns = wmem_queue_new(wmem_file_scope());
    if (gcry_md_open(&stream->sha1, GCRY_MD_SHA1, 0) == 0)
        wmem_register_callback(wmem_file_scope(), free_checksum, stream->sha1);
    return stream;
}

static struct turn *
ask(struct asr_stream *stream, enum asr_part_kind kind, guint64 offset, guint64 length)
{
    struct turn *turn = wmem_new0(wmem_file_scope(), struct turn);

    turn->kind = kind;
    turn->offset = offset;
    turn->length = length;
    wmem_queue_push(stream->turns, turn);
    return turn;
}

void
asr_stream_initiate(struct asr_stream *stream)
{
    ask(stream, ASR_XML, 0, 0);
}

struct asr_question *
asr_stream_oob(struct asr_stream *stream, guint64 offset, guint64 length, guint32 frame)
{
    struct asr_question *question = wmem_new0(wmem_file_scope(), struct asr_question);

    question->asked_in = frame;
    ask(stream, ASR_OOB, offset, length)->question = question;
    return question;
}

void
asr_stream_payload(struct asr_stream *stream, const nstime_t *time)
{
    ask(stream, ASR_PAYLOAD, 0, 0);
    stream->started = *time;
    stream->has_started = TRUE;
}

const nstime_t *
asr_stream_started(const struct asr_stream *stream)
{
    return stream->has_started ? &stream->started : NULL;
}

void
asr_stream_packet_info(struct asr_stream *stream, guint64 image_size, guint32 chunk_size)
{
    stream->image_size = image_size;
    stream->chunk_size = chunk_size;
}

static struct turn *
current_turn(struct asr_stream *stream)
{
    struct turn *turn = NULL;

    while (!stream->in_payload && wmem_queue_count(stream->turns) > 0) {
        turn = (struct turn *)wmem_queue_peek(stream->turns);
        if (turn->kind != ASR_PAYLOAD)
            return turn;
        wmem_queue_pop(stream->turns);
        stream->in_payload = TRUE;
        stream->position = 0;
        stream->chunk_is_whole = FALSE;
    }
    return NULL;
}

/* How many image bytes the first `position` bytes of the payload hold. */
static guint64
image_bytes(const struct asr_stream *stream, guint64 position)
{
    guint64 unit = (guint64)stream->chunk_size + ASR_SHA1_BYTES, bytes = position;

    if (stream->chunk_size > 0)
        bytes = position / unit * stream->chunk_size + MIN(position % unit, stream->chunk_size);
    return stream->image_size > 0 ? MIN(bytes, stream->image_size) : bytes;
}

/* Where the payload ends, checksums included. */
static guint64
payload_end(const struct asr_stream *stream)
{
    guint64 chunks;

    if (stream->chunk_size == 0)
        return stream->image_size;
    chunks =
        stream->image_size / stream->chunk_size + (stream->image_size % stream->chunk_size > 0);
    return stream->image_size + chunks * ASR_SHA1_BYTES;
}

static void
end_chunk(struct asr_stream *stream, struct asr_part *part, guint64 number, guint32 end)
{
    struct asr_chunk *chunk = &part->chunks[part->chunk_count++];

    chunk->number = number;
    chunk->end = end;
    chunk->is_verified = stream->chunk_is_whole;
    if (stream->chunk_is_whole) {
        chunk->sha1_ok =
            memcmp(gcry_md_read(stream->sha1, GCRY_MD_SHA1), stream->trailer, ASR_SHA1_BYTES) == 0;
    }
}

/* Takes payload bytes of one chunk or of its trailer. Returns how many. */
static guint32
take_bytes(struct asr_stream *stream, struct asr_part *part, const guint8 *bytes, guint32 length,
           guint32 segment_offset)
{
    guint64 unit = (guint64)stream->chunk_size + ASR_SHA1_BYTES;
    guint64 number = stream->position / unit, inside = stream->position % unit;
    guint64 data = MIN(stream->chunk_size, stream->image_size - number * stream->chunk_size);
    guint32 count;

    if (inside < data) {
        count = (guint32)MIN(length, data - inside);
        if (inside == 0) {
            gcry_md_reset(stream->sha1);
            stream->chunk_is_whole = TRUE;
        }
        if (stream->chunk_is_whole)
            gcry_md_write(stream->sha1, bytes, count);
    } else {
        guint32 at = (guint32)(inside - data);

        count = MIN(length, ASR_SHA1_BYTES - at);
        memcpy(stream->trailer + at, bytes, count);
        if (at + count == ASR_SHA1_BYTES)
            end_chunk(stream, part, number, segment_offset + count);
    }
    stream->position += count;
    return count;
}

static void
verify_bytes(struct asr_stream *stream, struct asr_part *part, const guint8 *bytes, guint32 length,
             guint32 segment_offset)
{
    guint64 end = payload_end(stream);
    guint32 done = 0;

    part->chunks =
        wmem_alloc_array(wmem_file_scope(), struct asr_chunk, length / stream->chunk_size + 2);
    while (done < length && stream->position < end)
        done += take_bytes(stream, part, bytes + done, length - done, segment_offset + done);
    if (part->chunk_count == 0) {
        wmem_free(wmem_file_scope(), part->chunks);
        part->chunks = NULL;
    }
}

/* Bytes of the payload that are not in the capture. */
static void
skip_payload(struct asr_stream *stream, guint64 length)
{
    if (length > 0)
        stream->chunk_is_whole = FALSE;
    stream->position += length;
}

static void
cut_payload(struct asr_stream *stream, struct asr_part *part, tvbuff_t *tvb, gboolean verify)
{
    guint32 captured = (guint32)tvb_captured_length_remaining(tvb, (gint)part->offset);
    guint64 start = stream->position;

    part->kind = ASR_PAYLOAD;
    part->is_first_cut = captured < part->length && !stream->was_cut;
    part->is_cut = stream->was_cut || part->is_first_cut;
    stream->was_cut = part->is_cut;
    part->payload_offset = image_bytes(stream, start);
    if (verify && stream->sha1 && stream->chunk_size >= ASR_CHUNK_BYTES_MIN &&
        stream->image_size > 0 && captured > 0)
        verify_bytes(stream, part, tvb_get_ptr(tvb, (gint)part->offset, (gint)captured), captured,
                     part->offset);
    skip_payload(stream, start + part->length - stream->position);
    part->payload_done = image_bytes(stream, stream->position);
    part->payload_size = stream->image_size;
    if (stream->image_size > 0 && stream->position > payload_end(stream))
        part->surplus = MIN(part->length, stream->position - payload_end(stream));
}

static void
cut_oob(struct asr_stream *stream, struct asr_part *part, struct turn *turn)
{
    part->kind = ASR_OOB;
    part->length = (guint32)MIN(part->length, turn->length - turn->done);
    turn->done += part->length;
    part->oob_offset = turn->offset;
    part->oob_length = turn->length;
    part->oob_done = turn->done;
    part->question = turn->question;
    if (turn->done == turn->length)
        wmem_queue_pop(stream->turns);
}

static void
cut_xml(struct asr_stream *stream, struct asr_part *part, tvbuff_t *tvb, const struct turn *turn)
{
    guint32 captured = (guint32)tvb_captured_length_remaining(tvb, (gint)part->offset);
    size_t extent = 0;
    enum rs_status status = RS_BAD;

    if (captured > 0)
        status = rs_plist_xml_extent(tvb_get_ptr(tvb, (gint)part->offset, (gint)captured), captured,
                                     &extent);
    part->kind = ASR_UNEXPECTED;
    if (status == RS_OK) {
        part->kind = ASR_XML;
        part->length = (guint32)extent;
    } else if (status == RS_SHORT && turn && captured < ASR_XML_BYTES_MAX) {
        part->kind = ASR_MORE;
    }
    if (status == RS_OK && turn)
        wmem_queue_pop(stream->turns);
}

/* Bytes before this segment that are not in the capture. */
static void
skip_gap(struct asr_stream *stream, guint32 gap)
{
    while (gap > 0) {
        struct turn *turn = current_turn(stream);
        guint32 count;

        if (stream->in_payload)
            skip_payload(stream, gap);
        if (!turn)
            return;
        count = turn->kind == ASR_OOB ? (guint32)MIN(gap, turn->length - turn->done) : gap;
        turn->done += count;
        gap -= count;
        if (turn->kind != ASR_OOB || turn->done == turn->length)
            wmem_queue_pop(stream->turns);
    }
}

/* Brings the stream to seq. What comes again counts as new: usbmux does not retransmit. */
static void
move_to(struct asr_stream *stream, guint32 seq)
{
    guint32 gap = seq - stream->next_seq;

    if (stream->has_seq && gap > 0 && gap < 1U << 31)
        skip_gap(stream, gap);
    else if (stream->has_seq && gap != 0 && stream->in_payload) {
        stream->chunk_is_whole = FALSE;
        stream->position -= MIN(stream->position, stream->next_seq - seq);
    }
    stream->has_seq = TRUE;
    stream->next_seq = seq;
}

struct asr_parts *
asr_stream_cut(struct asr_stream *stream, tvbuff_t *tvb, guint32 seq, gboolean verify)
{
    struct asr_parts *parts;
    struct asr_part part[PARTS_MAX] = { { .kind = ASR_UNEXPECTED } };
    guint32 length = tvb_reported_length(tvb), offset = 0;
    guint count = 0;

    move_to(stream, seq);
    while (offset < length && count < PARTS_MAX) {
        struct asr_part *next = &part[count++];
        struct turn *turn = current_turn(stream);

        next->offset = offset;
        next->length = length - offset;
        if (stream->in_payload)
            cut_payload(stream, next, tvb, verify);
        else if (turn && turn->kind == ASR_OOB)
            cut_oob(stream, next, turn);
        else
            cut_xml(stream, next, tvb, turn);
        if (next->kind == ASR_MORE)
            break; /* the whole plist comes again, from its own sequence number */
        offset += next->length;
    }
    stream->next_seq = seq + offset;
    parts = (struct asr_parts *)wmem_alloc(wmem_file_scope(), sizeof *parts + count * sizeof *part);
    parts->count = count;
    memcpy(parts->part, part, count * sizeof *part);
    return parts;
}
