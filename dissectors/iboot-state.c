/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * iBoot's transfers and the books kept of one device in recovery mode. Facts: libirecovery 04d04f7,
 * src/libirecovery.c; idevicerestore 405fcd1, src/recovery.c. */

#include "dissectors/iboot-state.h"

#include <epan/wmem_scopes.h>

enum { UPLOAD_ENDPOINT = 4, CONSOLE_ENDPOINT = 1 };

/* One device in recovery mode; changes on the first pass only. */
struct iboot_state {
    struct boot_upload *upload; /* under way */
    struct boot_upload *loaded; /* complete in memory, not yet used by a command */
    guint32 asked_in;           /* the last command */
    const char *asked;
};

static const struct iboot_verb verbs[] = {
    { "bgcolor", FALSE, FALSE, TRUE },     { "bootx", TRUE, TRUE, TRUE },
    { "clearenv", FALSE, FALSE, TRUE },    { "devicetree", TRUE, FALSE, TRUE },
    { "firmware", TRUE, FALSE, TRUE },     { "getenv", FALSE, FALSE, TRUE },
    { "go", TRUE, TRUE, FALSE },           { "lpolrestore", TRUE, FALSE, TRUE },
    { "printenv", FALSE, FALSE, TRUE },    { "ramdisk", TRUE, FALSE, TRUE },
    { "reboot", FALSE, TRUE, FALSE },      { "reset", FALSE, TRUE, FALSE },
    { "rsepfirmware", TRUE, FALSE, TRUE }, { "saveenv", FALSE, FALSE, TRUE },
    { "setenv", FALSE, FALSE, TRUE },      { "setenvnp", FALSE, FALSE, TRUE },
    { "setpicture", TRUE, FALSE, TRUE },   { "ticket", TRUE, FALSE, FALSE },
    { "upgrade", FALSE, FALSE, FALSE },
};

static enum iboot_kind
control_kind(const usb_trans_info_t *trans, gboolean is_setup)
{
    switch (trans->setup.requesttype << 8 | trans->setup.request) {
    case 0x4000:
    case 0x4001:
        return is_setup ? IBOOT_COMMAND : IBOOT_NONE;
    case 0xc000:
        return is_setup ? IBOOT_READ : IBOOT_REPLY;
    case 0x4100:
        return is_setup ? IBOOT_UPLOAD_START : IBOOT_NONE;
    case 0x2101:
        return is_setup && trans->setup.wLength == 0 ? IBOOT_NOTIFY : IBOOT_NONE;
    case 0x2104:
        return is_setup ? IBOOT_RESET_COUNTERS : IBOOT_NONE;
    default:
        return IBOOT_NONE;
    }
}

static enum iboot_kind
bulk_kind(const rs_urb *urb)
{
    if (apple_usb_from_host(urb))
        return RS_URB_ENDPOINT(urb) == UPLOAD_ENDPOINT ? IBOOT_UPLOAD_DATA : IBOOT_NONE;
    return RS_URB_ENDPOINT(urb) == CONSOLE_ENDPOINT ? IBOOT_CONSOLE : IBOOT_NONE;
}

enum iboot_kind
iboot_classify(const rs_urb *urb, packet_info *pinfo, tvbuff_t **tvb, gboolean *ret_is_setup)
{
    const usb_trans_info_t *trans = urb->usb_trans_info;
    guint8 transfer = urb->transfer_type;

    *ret_is_setup = FALSE;
    if (transfer == URB_UNKNOWN)
        transfer = RS_URB_CONV(urb)->descriptor_transfer_type;
    if (transfer == URB_BULK)
        return bulk_kind(urb);
    if (!trans || RS_URB_ENDPOINT(urb) != 0 || (transfer != URB_CONTROL && transfer != 0) ||
        control_kind(trans, TRUE) == IBOOT_NONE)
        return IBOOT_NONE;
    *tvb = apple_usb_control(*tvb, pinfo, trans, ret_is_setup);
    if (!*tvb || (*ret_is_setup && tvb_captured_length(*tvb) < IBOOT_SETUP_LENGTH))
        return IBOOT_NONE;
    return control_kind(trans, *ret_is_setup);
}

const struct iboot_verb *
iboot_find_verb(const char *command)
{
    size_t length = strcspn(command, " ");

    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strlen(verbs[i].name) == length && strncmp(verbs[i].name, command, length) == 0)
            return &verbs[i];
    }
    return NULL;
}

gboolean
iboot_is_distinctive(tvbuff_t *tvb, const packet_info *pinfo, const usb_trans_info_t *trans)
{
    int length = tvb_captured_length_remaining(tvb, IBOOT_SETUP_LENGTH);
    const struct iboot_verb *verb;

    if (trans->setup.wValue != 0 || trans->setup.wIndex != 0 || length < 2 ||
        length != trans->setup.wLength ||
        tvb_find_uint8(tvb, IBOOT_SETUP_LENGTH, length, 0) != IBOOT_SETUP_LENGTH + length - 1 ||
        !tvb_ascii_isprint(tvb, IBOOT_SETUP_LENGTH, length - 1))
        return FALSE;
    verb = iboot_find_verb((const char *)tvb_get_string_enc(pinfo->pool, tvb, IBOOT_SETUP_LENGTH,
                                                            length - 1, ENC_ASCII));
    return verb && verb->distinctive;
}

static struct iboot_state *
state_of(struct apple_usb_attach *attach)
{
    if (!attach->iboot)
        attach->iboot = wmem_new0(wmem_file_scope(), struct iboot_state);
    return (struct iboot_state *)attach->iboot;
}

static void
end_upload(struct iboot_state *state, struct iboot_frame *frame)
{
    if (!state->upload)
        return;
    boot_upload_finish(state->upload);
    if (state->upload->size > 0) {
        frame->ended = state->upload;
        state->loaded = state->upload;
    }
    state->upload = NULL;
}

static void
track_command(struct iboot_state *state, guint32 number, const char *text,
              struct iboot_frame *frame)
{
    const struct iboot_verb *verb = iboot_find_verb(text);

    end_upload(state, frame);
    if (verb && verb->uses_image) {
        frame->used = state->loaded;
        if (frame->used)
            frame->used->used_in = number;
        state->loaded = NULL;
    }
    state->asked_in = number;
    state->asked = wmem_strdup(wmem_file_scope(), text);
}

static void
track_data(struct iboot_state *state, const packet_info *pinfo, tvbuff_t *tvb,
           struct iboot_frame *frame)
{
    struct boot_upload *upload;
    guint64 declared;

    if (!state->upload)
        state->upload = boot_upload_new(pinfo, FALSE);
    upload = state->upload;
    frame->upload = upload;
    frame->offset = upload->size;
    frame->first = upload->first_frame == 0;
    boot_upload_append(upload, pinfo, tvb, 0, tvb_reported_length(tvb));
    declared = upload->label.size;
    if (declared > 0 && frame->offset < declared && upload->size >= declared) {
        frame->whole = TRUE;
        frame->whole_sha1 = boot_upload_sha1(upload);
    }
}

void
iboot_track(struct apple_usb_attach *attach, const packet_info *pinfo, tvbuff_t *tvb,
            enum iboot_kind kind, const char *text, struct iboot_frame *frame)
{
    struct iboot_state *state = state_of(attach);

    switch (kind) {
    case IBOOT_COMMAND:
        track_command(state, pinfo->num, text, frame);
        break;
    case IBOOT_REPLY:
        frame->asked_in = state->asked_in;
        frame->asked = state->asked;
        break;
    case IBOOT_UPLOAD_START:
        end_upload(state, frame);
        state->upload = boot_upload_new(pinfo, TRUE);
        break;
    case IBOOT_NOTIFY:
        end_upload(state, frame);
        break;
    case IBOOT_UPLOAD_DATA:
        track_data(state, pinfo, tvb, frame);
        break;
    default:
        break;
    }
}
