/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the host's bytes of an ASR stream are. Nothing in them says so: it follows from what the
 * device asked for before. Facts: idevicerestore 405fcd1, src/asr.c.
 *
 *     device: Initiate   -> host: one XML plist, the packet info
 *     device: OOBData    -> host: exactly the asked number of raw image bytes
 *     device: Payload    -> host: the image to the end of the stream, each chunk followed by its
 * SHA-1
 *
 * Used on the first pass only; its answers are kept per segment. All memory is of file scope. */
#pragma once

#include "dissectors/compat.h"

enum {
    ASR_SHA1_BYTES = 20,
    ASR_CHUNK_BYTES_MIN = 4096, /* chunks are 131072 bytes; far smaller ones are not verified */
    ASR_XML_BYTES_MAX = 16384   /* a packet info is below 1 KiB */
};

enum asr_part_kind {
    ASR_XML,  /* a whole plist */
    ASR_MORE, /* a plist that goes on in the next segment */
    ASR_OOB,  /* bytes the device asked for out of turn */
    ASR_PAYLOAD,
    ASR_UNEXPECTED /* nobody asked for it, or the question was not captured */
};

/* A chunk whose trailer ended in a segment. */
struct asr_chunk {
    guint64 number;
    guint32 end; /* where, in the segment */
    gboolean is_verified, sha1_ok;
};

/* A read out of turn: the frame that asked, and the last of its answer, 0 until that is whole. */
struct asr_question {
    guint32 asked_in, answered_in;
};

/* A run of bytes of one segment. */
struct asr_part {
    enum asr_part_kind kind;
    guint32 offset, length;
    guint64 oob_offset, oob_length, oob_done; /* done: with this part */
    struct asr_question *question;            /* of OOB */
    guint64 payload_offset;                   /* of the image, without the checksums */
    guint64 payload_done;                     /* image bytes delivered with this part */
    guint64 payload_size;          /* of the whole image; 0 when its plist was not captured */
    guint64 surplus;               /* bytes after the announced end */
    gboolean is_first_cut, is_cut; /* payload is missing, from here on or before */
    guint32 chunk_count;
    struct asr_chunk *chunks;
};

struct asr_parts {
    guint count;
    struct asr_part part[];
};

struct asr_stream;

struct asr_stream *asr_stream_new(void);

/* The device's three commands. */
void asr_stream_initiate(struct asr_stream *stream);
struct asr_question *asr_stream_oob(struct asr_stream *stream, guint64 offset, guint64 length,
                                    guint32 frame);
void asr_stream_payload(struct asr_stream *stream, const nstime_t *time);

/* When the device asked for the payload; NULL: that was not captured. */
const nstime_t *asr_stream_started(const struct asr_stream *stream);

/* The host's packet info; chunk_size is 0 when chunks have no checksums. */
void asr_stream_packet_info(struct asr_stream *stream, guint64 image_size, guint32 chunk_size);

/* Cuts a segment of the host that starts at seq. */
struct asr_parts *asr_stream_cut(struct asr_stream *stream, tvbuff_t *tvb, guint32 seq,
                                 gboolean verify);
