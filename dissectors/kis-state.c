/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * State of KIS; see the header. Facts: libirecovery 04d04f7, src/libirecovery.c. */

#include "dissectors/kis-state.h"

#include <epan/wmem_scopes.h>

enum { VERSION = 0xa0, PIPES = 16, REQUEST_BYTES_MAX = 1 << 20 };

struct kis_pipe {
    struct kis_exchange *last;
    guint32 missing; /* bytes of the last request that are still to come */
    gboolean in_upload;
};

struct kis_state {
    struct kis_pipe pipe[PIPES]; /* by endpoint number */
    struct boot_upload *upload;
};

gboolean
kis_read_header(tvbuff_t *tvb, gboolean from_host, struct kis_header *ret_header)
{
    struct kis_header header;

    if (tvb_captured_length(tvb) < KIS_HEADER_BYTES || tvb_get_uint8(tvb, 2) != VERSION)
        return FALSE;
    header.portal = tvb_get_uint8(tvb, 3);
    if (header.portal != KIS_PORTAL_CONFIG && header.portal != KIS_PORTAL_RSM)
        return FALSE;
    header.arguments = tvb_get_uint8(tvb, 4);
    header.index = (guint16)(tvb_get_uint8(tvb, 5) | (tvb_get_uint8(tvb, 6) & 3) << 8);
    header.reply_words = (guint16)(tvb_get_uint8(tvb, 6) >> 2 | tvb_get_uint8(tvb, 7) << 6);
    header.request_bytes = tvb_get_letohl(tvb, 8);
    if (header.request_bytes > REQUEST_BYTES_MAX)
        return FALSE;
    header.total = KIS_HEADER_BYTES + (from_host ? header.request_bytes : KIS_TRAILER_BYTES);
    *ret_header = header;
    return TRUE;
}

#define KIS_INDEX_IS(name, value, portal_name, count, text)                                        \
    (header.index == (value) && header.portal == KIS_PORTAL_##portal_name &&                       \
     header.arguments == (count)) ||

gboolean
kis_is_distinctive(tvbuff_t *tvb, gboolean from_host)
{
    struct kis_header header;

    if (!from_host || !kis_read_header(tvb, from_host, &header))
        return FALSE;
    if (!(KIS_INDEXES(KIS_INDEX_IS) FALSE))
        return FALSE;
    if (header.index == KIS_UPLOAD)
        return header.request_bytes > KIS_CHUNK_OFFSET - KIS_HEADER_BYTES &&
               header.request_bytes <= KIS_CHUNK_OFFSET - KIS_HEADER_BYTES + KIS_CHUNK_MAX &&
               tvb_reported_length(tvb) <= header.total;
    return header.request_bytes == header.arguments * 4U &&
           tvb_reported_length(tvb) == header.total;
}

static struct kis_state *
state_of(struct apple_usb_attach *attach)
{
    if (!attach->kis)
        attach->kis = wmem_new0(wmem_file_scope(), struct kis_state);
    return (struct kis_state *)attach->kis;
}

/* length: of the part of the chunk that is in this transfer. */
static void
track_chunk(struct kis_state *state, const packet_info *pinfo, tvbuff_t *tvb, guint32 length,
            struct kis_frame *frame)
{
    guint64 address = tvb_get_letoh64(tvb, KIS_ADDRESS_OFFSET);

    if (!state->upload || address == 0) {
        state->upload = boot_upload_new(pinfo, FALSE);
        frame->first = address == 0;
        state->upload->cut = address != 0; /* its start was not captured */
    }
    frame->out_of_order = !frame->first && address != state->upload->size && !state->upload->cut;
    frame->upload = state->upload;
    frame->length = length;
    boot_upload_append(state->upload, pinfo, tvb, KIS_CHUNK_OFFSET, length);
}

static void
track_request(struct kis_state *state, const packet_info *pinfo, tvbuff_t *tvb,
              const struct kis_header *header, struct kis_pipe *pipe, struct kis_frame *frame)
{
    guint32 length = tvb_reported_length(tvb);

    pipe->last = wmem_new0(wmem_file_scope(), struct kis_exchange);
    pipe->last->question = pinfo->num;
    pipe->last->asked = pinfo->abs_ts;
    pipe->last->is_write = header->arguments == 1;
    pipe->missing = header->total > length ? header->total - length : 0;
    pipe->in_upload = header->index == KIS_UPLOAD && header->arguments == 3;
    frame->exchange = pipe->last;
    if (pipe->in_upload && tvb_captured_length(tvb) >= KIS_CHUNK_OFFSET)
        track_chunk(state, pinfo, tvb, MIN(length, header->total) - KIS_CHUNK_OFFSET, frame);
    if (header->index == KIS_BOOT_IMAGE && state->upload) {
        boot_upload_finish(state->upload);
        frame->upload = state->upload;
        state->upload = NULL;
    }
}

/* A request longer than the host puts into one transfer. */
static void
track_rest(struct kis_state *state, const packet_info *pinfo, tvbuff_t *tvb, struct kis_pipe *pipe,
           struct kis_frame *frame)
{
    guint32 length = MIN(tvb_reported_length(tvb), pipe->missing);

    frame->rest_of = pipe->last->question;
    frame->exchange = pipe->last;
    pipe->missing -= length;
    if (pipe->in_upload && state->upload) {
        frame->upload = state->upload;
        frame->length = length;
        boot_upload_append(state->upload, pinfo, tvb, 0, length);
    }
}

void
kis_track(struct apple_usb_attach *attach, const packet_info *pinfo, tvbuff_t *tvb, guint8 endpoint,
          gboolean from_host, struct kis_frame *frame)
{
    struct kis_state *state = state_of(attach);
    struct kis_pipe *pipe = &state->pipe[endpoint % PIPES];
    struct kis_header header;

    if (from_host && pipe->missing > 0) {
        track_rest(state, pinfo, tvb, pipe, frame);
    } else if (kis_read_header(tvb, from_host, &header)) {
        if (from_host) {
            track_request(state, pinfo, tvb, &header, pipe, frame);
        } else if (pipe->last && pipe->last->answer == 0) {
            pipe->last->answer = pinfo->num;
            frame->exchange = pipe->last;
        }
        pipe->missing = from_host ? pipe->missing : 0;
    }
}
