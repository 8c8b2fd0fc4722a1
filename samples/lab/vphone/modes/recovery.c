/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Recovery mode on the bus: commands and answers on endpoint 0, uploads on bulk endpoint 4, the
 * console on 0x81. Requests: libirecovery 1.0.0, src/libirecovery.c. That library claims interface
 * 0 alone, so the endpoint of uploads is there. */
#include <errno.h>
#include <string.h>

#include "samples/lab/vphone/modes/iboot.h"
#include "samples/lab/vphone/modes/identity-strings.h"
#include "samples/lab/vphone/modes/image.h"
#include "samples/lab/vphone/modes/modes.h"
#include "samples/lab/vphone/modes/steps.h"

enum { UPLOAD_ENDPOINT = 0x04, CONSOLE_ENDPOINT = 0x81 };

/* bmRequestType and bRequest. Those of DFU come before a start: counters are reset, and that what
 * was uploaded is complete. */
enum {
    COMMAND = 0x4000,
    COMMAND_THAT_STARTS = 0x4001,
    ANSWER = 0xc000,
    UPLOAD = 0x4100,
    DFU_DNLOAD = 0x2101,
    DFU_CLRSTATUS = 0x2104
};

enum { LANGUAGES, NONCES, MANUFACTURER, PRODUCT, SERIAL, CONFIGURATION, INTERFACE };

struct recovery {
    lab_phone_t *phone;
    lab_steps_t steps;
    lab_iboot_t *iboot;
    char *last_word;        /* of the last command */
    bool is_loading;        /* since UPLOAD, until the next command */
    unsigned upload, piece; /* numbers of the present ones, from 1 */
    lab_image_head_t head;
    GQueue readers; /* lab_urb_t of the console */
    char *console;  /* what it still has to say */
};

/* clang-format off */
static const uint8_t device[] = {
    18, 1, 0x00, 0x02, 0, 0, 0, 64, 0xac, 0x05, 0x81, 0x12, 0x00, 0x00,
    MANUFACTURER, PRODUCT, SERIAL, 1,
};
static const uint8_t configuration[] = {
    9, 2, 50, 0, 2, 1, CONFIGURATION, 0x80, 250,
    9, 4, 0, 0, 1, 0xfe, 1, 0, INTERFACE,  7, 5, UPLOAD_ENDPOINT, 2, 0x00, 0x02, 0,
    9, 4, 1, 0, 0, 0xff, 0xff, 0x51, INTERFACE,
    9, 4, 1, 1, 1, 0xff, 0xff, 0x51, INTERFACE,  7, 5, CONSOLE_ENDPOINT, 2, 0x00, 0x02, 0,
};
/* clang-format on */

_Static_assert(sizeof configuration == 50, "a configuration tells its length");

static const lab_descriptors_t descriptors = {
    .device = device,
    .configurations = (const uint8_t *const[]){ configuration, NULL },
};

static void *
start(lab_phone_t *phone)
{
    struct recovery *r = g_new0(struct recovery, 1);

    r->phone = phone;
    r->steps.phone = phone;
    r->iboot = lab_iboot_new(phone);
    r->last_word = g_strdup("");
    r->console = g_strcompress(lab_phone_config(phone, "console", ""));
    return r;
}

static void
stop(void *self)
{
    struct recovery *r = self;

    lab_iboot_free(r->iboot);
    g_queue_clear(&r->readers);
    g_free(r->last_word);
    g_free(r->console);
    g_free(r);
}

static char *
string(void *self, unsigned index)
{
    struct recovery *r = self;
    const lab_identity_t *id = lab_phone_identity(r->phone);

    switch (index) {
    case NONCES:
        return lab_nonce_string(id, LAB_MODE_RECOVERY);
    case MANUFACTURER:
        return g_strdup("Apple Inc.");
    case PRODUCT:
        return g_strdup("Apple Mobile Device (Recovery Mode)");
    case SERIAL:
        return lab_serial_string(id, LAB_MODE_RECOVERY, lab_iboot_stage(r->iboot));
    case CONFIGURATION:
        return g_strdup("Recovery Mode");
    case INTERFACE:
        return g_strdup("iBoot command");
    default:
        return NULL;
    }
}

static void
succeed(struct recovery *r, lab_urb_t *urb)
{
    lab_phone_complete(r->phone, urb, 0, NULL, 0);
}

static void
stall(struct recovery *r, lab_urb_t *urb)
{
    lab_phone_complete(r->phone, urb, -EPIPE, NULL, 0);
}

/* ---- uploads ---- */

static void
start_upload(struct recovery *r, lab_urb_t *urb)
{
    r->upload = ++lab_phone_identity(r->phone)->n_uploads;
    r->piece = 0;
    r->head.n = 0;
    r->is_loading = true;
    succeed(r, urb);
}

/* An empty piece only ends an upload whose last one was full. */
static void
take_piece(struct recovery *r, lab_urb_t *urb)
{
    g_autofree char *detail = NULL;
    lab_act_t act;

    if (!r->is_loading) {
        stall(r, urb);
        return;
    }
    if (urb->length > 0) {
        lab_image_head_add(&r->head, urb->data, urb->length);
        detail = g_strdup_printf("%u.%u", r->upload, ++r->piece);
        if (lab_steps_at(&r->steps, LAB_STEP_IBOOT_UPLOAD, detail, urb, LAB_DO_NOTHING, &act) ==
            LAB_DO_HANG)
            return;
    }
    succeed(r, urb);
}

/* A command ends an upload; false when a fault has the command's transfer. */
static bool
end_upload(struct recovery *r, lab_urb_t *urb)
{
    char type[5] = "";
    lab_act_t act;

    if (!r->is_loading)
        return true;
    r->is_loading = false;
    (void)lab_image_type(r->head.bytes, r->head.n, type);
    lab_iboot_loaded(r->iboot, type);
    return lab_steps_at(&r->steps, LAB_STEP_IBOOT_DONE, *type ? type : "?", urb, LAB_DO_NOTHING,
                        &act) != LAB_DO_HANG;
}

/* ---- commands ---- */

static void
take_command(struct recovery *r, lab_urb_t *urb)
{
    /* It ends with a zero, or where the transfer does. */
    g_autofree char *line = g_strndup((const char *)urb->data, urb->data ? urb->length : 0);
    lab_act_t act;

    g_strchug(line);
    g_free(r->last_word);
    r->last_word = g_strndup(line, strcspn(line, " "));
    if (!end_upload(r, urb) || lab_steps_at(&r->steps, LAB_STEP_IBOOT_COMMAND, r->last_word, urb,
                                            LAB_DO_NOTHING, &act) == LAB_DO_HANG)
        return;
    succeed(r, urb);
    lab_iboot_obey(r->iboot, line);
}

/* "answer VARIABLE VALUE", when that is the variable asked for; "unset" is a value as in [device].
 */
static const char *
changed_answer(struct recovery *r, const lab_act_t *act)
{
    const char *value = lab_act_arg(act, 1, "");
    g_autofree char *filter = NULL;

    if (strcmp(lab_act_arg(act, 0, ""), lab_iboot_asked_for(r->iboot)) != 0)
        return lab_iboot_answer(r->iboot);
    if (strcmp(value, "unset") == 0)
        value = "";
    filter = lab_answer_filter((const uint8_t *)value, strlen(value) + 1);
    lab_phone_mark(r->phone, act, "iBoot answers with another value", filter, 0.05,
                   LAB_ANSWER_WITHIN_S);
    return value;
}

static void
give_answer(struct recovery *r, lab_urb_t *urb)
{
    const char *answer = lab_iboot_answer(r->iboot);
    lab_act_t act;

    switch (lab_steps_at(&r->steps, LAB_STEP_IBOOT_REPLY, r->last_word, urb, LAB_DO_ANSWER, &act)) {
    case LAB_DO_HANG:
        return;
    case LAB_DO_ANSWER:
        answer = changed_answer(r, &act);
        break;
    default:
        break;
    }
    lab_phone_complete(r->phone, urb, 0, answer, strlen(answer) + 1);
}

static void
control(void *self, lab_urb_t *urb)
{
    struct recovery *r = self;

    switch (urb->setup[0] << 8 | urb->setup[1]) {
    case COMMAND:
    case COMMAND_THAT_STARTS:
        take_command(r, urb);
        break;
    case ANSWER:
        give_answer(r, urb);
        break;
    case UPLOAD:
        start_upload(r, urb);
        break;
    case DFU_DNLOAD:
    case DFU_CLRSTATUS:
        succeed(r, urb);
        break;
    default:
        stall(r, urb);
    }
}

/* ---- the console ---- */

/* Says something as often as somebody listens; who has nothing to hear waits. */
static void
say(struct recovery *r)
{
    while (*r->console && r->readers.length > 0) {
        lab_urb_t *urb = g_queue_pop_head(&r->readers);
        size_t n = MIN(strlen(r->console), urb->length);
        g_autofree char *said = g_steal_pointer(&r->console);

        r->console = g_strdup(said + n);
        lab_phone_complete(r->phone, urb, 0, said, n);
    }
}

static void
bulk(void *self, lab_urb_t *urb)
{
    struct recovery *r = self;

    if (urb->endpoint == UPLOAD_ENDPOINT) {
        take_piece(r, urb);
    } else if (urb->endpoint == CONSOLE_ENDPOINT) {
        g_queue_push_tail(&r->readers, urb);
        say(r);
    } else {
        stall(r, urb);
    }
}

static void
unlinked(void *self, lab_urb_t *urb)
{
    struct recovery *r = self;

    g_queue_remove(&r->readers, urb);
    lab_steps_unlinked(&r->steps, urb);
}

const lab_mode_ops_t lab_mode_recovery = {
    .mode = LAB_MODE_RECOVERY,
    .descriptors = &descriptors,
    .start = start,
    .stop = stop,
    .string = string,
    .control = control,
    .bulk = bulk,
    .unlinked = unlinked,
};
