/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * DFU requests and the books kept of one device in DFU mode. Facts: libirecovery 04d04f7,
 * src/libirecovery.c (irecv_send_buffer). */

#include "dissectors/dfu-state.h"

#include <epan/wmem_scopes.h>

#include "dissectors/core/crc32.h"

/* bcdDevice, idProduct, idVendor, bcdDFU, "UFD", length; then the CRC. All little-endian. */
static const guint8 suffix_start[DFU_SUFFIX_CRC_OFFSET] = { 0xff, 0xff, 0xff, 0xff, 0xac, 0x05,
                                                            0x00, 0x01, 'U',  'F',  'D',  0x10 };

/* One device in DFU mode; changes on the first pass only. */
struct dfu_state {
    struct boot_upload *upload; /* under way, or finished but not yet followed by another */
    guint32 crc;                /* CRC-32 without its final inversion */
    guint16 block;              /* the last one */
    gboolean finished;
};

/* DETACH, DNLOAD, CLRSTATUS and ABORT go out; UPLOAD, GETSTATUS and GETSTATE come in. */
gboolean
dfu_is_request(const usb_trans_info_t *trans)
{
    switch (trans->setup.requesttype) {
    case 0x21:
        return trans->setup.request == DFU_DETACH || trans->setup.request == DFU_DNLOAD ||
               trans->setup.request == DFU_CLRSTATUS || trans->setup.request == DFU_ABORT;
    case 0xa1:
        return trans->setup.request == DFU_UPLOAD || trans->setup.request == DFU_GETSTATUS ||
               trans->setup.request == DFU_GETSTATE;
    default:
        return FALSE;
    }
}

gboolean
dfu_ends_with_suffix(tvbuff_t *tvb)
{
    int start = (int)tvb_captured_length(tvb) - DFU_SUFFIX_LENGTH;

    return start >= DFU_SETUP_LENGTH &&
           tvb_memeql(tvb, start, suffix_start, DFU_SUFFIX_CRC_OFFSET) == 0;
}

/* A first block has number 0; only a suffix that did not fit may repeat the number of its block. */
static gboolean
begins_image(const struct dfu_state *state, guint16 block, guint32 length)
{
    if (!state->upload || state->finished)
        return TRUE;
    return block == 0 && !(state->block == 0 && length == 0);
}

static void
update_crc(struct dfu_state *state, tvbuff_t *tvb, guint32 length)
{
    if (length > 0)
        state->crc =
            rs_crc32_dfu(state->crc, tvb_get_ptr(tvb, DFU_SETUP_LENGTH, (int)length), length);
}

static void
track_block(struct dfu_state *state, const packet_info *pinfo, tvbuff_t *tvb,
            const usb_trans_info_t *trans, struct dfu_frame *frame)
{
    guint32 captured = (guint32)tvb_captured_length_remaining(tvb, DFU_SETUP_LENGTH);
    guint16 block = trans->setup.wValue;

    frame->has_suffix = dfu_ends_with_suffix(tvb);
    frame->length = trans->setup.wLength;
    if (frame->has_suffix)
        frame->length = captured - DFU_SUFFIX_LENGTH;
    frame->first = begins_image(state, block, frame->length);
    if (frame->first) {
        *state = (struct dfu_state){ .crc = RS_CRC32_DFU_INIT };
        state->upload = boot_upload_new(pinfo, block == 0);
        frame->expected_block = 0;
    } else {
        frame->expected_block = frame->length > 0 ? (guint16)(state->block + 1) : state->block;
    }
    frame->out_of_order = block != frame->expected_block;
    frame->upload = state->upload;
    frame->offset = state->upload->size;
    update_crc(state, tvb, frame->has_suffix ? captured - 4 : captured);
    if (frame->length > 0)
        boot_upload_append(state->upload, pinfo, tvb, DFU_SETUP_LENGTH, frame->length);
    frame->crc = state->crc;
    frame->crc_known = !state->upload->cut && state->upload->announced;
    state->block = block;
}

void
dfu_track_download(struct apple_usb_attach *attach, const packet_info *pinfo, tvbuff_t *tvb,
                   const usb_trans_info_t *trans, struct dfu_frame *frame)
{
    struct dfu_state *state = (struct dfu_state *)attach->dfu;

    if (!state) {
        state = wmem_new0(wmem_file_scope(), struct dfu_state);
        attach->dfu = state;
    }
    if (trans->setup.wLength > 0) {
        track_block(state, pinfo, tvb, trans, frame);
    } else if (state->upload) {
        if (!state->finished)
            boot_upload_finish(state->upload);
        state->finished = TRUE;
        frame->finished = state->upload;
    }
}
