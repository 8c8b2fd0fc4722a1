/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * DFU mode: the boot ROM takes one image, and starts it after a bus reset. Also WTF mode, and Port
 * DFU, where the image is for the port's controller. USB DFU 1.1 with the pieces and the
 * descriptors of libirecovery 1.0.0's devices (src/libirecovery.c, irecv_send_buffer). */
#include <errno.h>
#include <string.h>

#include "samples/lab/vphone/modes/identity-strings.h"
#include "samples/lab/vphone/modes/image.h"
#include "samples/lab/vphone/modes/modes.h"
#include "samples/lab/vphone/modes/steps.h"

enum { BLOCK_MAX = 0x800, STATUS_LENGTH = 6 };

/* A bus reset takes the kernel some 200 ms; the ROM leaves the bus when that is over. */
enum { LEAVE_MS = 400, RETURN_MS = 1200 };

/* bmRequestType and bRequest. */
enum { DNLOAD = 0x2101, CLRSTATUS = 0x2104, ABORT = 0x2106, GETSTATUS = 0xa103, GETSTATE = 0xa105 };

/* bState. */
enum {
    IDLE = 2,
    DNLOAD_SYNC = 3,
    DNLOAD_IDLE = 5,
    MANIFEST_SYNC = 6,
    MANIFEST = 7,
    MANIFEST_WAIT_RESET = 8,
    ERROR = 10
};

enum { LANGUAGES, NONCES, MANUFACTURER, PRODUCT, SERIAL, CONFIGURATION };

struct dfu {
    lab_phone_t *phone;
    lab_steps_t steps;
    lab_mode_t mode;
    uint8_t state;
    unsigned image, block; /* numbers of the present ones, from 1 */
    lab_image_head_t head;
    struct {
        bool set, was_told;
        uint8_t state, status;
        lab_act_t act;
    } forced; /* by a fault */
};

/* clang-format off */
static const uint8_t device[] = {
    18, 1, 0x00, 0x02, 0, 0, 0, 64, 0xac, 0x05, 0x27, 0x12, 0x00, 0x00,
    MANUFACTURER, PRODUCT, SERIAL, 1,
};
static const uint8_t configuration[] = {
    9, 2, 27, 0, 1, 1, CONFIGURATION, 0x80, 250,
    9, 4, 0, 0, 0, 0xfe, 1, 0, 0,
    9, 0x21, 0x01, 10, 0, BLOCK_MAX & 0xff, BLOCK_MAX >> 8, 0x00, 0x01,
};
/* clang-format on */

_Static_assert(sizeof configuration == 27, "a configuration tells its length");

static const lab_descriptors_t descriptors = {
    .device = device,
    .configurations = (const uint8_t *const[]){ configuration, NULL },
};

static void *
start(lab_phone_t *phone)
{
    struct dfu *dfu = g_new0(struct dfu, 1);

    dfu->phone = phone;
    dfu->steps.phone = phone;
    dfu->mode = lab_phone_mode(phone);
    dfu->state = IDLE;
    lab_phone_identity(phone)->stage = 0;
    return dfu;
}

static void
stop(void *self)
{
    g_free(self);
}

static char *
string(void *self, unsigned index)
{
    struct dfu *dfu = self;
    const lab_identity_t *id = lab_phone_identity(dfu->phone);

    switch (index) {
    case NONCES:
        return lab_nonce_string(id, dfu->mode);
    case MANUFACTURER:
        return g_strdup("Apple Inc.");
    case PRODUCT:
        return g_strdup("Apple Mobile Device (DFU Mode)");
    case SERIAL:
        return lab_serial_string(id, dfu->mode, 0);
    case CONFIGURATION:
        return g_strdup("");
    default:
        return NULL;
    }
}

/* ---- states ---- */

static void
force(struct dfu *dfu, const lab_act_t *act)
{
    dfu->forced.set = true;
    dfu->forced.was_told = false;
    dfu->forced.state = (uint8_t)lab_act_int(act, 0, ERROR);
    dfu->forced.status = (uint8_t)lab_act_int(act, 1, 0);
    dfu->forced.act = *act;
}

static uint8_t
state_of(const struct dfu *dfu)
{
    return dfu->forced.set ? dfu->forced.state : dfu->state;
}

/* What a GETSTATUS brings about. */
static void
advance(struct dfu *dfu)
{
    if (dfu->state == DNLOAD_SYNC)
        dfu->state = DNLOAD_IDLE;
    else if (dfu->state == MANIFEST_SYNC || dfu->state == MANIFEST)
        dfu->state++;
}

static void
tell_forced(struct dfu *dfu, const uint8_t answer[STATUS_LENGTH])
{
    g_autofree char *filter = lab_answer_filter(answer, STATUS_LENGTH);
    g_autofree char *what = g_strdup_printf("GETSTATUS says state %u, status %u", dfu->forced.state,
                                            dfu->forced.status);

    lab_phone_mark(dfu->phone, &dfu->forced.act, what, filter, 0.05, LAB_ANSWER_WITHIN_S);
    dfu->forced.was_told = true;
}

static void
get_status(struct dfu *dfu, lab_urb_t *urb)
{
    uint8_t answer[STATUS_LENGTH] = { 0 };
    g_autofree char *detail = g_strdup_printf("%u", dfu->block);
    lab_act_t act;

    switch (lab_steps_at(&dfu->steps, LAB_STEP_DFU_STATUS, detail, urb, LAB_DO_DFU_STATE, &act)) {
    case LAB_DO_HANG:
        return;
    case LAB_DO_DFU_STATE:
        force(dfu, &act);
        break;
    default:
        break;
    }
    advance(dfu);
    answer[0] = dfu->forced.set ? dfu->forced.status : 0;
    answer[4] = state_of(dfu);
    if (dfu->forced.set && !dfu->forced.was_told)
        tell_forced(dfu, answer);
    lab_phone_complete(dfu->phone, urb, 0, answer, sizeof(answer));
}

static void
get_state(struct dfu *dfu, lab_urb_t *urb)
{
    uint8_t state = state_of(dfu);

    lab_phone_complete(dfu->phone, urb, 0, &state, sizeof(state));
}

static void
abort_image(struct dfu *dfu, lab_urb_t *urb)
{
    dfu->state = IDLE;
    lab_phone_complete(dfu->phone, urb, 0, NULL, 0);
}

/* ---- an image ---- */

static bool
takes_blocks(const struct dfu *dfu)
{
    uint8_t state = state_of(dfu);

    return state == IDLE || state == DNLOAD_SYNC || state == DNLOAD_IDLE;
}

static void
begin_image(struct dfu *dfu)
{
    dfu->image = ++lab_phone_identity(dfu->phone)->n_images;
    dfu->block = 0;
    dfu->head.n = 0;
}

static void
take_block(struct dfu *dfu, lab_urb_t *urb)
{
    g_autofree char *detail = NULL;
    lab_act_t act;

    if (!takes_blocks(dfu) || urb->length > BLOCK_MAX) {
        lab_phone_complete(dfu->phone, urb, -EPIPE, NULL, 0);
        return;
    }
    if (dfu->state == IDLE)
        begin_image(dfu);
    dfu->state = DNLOAD_SYNC;
    lab_image_head_add(&dfu->head, urb->data, urb->length);
    detail = g_strdup_printf("%u.%u", dfu->image, ++dfu->block);
    switch (lab_steps_at(&dfu->steps, LAB_STEP_DFU_BLOCK, detail, urb, LAB_DO_DFU_STATE, &act)) {
    case LAB_DO_HANG:
        return;
    case LAB_DO_DFU_STATE:
        force(dfu, &act);
        break;
    default:
        break;
    }
    lab_phone_complete(dfu->phone, urb, 0, NULL, 0);
}

/* The empty block. Some hosts send another when the image is complete already. */
static void
end_image(struct dfu *dfu, lab_urb_t *urb)
{
    lab_act_t act;

    if (dfu->state == IDLE) {
        lab_phone_complete(dfu->phone, urb, -EPIPE, NULL, 0);
        return;
    }
    if (dfu->state == DNLOAD_SYNC || dfu->state == DNLOAD_IDLE) {
        switch (
            lab_steps_at(&dfu->steps, LAB_STEP_DFU_MANIFEST, NULL, urb, LAB_DO_DFU_STATE, &act)) {
        case LAB_DO_HANG:
            return;
        case LAB_DO_DFU_STATE:
            force(dfu, &act);
            break;
        default:
            break;
        }
        dfu->state = MANIFEST_SYNC;
    }
    lab_phone_complete(dfu->phone, urb, 0, NULL, 0);
}

/* What the image makes of the phone; a ROM that does not want it is there again. */
static lab_mode_t
mode_after(const struct dfu *dfu, unsigned *ret_stage)
{
    static const char *const types[] = { "ibss", "ibec", NULL };
    char type[5] = "";

    *ret_stage = 0;
    if (dfu->mode == LAB_MODE_PORT_DFU)
        return LAB_MODE_DFU;
    if (!lab_image_type(dfu->head.bytes, dfu->head.n, type) || !g_strv_contains(types, type))
        return dfu->mode;
    *ret_stage = strcmp(type, "ibss") == 0 ? 1 : 2;
    return LAB_MODE_RECOVERY;
}

static void
boot(struct dfu *dfu)
{
    g_autofree char *detail = g_strdup_printf("%u", dfu->image);
    unsigned stage;
    lab_mode_t next = mode_after(dfu, &stage);
    lab_act_t act;

    (void)lab_steps_at(&dfu->steps, LAB_STEP_DFU_BOOT, detail, NULL, LAB_DO_NOTHING, &act);
    lab_phone_identity(dfu->phone)->stage = stage;
    lab_phone_enter_soon(dfu->phone, lab_config_ms(dfu->phone, "leave_ms", LEAVE_MS), next,
                         lab_config_ms(dfu->phone, "return_ms", RETURN_MS));
}

static void
reset(void *self)
{
    struct dfu *dfu = self;

    if (dfu->state == MANIFEST_WAIT_RESET && state_of(dfu) == MANIFEST_WAIT_RESET)
        boot(dfu);
    dfu->state = IDLE;
}

/* ---- requests ---- */

static void
control(void *self, lab_urb_t *urb)
{
    struct dfu *dfu = self;

    switch (urb->setup[0] << 8 | urb->setup[1]) {
    case DNLOAD:
        if (urb->length > 0)
            take_block(dfu, urb);
        else
            end_image(dfu, urb);
        break;
    case GETSTATUS:
        get_status(dfu, urb);
        break;
    case GETSTATE:
        get_state(dfu, urb);
        break;
    case CLRSTATUS:
    case ABORT:
        abort_image(dfu, urb);
        break;
    default:
        lab_phone_complete(dfu->phone, urb, -EPIPE, NULL, 0);
    }
}

static void
bulk(void *self, lab_urb_t *urb)
{
    struct dfu *dfu = self;

    lab_phone_complete(dfu->phone, urb, -EPIPE, NULL, 0);
}

static void
unlinked(void *self, lab_urb_t *urb)
{
    struct dfu *dfu = self;

    lab_steps_unlinked(&dfu->steps, urb);
}

const lab_mode_ops_t lab_mode_dfu = {
    .mode = LAB_MODE_DFU,
    .descriptors = &descriptors,
    .start = start,
    .stop = stop,
    .string = string,
    .control = control,
    .bulk = bulk,
    .unlinked = unlinked,
    .reset = reset,
};
